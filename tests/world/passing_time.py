"""How time passes in tests: the clock of the test's database goes on, and nothing dated is rewritten.

tests/docs/test_time.py fails for a test that does otherwise.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from db import clock
from db.connection import Connection


class PassingTime:
    """The clock of a database, in the hands of its owner."""

    owner: Connection

    async def value(self, statement: str, *values: Any) -> Any:
        return await self.owner.fetchval(statement, *values)

    async def now(self) -> datetime:
        moment: datetime = await self.value("select app_now()")
        return moment

    async def today(self) -> date:
        """The day of law."""
        day: date = await self.value("select legal_today()")
        return day

    async def day(self, offset: int = 0) -> str:
        """The day so many days from today, as the API takes and gives it."""
        return str(await self.today() + timedelta(days=offset))

    async def later(self, **amount: float) -> str:
        """The moment so much from now, as the API takes it."""
        return (await self.now() + timedelta(**amount)).isoformat()

    async def moment_of(self, table: str, identifier: str, name: str) -> datetime:
        """A moment that is stored of something, by its id of the API."""
        moment: datetime = await self.value(f"select {name} from {table} where id = $1", UUID(identifier[4:]))
        return moment

    async def pass_time(self, **amount: float) -> None:
        """Lets so much time pass for everybody: `days=14`, `hours=1`."""
        await clock.shift_by(self.owner, await clock.shift_of(self.owner) + timedelta(**amount))

    async def set_clock(self, moment: datetime) -> None:
        """Lets it be that moment; the clock goes on from there."""
        await clock.set_to(self.owner, moment)
