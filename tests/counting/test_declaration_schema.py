"""Packs are what docs/declaration.schema.json says: of the first version as they were declared, and of today's."""

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from api.settings import ROOT
from counting import Choice
from domain.counting.declaration import VERSION
from domain.identity.viewer import Role
from tests.api.polls import declared, voters
from tests.conftest import Scenario
from tests.domain.test_resolution import make_pack, papers_of
from tests.mutations import CAST
from tests.world import World

SCHEMA = json.loads((ROOT / "docs" / "declaration.schema.json").read_text(encoding="utf-8"))
DECLARED = ROOT / "tests" / "counting" / "declared"
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


def faults_of(pack: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(pack)]


def packs() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "today's", make_pack(20, papers_of(10, 3))
    yield "today's, of few", make_pack(9, ["FOR", "AGAINST"])
    for path in sorted(DECLARED.glob("*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


PACKS = dict(packs())


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$defs"][f"version{VERSION}"]["properties"]["version"] == {"const": VERSION}


@pytest.mark.parametrize("name", PACKS)
def test_a_declared_pack_is_what_the_schema_says(name: str) -> None:
    assert faults_of(PACKS[name]) == []


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_that_lacks_or_adds_anything_is_noticed(name: str) -> None:
    optional = {"version", "quorate", "count"}
    for key in PACKS[name].keys() - optional:
        assert faults_of({k: value for k, value in PACKS[name].items() if k != key}), key
    assert faults_of(PACKS[name] | {"voters": []})


@given(st.lists(st.sampled_from([choice.value for choice in Choice])), st.integers(0, 30))
def test_whatever_papers_say_the_pack_is_what_the_schema_says(said: list[str], absent: int) -> None:
    assert faults_of(make_pack(len(said) + absent, said)) == []


@pytest.mark.parametrize("secrecy", ["CONFIDENTIAL", "RECORDED"])
def test_what_the_api_declares_is_what_the_schema_says(in_a_world: Scenario, secrecy: str) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 11)
        poll = await world.open_poll(secrecy=secrecy)
        for voter in people[:5]:
            await world.do(CAST, voter, **world.paper(poll, "FOR"))

        assert faults_of((await declared(world, poll))["declaration"]["pack"]) == []

    in_a_world(story)


def test_whoever_knows_roll_and_salt_makes_the_roll_hash_as_the_schema_words_it(in_a_world: Scenario) -> None:
    first, *_, line = re.findall(r"`([^`]*)`", SCHEMA["$defs"]["version2"]["properties"]["rollHash"]["description"])

    async def story(world: World) -> None:
        await voters(world, 3)
        poll = await world.open_poll()
        pack = (await declared(world, poll))["declaration"]["pack"]
        salted = "query ($id: ID!) { contest(id: $id) { rollSalt } }"
        officer = await world.officer(Role.RETURNING_OFFICER)
        salt = (await world.ask(salted, officer, id=world.contests[poll][0]))["contest"]["rollSalt"]
        numbers = await world.value("select array_agg(member_number::text order by member_number) from roll_entry")

        lines = [
            first.replace("ID", pack["contest"]["id"]).replace("SALT", salt),
            *(line.replace("NUMBER", each).replace("CONSTITUENCY", "PARENT_CARER") for each in numbers),
        ]
        assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == pack["rollHash"]

    in_a_world(story)


def test_a_version_nobody_knows_is_noticed() -> None:
    assert faults_of(PACKS["today's"] | {"version": VERSION + 1})
    assert faults_of(PACKS["today's"] | {"papers": ["FOR"]})
