"""A mutation that runs by its declaration answers what graphql-core's executor would.

The same request is sent twice, under one idempotency key: once as it is, and once with `@include(if: true)`, which only the
executor knows. Other documents each run; a failure names its seed: `SEED=… pytest tests/api/test_mutation_execution.py`.
"""

import os
import secrets
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_object_type, is_required_argument

from api.http.mutation_steps import steps_of
from api.settings import Settings
from domain.identity.viewer import Role
from planner import read_document
from schema.build import REGISTRY
from tests.api.test_callers import MUTATIONS, sample_input
from tests.conftest import Scenario
from tests.world import Known, World

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))
HERE = "HERE"  # in a document, where the directive goes
SENT_AGAIN = {name for name, action in MUTATIONS.items() if not action.tells_secret and not action.changes_caller}


def selection(random: Random, kind: GraphQLObjectType, depth: int) -> str:
    """Some fields of a type, here and there under another key, by a fragment, or twice under two keys."""
    chosen = []
    for name, field in kind.fields.items():
        named = get_named_type(field.type)
        if any(map(is_required_argument, field.args.values())) or random.random() < 0.7:
            continue
        key = random.choice([*[""] * 9, f"k{random.randrange(100)}_{name}: "])
        if is_leaf_type(named):
            chosen.append(key + name)
        elif is_object_type(named) and depth > 0 and "pageInfo" not in named.fields:
            chosen.append(f"{key}{name} {{ {selection(random, named, depth - 1)} }}")
    chosen.append("__typename")
    random.shuffle(chosen)
    text = " ".join(chosen)
    return random.choice([text, text, f"... on {kind.name} {{ {text} }}", f"... {{ {text} }}"])


def document(random: Random, name: str) -> str:
    mutations = REGISTRY.schema.mutation_type
    assert mutations is not None
    field = mutations.fields[name]
    payload = selection(random, get_named_type(field.type), 2)
    if not field.args:
        return f"mutation {{ {name} {HERE} {{ {payload} }} }}"
    return f"mutation ($input: {field.args['input'].type}) {{ {name}(input: $input) {HERE} {{ {payload} }} }}"


async def answers(world: World, text: str, known: Known | None, **variables: Any) -> tuple[Any, Any]:
    """By the declaration, and by the executor, without what names the request and where in the text something stands."""
    found = []
    for each in (text.replace(HERE, ""), text.replace(HERE, "@include(if: true)")):
        answer = await world.post({"query": each, "variables": variables}, token=known.token if known else None)
        body = answer.json()
        for error in body.get("errors", ()):
            error["extensions"].pop("requestId")
            error["locations"] = len(error.get("locations", ()))
        found.append((answer.status_code, body))
    return found[0], found[1]


def runs_by_declaration(text: str) -> bool:
    read = read_document(REGISTRY.schema, text, text, Settings().budget)
    return steps_of(REGISTRY.schema, read, read.operation(None)) is not None


async def same(world: World, text: str, known: Known | None, **variables: Any) -> Any:
    """The answer, which both give."""
    assert runs_by_declaration(text.replace(HERE, "")), text
    assert not runs_by_declaration(text.replace(HERE, "@include(if: true)"))
    by_declaration, by_executor = await answers(world, text, known, **variables)
    assert by_declaration == by_executor, f"{text}, SEED={SEED}"
    return by_declaration[1]


def test_what_is_refused_is_answered_alike(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        random = Random(SEED)
        clerk, app = await world.officer(Role.CLERK), None
        for name in sorted(SENT_AGAIN):
            command = MUTATIONS[name].command
            variables = {} if command is None else {"input": sample_input(command) | {"idempotencyKey": f"once {name}"}}
            for known in (clerk, app):
                await same(world, document(random, name), known, **variables)

    in_a_world(story)


def test_what_is_done_is_answered_alike(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        random = Random(SEED)
        newcomer, (member, _) = await world.newcomer(), await world.member()
        clerk, returning_officer = await world.officer(Role.CLERK), await world.officer(Role.RETURNING_OFFICER)
        person = f"per_{member.person_id}"
        done: list[tuple[str, Known, Mapping[str, Any]]] = [
            ("applyForMembership", newcomer, world.application()),
            ("changeContact", member, {"personId": person, "phone": "+44 7700 900123"}),
            ("requestAboutData", member, {"personId": person, "kind": "EXPORT"}),
            ("draftConsultation", clerk, world.consultation()),
            ("draftPoll", returning_officer, world.poll_draft()),
        ]
        for name, known, given in done:
            for _ in range(4):
                variables = {"input": {**given, "idempotencyKey": f"once {name}"}}
                body = await same(world, document(random, name), known, **variables)
                assert "errors" not in body
            refused = document(Random(0), name).partition(HERE)[0] + "{ errors { code } } }"
            assert await world.do(refused, known, input=variables["input"])

    in_a_world(story)


WRONG = {
    "a variable that is missing": {},
    "an enum nobody knows": {"input": {"personId": "per_x", "kind": "NOTHING"}},
    "a field too many": {"input": {"personId": "per_x", "kind": "EXPORT", "more": 1}},
    "a number for a text": {"input": {"personId": 1.5, "kind": "EXPORT"}},
}


@pytest.mark.parametrize("variables", WRONG.values(), ids=WRONG.keys())
def test_wrong_variables_are_answered_alike(in_a_world: Scenario, variables: Mapping[str, Any]) -> None:
    async def story(world: World) -> None:
        member, _ = await world.member()
        text = "mutation ($input: RequestAboutDataInput!) { requestAboutData(input: $input) HERE { errors { code } } }"
        body = await same(world, text, member, **variables)
        assert body["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        literal = text.replace("$input: RequestAboutDataInput!", "$kind: DataRequestKind!").replace(
            "input: $input", 'input: {personId: "per_x", kind: $kind}'
        )
        await same(world, literal, member, kind=variables.get("input", {}).get("kind"))

    in_a_world(story)


def test_what_breaks_on_the_way_is_answered_alike(in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sub-tree that is refused is null and said; after a mutation that breaks none is tried."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.RETURNING_OFFICER)
        head, given = "mutation ($input: DraftPollInput!)", world.poll_draft(idempotencyKey="once")
        draft = "draftPoll(input: $input)"
        too_large = "poll { id contests { recordedVotes(first: 100000) { nodes { id } } } }"
        body = await same(
            world, f"{head} {{ {draft} {HERE} {{ {too_large} errors {{ code }} }} }}", officer, input=given
        )
        assert body["errors"][0]["path"] == ["draftPoll", "poll"]
        assert body["data"] == {"draftPoll": {"poll": None, "errors": []}}

        async def breaks(*_: Any) -> Any:
            raise RuntimeError("something nobody thought of")

        monkeypatch.setattr("schema.mutation_fields.in_one_transaction", breaks)
        text = f"{head} {{ first: {draft} {HERE} {{ errors {{ code }} }} {draft} {{ errors {{ code }} }} }}"
        body = await same(world, text, officer, input=given)
        assert (body["data"], [each["path"] for each in body["errors"]]) == (None, [["first"]])
        assert body["errors"][0]["extensions"] == {"code": "INTERNAL"}

    in_a_world(story)
