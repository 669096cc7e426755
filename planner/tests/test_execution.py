"""Planned sub-trees inside graphql-core's execution."""

from planner import Planner, read_document

from .conftest import Toy
from .library import REGISTRY
from .policies import Role
from .reading import LARGE, planned
from .tables import BookRow, LoanRow


def test_a_payload_reads_what_was_written_in_one_statement(toy: Toy) -> None:
    loan = f"loa_{toy.here.keys[LoanRow][0]}"
    client = toy.client(Role.STAFF)
    client.connection = toy.owner

    answer = toy.run(
        client.execute(
            f'mutation {{ returnBook(loan: "{loan}") {{ days loan {{ id lentOn returnedOn book {{ id }} }} }} }}'
        )
    )

    assert answer["errors"] == []
    returned = answer["data"]["returnBook"]
    assert returned["days"] == 7
    assert returned["loan"]["id"] == loan
    assert returned["loan"]["returnedOn"] > returned["loan"]["lentOn"]
    assert len(client.allowed) == 1


def test_a_payload_without_a_row_is_null(toy: Toy) -> None:
    client = toy.client(Role.STAFF)

    answer = toy.run(client.execute('mutation { returnBook(loan: "loa_nothing") { loan { id } } }'))

    assert answer == {"data": {"returnBook": {"loan": None}}, "errors": []}
    assert client.allowed == []


def test_introspection_beside_planned_fields_gives_what_a_plan_gives(toy: Toy) -> None:
    books = "books(first: 2) { totalCount nodes { title author { name } } }"
    absent = 'book(id: "boo_nothing") { id }'
    client = toy.client(Role.VISITOR)

    answer = toy.run(client.execute(f"{{ __schema {{ queryType {{ name }} }} {books} {absent} }}"))

    assert answer["errors"] == []
    assert answer["data"].pop("__schema") == {"queryType": {"name": "Query"}}
    assert answer["data"] == toy.run(client.read(f"{{ {books} {absent} }}"))
    assert len(toy.here.keys[BookRow]) >= answer["data"]["books"]["totalCount"] > 2


def test_introspection_is_not_planned() -> None:
    text = "{ __schema { queryType { name } } }"
    document = read_document(REGISTRY.schema, text, text, LARGE)

    assert document.introspects
    assert Planner(REGISTRY).plan(document, document.operation(None), Role.STAFF, {}) is None
    assert planned("{ __typename }")[0].nodes == 0
