"""What tests of rehearsals share."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from db.connection import connect
from tests.world import World


def name_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def as_login(url: str, login: str) -> str:
    return url.replace(urlsplit(url).netloc, f"{login}@", 1)


async def execute(url: str, *statements: str) -> Any:
    """What the last statement gives."""
    connection = await connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


def in_a_world(database: str, folder: Path, story: Callable[[World], Awaitable[Any]]) -> Any:
    async def told() -> Any:
        async with World.of(database, folder) as world:
            return await story(world)

    return asyncio.run(told())


async def open_poll(world: World) -> None:
    await world.member()
    await world.open_poll()


def wait_until_alone(url: str) -> None:
    """Until PostgreSQL has noticed that a process is dead."""
    others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    for _ in range(100):
        if not asyncio.run(execute(url, others)):
            return
        time.sleep(0.05)
