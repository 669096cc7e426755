"""Copies of a database in which a timetable is rehearsed. Only the owner makes, shifts and drops them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import asyncpg

from domain.polls.poll import IS_OVER

from . import clock, migrate
from .connection import APP_ROLE, WORKER_ROLE, Connection, Pool, connect, open_pool, with_database
from .fragments.conditions import predicate
from .identity.viewers import trusts_by_slug

LONGEST_NAME = 63  # PostgreSQL cuts what is longer, and a copy must never be called as its original
MARK = "A rehearsal, made by `python -m api rehearse`; it may be dropped."


# what was handed in and sealed; and the contests of polls that take papers still
_VOTES = ("recorded_vote", "ballot_paper", "ballot_receipt")
_NOT_OVER = (
    "(select k.id from contest k join poll b on b.trust_id = k.trust_id and b.id = k.poll_id"
    f" where not {predicate(IS_OVER, {'closes_at': 'b.closes_at'})})"
)


class RehearsalRefused(Exception):
    """Nothing was rehearsed; the message is one sentence that says what to do."""


async def check_owner(connection: Connection) -> None:
    """Raises RehearsalRefused."""
    owns = await connection.fetchval(
        "select pg_has_role(current_user, datdba, 'usage') from pg_database where datname = current_database()"
    )
    if not owns:
        raise RehearsalRefused(
            "Only the owner of the database shifts its clock: name a login that owns it in DATABASE_URL."
        )


async def check_alone(connection: Connection) -> None:
    """Raises RehearsalRefused while somebody else uses the database: a clock is shifted under nobody's feet."""
    others = await connection.fetchval(
        "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        " and usename is not null"  # who may not see what kind of process it is sees at least that
        " and coalesce(backend_type, 'client backend') = 'client backend'"
    )
    if others:
        raise RehearsalRefused(
            f"The database is in use ({others} other {'session' if others == 1 else 'sessions'}):"
            " stop the server and the worker first."
        )


async def check_tables(connection: Connection) -> None:
    """Whether it is a database of ours that has a clock. Raises RehearsalRefused."""
    if not await connection.fetchval("select to_regclass('trust') is not null and to_regproc('app_now') is not null"):
        raise RehearsalRefused(
            "The database has no tables of Folkmoot, or old ones: run `python -m api migrate` first."
        )


async def trusts(connection: Connection) -> dict[str, UUID]:
    """As trusts_by_slug: row-level security binds even an owner, unless acting in a role that has a policy.

    Raises RehearsalRefused.
    """
    may = await connection.fetchval(
        "select count(*) from pg_roles where rolname = any($1) and pg_has_role(current_user, oid, 'set')",
        [APP_ROLE, WORKER_ROLE],
    )
    if may < 2:
        raise RehearsalRefused(f"The login must be a member of {APP_ROLE} and {WORKER_ROLE}: grant it both roles.")
    await connection.execute(f"set role {APP_ROLE}")
    try:
        return await trusts_by_slug(connection)
    finally:
        await connection.execute("reset role")


async def copy_database(connection: Connection, url: str) -> str:
    """Copies the database of the connection, whose URL is given, to `<name>_rehearsal`; the URL of the copy.

    An earlier copy is dropped, and what is left of one that was stopped, however. Until a copy is harmless and marked it
    has a name under which nobody is served (db/clock.py). Its tables are the newest. Raises RehearsalRefused and MigrationError.
    """
    name: str = await connection.fetchval("select current_database()")
    copy, part = f"{name}_rehearsal", f"{name}{clock.UNFINISHED}"
    if len(part.encode()) > LONGEST_NAME:
        raise RehearsalRefused(
            f"The name {name} is too long for a copy beside it: copy it yourself, and use --in-place."
        )
    try:
        await _drop_earlier(connection, copy)
        await connection.execute(f"drop database if exists {_quoted(part)}")
        await connection.execute(f"create database {_quoted(part)} template {_quoted(name)}")
        await connection.execute(f"comment on database {_quoted(part)} is '{MARK}'")
        await connection.execute(f"revoke all on database {_quoted(part)} from public")  # grants are not copied with it
    except asyncpg.ObjectInUseError as error:
        used = next((each for each in (part, copy) if each in str(error)), name)
        raise RehearsalRefused(f"The database {used} is in use: stop the server and the worker first.") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise RehearsalRefused(
            "The login may not make databases: grant it CREATEDB, or copy the database yourself and use --in-place."
        ) from error
    await migrate.upgrade(with_database(url, part))
    await _make_harmless(with_database(url, part))
    await connection.execute(f"alter database {_quoted(part)} rename to {_quoted(copy)}")
    return with_database(url, copy)


async def _make_harmless(there: str) -> None:
    """No mail leaves, no server takes the copy for the world, and nothing tells how somebody votes in a poll that the
    world has not closed: under a shifted clock its papers could be counted before their time."""
    worker = await open_pool(there, WORKER_ROLE, 1)
    owner = await connect(there)
    try:
        await hold_mails(worker)
        await _forget_votes(owner)
        await _release_imports(worker)
        await clock.shift_by(owner, await clock.shift_of(owner) + timedelta(seconds=1))
    finally:
        await worker.close()
        await owner.close()


@asynccontextmanager
async def _every_row(owner: Connection) -> AsyncIterator[None]:
    """Inside, the owner of the tables sees every vote, even one whom row-level security binds."""
    tables = (*_VOTES, "ballot_inbox", "credential", "contest", "poll")
    async with owner.transaction():
        for table in tables:
            await owner.execute(f"alter table {table} no force row level security")
        yield
        for table in tables:
            await owner.execute(f"alter table {table} force row level security")


async def _forget_votes(owner: Connection) -> None:
    """Every poll that is not over is as if nobody had voted."""
    async with _every_row(owner):
        for table in _VOTES:
            await owner.execute(f"delete from {table} where contest_id in {_NOT_OVER}")
        await owner.execute(f"update credential set spent_on = null where contest_id in {_NOT_OVER}")
        await owner.execute("truncate ballot_inbox")


async def check_no_votes_wait(owner: Connection) -> None:
    """Under a shifted clock papers of a poll that is not over could be counted before their time, and those that wait to
    be sealed would be opened. Raises RehearsalRefused."""
    async with _every_row(owner):
        found = " or ".join(f"exists (select from {table} where contest_id in {_NOT_OVER})" for table in _VOTES)
        waiting = await owner.fetchval(f"select exists (select from ballot_inbox) or {found}")
    if waiting:
        raise RehearsalRefused(
            "There are papers of polls that are not over, or that wait to be sealed, in this database:"
            " rehearse on a copy, without --in-place."
        )


async def _drop_earlier(connection: Connection, copy: str) -> None:
    mark = await connection.fetchrow(
        "select shobj_description(oid, 'pg_database') as said from pg_database where datname = $1", copy
    )
    if mark is None:
        return
    if mark["said"] != MARK:
        raise RehearsalRefused(f"The database {copy} is no rehearsal of ours: rename or drop it first.")
    await connection.execute(f"drop database {_quoted(copy)}")


async def connect_alone(url: str) -> Connection:
    """A connection as the owner to a database that nobody else uses. Raises RehearsalRefused."""
    connection = await connect(url)
    try:
        await check_owner(connection)
        await check_alone(connection)
        await check_tables(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def hold_mails(worker: Pool) -> None:
    """What waits in the outbox never leaves, whoever runs a worker on the copy: no rehearsal writes to members."""
    for trust_id in (await trusts_by_slug(worker)).values():
        await worker.execute("update outbox set try_at = 'infinity' where trust_id = $1 and sent_at is null", trust_id)


async def _release_imports(worker: Pool) -> None:
    """Whoever has claimed an import works on the original."""
    for trust_id in (await trusts_by_slug(worker)).values():
        await worker.execute("update import_job set claimed_until = '-infinity' where trust_id = $1", trust_id)


async def waiting_mails(worker: Pool, trust_id: UUID) -> int:
    """How many mails of the trust have not left."""
    found: int = await worker.fetchval("select count(*) from outbox where trust_id = $1 and sent_at is null", trust_id)
    return found


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
