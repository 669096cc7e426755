"""`python -m api rehearse`: a whole trust moved through its timetable, on a copy whose clock is shifted."""

import argparse
import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from db import clock, migrate, rehearsal
from db.connection import APP_ROLE, WORKER_ROLE, Connection, Pool, PostgresError, connect, open_pool
from db.identity.viewers import trusts_by_slug
from db.rehearsal import RehearsalRefused
from db.timetable import Due, next_due
from db.transactions import Transactions
from domain.days import LONDON

from ..errors import CommandError, no_such_trust
from ..settings import Settings
from ..worker.duties import duties_of_a_day
from ..worker.imports import import_next_of
from .database import check_server, database_of

LONGEST = 3_660  # days: what is kept longest, the entries of former members, is kept ten years
WORDS = {
    "removed": "members removed",
    "kept": "members with a ground again",
    "lapsing": "members lapsing",
    "lapsed": "members lapsed",
    "drafts": "drafts dropped",
    "handed_over": "young people handed over to themselves",
    "failed": "cases that failed (failedDuties)",
}


async def rehearse(url: str, arguments: argparse.Namespace, embedded: bool) -> None:
    """What the command does; `embedded`: on the server that comes along. Raises CommandError."""
    try:
        if arguments.end and (arguments.trust or arguments.in_place):
            raise CommandError("--end goes alone: it sets the clock of the database of DATABASE_URL right.")
        if arguments.end:
            await _set_right(url)
        else:
            there = await _rehearse(url, arguments.trust, arguments.days, arguments.in_place)
            _say(_afterwards(url, there, embedded))
    except RehearsalRefused as refused:
        raise CommandError(str(refused)) from refused
    except PostgresError as error:
        raise CommandError(f"The database refused ({type(error).__name__}: {str(error).splitlines()[0]}).") from error


async def _set_right(url: str) -> None:
    connection = await connect(url)
    try:
        await rehearsal.check_owner(connection)
        await rehearsal.check_tables(connection)
        shift = await clock.shift_of(connection)
        await clock.shift_by(connection, timedelta())
        name = await connection.fetchval("select current_database()")
    finally:
        await connection.close()
    again = "tells the world's time again" if shift else "was not shifted"
    _say(f"The clock of the database {name} {again}. Mails that a rehearsal held are held for ever.")


async def _rehearse(url: str, trust: str | None, days: int, in_place: str | None) -> str:
    """The URL of the database on which it was rehearsed."""
    if trust is None:
        raise CommandError("Name the trust, as in its address.")
    if not 1 <= days <= LONGEST:
        raise CommandError(f"--days must be a whole number from 1 to {LONGEST}.")
    original = await rehearsal.connect_alone(url)
    try:
        known = await rehearsal.trusts(original)
        if trust not in known:
            raise no_such_trust(trust, known)
        if in_place is None:
            _say("Copying the database ...")
            there = await rehearsal.copy_database(original, url)
        else:
            await _check_meant(original, in_place)
            there = url
            await migrate.upgrade(there)
            await rehearsal.check_no_votes_wait(original)
    except migrate.MigrationError as error:
        raise CommandError(f"Its tables can't be brought up to date ({error}).") from error
    finally:
        await original.close()
    owner = await connect(there)
    app = await open_pool(there, APP_ROLE, 1, patient=True)
    worker = await open_pool(there, WORKER_ROLE, 1, patient=True)
    try:
        trust_id = (await trusts_by_slug(app))[trust]
        await Rehearsal(owner, app, worker, trust_id).run(days)
    finally:
        for each in (worker, app, owner):
            await each.close()
    return there


async def _check_meant(connection: Connection, named: str) -> None:
    """What a rehearsal does to a database can't be undone, so its name has to be said."""
    name = await connection.fetchval("select current_database()")
    if named != name:
        raise CommandError(
            f"--in-place changes the database {name!r} for good: say --in-place {name} if it is a copy of your own."
        )


class Rehearsal:
    """A trust on its way through the timetable. Nobody else uses the database."""

    def __init__(self, owner: Connection, app: Pool, worker: Pool, trust_id: UUID) -> None:
        self._owner, self._app, self._worker, self._trust_id = owner, app, worker, trust_id
        self._transactions = Transactions(app)
        self._done = Counter[str]()
        self._worked_on: date | None = None

    async def run(self, days: int) -> None:
        """From now on for so many days: says what is due at each moment and what is done then, and the sums."""
        await rehearsal.hold_mails(self._worker)
        start: datetime = await self._owner.fetchval("select app_now()")
        end, moments = start + timedelta(days=days), 0
        await self._step(start, {"now": 1})
        reached = start
        while reached < end:  # the worker's duties are done every day, whether or not anything is on the timetable
            day = min(_midnight_after(reached), end)
            due = await self._next(reached, day) or Due(day, {})
            if due.moment > await self._owner.fetchval("select app_now()"):
                await clock.set_to(self._owner, due.moment)
            moments += await self._step(due.moment, due.events)
            reached = due.moment
        await self._step(end, {"the end": 1})
        _say(f"\n{moments} moments in {days} days -> {_told(self._done) or 'nothing was to be done'}.")

    async def _next(self, after: datetime, until: datetime) -> Due | None:
        return await self._transactions.run(self._trust_id, lambda transaction: next_due(transaction, after, until))

    async def _step(self, moment: datetime, events: Mapping[str, int]) -> bool:
        """What the worker would do by then; papers there are none (db/rehearsal.py). Whether anything was due or done."""
        before = await rehearsal.waiting_mails(self._worker, self._trust_id)
        done = Counter[str]()
        while await import_next_of(self._worker, self._app, self._trust_id):
            done["files of people checked or applied"] += 1
        today = await clock.legal_today(self._app)
        if today != self._worked_on:
            for duty in duties_of_a_day(self._worker, self._app, self._trust_id).values():
                for name, count in (await duty()).items():
                    done[WORDS.get(name, "records forgotten")] += count
            self._worked_on = today
        done["mails not sent"] = await rehearsal.waiting_mails(self._worker, self._trust_id) - before
        await rehearsal.hold_mails(self._worker)
        self._done.update(done)
        if not events and not any(done.values()):
            return False
        local = await self._owner.fetchval(
            f"select to_char($1 at time zone '{LONDON.key}', 'YYYY-MM-DD HH24:MI')", moment
        )
        due = ", ".join(word if count == 1 else f"{word} ({count})" for word, count in events.items())
        _say(f"{local}  {due or 'a new day'} -> {_told(done) or 'nothing to do'}")
        return True


def _midnight_after(moment: datetime) -> datetime:
    """When the next day begins in London."""
    day = moment.astimezone(LONDON).date() + timedelta(days=1)
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _told(done: Mapping[str, int]) -> str:
    return ", ".join(f"{word}: {count}" for word, count in done.items() if count)


def _afterwards(url: str, there: str, embedded: bool) -> str:
    """Where the rehearsed database is and what can be done with it."""
    shown = without_password(there)
    look = f"To look at it:      SHIFTED_CLOCK=allowed DATABASE_URL='{shown}' .venv/bin/python -m api serve"
    if embedded:  # it stops with the last process that uses it
        look = (
            look.replace(".venv/bin/python -m", "PORT=8001 .venv/bin/python -m")
            + "   (while `make run` goes on in another terminal)"
        )
    if there == url:
        end = f"To set it right:    DATABASE_URL='{shown}' .venv/bin/python -m api rehearse --end"
    else:
        name = urlsplit(there).path.removeprefix("/")
        end = f"To throw it away:   psql '{without_password(url)}' -c 'drop database \"{name}\"'"
    return f"\nThe rehearsed database: {shown}\n{look}\n{end}"


def without_password(url: str) -> str:
    """The URL as it may be shown on a screen that others see."""
    password = urlsplit(url).password
    shown = url.replace(f":{password}@", ":***@", 1) if password else url
    return re.sub(r"(?<=[?&]password=)[^&]*", "***", shown)


def _say(text: str) -> None:
    print(text, flush=True)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("trust", nargs="?", help="the trust's part of its address")
    parser.add_argument("--days", type=int, default=365, help="how far to go; 365 if left out")
    parser.add_argument(
        "--in-place", metavar="NAME", help="on the database itself, which is called so: a copy of your own"
    )
    parser.add_argument("--end", action="store_true", help="only set the clock of the database right again")


def act(settings: Settings, arguments: argparse.Namespace) -> None:
    url, server = database_of(settings)
    asyncio.run(check_server(url))
    asyncio.run(rehearse(url, arguments, embedded=server is not None))
