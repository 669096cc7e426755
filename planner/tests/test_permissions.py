"""What is hidden gives the same answer as what is not there."""

from typing import Any

import pytest

from planner import PlanRefused

from .conftest import Ask, Toy
from .library import REGISTRY
from .policies import Role
from .population import PREFIXES
from .reading import planned
from .tables import BookRow, ReaderRow

ABSENT = "00000000-0000-0000-0000-000000000000"


def one(toy: Toy, condition: str) -> Any:
    found = toy.run(toy.owner.fetchval(f"select id from {condition} limit 1"))
    assert found is not None, f"the toy has no {condition}"
    return found


def hidden_book(toy: Toy) -> Any:
    return one(toy, f"book where is_withdrawn and library_id = '{toy.here.library_id}'")


@pytest.mark.parametrize("role", [Role.VISITOR, Role.READER])
def test_a_hidden_row_is_like_one_that_does_not_exist(toy: Toy, ask: Ask, role: Role) -> None:
    text = "query ($id: ID!) { node(id: $id) { id } book(id: $id) { id } }"
    hidden = {"id": f"boo_{hidden_book(toy)}"}

    assert ask(role, text, hidden) == ask(role, text, {"id": f"boo_{ABSENT}"}) == {"node": None, "book": None}
    assert ask(Role.STAFF, text, hidden) == {"node": hidden, "book": hidden}


def test_another_tenants_row_is_like_one_that_does_not_exist(toy: Toy, ask: Ask) -> None:
    text = "query ($id: ID!) { node(id: $id) { id } book(id: $id) { id } }"
    for table, prefix in PREFIXES.items():
        foreign = {"id": f"{prefix}_{toy.elsewhere.keys[table][0]}"}
        assert ask(Role.STAFF, text, foreign) == {"node": None, "book": None}


def test_an_id_with_the_prefix_of_another_type_names_nothing(toy: Toy, ask: Ask) -> None:
    book = toy.here.keys[BookRow][0]
    text = "query ($id: ID!) { node(id: $id) { id } book(id: $id) { id } }"

    assert ask(Role.STAFF, text, {"id": f"aut_{book}"}) == {"node": None, "book": None}
    assert ask(Role.STAFF, text, {"id": f"boo_{book}"})["book"] is not None


def test_a_hidden_row_is_not_counted_listed_or_pointed_to(toy: Toy, ask: Ask) -> None:
    withdrawn = f"boo_{hidden_book(toy)}"
    text = "{ books(first: 100) { totalCount nodes { id } } }"

    all_books, shelf = ask(Role.STAFF, text)["books"], ask(Role.VISITOR, text)["books"]

    assert {"id": withdrawn} in all_books["nodes"]
    assert {"id": withdrawn} not in shelf["nodes"]
    assert shelf["totalCount"] == len(shelf["nodes"]) < all_books["totalCount"] == len(all_books["nodes"])
    loans = "{ loans(first: 100) { nodes { book { id } } } }"
    lent = {str(loan["book"]) for loan in ask(Role.READER, loans)["loans"]["nodes"]}
    assert withdrawn not in str(lent)


def test_a_filter_cannot_be_used_to_learn_of_a_hidden_row(toy: Toy, ask: Ask) -> None:
    title = toy.run(toy.owner.fetchval("select title from book where id = $1", hidden_book(toy)))
    toy.run(toy.owner.execute("update book set title = 'Only here' where id = $1", hidden_book(toy)))
    text = 'query { bookTitled(title: "Only here") { id } }'

    seen, staff = ask(Role.VISITOR, text), ask(Role.STAFF, text)
    toy.run(toy.owner.execute("update book set title = $2 where id = $1", hidden_book(toy), title))

    assert seen == {"bookTitled": None}
    assert staff["bookTitled"] is not None


def test_a_field_is_null_where_its_sensitivity_is_not_for_the_caller(toy: Toy, ask: Ask) -> None:
    text = "{ readers(first: 100) { nodes { id email } } }"
    own = f"rea_{toy.here.keys[ReaderRow][0]}"

    emails = {each["id"]: each["email"] for each in ask(Role.READER, text)["readers"]["nodes"]}

    assert emails.pop(own) == "canary@example.org"
    assert set(emails.values()) == {None}
    assert ask(Role.VISITOR, text) == {"readers": {"nodes": []}}


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("{ books { nodes { title } } }", ()),
        ("{ loans { totalCount } }", ("a card",)),
        ("{ books { nodes { loans { id } } } }", ("a card",)),
        ('{ node(id: "loa_1") { id } }', ("a card",)),
        ("{ loans { nodes { id reader { email } } } readers { nodes { email } } }", ("a badge", "a card")),
        ("{ books { nodes { isWithdrawn } } }", ()),
    ],
)
def test_a_plan_says_what_would_have_to_be_granted_for_all_that_was_asked(text: str, lacks: tuple[str, ...]) -> None:
    """What is for staff alone is not among it: nobody grants that."""
    assert planned(text, role=Role.VISITOR)[0].lacks == lacks
    assert planned(text, role=Role.STAFF)[0].lacks == ()


def test_a_list_that_does_not_exist_is_null_and_one_of_nothing_empty(toy: Toy, ask: Ask) -> None:
    known, unknown = (
        one(toy, f"author where born is {word} and library_id = '{toy.here.library_id}'")
        for word in ("not null", "null")
    )
    text = "query ($id: ID!) { node(id: $id) { ... on Author { shortest { id } } } }"

    assert isinstance(ask(Role.STAFF, text, {"id": f"aut_{known}"})["node"]["shortest"], list)
    assert ask(Role.STAFF, text, {"id": f"aut_{unknown}"}) == {"node": {"shortest": None}}


def test_fields_and_tables_an_outsider_may_not_read_are_not_even_asked_for() -> None:
    plan, _ = planned("{ authors { nodes { remarks } } loans { nodes { reader { email } } } }", role=Role.VISITOR)

    assert '."remarks"' not in plan.sql
    assert '"reader" t' not in plan.sql
    assert "(false)" in plan.sql


def test_a_field_whose_sensitivity_the_type_does_not_list_is_read_by_nobody() -> None:
    declared = REGISTRY.types["Book"]

    assert [declared.may_read("unheard of", role) for role in Role] == ["false"] * 3


def test_a_plan_keeps_row_level_security_on(toy: Toy, ask: Ask) -> None:
    """The connection sees nothing by itself; what a statement sets ends with it."""
    assert toy.run(toy.app.fetchval("select count(*) from book")) == 0

    assert ask(Role.STAFF, "{ books { totalCount } }")["books"]["totalCount"] == len(toy.here.keys[BookRow])

    assert toy.run(toy.app.fetchval("select count(*) from book")) == 0


def test_a_hidden_row_is_no_place_in_a_list(toy: Toy, ask: Ask) -> None:
    text = """query ($after: String) { books(first: 100, after: $after, orderBy: {field: TITLE}) { nodes { id } } }"""

    assert ask(Role.VISITOR, text, {"after": f"boo_{hidden_book(toy)}"}) == {"books": {"nodes": []}}
    with pytest.raises(PlanRefused) as refusal:
        ask(Role.VISITOR, text, {"after": "aut_1"})
    assert refusal.value.code == "INVALID_CURSOR"


@pytest.mark.parametrize("wrong", ["O'Hara", "aut_1", "boo_00000000-0000-0000-0000-000000000000", ""])
def test_a_condition_that_can_not_be_read_is_refused_by_its_path(ask: Ask, wrong: str) -> None:
    """What names nothing narrows the list to nothing; what can't name anything is no condition."""

    def books(said: str) -> str:
        return f"books(filter: {said}) {{ totalCount nodes {{ id }} }}"

    whole = f"query ($filter: BookFilter) {{ {books('$filter')} }}"
    part = f"query ($author: ID) {{ {books('{author: $author}')} }}"
    constant = f'{{author: "{wrong}"}}'
    literal = f"{{ {books(constant)} }}"

    for text, variables in ((whole, {"filter": {"author": wrong}}), (part, {"author": wrong}), (literal, {})):
        with pytest.raises(PlanRefused, match=r"`filter\.author`.*aut_") as refusal:
            ask(Role.STAFF, text, variables)
        assert refusal.value.code == "BAD_USER_INPUT"
    nobody = {"author": "aut_00000000-0000-0000-0000-000000000000"}
    assert ask(Role.STAFF, whole, {"filter": nobody})["books"] == {"totalCount": 0, "nodes": []}
    assert ask(Role.STAFF, part, {"author": None})["books"]["totalCount"] > 0
