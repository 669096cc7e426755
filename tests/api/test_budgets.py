"""What a document may cost, and how much a caller may ask for."""

import asyncio
import time
from pathlib import Path

import pytest

from api.http.operations import COST_OF_READING
from domain.identity.viewer import Role
from tests.api.requests import QUERY, code
from tests.conftest import Scenario
from tests.world import World


def test_a_fragment_bomb_harms_nobody(in_a_world: Scenario) -> None:
    bomb = (
        "{ ...F0 } "
        + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(28))
        + " fragment F28 on Query { trust { slug } }"
    )

    async def story(world: World) -> None:
        started = time.perf_counter()

        answers = await asyncio.gather(*(world.post({"query": bomb}) for _ in range(10)), world.post(QUERY))

        assert {code(answer) for answer in answers[:-1]} == {"QUERY_TOO_COMPLEX"}
        assert answers[-1].status_code == 200
        assert time.perf_counter() - started < 30

    in_a_world(story)


def test_introspection_is_no_way_round_the_cost(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        fields = " ".join(
            f"k{n}: schools(first: 80) {{ nodes {{ members(first: 50) {{ totalCount }} }} }}" for n in range(4)
        )

        answer = await world.post({"query": f"{{ __schema {{ __typename }} {fields} }}"}, token=clerk.token)

        assert code(answer) == "QUERY_TOO_EXPENSIVE"
        allowed = await world.post(
            {"query": "{ __schema { __typename } schools(first: 80) { nodes { id } } }"}, token=clerk.token
        )
        assert allowed.json()["extensions"]["cost"]["nodes"] == 81

    in_a_world(story)


@pytest.mark.parametrize(
    "selection",
    ["signIn(input: $input) { errors { code } }", "...F", "... { ...F }", "... on Mutation { ...F __typename }"],
)
def test_what_is_slow_on_purpose_costs_as_much_in_a_fragment(in_a_world: Scenario, selection: str) -> None:
    fragment = "fragment F on Mutation { signIn(input: $input) { errors { code } } }" if "F" in selection else ""
    text = f"mutation ($input: SignInInput!) {{ {selection} }} {fragment}"

    async def story(world: World) -> None:
        challenge = {"challenge": "chl_01a22369-9a4e-77e3-ace8-83dc9429f3fc", "code": "12345678"}
        answer = await world.post({"query": text, "variables": {"input": challenge}})
        assert answer.json()["extensions"]["cost"]["nodes"] >= 500, answer.json()

    in_a_world(story)


def test_who_asks_too_much_waits(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        enough_for_one = 2 * (COST_OF_READING + 110)  # of it the anonymous of a network have half
        async with World.of(database, tmp_path, allowance=enough_for_one, allowance_per_second=10) as world:
            clerk = await world.officer(Role.CLERK)
            query = {"query": "{ schools(first: 60) { totalCount } }"}

            anonymous = [await world.post(query) for _ in range(3)]
            signed_in = [await world.post(query, token=clerk.token) for _ in range(3)]

            assert [answer.status_code for answer in anonymous] == [200, 429, 429]
            assert [answer.status_code for answer in signed_in] == [200] * 3
            assert code(anonymous[1]) == "RATE_LIMITED"
            assert anonymous[1].json()["errors"][0]["extensions"]["retryAfter"] == int(
                anonymous[1].headers["retry-after"]
            )

    asyncio.run(story())
