"""A statement for several requests gives each what its own would have given."""

from random import Random
from typing import Any

import pytest

from planner import Filter, Plan, Planner, PlanRefused, Request
from planner.testing import RandomDocument

from .conftest import Toy
from .library import REGISTRY
from .policies import Role, Viewer
from .reading import planned
from .seed import SEED
from .tables import BookRow, ReaderRow
from .test_equality import EXAMPLES, NOTHING, VALUES

LOANS = "query ($id: ID!) { node(id: $id) { id ... on Reader { email loans { nodes { id } } } } }"


def like(value: Any, random: Random, ids: list[str]) -> Any:
    """Another value of the same sort."""
    if isinstance(value, dict):
        return {key: like(inner, random, ids) for key, inner in value.items()}
    for known in () if isinstance(value, bool) else (ids, *VALUES.values()):
        if value in known:
            prefix = str(value).partition("_")[0] if known is ids else ""
            return random.choice([each for each in known if str(each).startswith(prefix)])
    return value


async def each_alone(toy: Toy, plan: Plan, group: list[list[Any]]) -> list[bytes]:
    return [await toy.app.fetchval(plan.sql, *arguments) for arguments in group]


async def all_together(toy: Toy, plan: Plan, group: list[list[Any]]) -> list[bytes]:
    assert plan.shared is not None
    answers = dict(await toy.app.fetch(plan.shared, *plan.shared_arguments(group)))
    return [answers[place] for place, _ in enumerate(group, start=1)]


@pytest.mark.parametrize("role", Role)
def test_random_groups_get_the_same_bytes_as_each_alone(toy: Toy, role: Role) -> None:
    ids, planner = [*toy.here.ids, *toy.elsewhere.ids, *NOTHING[1:]], Planner(REGISTRY)
    foreign = [str(key) for keys in toy.elsewhere.keys.values() for key in keys]
    shared = 0
    for number in range(EXAMPLES):
        random = Random(f"{SEED} {role} {number}")
        made = RandomDocument(REGISTRY, random, ids, VALUES)
        text = made.text()
        which = f"SEED={SEED}, document {number}: {text} {made.variables}"
        try:
            plan, _ = planned(text, made.variables, role, planner)
            group = []
            for _ in range(random.randint(1, 9)):
                same, coerced = planned(text, like(made.variables, random, ids), role, planner)
                reader = random.choice(toy.here.keys[ReaderRow]) if role is Role.READER else None
                if same is plan:
                    group.append(plan.arguments(Request(toy.here.library_id, coerced, Viewer(role, reader))))
        except PlanRefused:
            continue
        if not group:
            continue
        alone = toy.run(each_alone(toy, plan, group))
        if plan.shared is None:
            assert not plan.varying, which
            assert len(set(alone)) <= 1, which
            continue
        shared += 1
        assert toy.run(all_together(toy, plan, group)) == alone, which
        assert not [key for key in foreign if key in str(alone)], which
    assert shared > EXAMPLES / 10, f"SEED={SEED}: hardly any plan can be shared"


def test_readers_who_share_a_statement_see_their_own_loans_alone(toy: Toy) -> None:
    one, other = toy.here.keys[ReaderRow][:2]
    plan, _ = planned(LOANS, {"id": f"rea_{one}"}, Role.READER)
    group = [
        plan.arguments(Request(toy.here.library_id, {"id": f"rea_{read}"}, Viewer(Role.READER, reader)))
        for reader in (one, other)
        for read in (one, other, toy.elsewhere.keys[ReaderRow][0])
    ]

    answers = toy.run(all_together(toy, plan, group))

    assert answers == toy.run(each_alone(toy, plan, group))
    assert [b'"email":null' in answer for answer in answers] == [False, True, False, True, False, False]
    assert [answer == b'{"node":null}' for answer in answers] == [False, False, True, False, False, True]


def test_without_a_tenant_nobody_gets_anything(toy: Toy) -> None:
    plan, coerced = planned(LOANS, {"id": f"rea_{toy.here.keys[ReaderRow][0]}"}, Role.READER)
    group = [plan.arguments(Request(None, coerced, toy.viewer(Role.READER)))] * 2

    assert toy.run(all_together(toy, plan, group)) == toy.run(each_alone(toy, plan, group)) == [b'{"node":null}'] * 2


def test_what_needs_its_value_to_be_planned_is_never_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "query ($k: String) { books(filter: {keyword: $k}) { totalCount } }"
    filters = REGISTRY.fields["Query", "books"].binding.filters  # type: ignore[union-attr]
    assert planned(text, {"k": "Sea"})[0].shared is not None

    monkeypatch.setitem(filters, "keyword", Filter("{row}.title like {value}", "text", alone=True))
    plan = planned(text, {"k": "Sea"})[0]

    assert (plan.shared, len(plan.varying)) == (None, 1)


def test_what_all_have_in_common_is_sent_once(toy: Toy) -> None:
    text = 'query ($id: ID!) { book(id: $id) { title } books(filter: {keyword: "Sea"}) { totalCount } }'
    keys = toy.here.keys[BookRow][:3]
    plan, _ = planned(text, {"id": f"boo_{keys[0]}"})

    group = [plan.arguments(Request(toy.here.library_id, {"id": f"boo_{key}"}, toy.viewer(Role.STAFF))) for key in keys]

    assert plan.shared_arguments(group) == [toy.here.library_id, keys, "Sea"]
    assert [plan.differing(each) for each in group] == [(key,) for key in keys]
