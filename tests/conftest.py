"""A real PostgreSQL for every test that touches data: one embedded server, one database per worker and purpose.

CLOCK=2027-06-15T23:30+01:00 runs every test that has a database at that moment (`make test-moments`).
"""

import asyncio
import contextlib
import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from api.cli.load import load
from db import clock, embedded, migrate
from db.connection import connect, with_database
from tests.world import World
from tests.world.together import ReadsTogether

pytest_plugins = ("tests.shards.recording",)

TEMPLATE = "folkmoot_template"
VAR = Path(__file__).parent.parent / "var"
MEMORY = Path("/dev/shm")  # Linux's folder in memory
ENOUGH = 2_000_000_000  # bytes
# a test database may forget everything when the machine stops
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "max_connections": "200",
}


def _folder() -> Path:
    """Where the server of the tests has its data: in memory where there is room. A copy of a database is a thousand small
    files, and there is one for every test: on disk that takes longer than the tests."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH:
        return MEMORY / f"folkmoot-test-{sha256(bytes(VAR)).hexdigest()[:8]}"
    return VAR / "test-postgres"


def _moment() -> datetime | None:
    """When the tests run, if not now."""
    text = os.environ.get("CLOCK")
    if not text:
        return None
    with contextlib.suppress(ValueError):
        if (moment := datetime.fromisoformat(text)).tzinfo:
            return moment
    raise pytest.UsageError(f"CLOCK={text!r} must be a moment with its offset, as 2027-06-15T23:30+01:00.")


MOMENT = _moment()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Says which moment it is, also where a header is not shown."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if MOMENT and reporter:
        reporter.write_line(f"clock: {MOMENT.isoformat()}")


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """DATABASE_URL, or the embedded server."""
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    VAR.mkdir(exist_ok=True)
    with FileLock(VAR / "test-postgres.lock"):
        server = embedded.start(_folder(), SETTINGS, is_kept=False)
    yield server.get_uri()


@pytest.fixture(scope="session")
def template(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with every table and the five trusts, made once a run and copied for each use."""
    run = tmp_path_factory.getbasetemp().parent.name if "PYTEST_XDIST_WORKER" in os.environ else uuid.uuid4().hex[:8]
    name = f"{TEMPLATE}_{run}".replace("-", "_")
    url = with_database(server_url, name)

    async def make() -> None:
        connection = await connect(server_url)
        exists = await connection.fetchval("select true from pg_database where datname = $1", name)
        if not exists:
            for row in await connection.fetch("select datname from pg_database where datname like 'folkmoot_t%'"):
                with contextlib.suppress(Exception):  # another run may be using it
                    await connection.execute(f'drop database if exists "{row["datname"]}"')
        await connection.close()
        if not exists:
            await embedded.ensure_database(server_url, name)
            await migrate.upgrade(url)
            if MOMENT:
                connection = await connect(url)
                await clock.set_to(connection, MOMENT)
                await connection.close()
            await load(url, with_people=True)

    with FileLock(VAR / "test-template.lock"):
        asyncio.run(make())
    return name


@pytest.fixture
def database(server_url: str, template: str) -> Iterator[str]:
    """The URL of a fresh copy of the template."""
    name = f"folkmoot_test_{uuid.uuid4().hex}"

    async def execute(statement: str) -> None:
        connection = await connect(server_url)
        await connection.execute(statement)
        await connection.close()

    with FileLock(VAR / "test-copy.lock"):  # a template can't be copied twice at a time
        asyncio.run(execute(f'create database "{name}" template "{template}"'))
    yield with_database(server_url, name)
    asyncio.run(execute(f'drop database "{name}" with (force)'))


@pytest.fixture(autouse=True)
def _reads_are_made_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.services.Reads", ReadsTogether)


Scenario = Callable[[Callable[[World], Coroutine[Any, Any, None]]], None]


@pytest.fixture
def in_a_world(database: str, tmp_path: Path) -> Scenario:
    """Runs a coroutine against a running application on a fresh database."""

    @contextlib.asynccontextmanager
    async def world() -> AsyncIterator[World]:
        async with World.of(database, tmp_path) as made:
            yield made

    def run(story: Callable[[World], Coroutine[Any, Any, None]]) -> None:
        async def told() -> None:
            async with world() as made:
                await story(made)

        asyncio.run(told())

    return run
