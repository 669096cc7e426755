"""Two libraries full of random books."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from .tables import AuthorRow, Base, BookRow, LibraryRow, LoanRow, ReaderRow

WORDS = ("Sea", "Élan", "O'Hara", 'a "quoted" word', "back\\slash", "line\nbreak", "$1", "{row}", "Tea", "Ōe", "%", "")
GENRES = ("NOVEL", "POETRY", "HISTORY")
PREFIXES: dict[type[Base], str] = {
    LibraryRow: "lib",
    AuthorRow: "aut",
    BookRow: "boo",
    ReaderRow: "rea",
    LoanRow: "loa",
}


@dataclass
class Stock:
    """What one library has: `keys` of the rows of each table."""

    library_id: UUID
    keys: dict[type[Base], list[UUID]]

    @property
    def ids(self) -> list[str]:
        return [f"{PREFIXES[table]}_{key}" for table, keys in self.keys.items() for key in keys]


async def create_tables(connection: Any) -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in Base.metadata.sorted_tables:
        await connection.execute(str(CreateTable(table).compile(dialect=dialect)))


async def populate(connection: Any, random: Random) -> Stock:
    library_id = _key(random)
    stock = Stock(library_id, {})

    async def add(table: type[Base], **values: Any) -> UUID:
        key = library_id if table is LibraryRow else _key(random)
        row = {"id": key, **({} if table is LibraryRow else {"library_id": library_id}), **values}
        names, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await connection.execute(f"insert into {table.__tablename__} ({names}) values ({places})", *row.values())
        stock.keys.setdefault(table, []).append(key)
        return key

    await add(LibraryRow, name=_words(random))
    authors = [
        await add(AuthorRow, name=_words(random), born=born, remarks="Canary")
        for born in (None, 1900, *random.choices((None, 1900, 1950), k=4))
    ]
    books = [
        await add(
            BookRow,
            author_id=random.choice((None, *authors)),
            title=_words(random),
            genre=random.choice(GENRES),
            pages=random.choice((90, 90, 90, 200, 300)),
            keywords=random.sample(WORDS, random.randint(0, 3)),
            published=random.choice((None, _day(random))),
            text=random.choice((None, _words(random))),
            is_withdrawn=random.random() < 0.2,
        )
        for _ in range(30)
    ]
    readers = [await add(ReaderRow, name=_words(random), email="canary@example.org") for _ in range(8)]
    for _ in range(40):
        lent_on = _day(random)
        back = random.choice((None, lent_on + timedelta(days=random.randint(0, 20))))
        await add(
            LoanRow, book_id=random.choice(books), reader_id=random.choice(readers), lent_on=lent_on, returned_on=back
        )
    return stock


def _key(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128))


def _words(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(1, 2)))


def _day(random: Random) -> date:
    return date(2026, 1, 1) + timedelta(days=random.randrange(60))
