"""One clock, one day: only the owner shifts it, and nobody is served by a shifted one unnoticed."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from api.http.app import Application
from api.settings import Settings
from db import clock
from db.connection import APP_ROLE, connect, open_pool


def test_the_owner_alone_shifts_the_clock_and_it_goes_on_running(database: str) -> None:
    async def story() -> None:
        owner, pool = await connect(database), await open_pool(database, APP_ROLE, 1)
        await clock.set_to(owner, datetime.fromisoformat("2028-02-29T12:00:00Z"))
        assert await clock.legal_today(pool) == date(2028, 2, 29)
        first = await pool.fetchval("select app_now()")
        await asyncio.sleep(0.01)
        assert timedelta() < await pool.fetchval("select app_now()") - first < timedelta(seconds=5)
        with pytest.raises(Exception, match=r"must be owner|permission denied"):
            await clock.shift_by(pool, timedelta(days=1))
        await clock.shift_by(owner, timedelta())
        assert await clock.shift_of(owner) == timedelta()
        await pool.close()
        await owner.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2027-06-15T22:59:00Z", "2027-06-15"),  # a minute to midnight in London, where it is summer
        ("2027-06-15T23:00:00Z", "2027-06-16"),
        ("2027-12-15T23:59:00Z", "2027-12-15"),
        ("2027-12-16T00:00:00Z", "2027-12-16"),
        ("2028-02-28T23:59:00Z", "2028-02-28"),
        ("2028-02-29T00:00:00Z", "2028-02-29"),
        ("2027-03-27T23:59:00Z", "2027-03-27"),  # the night the clocks go forward
        ("2027-03-28T22:59:00Z", "2027-03-28"),
        ("2027-03-28T23:00:00Z", "2027-03-29"),
        ("2027-10-30T23:00:00Z", "2027-10-31"),  # the night they go back
        ("2027-10-31T23:59:00Z", "2027-10-31"),
    ],
)
def test_a_day_of_law_begins_at_midnight_in_england(database: str, moment: str, day: str) -> None:
    async def story() -> None:
        owner = await connect(database)
        await clock.set_to(owner, datetime.fromisoformat(moment))
        assert str(await owner.fetchval("select legal_today()")) == day
        await owner.close()

    asyncio.run(story())


def test_a_shifted_database_is_not_served_unless_told_so(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        owner = await connect(database)
        await clock.shift_by(owner, timedelta(days=3))
        await owner.close()
        with pytest.raises(clock.ClockShifted, match="shifted by 3 days"):
            async with Application(Settings(var=tmp_path), database).lifespan():
                pass
        async with Application(Settings(var=tmp_path, shifted_clock_allowed=True), database).lifespan():
            pass

    asyncio.run(story())
