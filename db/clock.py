"""The clock of a database, which its owner can shift to rehearse a timetable or to test what the passing of time does.

Every statement asks `app_now()` and `legal_today()` (db/fragments/clock.py). Shifting makes `app_now()` anew, which nobody
but the owner of the database may; the clock goes on running from there.
"""

from datetime import date, datetime, timedelta

from .connection import Connection, Pool
from .migrations.functions import APP_NOW

UNFINISHED = "_rehearsal_part"  # how the name of a copy ends until it is set apart from the world (db/rehearsal.py)


class ClockShifted(Exception):
    """The clock of the database is not, or soon won't be, the world's; the message is one sentence for the user."""


async def legal_today(pool: Pool) -> date:
    """The day in England, for what is done once a day."""
    day: date = await pool.fetchval("select legal_today()")
    return day


async def shift_of(connection: Connection) -> timedelta:
    """By how much the clock is shifted; nothing where it tells the world's time."""
    shift: timedelta = await connection.fetchval("select app_now() - now()")
    return shift


async def shift_by(owner: Connection, shift: timedelta) -> None:
    """Shifts the clock by so much against the world's time. Only the owner of the database can."""
    seconds = shift.total_seconds()
    await owner.execute(f"create or replace {APP_NOW}" + (f" + make_interval(secs => {seconds!r})" if seconds else ""))


def unshifted(definition: str) -> str:
    """SQL that makes of what the catalogue says of a shifted app_now() what it says of one that tells the world's time."""
    shift = r"\(now\(\) \+ make_interval\(secs => \(''?-?[0-9.]+''?(::numeric)?\)::double precision\)\)"
    return f"regexp_replace({definition}, '{shift}', 'now()')"


async def set_to(owner: Connection, moment: datetime) -> None:
    """Lets the clock tell `moment` now."""
    await shift_by(owner, moment - await owner.fetchval("select clock_timestamp()"))


async def check_clock(connection: Connection, *, shift_allowed: bool) -> None:
    """Raises ClockShifted where the clock is shifted, unless that is allowed: a rehearsal must not be taken for the world;
    and on a copy that is not finished, in which mails still wait to leave and papers to be opened."""
    name = await connection.fetchval("select current_database()")
    if name.endswith(UNFINISHED):
        raise ClockShifted(
            f"The database {name} is a rehearsal's copy that was never finished: run `python -m api rehearse` on its"
            " original again, which drops it, or drop it yourself."
        )
    shift = await shift_of(connection)
    if shift and not shift_allowed:
        raise ClockShifted(
            f"The clock of this database is shifted by {shift}, for a rehearsal: set it right with"
            " `python -m api rehearse --end`, or set SHIFTED_CLOCK=allowed."
        )
