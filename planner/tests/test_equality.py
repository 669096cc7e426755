"""The planner against the reference: equal JSON for random documents, and nothing foreign or hidden."""

import os
from random import Random

import pytest

from planner import Planner, PlanRefused, Request
from planner.testing import RandomDocument, Reference, ReferenceRefused

from .conftest import Toy
from .library import REGISTRY
from .policies import Role
from .reading import Client
from .seed import SEED

EXAMPLES = int(os.environ.get("EXAMPLES", "60"))
REFERENCE = Reference(REGISTRY)
VALUES = {
    "longerThan": (0, 90, 199),
    "keyword": ("Sea", "O'Hara", "{row}"),
    "title": ("Sea", "Tea O'Hara", "%"),
    "Date": ("2026-01-05", "2026-02-01"),
}
GARBAGE = ("boo_garbage", "aut_garbage")
NOTHING = [*GARBAGE, "nothing", "boo_00000000-0000-0000-0000-000000000000"]


@pytest.mark.parametrize("role", Role)
def test_random_documents_read_the_same_as_the_reference(toy: Toy, role: Role) -> None:
    ids = [*toy.here.ids, *toy.elsewhere.ids, *NOTHING]
    values = {**VALUES, "author": [each for each in ids if each.startswith("aut_")]}  # another id is refused
    planner, viewer = Planner(REGISTRY), toy.viewer(role)
    compared = 0
    for number in range(EXAMPLES):
        made = RandomDocument(REGISTRY, Random(f"{SEED} {role} {number}"), ids, values)
        text = made.text()
        which = f"SEED={SEED}, document {number}: {text} {made.variables}"
        client = Client(toy.app, toy.here.library_id, viewer, planner)
        try:
            ours = toy.run(client.read(text, made.variables))
        except PlanRefused as refused:
            is_bad = refused.code in ("INVALID_CURSOR", "BAD_USER_INPUT")
            assert refused.code == "QUERY_TOO_EXPENSIVE" or (is_bad and any(each in which for each in GARBAGE)), which
            continue
        request = Request(toy.here.library_id, made.variables, viewer)
        try:
            theirs = toy.run(REFERENCE.data(toy.owner, role, request, text))
        except ReferenceRefused:
            assert any(each in which for each in GARBAGE), which
            continue
        compared += 1
        assert ours == theirs, which
        said = str(ours)
        assert not [key for keys in toy.elsewhere.keys.values() for key in keys if str(key) in said], which
        assert role is not Role.VISITOR or "canary" not in said.lower(), which
    assert compared > EXAMPLES / 2, f"SEED={SEED}: hardly any document can be planned"


def test_the_same_document_serves_different_structures_of_variables(toy: Toy) -> None:
    text = """query ($n: Int, $with: Boolean!, $filter: BookFilter, $id: ID!) {
      books(first: $n, filter: $filter) { totalCount nodes { id title @include(if: $with) } }
      node(id: $id) { __typename id } }"""
    client = toy.client(Role.STAFF)
    for n in (1, 2, None):
        for with_title in (True, False):
            for chosen in (None, {}, {"genre": "NOVEL"}, {"genre": None, "longerThan": 90}):
                for identifier in (toy.here.ids[0], toy.here.ids[-1], "x"):
                    variables = {"n": n, "with": with_title, "filter": chosen, "id": identifier}
                    request = Request(toy.here.library_id, variables, client.viewer)
                    expected = toy.run(REFERENCE.data(toy.owner, Role.STAFF, request, text))
                    assert toy.run(client.read(text, variables)) == expected, f"SEED={SEED}: {variables}"
