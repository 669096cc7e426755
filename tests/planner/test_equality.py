"""The planner against the reference: equal JSON, and nothing foreign or hidden, for documents made at random."""

import asyncio
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from api.authentication import Caller
from db.connection import APP_ROLE, open_pool
from domain.identity.viewer import Role
from planner import Budget, Planner, PlanRefused, Request, coerce_variables, plain_variables, read_document
from schema.build import REGISTRY
from tests.planner.documents import RandomDocument
from tests.planner.population import Seen, all_ids, callers_of, populate
from tests.planner.reference import Reference
from tests.world import CARE, WESSEX, World

BUDGET = Budget(tokens=20_000, fields=5_000, aliases=5_000, depth=40, spreads=500, directives=500, definitions=200)
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def seen(database: str, tmp_path: Path) -> Iterator[Seen]:
    loop = asyncio.new_event_loop()
    manager = World.of(database, tmp_path)

    async def make() -> Seen:
        world = await manager.__aenter__()
        people = await populate(world, CARE)
        await populate(world, WESSEX)
        care, wessex = await world.trust_id(CARE), await world.trust_id(WESSEX)
        officers = {role: (await world.officer(role)).person_id for role in Role}
        own, other = await all_ids(world, care), await all_ids(world, wessex)
        await world.owner.execute("set search_path = public")
        return Seen(
            world=world,
            pool=await open_pool(database, APP_ROLE, 2),
            trust_id=care,
            callers=await callers_of(care, people, {role: person for role, person in officers.items() if person}),
            ids=[*own, *other, "per_garbage", "nothing", "mem_00000000-0000-0000-0000-000000000000"],
            foreign=set(UUIDS.findall(" ".join(other))) | {str(wessex)},
            loop=loop,
            planner=Planner(REGISTRY),
        )

    made = loop.run_until_complete(make())
    yield made
    loop.run_until_complete(made.pool.close())
    loop.run_until_complete(manager.__aexit__(None, None, None))
    loop.close()


async def planned(seen: Seen, text: str, variables: dict[str, Any], caller: Caller) -> str:
    document = read_document(REGISTRY.schema, text, text, BUDGET)
    operation = document.operation(None)
    coerced = coerce_variables(REGISTRY.schema, operation, plain_variables(operation), variables)
    plan = seen.planner.plan(document, operation, caller.viewer.profile, coerced)
    assert plan is not None, "every query without introspection can be planned"
    found: bytes = await seen.pool.fetchval(plan.sql, *plan.arguments(Request(seen.trust_id, coerced, caller)))
    return found.decode()


def test_random_documents_read_the_same_as_the_reference_and_nothing_foreign(seen: Seen) -> None:
    names = sorted(seen.callers)

    @settings(
        max_examples=int(os.environ.get("EXAMPLES", "150")),
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(st.integers(0, 2**32), st.sampled_from(names))
    def compare(number: int, name: str) -> None:
        caller = seen.callers[name]
        made = RandomDocument(Random(number), seen.ids)
        text = made.text()

        async def both() -> tuple[str, Any]:
            ours = await planned(seen, text, made.variables, caller)
            return ours, await Reference(seen.world.owner, seen.trust_id, caller).data(text, made.variables)

        try:
            ours, theirs = seen.loop.run_until_complete(both())
        except PlanRefused as refused:
            assert refused.code == "QUERY_TOO_EXPENSIVE"
            assume(False)
        assert json.loads(ours) == theirs, f"{name}: {text} {made.variables}"
        assert not set(UUIDS.findall(ours)) & seen.foreign, f"{name} sees another trust: {text}"
        if name in ("anonymous", "applicant", "partner", "partner with one scope"):
            assert "Canary" not in ours, f"{name} sees a person: {text}"

    compare()


def test_the_same_document_serves_different_structures_of_variables(seen: Seen) -> None:
    text = """query ($n: Int, $with: Boolean!, $filter: MemberFilter, $id: ID!) {
      members(first: $n, filter: $filter) { totalCount nodes { id status @include(if: $with) } }
      node(id: $id) { __typename id } }"""
    caller = seen.callers["membership_officer"]

    async def compare(variables: dict[str, Any]) -> None:
        ours = json.loads(await planned(seen, text, variables, caller))
        assert ours == await Reference(seen.world.owner, seen.trust_id, caller).data(text, variables)

    for n in (1, 2, None):
        for with_status in (True, False):
            for chosen in (None, {}, {"status": "ADMITTED"}, {"status": None, "number": 2}):
                for identifier in (seen.ids[0], seen.ids[-1], "x"):
                    variables = {"n": n, "with": with_status, "filter": chosen, "id": identifier}
                    seen.loop.run_until_complete(compare(variables))


def test_pages_follow_each_other_without_gap_or_repetition(seen: Seen) -> None:
    caller = seen.callers["anonymous"]
    for order in ("NAME", "URN"):
        for direction in ("ASC", "DESC"):
            text = f"""query ($after: String) {{ schools(first: 3, after: $after, orderBy: {{field: {order}, direction: {direction}}})
              {{ totalCount nodes {{ name urn }} pageInfo {{ hasNextPage endCursor }} }} }}"""
            found: list[Any] = []
            after = None
            while True:
                page = json.loads(seen.loop.run_until_complete(planned(seen, text, {"after": after}, caller)))[
                    "schools"
                ]
                found += [school[order.lower()] for school in page["nodes"]]
                after = page["pageInfo"]["endCursor"]
                if not page["pageInfo"]["hasNextPage"]:
                    break
            assert len(found) == page["totalCount"] == 10
            assert found == sorted(found, reverse=direction == "DESC")
