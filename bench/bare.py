"""The limit: a bare Starlette handler running hand-written SQL by asyncpg. No GraphQL, no permissions, no limits."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .seed import CAST_STATEMENT

MEMBER = """select json_build_object('node', (select json_build_object('id', p.id, 'givenName', p.given_name,
 'familyName', p.family_name, 'email', p.email, 'memberships', (select coalesce(json_agg(json_build_object('id', m.id,
 'number', m.number, 'status', m.status, 'registeredOn', m.registered_on, 'constituency',
 json_build_object('id', c.id, 'name', c.name)) order by m.id), '[]') from membership m
 join constituency c on c.trust_id = $1 and c.id = m.constituency_id where m.trust_id = $1 and m.person_id = p.id))
 from person p where p.trust_id = $1 and p.id = $2))"""
PAGE = """select json_build_object('members', (select json_build_object('edges', coalesce(json_agg(json_build_object(
 'cursor', x.id, 'node', json_build_object('id', x.id, 'number', x.number, 'registeredOn', x.registered_on,
 'person', json_build_object('id', p.id, 'givenName', p.given_name, 'familyName', p.family_name),
 'school', json_build_object('id', s.id, 'name', s.name))) order by x.id) filter (where x.rn <= 50), '[]'),
 'pageInfo', json_build_object('hasNextPage', count(*) > 50, 'endCursor',
   (array_agg(x.id order by x.id desc) filter (where x.rn <= 50))[1]))
 from (select m.*, row_number() over (order by m.id) rn from membership m where m.trust_id = $1 and m.id > $2
   order by m.id limit 51) x
 join person p on p.trust_id = $1 and p.id = x.person_id join school s on s.trust_id = $1 and s.id = x.school_id))"""
CONSULTATIONS = """select json_build_object('consultations', (select coalesce(json_agg(json_build_object('id', c.id,
 'title', c.title, 'status', c.status, 'closesAt', c.closes_at, 'questions', (select coalesce(json_agg(json_build_object(
 'id', q.id, 'position', q.position, 'prompt', q.prompt, 'responseCount', q.response_count) order by q.position), '[]')
 from consultation_question q where q.trust_id = $1 and q.consultation_id = c.id)) order by c.id), '[]')
 from (select * from consultation where trust_id = $1 and id > $2 order by id limit 20) c))"""
NESTED = """select json_build_object('schools', (select coalesce(json_agg(json_build_object('id', s.id, 'name', s.name,
 'phase', s.phase, 'members', (select coalesce(json_agg(json_build_object('id', m.id, 'number', m.number, 'person',
 json_build_object('id', p.id, 'givenName', p.given_name, 'familyName', p.family_name, 'email', p.email)) order by m.id), '[]')
 from (select * from membership m where m.trust_id = $1 and m.school_id = s.id and m.id > $2 order by m.id limit 83) m
 join person p on p.trust_id = $1 and p.id = m.person_id)) order by s.name, s.id), '[]')
 from (select * from school where trust_id = $1 order by name, id limit 12) s))"""
SEARCH = """select json_build_object('members', json_build_object('nodes', (select coalesce(json_agg(json_build_object(
 'id', m.id, 'number', m.number, 'name', m.name, 'status', m.status, 'registeredOn', m.registered_on, 'constituency',
 json_build_object('id', c.id, 'name', c.name)) order by m.id), '[]') from (select * from membership m where m.trust_id = $1
   and m.search_name like (name_patterns($2))[1] and m.search_name like all (name_patterns($2)) order by m.id limit 20) m
 join constituency c on c.trust_id = $1 and c.id = m.constituency_id)))"""
ME = """select json_build_object('viewer', json_build_object('person', (select json_build_object('id', p.id,
 'givenName', p.given_name, 'email', p.email) from person p where p.trust_id = $1 and p.id = $2)))"""
CAST = CAST_STATEMENT.format(trust="$1::uuid", contest="$2::uuid", person="$3::uuid", paper="$4::text")

POOL: Any = None


async def _prepare(connection: Any) -> None:
    await connection.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


async def _keep_nothing(_: Any) -> None:
    """asyncpg's reset is a round trip; nothing is kept in these sessions."""


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    global POOL
    POOL = await asyncpg.create_pool(
        os.environ["BENCH_URL"], min_size=8, max_size=8, init=_prepare, reset=_keep_nothing, statement_cache_size=500
    )
    yield
    await POOL.close()


def read(statement: str, *names: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        variables = orjson.loads(await request.body())
        data = await POOL.fetchval(statement, *(UUID(variables[name]) for name in names))
        return Response(b'{"data":' + data + b"}", media_type="application/json")

    return answer


async def search(request: Request) -> Response:
    variables = orjson.loads(await request.body())
    data = await POOL.fetchval(SEARCH, UUID(variables["trust"]), variables["name"])
    return Response(b'{"data":' + data + b"}", media_type="application/json")


async def cast_vote(request: Request) -> Response:
    variables = orjson.loads(await request.body())
    keys = (UUID(variables[name]) for name in ("trust", "contest", "person"))
    receipt = await POOL.fetchval(CAST, *keys, variables["paper"])
    return Response(orjson.dumps({"data": {"receipt": receipt}}), media_type="application/json")


app = Starlette(
    routes=[
        Route("/member", read(MEMBER, "trust", "id"), methods=["POST"]),
        Route("/page", read(PAGE, "trust", "after"), methods=["POST"]),
        Route("/consultations", read(CONSULTATIONS, "trust", "after"), methods=["POST"]),
        Route("/nested", read(NESTED, "trust", "after"), methods=["POST"]),
        Route("/me", read(ME, "trust", "id"), methods=["POST"]),
        Route("/search", search, methods=["POST"]),
        Route("/cast_vote", cast_vote, methods=["POST"]),
    ],
    lifespan=lifespan,
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, log_level="warning")
