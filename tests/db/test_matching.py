"""Nobody is missed: whom the domain calls the same by name, the database finds among the candidates.

Random names, other ones each run, each written in several ways. A failure names its seed: `SEED=… pytest
tests/db/test_matching.py` makes the same again.
"""

import asyncio
import os
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from random import Random
from typing import Any
from uuid import UUID

from db.connection import connect
from db.intake import matching
from db.intake.jobs import add_job
from db.intake.rows import add_rows, rows_by_line, store_read
from db.transactions import Transaction
from domain.intake.importing import Finding, ImportKind
from domain.intake.judging import MOST_NAMESAKES
from domain.intake.registration import PersonRow
from domain.people.matching import same_name

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))
PIECES = [
    *"abB.' ’-–éÉßœÆøłİıﬁǅ", "e\u0301", "\u0301", "\u00a0", "\u200d",  # Latin, apart and together, and what nobody sees
    *"жЖйЙёΣςάمحمَّد李小명नीก็", "🙂", "Å", "Å", "²",
]  # fmt: skip
Written = tuple[str, str]


FEW = "ab"  # of which many names are alike in part, and still two


def part(random: Random, pieces: Sequence[str] = PIECES) -> str:
    return "".join(random.choices(pieces, k=random.choice([0, 1, 1, 2, 2, 3, 6])))


def ways_to_write(given: str, family: str) -> Iterator[Written]:
    yield given, family
    yield family, given
    yield given[:1], family
    yield f"{given[:1]}.", family
    yield f"{given[:1]}..", family
    yield given.upper(), family.lower()
    yield unicodedata.normalize("NFD", given), unicodedata.normalize("NFC", family)
    yield given.replace("’", "'"), f" {family}"


async def people_named(transaction: Transaction, names: Iterable[Written]) -> list[UUID]:
    statement = "insert into person (trust_id, given_name, family_name) values ($1, $2, $3) returning id"
    return [await transaction.value(statement, transaction.trust_id, *name) for name in names]


async def file_of(transaction: Transaction, names: list[Written], officer: UUID) -> UUID:
    job = await add_job(transaction, ImportKind.REGISTRATION, "names.csv", await transaction.today(), officer)
    await add_rows(transaction, job, 2, [{}] * len(names))
    read: list[tuple[int, dict[str, Any], list[Finding], None]] = [
        (line, PersonRow(*name).stored(), [], None) for line, name in enumerate(names, start=2)
    ]
    await store_read(transaction, job, read)
    return job


def test_the_database_finds_all_whom_the_domain_calls_the_same(database: str) -> None:
    async def story() -> None:
        random = Random(SEED)
        names = [way for _ in range(50) for way in ways_to_write(part(random), part(random))]
        names += [(part(random, FEW), part(random, FEW)) for _ in range(200)]
        owner = await connect(database)
        async with owner.transaction():
            transaction = Transaction(owner, await owner.fetchval("select id from trust order by id limit 1"))
            people = await people_named(transaction, names)
            job = await file_of(transaction, names, people[0])
            rows = await rows_by_line(transaction, job, range(2, len(names) + 2))
            known = (await matching.people_on_record(transaction, people, await transaction.today())).values()
            in_file = {
                (c.line, other)
                async for c in matching.candidates_in_file(transaction, job, 2, len(names) + 1)
                for other, _ in c.others
            }
            on_record = {
                (c.line, who)
                async for c in matching.candidates_on_record(transaction, job, 2, len(names) + 1)
                for who, _ in c.others
            }
        await owner.close()

        same_in_file = {
            (row.line, other.line): (row.particulars.name, other.particulars.name)
            for row in rows.values() for other in rows.values()
            if other.line < row.line and same_name(row.particulars.name, other.particulars.name)
        }  # fmt: skip
        same_on_record = {
            (row.line, person.id): (row.particulars.name, person.particulars.name)
            for row in rows.values() for person in known if same_name(row.particulars.name, person.particulars.name)
        }  # fmt: skip
        assert len(same_in_file) > 200, f"SEED={SEED}: hardly any names to find"
        assert [name for pair, name in same_in_file.items() if pair not in in_file] == [], f"SEED={SEED}"
        assert [name for pair, name in same_on_record.items() if pair not in on_record] == [], f"SEED={SEED}"

    asyncio.run(story())


def test_a_crowd_of_one_name_is_looked_up_no_further_than_is_needed_to_know_it_is_one(database: str) -> None:
    async def story() -> None:
        owner = await connect(database)
        async with owner.transaction():
            transaction = Transaction(owner, await owner.fetchval("select id from trust order by id limit 1"))
            crowd = 5 * MOST_NAMESAKES
            people = await people_named(transaction, [("John", "Smith")] * crowd)
            job = await file_of(transaction, [("John", "Smith")] * crowd, people[0])
            found = [len(each.others) async for each in matching.candidates_in_file(transaction, job, 2, crowd + 1)]
            known = [len(each.others) async for each in matching.candidates_on_record(transaction, job, 2, crowd + 1)]
        await owner.close()

        assert found == [min(n, MOST_NAMESAKES + 1) for n in range(1, crowd)]
        assert known == [MOST_NAMESAKES + 1] * crowd

    asyncio.run(story())
