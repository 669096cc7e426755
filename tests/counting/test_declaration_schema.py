"""Packs are what docs/declaration.schema.json says: of the first version as they were declared, and of today's."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from api.settings import ROOT
from domain.counting.declaration import VERSION
from tests.domain.test_resolution import make_pack, papers_of

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


def test_a_version_nobody_knows_is_noticed() -> None:
    assert faults_of(PACKS["today's"] | {"version": VERSION + 1})
    assert faults_of(PACKS["today's"] | {"papers": ["FOR"]})
