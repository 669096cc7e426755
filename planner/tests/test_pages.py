"""Pages follow each other; how long they are is known before a plan runs."""

from typing import Any

import pytest

from planner import LARGEST_PAGE, MOST_CHARACTERS, Plan, Planner, PlanRefused, read_document

from .conftest import Ask, Toy
from .library import REGISTRY
from .policies import Role
from .reading import LARGE, planned
from .tables import BookRow


@pytest.mark.parametrize("order", ["title", "pages"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_follow_each_other_without_gap_or_repetition(toy: Toy, ask: Ask, order: str, direction: str) -> None:
    text = f"""query ($after: String) {{
      books(first: 4, after: $after, orderBy: {{field: {order.upper()}, direction: {direction}}}) {{
        totalCount nodes {{ id {order} }} pageInfo {{ hasNextPage endCursor }} }} }}"""
    found: list[Any] = []
    after, pages = None, 0
    while pages == 0 or after:
        page = ask(Role.STAFF, text, {"after": after})["books"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        pages += 1

    assert pages == 8
    assert len({each["id"] for each in found}) == len(found) == page["totalCount"] == len(toy.here.keys[BookRow])
    expected = toy.run(
        toy.owner.fetch(
            f"select id from book where library_id = $1 order by {order} {direction}, id {direction}",
            toy.here.library_id,
        )
    )
    assert [each["id"] for each in found] == [f"boo_{row['id']}" for row in expected]


@pytest.mark.parametrize("order", ["title", "pages"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_backwards_are_those_forwards(ask: Ask, order: str, direction: str) -> None:
    text = f"""query ($before: String) {{
      books(last: 4, before: $before, orderBy: {{field: {order.upper()}, direction: {direction}}}) {{
        nodes {{ id }} pageInfo {{ hasPreviousPage hasNextPage startCursor }} }} }}"""
    whole = f"{{ books(first: 100, orderBy: {{field: {order.upper()}, direction: {direction}}}) {{ nodes {{ id }} }} }}"
    found: list[Any] = []
    before, pages = None, 0
    while pages == 0 or before:
        page = ask(Role.STAFF, text, {"before": before})["books"]
        assert page["pageInfo"]["hasNextPage"] is (pages > 0)
        found = page["nodes"] + found
        before = page["pageInfo"]["startCursor"] if page["pageInfo"]["hasPreviousPage"] else None
        pages += 1

    assert pages == 8
    assert found == ask(Role.STAFF, whole)["books"]["nodes"]


def test_a_page_between_two_cursors_knows_that_there_is_more_on_both_sides(ask: Ask) -> None:
    ids = [each["id"] for each in ask(Role.STAFF, "{ books(first: 100) { nodes { id } } }")["books"]["nodes"]]
    text = """query ($after: String, $before: String, $first: Int, $last: Int) {
      books(first: $first, last: $last, after: $after, before: $before) {
        nodes { id } pageInfo { hasPreviousPage hasNextPage } } }"""

    def between(**variables: Any) -> tuple[list[str], bool, bool]:
        page = ask(Role.STAFF, text, variables)["books"]
        ends = page["pageInfo"]
        return [each["id"] for each in page["nodes"]], ends["hasPreviousPage"], ends["hasNextPage"]

    assert between(after=ids[2], before=ids[6]) == (ids[3:6], True, True)
    assert between(after=ids[2], before=ids[6], first=2) == (ids[3:5], True, True)
    assert between(after=ids[2], before=ids[6], last=2) == (ids[4:6], True, True)
    assert between(after=ids[6], before=ids[2]) == ([], True, True)
    assert between(before=ids[2]) == (ids[:2], False, True)
    assert between(after=ids[-2]) == (ids[-1:], True, False)


def test_what_has_no_ids_is_read_by_pages_as_well(ask: Ask) -> None:
    text = "query ($after: String) { genres(first: 1, after: $after) { nodes { genre } pageInfo { endCursor } } }"
    found: list[str] = []
    after = None
    while page := ask(Role.STAFF, text, {"after": after})["genres"]:
        if not page["nodes"]:
            break
        found += [each["genre"] for each in page["nodes"]]
        after = page["pageInfo"]["endCursor"]

    assert len(found) > 1
    assert found == sorted(set(found))


def test_a_page_from_the_beginning_pays_nothing_for_the_other_direction() -> None:
    sql = planned("query ($c: String) { books(first: 5, after: $c) { nodes { id } pageInfo { hasNextPage } } }")[0].sql

    assert "exists" not in sql
    assert "desc" not in sql


def test_a_page_is_cut_at_one_end_only() -> None:
    with pytest.raises(PlanRefused) as refusal:
        planned("{ books(first: 1, last: 1) { totalCount } }")
    assert refusal.value.code == "BAD_USER_INPUT"


def test_a_page_in_the_order_of_keys_needs_no_second_look_at_the_cursor() -> None:
    text = "query ($after: String) { books(after: $after) { nodes { id } } }"
    ordered = "query ($after: String) { books(after: $after, orderBy: {field: TITLE}) { nodes { id } } }"
    cursor = {"after": "boo_00000000-0000-0000-0000-000000000000"}

    assert planned(text, cursor)[0].sql.count('from "book"') == 1
    assert planned(ordered, cursor)[0].sql.count('from "book"') == 2


def test_only_a_page_that_is_asked_for_more_looks_ahead() -> None:
    assert "limit 5)" in planned("{ books(first: 5) { nodes { id } } }")[0].sql
    assert "limit 6)" in planned("{ books(first: 5) { nodes { id } pageInfo { hasNextPage } } }")[0].sql


def test_what_is_counted_alone_reads_no_page() -> None:
    assert "limit" not in planned("{ books { totalCount } }")[0].sql


@pytest.mark.parametrize("first", [0, -1, LARGEST_PAGE + 1])
def test_a_page_has_one_to_a_hundred(first: int) -> None:
    with pytest.raises(PlanRefused) as refusal:
        planned("query ($n: Int) { books(first: $n) { nodes { id } } }", {"n": first})
    assert refusal.value.code == "BAD_USER_INPUT"
    with pytest.raises(PlanRefused):
        planned("query ($n: Int) { books(last: $n) { nodes { id } } }", {"n": first})


def test_what_a_query_implies_is_known_before_it_runs() -> None:
    nested = "{ authors(first: %d) { nodes { books(first: %d) { nodes { id loans { id } } } } } }"

    assert planned(nested % (12, 7))[0].nodes == 12 + 12 * 7 + 12 * 7 * 10
    assert planned("{ books(first: 3) { nodes { text } } }")[0].nodes == 3 + 3 * 50
    with pytest.raises(PlanRefused) as refusal:
        planned(nested % (100, 100))
    assert refusal.value.code == "QUERY_TOO_EXPENSIVE"


def test_a_statement_that_takes_long_to_plan_is_refused() -> None:
    once = "{ authors(first: 1) { nodes { books(first: 1) { nodes { loans { id } } } } } }"
    fields = once[2:-2]

    assert len(planned(once)[0].sql) < MOST_CHARACTERS
    with pytest.raises(PlanRefused) as refusal:
        planned("{ " + " ".join(f"a{number}: {fields}" for number in range(100)) + " }")
    assert refusal.value.code == "QUERY_TOO_EXPENSIVE"


def test_who_asks_first_is_told_that_a_plan_is_new() -> None:
    planner, told = Planner(REGISTRY), list[Plan]()
    document = read_document(REGISTRY.schema, "{ books(first: 1) { nodes { id } } }", "books", LARGE)

    for _ in range(2):
        plan = planner.plan(document, document.operation(None), Role.STAFF, {}, told.append)

    assert told == [plan]


def test_a_short_list_ends_at_its_longest(toy: Toy, ask: Ask) -> None:
    toy.run(
        toy.owner.execute(
            "update book set genre = 'COMICS', is_withdrawn = false where id = $1", toy.here.keys[BookRow][0]
        )
    )
    in_stock = toy.run(
        toy.owner.fetchval(
            "select array_agg(distinct genre order by genre) from book where library_id = $1 and not is_withdrawn",
            toy.here.library_id,
        )
    )

    genres = ask(Role.VISITOR, "{ library { genres { genre } } }")["library"]["genres"]

    assert len(in_stock) == 4
    assert [each["genre"] for each in genres] == in_stock[:3]
