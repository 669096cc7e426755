"""Connections to PostgreSQL, each under one of the two roles that row-level security knows."""

from typing import Any, TypeAlias
from urllib.parse import quote

import asyncpg

APP_ROLE = "folkmoot_app"
WORKER_ROLE = "folkmoot_worker"
SEARCH_ROLE = "folkmoot_search"  # nobody connects as it: it owns a function
LONGEST_STATEMENT = 60_000  # characters: none of ours is as long, so each is planned once a connection
OLDEST_SERVER = 180000  # PostgreSQL 18: uuidv7()

Pool: TypeAlias = Any  # asyncpg ships no types
Connection: TypeAlias = Any

PostgresError: type[Exception] = asyncpg.PostgresError
InterfaceError: type[Exception] = asyncpg.InterfaceError
UniqueViolation: type[Exception] = asyncpg.UniqueViolationError
# somebody else holds what is needed, or it took too long: the client may try again
BUSY: tuple[type[Exception], ...] = (asyncpg.LockNotAvailableError, asyncpg.QueryCanceledError, TimeoutError)
# the database is gone or going
UNAVAILABLE: tuple[type[Exception], ...] = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what asyncpg makes of a connection that was cut in the middle
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
)
RETRIED: tuple[type[Exception], ...] = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)

_LIMITS = {
    "statement_timeout": "5s",
    "lock_timeout": "1s",
    "idle_in_transaction_session_timeout": "10s",
    "TimeZone": "UTC",
    "jit": "off",  # compiling costs more than any of our statements
    "application_name": "folkmoot",
}


async def _keep_nothing(connection: Connection) -> None:
    """Nothing is kept in a session of ours, so asyncpg's reset would be a round trip for nothing."""


_PATIENT = {"statement_timeout": "5min", "idle_in_transaction_session_timeout": "1min", "lock_timeout": "10s"}


async def open_pool(url: str, role: str, size: int, *, patient: bool = False) -> Pool:
    """`size` connections acting as `role`, which is neither owner nor above row-level security.

    `patient`: for work in the background, over whole registers and files.
    """
    return await asyncpg.create_pool(
        url,
        min_size=size,
        max_size=size,
        reset=_keep_nothing,
        command_timeout=330 if patient else 8,
        timeout=3,
        statement_cache_size=300,
        max_cacheable_statement_size=LONGEST_STATEMENT,
        max_inactive_connection_lifetime=0,
        server_settings={**_LIMITS, **(_PATIENT if patient else {}), "role": role},
    )


async def connect(url: str, **server_settings: str) -> Connection:
    """One connection as whoever the URL names: for migrations."""
    return await asyncpg.connect(url, timeout=3, server_settings=server_settings)


def with_database(url: str, database: str) -> str:
    """`url` with another database name."""
    head, _, query = url.partition("?")
    scheme, _, rest = head.partition("://")
    host = rest.split("/", 1)[0]
    return f"{scheme}://{host}/{quote(database)}" + (f"?{query}" if query else "")
