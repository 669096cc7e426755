"""What a plan is made of, which requests share one, and how many are remembered."""

import re
from uuid import UUID

import pytest

from planner import DocumentRefused, Planner, Request

from .library import REGISTRY
from .policies import Role, Viewer
from .reading import planned

BOOK = "boo_01987c2e-0000-7000-8000-000000000000"


def test_every_table_of_a_statement_carries_the_tenant() -> None:
    sql = planned("""{ library { name genres { books } }
      books { totalCount nodes { author { name books { nodes { id } } } loans { reader { name loans { nodes { id } } } } } }
      loans(first: 2, lentOn: "2026-01-01") { edges { node { book { isLent } } } } }""")[0].sql

    aliases = re.findall(r'(?:from|join) (?:"\w+"|\(.*?\)) (t\d+)', sql)
    assert len(aliases) > 8
    for alias in aliases:
        assert re.search(rf'{alias}\."(library_id|id)" = \$1', sql), f"{alias} has no tenant in {sql}"


def test_the_size_of_a_page_is_a_literal_and_everything_else_a_parameter() -> None:
    text = "query ($n: Int, $after: String, $title: String!) { books(first: $n, after: $after) { nodes { id } } bookTitled(title: $title) { id } }"

    plan, coerced = planned(text, {"n": 7, "after": BOOK, "title": "Sea"})

    assert "limit 7" in plan.sql
    assert "Sea" not in plan.sql
    assert BOOK[4:] not in plan.sql
    request = Request(UUID(int=1), coerced, Viewer(Role.STAFF))
    assert plan.arguments(request) == [UUID(int=1), UUID(BOOK[4:]), "Sea"]


def test_nothing_a_client_wrote_is_pasted_into_the_statement() -> None:
    evil = "x'; drop table book; --"
    text = f'''{{ node(id: "boo_{evil}") {{ id }} bookTitled(title: "{evil}") {{ id }}
      books(filter: {{keyword: "{evil}"}}) {{ totalCount }} loans {{ nodes {{ id }} }} }}'''

    assert "drop table" not in planned(text)[0].sql


def test_parts_of_one_variable_are_parameters_of_their_own() -> None:
    text = "query ($f: BookFilter, $g: BookFilter) { books(filter: $f) { totalCount } more: books(filter: $g) { totalCount } }"
    chosen = {"f": {"genre": "POETRY", "keyword": "Tea"}, "g": {"keyword": "Sea"}}

    plan, coerced = planned(text, chosen)

    request = Request(UUID(int=1), coerced, Viewer(Role.STAFF))
    assert plan.arguments(request) == [UUID(int=1), "POETRY", "Tea", "Sea"]


def test_one_plan_serves_everybody_of_a_profile() -> None:
    planner = Planner(REGISTRY)
    text = "query ($id: ID!) { node(id: $id) { id } reader { id } }"

    first = planned(text, {"id": "boo_1"}, planner=planner)[0]

    assert planned(text, {"id": "boo_2"}, planner=planner)[0] is first
    assert planned(text, {"id": "aut_2"}, planner=planner)[0] is not first
    assert planned(text, {"id": "boo_2"}, Role.VISITOR, planner=planner)[0] is not first


@pytest.mark.parametrize(
    ("text", "same", "other"),
    [
        ("query ($n: Int) { books(first: $n) { totalCount } }", {"n": 3}, {"n": 4}),
        ("query ($w: Boolean!) { library { name @include(if: $w) } }", {"w": True}, {"w": False}),
        (
            "query ($f: BookFilter) { books(filter: $f) { totalCount } }",
            {"f": {"genre": "POETRY"}},
            {"f": {"isLent": True}},
        ),
        ("query ($k: String) { books(filter: {keyword: $k}) { totalCount } }", {"k": "Tea"}, {"k": None}),
        (
            "query ($o: BookOrder) { books(orderBy: $o) { nodes { id } } }",
            {"o": {"field": "TITLE"}},
            {"o": {"field": "PAGES"}},
        ),
    ],
)
def test_what_decides_the_statement_decides_the_plan(
    text: str, same: dict[str, object], other: dict[str, object]
) -> None:
    planner = Planner(REGISTRY)
    first = planned(text, same, planner=planner)[0]

    assert planned(text, dict(same), planner=planner)[0] is first
    assert planned(text, other, planner=planner)[0] is not first


def test_the_number_of_operations_remembered_is_bounded() -> None:
    planner = Planner(REGISTRY, most_operations=3)
    first = planned("{ library { n0: name } }", planner=planner)[0]
    again = planned("{ library { n0: name } }", planner=planner)[0]
    for number in range(1, 4):
        planned(f"{{ library {{ n{number}: name }} }}", planner=planner)

    assert again is first
    assert planned("{ library { n0: name } }", planner=planner)[0] is not first
    assert len(planner._kept) == 3


def test_the_number_of_variants_remembered_is_bounded() -> None:
    planner = Planner(REGISTRY)
    text = "query ($n: Int) { books(first: $n) { totalCount } }"
    first = planned(text, {"n": 1}, planner=planner)[0]
    for number in range(2, 52):
        planned(text, {"n": number}, planner=planner)

    assert planned(text, {"n": 1}, planner=planner)[0] is not first


def test_variables_are_coerced_or_refused() -> None:
    text = "query ($n: Int, $on: Date) { books(first: $n) { totalCount } loans(lentOn: $on) { totalCount } }"
    for wrong in ({"n": "3"}, {"n": 2**31}, {"n": True}, {"on": "yesterday"}):
        with pytest.raises(DocumentRefused) as refusal:
            planned(text, wrong)
        assert refusal.value.code == "BAD_USER_INPUT"


def test_a_search_looks_at_nothing_that_the_caller_does_not_see() -> None:
    text = '{ books(filter: {keyword: "Tea"}) { totalCount } }'

    everything, seen = planned(text)[0].sql, planned(text, role=Role.VISITOR)[0].sql

    assert "any(keywords)" in everything
    assert "any(keywords)" not in seen
    assert re.search(r"case when [^(]*(t\d+)\.\w+.*? then \$\d+::text = any\(\1\.keywords\) else false end", seen)
