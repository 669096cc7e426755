"""Our schema against the reference: equal JSON, and nothing foreign or hidden, for documents made at random.

Other documents each run; a failure names its seed: `SEED=… EXAMPLES=2000 pytest tests/schema/test_equality.py`.
"""

import asyncio
import json
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.http.authentication import Caller
from db.connection import APP_ROLE, open_pool
from domain.identity.viewer import Role
from planner import Budget, OperationVariables, Planner, PlanRefused, Request, read_document
from planner.testing import Reference, ReferenceRefused
from schema.build import REGISTRY
from tests.schema.documents import random_document
from tests.schema.population import Seen, all_ids, callers_of, empty_types, populate
from tests.world import CARE, WESSEX, World

BUDGET = Budget(tokens=20_000, fields=5_000, aliases=5_000, depth=40, spreads=500, directives=500, definitions=200)
REFERENCE = Reference(REGISTRY)
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))
GARBAGE = "per_garbage"  # begins as an id or a cursor of people, and is none
EXAMPLES = int(os.environ.get("EXAMPLES", "150"))
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@pytest.fixture
def seen(database: str, tmp_path: Path) -> Iterator[Seen]:
    loop = asyncio.new_event_loop()
    manager = World.of(database, tmp_path)

    async def make() -> Seen:
        world = await manager.__aenter__()
        people = await populate(world, CARE)
        await populate(world, WESSEX)
        assert await empty_types(world, (CARE, WESSEX)) == [], "of what nobody has, whatever is read is the same"
        care, wessex = await world.trust_id(CARE), await world.trust_id(WESSEX)
        officers = {role: (await world.officer(role)).person_id for role in Role}
        own, other = await all_ids(world, care), await all_ids(world, wessex)
        await world.owner.execute("set search_path = public")
        return Seen(
            world=world,
            pool=await open_pool(database, APP_ROLE, 2),
            trust_id=care,
            callers=await callers_of(care, people, {role: person for role, person in officers.items() if person}),
            ids=[*own, *other, GARBAGE, "nothing", "mem_00000000-0000-0000-0000-000000000000"],
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
    coerced = OperationVariables(REGISTRY.schema, operation).coerce(variables).coerced
    plan = seen.planner.plan(document, operation, caller.viewer.profile, coerced)
    assert plan is not None, "every query without introspection can be planned"
    found: bytes = await seen.pool.fetchval(plan.sql, *plan.arguments(Request(seen.trust_id, coerced, caller)))
    return found.decode()


async def expected(seen: Seen, text: str, variables: dict[str, Any], name: str) -> Any:
    caller = seen.callers[name]
    request = Request(seen.trust_id, variables, caller)
    return await REFERENCE.data(seen.world.owner, caller.viewer.profile, request, text)


def test_random_documents_read_the_same_as_the_reference_and_nothing_foreign(seen: Seen) -> None:
    names = sorted(seen.callers)
    compared = 0
    for number in range(EXAMPLES):
        random = Random(f"{SEED} {number}")
        name = random.choice(names)
        made = random_document(random, seen.ids)
        text = made.text()
        which = f"SEED={SEED}, document {number}, {name}: {text} {made.variables}"
        try:
            ours = seen.loop.run_until_complete(planned(seen, text, made.variables, seen.callers[name]))
        except PlanRefused as refused:
            is_bad = refused.code in ("INVALID_CURSOR", "BAD_USER_INPUT")
            assert refused.code == "QUERY_TOO_EXPENSIVE" or (is_bad and GARBAGE in which), which
            continue
        try:
            theirs = seen.loop.run_until_complete(expected(seen, text, made.variables, name))
        except ReferenceRefused:
            assert GARBAGE in which, which
            continue
        compared += 1
        assert json.loads(ours) == theirs, which
        assert not set(UUIDS.findall(ours)) & seen.foreign, f"another trust is seen, {which}"
        if name in ("anonymous", "applicant", "partner", "partner with one scope"):
            assert "Canary" not in ours, f"a person is seen, {which}"

    assert compared > EXAMPLES / 2, f"SEED={SEED}: hardly any document can be planned"
