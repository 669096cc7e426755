"""The statements that planned reads would send: random documents for every sort of caller, without a database."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any
from uuid import UUID

from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from domain.identity.viewer import Role
from planner import Document, OperationVariables, Planner, PlanRefused
from schema.build import REGISTRY
from tests.schema.documents import random_document
from tests.schema.population import callers_of

from .statements import Statement

MOST_TRIES = 10  # for each document: some cost too much
LONGEST = 1200  # characters: a longer document is more of the same, and takes most of the time


def planned_statements(count: int, seed: str) -> Iterator[Statement]:
    """The SQL of `count` random documents; the same ones for the same seed."""
    random = Random(seed)
    ids, callers, planner = _ids(random), _callers(random), Planner(REGISTRY)
    planned = 0
    for _ in range(count * MOST_TRIES):
        name = random.choice(sorted(callers))
        made = random_document(random, ids)
        text = made.text()
        if len(text) > LONGEST:
            continue
        try:
            yield Statement(_sql(planner, text, made.variables, callers[name]), name, "planner")
        except PlanRefused:
            continue
        planned += 1
        if planned == count:
            return
    raise AssertionError(f"Only {planned} of {count} random documents could be planned: do they all cost too much?")


def _sql(planner: Planner, text: str, variables: Mapping[str, Any], caller: Any) -> str:
    document = _document(text)
    operation = next(iter(document.operations.values()))
    coerced = OperationVariables(REGISTRY.schema, operation).coerce(variables).coerced
    plan = planner.plan(document, operation, caller.viewer.profile, coerced)
    assert plan is not None, "every query without introspection can be planned"
    return plan.sql


def _document(text: str) -> Document:
    """A document known to be valid: `tests.schema` validates what the same generator makes, and that takes longest."""
    ast = parse(text)
    fragments = {each.name.value: each for each in ast.definitions if isinstance(each, FragmentDefinitionNode)}
    operation = next(each for each in ast.definitions if isinstance(each, OperationDefinitionNode))
    return Document(key=text, ast=ast, operations={None: operation}, fragments=fragments, introspects=False)


def _ids(random: Random) -> Sequence[str]:
    """One id of each type: without a database, whether it exists makes no difference."""
    return [f"{prefix}_{_uuid(random)}" for prefix in sorted(REGISTRY.prefixes)] + ["per_garbage", "nothing"]


def _callers(random: Random) -> dict[str, Any]:
    people = [_uuid(random), _uuid(random)]
    return asyncio.run(callers_of(_uuid(random), people, {role: _uuid(random) for role in Role}))


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128))
