"""The toy schema."""

from datetime import date
from enum import Enum
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry

from planner import (
    Connection,
    Filter,
    Node,
    Order,
    Registry,
    any_node,
    column,
    connection,
    decode_id,
    decode_reference,
    everybody,
    expression,
    lookup,
    many,
    one,
    payload_node,
    planned,
    registry_of,
)

from .policies import CATALOGUE, LOANS, OPEN, PERSONAL, READERS, Sensitivity
from .tables import AuthorRow, BookRow, LibraryRow, LoanRow, ReaderRow

AnyBook = Annotated["Book", strawberry.lazy(".library")]
AnyReader = Annotated["Reader", strawberry.lazy(".library")]
AnyAuthor = Annotated["Author", strawberry.lazy(".library")]

IS_LENT = """exists (select from loan l
  where l.library_id = {library} and l.book_id = {row}.id and l.returned_on is null)"""
GENRES = """(select b.library_id, md5(b.genre)::uuid as id, b.genre, count(*) as books from book b
  where b.library_id = {library} and not b.is_withdrawn group by b.library_id, b.genre)"""


@strawberry.enum
class Genre(Enum):
    NOVEL = "NOVEL"
    POETRY = "POETRY"
    HISTORY = "HISTORY"
    COMICS = "COMICS"


@strawberry.enum
class BookOrderField(Enum):
    TITLE = "TITLE"
    PAGES = "PAGES"


@strawberry.enum
class Direction(Enum):
    ASC = "ASC"
    DESC = "DESC"


@strawberry.input
class BookOrder:
    field: BookOrderField
    direction: Direction = Direction.ASC


@strawberry.input
class BookFilter:
    genre: Genre | None = None
    author: strawberry.ID | None = None
    longer_than: int | None = None
    keyword: str | None = None
    is_lent: bool | None = None


BOOKS: dict[str, Any] = {
    "orders": {"TITLE": Order("title"), "PAGES": Order("pages")},
    "order_type": BookOrder,
    "filters": {
        "genre": Filter("{row}.genre = {value}", "text"),
        "author": Filter("{row}.author_id = {value}", "uuid", partial(decode_reference, "aut")),
        "longerThan": Filter("{row}.pages > {value}", "integer"),
        "keyword": Filter(
            "{row}.id in (select id from book where {value} = any(keywords))",
            "text",
            of_visible="{value} = any({row}.keywords)",
        ),
        "isLent": Filter(f"{IS_LENT} = {{value}}", "boolean"),
    },
    "filter_type": BookFilter,
}
LENT_ON = Filter(
    "{row}.lent_on <= {value} and ({row}.returned_on is null or {row}.returned_on > {value})",
    "date",
    absent="{row}.returned_on is null",
)


@planned(LoanRow, row_policy=LOANS, prefix="loa", field_policies=OPEN, sensitivity=Sensitivity.OPEN)
@strawberry.type
class Loan(Node):
    id: strawberry.ID = column(LoanRow.id, description="Opaque id.")
    book: AnyBook | None = one(LoanRow.book_id, description="What was lent.")
    reader: AnyReader | None = one(LoanRow.reader_id, description="To whom.")
    lent_on: date = column(LoanRow.lent_on, description="The day.")
    returned_on: date | None = column(LoanRow.returned_on, description="The day it came back.")


@planned(ReaderRow, row_policy=READERS, prefix="rea", field_policies=PERSONAL, sensitivity=Sensitivity.OPEN)
@strawberry.type
class Reader(Node):
    id: strawberry.ID = column(ReaderRow.id, description="Opaque id.")
    name: str = column(ReaderRow.name, description="Name.")
    email: str | None = column(ReaderRow.email, description="Mailbox.", sensitivity=Sensitivity.OWN)
    loans: Connection[Loan] = connection(
        LoanRow.reader_id,
        default_order=Order("lent_on", descending=True),
        arguments={"lent_on": (date, LENT_ON, "Those of this day; those not yet returned when left out.")},
        description="What they borrowed.",
    )


@planned(BookRow, row_policy=CATALOGUE, prefix="boo", field_policies=OPEN, sensitivity=Sensitivity.OPEN)
@strawberry.type
class Book(Node):
    id: strawberry.ID = column(BookRow.id, description="Opaque id.")
    title: str = column(BookRow.title, description="Title.")
    genre: Genre = column(BookRow.genre, description="Genre.")
    pages: int = column(BookRow.pages, description="How long it is.")
    sheets: float = expression("{row}.pages / 2.0", nullable=False, description="Two pages are one.")
    keywords: list[str] = column(BookRow.keywords, description="What it is about.")
    published: date | None = column(BookRow.published, description="When it came out, if known.")
    text: str | None = column(BookRow.text, weight=50, description="All of it.")
    is_lent: bool = expression(IS_LENT, nullable=False, description="Whether somebody has it.")
    is_withdrawn: bool | None = column(
        BookRow.is_withdrawn, description="Whether it left the shelf.", sensitivity=Sensitivity.INTERNAL
    )
    author: AnyAuthor | None = one(BookRow.author_id, description="Who wrote it, if known.")
    loans: list[Loan] | None = many(LoanRow.book_id, order=[Order("lent_on"), Order("id")], description="Who had it.")


@planned(AuthorRow, row_policy=everybody, prefix="aut", field_policies=OPEN, sensitivity=Sensitivity.OPEN)
@strawberry.type
class Author(Node):
    id: strawberry.ID = column(AuthorRow.id, description="Opaque id.")
    name: str = column(AuthorRow.name, description="Name.")
    born: int | None = column(AuthorRow.born, description="The year.")
    remarks: str | None = column(
        AuthorRow.remarks, description="What the staff noted.", sensitivity=Sensitivity.INTERNAL
    )
    shortest: list[Book] | None = many(
        BookRow.author_id,
        order=[Order("pages"), Order("id")],
        longest=2,
        exists="{row}.born is not null",
        description="Their shortest two; of those alone whose year is known.",
    )
    books: Connection[Book] = connection(BookRow.author_id, description="Their books.", **BOOKS)


@planned(GENRES, row_policy=everybody, field_policies=OPEN, sensitivity=Sensitivity.OPEN)
@strawberry.type
class GenreCount:
    genre: Genre = expression("{row}.genre", nullable=False, description="The genre.")
    books: int = expression("{row}.books", nullable=False, description="How many are on the shelf.")


@planned(LibraryRow, row_policy=everybody, prefix="lib", tenant="id", field_policies=OPEN, sensitivity=Sensitivity.OPEN)
@strawberry.type
class Library(Node):
    id: strawberry.ID = column(LibraryRow.id, description="Opaque id.")
    name: str = column(LibraryRow.name, description="Name.")
    genres: list[GenreCount] = many(
        "{other}.library_id = {row}.id", order=[Order("genre")], longest=3, description="The first three."
    )


@strawberry.type
class Query:
    library: Library = lookup("true", description="This library.")
    reader: Reader | None = lookup("{row}.id = {viewer.reader_id}", description="Who is asking.")
    node: Node | None = any_node(description="Anything.")
    book: Book | None = lookup(
        "{row}.id = {value}", argument=("id", strawberry.ID, "uuid", "An id."), description="One book."
    )
    book_titled: Book | None = lookup(
        "{row}.id = (select min(b.id::text)::uuid from book b where b.library_id = {library} and b.title = {value})",
        argument=("title", str, "text", "The title."),
        description="One book.",
    )
    books: Connection[Book] = connection(description="The catalogue.", **BOOKS)
    genres: Connection[GenreCount] = connection(default_order=Order("genre"), description="What is on the shelf.")
    authors: Connection[Author] = connection(default_order=Order("name"), description="Authors.")
    readers: Connection[Reader] = connection(default_order=Order("name", descending=True), description="Readers.")
    loans: Connection[Loan] = connection(
        "{row}.book_id is not null",
        arguments={"lent_on": (date, LENT_ON, "Those of this day; those not yet returned when left out.")},
        description="Loans.",
    )


@strawberry.type
class Returned:
    loan: Loan | None = payload_node(description="The loan.")
    days: int


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def return_book(self, info: strawberry.Info[Any, None], loan: strawberry.ID) -> Returned:
        key: UUID | None = await info.context.connection.fetchval(
            "update loan set returned_on = lent_on + 7 where id = $1 returning id", decode_id("loa", loan)
        )
        return Returned(loan=key, days=7)  # type: ignore[arg-type]  # the key, for the planner to read


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation)
REGISTRY: Registry = registry_of(SCHEMA, {"reader_id": "uuid"}, tenant="library")
