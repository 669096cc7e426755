"""Bringing a database to the newest tables."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from .connection import connect
from .tables import METADATA

# of every migration: what serves people is never kept waiting for longer than the first
LIMITS = {"lock_timeout": "2s", "statement_timeout": "10min"}
LONGEST_WAIT = 300.0  # seconds, for another process that migrates the same database
TURN = "select pg_try_advisory_lock(hashtextextended('folkmoot migrations', 0))"
_ADVICE = {
    "55P03": f"a table was in use for more than {LIMITS['lock_timeout']}: try again when less is going on",
    "57014": f"a statement took more than {LIMITS['statement_timeout']}: read the migration",
}


class MigrationError(Exception):
    """Nothing is left half done: what was running is undone, what ran before it stays. The message is for the user."""


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, for the migrations in this package."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.attributes.update(connection=connection, metadata=METADATA)
    return made


async def upgrade(url: str, revision: str = "head") -> None:
    """Runs what has not run yet. Safe to call again, and by several processes at once. Raises MigrationError."""
    await _migrate(url, lambda connection: command.upgrade(config(connection), revision))


async def downgrade(url: str, revision: str) -> None:
    """Goes back to `revision`; `base` drops everything. Raises MigrationError."""
    await _migrate(url, lambda connection: command.downgrade(config(connection), revision))


async def write_revision(url: str, message: str) -> None:
    """A new migration file with the next number, from what the tables say, to be read and finished by a person."""
    number = f"{int(ScriptDirectory.from_config(config()).get_current_head() or 0) + 1:04}"
    await with_connection(
        url, lambda connection: command.revision(config(connection), message, autogenerate=True, rev_id=number)
    )


async def with_connection(url: str, act: Callable[[Connection], Any], *, alone: bool = False) -> Any:
    """What `act` makes of a connection; `alone`: with the turn to migrate, which is kept until the connection ends."""
    # our own connect understands every form of URL that the rest of us does
    engine = create_async_engine(
        "postgresql+asyncpg://", poolclass=NullPool, async_creator=lambda: connect(url, **LIMITS)
    )
    try:
        async with engine.connect() as connection:
            if alone:
                await _take_turn(connection)
            result = await connection.run_sync(act)
            await connection.commit()
            return result
    finally:
        await engine.dispose()


async def _migrate(url: str, act: Callable[[Connection], Any]) -> None:
    try:
        await with_connection(url, act, alone=True)
    except MigrationError:
        raise
    except Exception as error:  # whatever SQLAlchemy, asyncpg and the network call it
        known = _ADVICE.get(getattr(error.orig, "sqlstate", "")) if isinstance(error, DBAPIError) else None
        raise MigrationError(known or f"{type(error).__name__}: {str(error).splitlines()[0]}") from error


async def _take_turn(connection: AsyncConnection) -> None:
    clock = asyncio.get_running_loop()
    deadline = clock.time() + LONGEST_WAIT
    while not await connection.scalar(text(TURN)):
        # asked again and again: who waits inside PostgreSQL holds up indexes that are made concurrently
        await connection.commit()
        if clock.time() > deadline:
            raise MigrationError(f"another process has been at it for {LONGEST_WAIT:.0f} seconds: see what it does")
        await asyncio.sleep(0.1)
    await connection.commit()  # the turn outlives its transaction, and Alembic begins its own
