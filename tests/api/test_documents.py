"""Documents: registered ones, introspection, odd selections."""

import hashlib
from pathlib import Path

import pytest

from api.http import operations
from domain.identity.viewer import Role
from planner import Budget
from tests.conftest import Scenario
from tests.world import CARE, World

OPERATIONS = Path(__file__).parents[2] / "docs" / "operations"


def test_registered_documents_are_called_by_their_hash(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        text = (OPERATIONS / "trust.graphql").read_text()
        answer = await world.post({"documentId": hashlib.sha256(text.encode()).hexdigest()})

        assert answer.json()["data"]["trust"]["name"] == "CARE Foundation Trust"

    in_a_world(story)


def test_the_documents_last_used_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_DOCUMENTS", 2)
    known, paid = operations.Operations(Budget()), list[int]()

    for text in (
        "{ a: __typename }",
        "{ b: __typename }",
        "{ a: __typename }",
        "{ c: __typename }",
        "{ a: __typename }",
    ):
        known.find(text, None, paid.append)

    assert paid == [operations.COST_OF_READING] * 3, "the document used in between was forgotten"


def test_introspection_and_mixed_documents_run_the_ordinary_way(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)

        mixed = await world.ask(
            '{ __type(name: "School") { name } trust { slug } schools(first: 1) { nodes { name } } }', clerk
        )

        assert mixed["__type"] == {"name": "School"}
        assert mixed["trust"] == {"slug": CARE}
        assert len(mixed["schools"]["nodes"]) == 1

    in_a_world(story)


def test_pages_of_nothing_but_type_names(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        odd = "query ($no: Boolean!) { schools { pageInfo { __typename } } members { pageInfo { hasNextPage @skip(if: $no) } __typename } }"

        seen = await world.ask(odd, None, trust=None, no=True)

        assert seen["schools"] == {"pageInfo": {"__typename": "PageInfo"}}
        assert seen["members"] == {"pageInfo": {}, "__typename": "MemberConnection"}

    in_a_world(story)


def test_the_parts_of_an_order_may_be_variables(in_a_world: Scenario) -> None:
    query = "query ($f: SchoolOrderField!, $d: OrderDirection!) { schools(orderBy: {field: $f, direction: $d}) { nodes { urn } } }"

    async def story(world: World) -> None:
        for direction in ("ASC", "DESC"):
            seen = await world.ask(query, None, trust=None, f="URN", d=direction)
            urns = [school["urn"] for school in seen["schools"]["nodes"]]
            assert urns == sorted(urns, reverse=direction == "DESC")

    in_a_world(story)
