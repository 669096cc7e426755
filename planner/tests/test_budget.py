"""The document budget: linear, and before anything else looks at the document."""

import time

import pytest
from graphql import build_schema

from planner import Budget, DocumentRefused, read_document

SCHEMA = build_schema("type Query { a: Query b: Int c(x: Int): Int } type Mutation { once: Int twice: Int }")
BUDGET = Budget(once=frozenset({"once"}))


def refused(text: str, budget: Budget = BUDGET) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as refusal:
        read_document(SCHEMA, text, text, budget)
    return refusal.value


def nested(depth: int) -> str:
    return "{ a " * depth + "{ b }" + " }" * depth


@pytest.mark.parametrize(
    "text",
    [
        nested(13),
        "{ " + " ".join(f"k{n}: b" for n in range(31)) + " }",
        "{ " + "b " * 9 + "}",
        "{ " + "...{ b } " * 9 + "}",
        "{ ...F ...F ...F b b b b b b } fragment F on Query { b }",
        "{ " + " ".join(f"a {{ {' '.join(f'b{n}: b' for n in range(25))} }}" for _ in range(8)) + " }",
        "{ " + "b @skip(if: true) " * 21 + "}",
        " ".join(f"query Q{n} {{ b }}" for n in range(31)),
        "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
        "{ ...F } fragment F on Query { b ...F }",
        "{ b } fragment Unused on Query { b }",
        "{ ...Missing }",
        "{ " + "...F " * 61 + "} fragment F on Query { b }",
        "mutation { once again: once }",
        "mutation { ...M ...M } fragment M on Mutation { once }",
    ],
)
def test_a_document_over_budget_is_refused(text: str) -> None:
    assert refused(text).code == "QUERY_TOO_COMPLEX"


def test_too_many_tokens_are_refused_while_parsing() -> None:
    assert refused("{ " + "b " * 1100 + "}").code == "GRAPHQL_PARSE_FAILED"


@pytest.mark.parametrize(
    "text", [nested(11), "{ b }", "mutation { once twice }", "{ ...F ...F } fragment F on Query { b }"]
)
def test_an_ordinary_document_passes(text: str) -> None:
    assert read_document(SCHEMA, text, text, BUDGET).ast


def test_a_fragment_bomb_costs_no_time() -> None:
    """Each fragment spreads the next twice: 2^29 fields when expanded, 29 fragments when weighed."""
    bomb = "{ ...F0 } " + " ".join(
        f"fragment F{n} on Query {{ a {{ ...F{n + 1} }} x: a {{ ...F{n + 1} }} }}" for n in range(28)
    )
    bomb += " fragment F28 on Query { b }"
    started = time.perf_counter()

    assert refused(bomb).code == "QUERY_TOO_COMPLEX"
    assert time.perf_counter() - started < 30, "2^29 steps would take minutes"


def test_validation_says_what_is_wrong_and_suggests_nothing() -> None:
    refusal = refused("{ bb }")

    assert refusal.code == "GRAPHQL_VALIDATION_FAILED"
    assert "Cannot query field 'bb'" in refusal.errors[0].message
    assert "Did you mean" not in refusal.errors[0].message


def test_one_operation_must_be_meant() -> None:
    document = read_document(SCHEMA, "query A { b } query B { b }", "k", BUDGET)

    assert document.operation("A").name is not None
    for name in (None, "C"):
        with pytest.raises(DocumentRefused):
            document.operation(name)
