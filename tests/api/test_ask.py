"""From a document's text to bytes without HTTP, as another part of the same process asks."""

import dataclasses
from typing import Any

import orjson

from api.http.ask import ask
from api.http.authentication import Caller
from api.http.limits import RateLimiter
from api.http.time_limits import TimeLimit
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.world import CARE, Known, World

VIEWER = "query First { viewer { kind } } query Second { trust { slug } }"
SCHOOLS = "query ($first: Int!) { schools(first: $first) { nodes { name } } }"
CONTACT = 'mutation ($id: ID!) { changeContact(input: {personId: $id, phone: "+447700900123"}) { person { phone } errors { code } } }'


async def caller_of(world: World, known: Known | None) -> Caller:
    trust_id = await world.trust_id(known.trust if known else CARE)
    return await world.app.services.authentication.caller(trust_id, known.token if known else None, "192.0.2.1")


async def asked(world: World, known: Known | None, text: str, *more: Any) -> tuple[int, Any]:
    answer = await ask(world.app.services, await caller_of(world, known), text, *more)
    return answer.status, orjson.loads(answer.body)


def test_reads_and_writes_are_answered_in_bytes(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        member, _ = await world.member()
        status, body = await asked(world, member, VIEWER, "First")
        assert (status, body["data"]) == (200, {"viewer": {"kind": "PERSON"}})
        assert (await asked(world, None, VIEWER, "Second"))[1]["data"] == {"trust": {"slug": CARE}}
        assert len((await asked(world, None, SCHOOLS, None, {"first": 1}))[1]["data"]["schools"]["nodes"]) == 1

        person = f"per_{member.person_id}"
        status, body = await asked(world, member, CONTACT, None, {"id": person})
        assert (status, body["data"]["changeContact"]["errors"]) == (200, [])
        assert body["data"]["changeContact"]["person"] == {"phone": "+447700900123"}
        status, body = await asked(world, None, CONTACT, None, {"id": person})
        assert (status, body["data"]["changeContact"]["errors"]) == (200, [{"code": "NOT_SIGNED_IN"}])

    in_a_world(story)


def test_it_answers_as_the_endpoint_does(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        for text, variables in ((SCHOOLS, {"first": 3}), (SCHOOLS, {"first": "three"}), ("{ nothing }", {}), ("{", {})):
            by_http = await world.post({"query": text, "variables": variables}, token=clerk.token)
            answer = await ask(
                world.app.services,
                await caller_of(world, clerk),
                text,
                None,
                variables,
                by_http.headers["x-request-id"],
            )
            assert answer.body == by_http.content

    in_a_world(story)


def test_what_cannot_be_answered_is_a_status_and_never_raised(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for text, variables in (("{", {}), ("{ nothing }", {}), (VIEWER, {}), (SCHOOLS, {"first": "three"})):
            status, body = await asked(world, None, text, None, variables)
            assert (status, list(body)) == (400, ["errors"]), text
            assert body["errors"][0]["extensions"]["requestId"]

        services, caller = world.app.services, await caller_of(world, None)
        impatient = dataclasses.replace(services, execution_limit=TimeLimit(0.0))
        slow = await ask(impatient, caller, "{ trust { slug } }")
        assert (slow.status, orjson.loads(slow.body)["errors"][0]["extensions"]["code"]) == (503, "BUSY")

        poor = dataclasses.replace(services, allowances=RateLimiter(100, 1))
        last = await ask(poor, caller, SCHOOLS, None, {"first": 100})
        extensions = orjson.loads(last.body)["errors"][0]["extensions"]
        assert (last.status, extensions["code"]) == (429, "RATE_LIMITED")
        assert last.headers == ((b"retry-after", str(extensions["retryAfter"]).encode()),)

    in_a_world(story)


def test_a_mistake_of_ours_is_masked(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.owner.execute("alter table school rename to school_elsewhere")

        status, body = await asked(world, None, SCHOOLS, None, {"first": 1})

        (error,) = body["errors"]
        assert (status, error["extensions"]["code"]) == (500, "INTERNAL")
        assert "school" not in error["message"]

    in_a_world(story)
