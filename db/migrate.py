"""Bringing a database to the newest tables, and telling whether it is there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from .connection import connect
from .tables import METADATA


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


async def _with_connection(url: str, act: Callable[[Connection], Any]) -> Any:
    # our own connect understands every form of URL that the rest of us does
    engine = create_async_engine("postgresql+asyncpg://", poolclass=NullPool, async_creator=lambda: connect(url))
    try:
        async with engine.connect() as connection:
            result = await connection.run_sync(act)
            await connection.commit()
            return result
    finally:
        await engine.dispose()


async def upgrade(url: str, revision: str = "head") -> None:
    """Runs what has not run yet. Safe to call again."""
    await _with_connection(url, lambda connection: command.upgrade(_config(connection), revision))


async def downgrade(url: str, revision: str) -> None:
    """Goes back to `revision`; `base` drops everything."""
    await _with_connection(url, lambda connection: command.downgrade(_config(connection), revision))


async def differences(url: str) -> list[Any]:
    """What Alembic would still change: empty when migrations and tables say the same."""

    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    return list(await _with_connection(url, compare))


async def write_revision(url: str, message: str) -> None:
    """A new migration file from what the tables say, to be read and finished by a person."""
    await _with_connection(
        url, lambda connection: command.revision(_config(connection), message=message, autogenerate=True)
    )
