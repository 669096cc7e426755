"""Rows of a file applied in batches."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.intake.file_rows import FileRow
from domain.intake.registration import PersonRow
from domain.intake.relationships import Changes, changes

from ..transactions import Transaction
from .matching import people_on_record
from .rows import rows_by_line


async def rows_to_apply(transaction: Transaction, job_id: UUID, after: int, most: int) -> list[int]:
    """The next lines to apply, in their order, so that a person is there before what is added to them."""
    rows = await transaction.rows(
        "select line from import_row where trust_id = $1 and job_id = $2 and line > $3"
        " and outcome in ('NEW', 'UPDATE') and not is_applied order by line limit $4",
        transaction.trust_id,
        job_id,
        after,
        most,
    )
    return [row["line"] for row in rows]


# The person of a row that has none yet: the one another row of the same person is of, or has made.
_PERSON = (
    "(select e.person_id from import_row e where e.trust_id = $1 and e.job_id = $2 and e.person_id is not null"
    " and (e.line = r.of_line or e.of_line = r.of_line) order by e.line limit 1)"
)


async def make_people(transaction: Transaction, job_id: UUID, lines: Sequence[int]) -> None:
    """Puts new people on record, and fills what was not known of others; names and known facts are not changed.

    Also notes that the rows are applied: with the rest of the transaction, or not at all.
    """
    await _add_people(transaction, job_id, lines)
    await transaction.run(
        f"update import_row r set is_applied = true, person_id = coalesce(r.person_id, {_PERSON})"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = any($3)",
        transaction.trust_id,
        job_id,
        lines,
    )
    await transaction.run(
        "update person p set email = coalesce(p.email, f.email), phone = coalesce(p.phone, f.phone),"
        " contact_address = coalesce(p.contact_address, f.postcode), date_of_birth = coalesce(p.date_of_birth, f.born)"
        " from (select distinct on (person_id) person_id, reading->>'email' as email, reading->>'phone' as phone,"
        "  reading->>'postcode' as postcode, (reading->>'born')::date as born from import_row where trust_id = $1"
        "  and job_id = $2 and line = any($3) and outcome = 'UPDATE' order by person_id, line) f"
        " where p.trust_id = $1 and p.id = f.person_id and (p.email, p.phone, p.contact_address, p.date_of_birth)"
        " is distinct from (coalesce(p.email, f.email), coalesce(p.phone, f.phone),"
        " coalesce(p.contact_address, f.postcode), coalesce(p.date_of_birth, f.born))",
        transaction.trust_id,
        job_id,
        lines,
    )


_OF_PERSON = ("given_name", "family_name", "email", "born", "phone", "postcode", "language")


async def _add_people(transaction: Transaction, job_id: UUID, lines: Sequence[int]) -> None:
    """Puts the people of new rows on record, in the order of the file."""
    fresh = await transaction.rows(
        "select line, reading->>'given_name' as given_name, reading->>'family_name' as family_name, reading->>'email' as email,"
        " (reading->>'born')::date as born, reading->>'phone' as phone, reading->>'postcode' as postcode,"
        " coalesce(reading->>'language', 'en') as language from import_row where trust_id = $1 and job_id = $2"
        " and line = any($3) and outcome = 'NEW' and person_id is null order by line",
        transaction.trust_id,
        job_id,
        lines,
    )
    ids = await transaction.new_ids(len(fresh))
    await transaction.run_many(
        "insert into person (trust_id, id, given_name, family_name, email, date_of_birth, phone, contact_address, language)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [(transaction.trust_id, key, *(row[name] for name in _OF_PERSON)) for key, row in zip(ids, fresh, strict=True)],
    )
    await transaction.run(
        "update import_row r set person_id = f.id from unnest($3::int[], $4::uuid[]) as f(line, id)"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = f.line",
        transaction.trust_id,
        job_id,
        [row["line"] for row in fresh],
        ids,
    )


async def change_relationships(transaction: Transaction, job_id: UUID, lines: Sequence[int], exported_on: date) -> None:
    """Does what the rows tell of relationships: begins, moves and ends them; ends also what the same rows have begun."""
    rows = [row for _, row in sorted((await rows_by_line(transaction, job_id, lines)).items())]
    beginnings = [row for row in rows if not row.reading.tells_of_an_end]
    await _begin_and_move(transaction, await _changes(transaction, beginnings, exported_on), exported_on)
    ends = [row for row in rows if row.reading.tells_of_an_end]
    await _end(transaction, await _changes(transaction, ends, exported_on))


async def _changes(transaction: Transaction, rows: Sequence[FileRow], exported_on: date) -> list[tuple[UUID, Changes]]:
    """What the rows change of the relationships of their people."""
    told: dict[UUID, list[PersonRow]] = {}
    for row in rows:
        if row.person_id is not None:
            told.setdefault(row.person_id, []).append(row.reading)
    people = await people_on_record(transaction, list(told), exported_on) if told else {}
    return [(key, changes(those, people[key].relationships, exported_on)) for key, those in told.items()]


async def _begin_and_move(transaction: Transaction, found: Sequence[tuple[UUID, Changes]], exported_on: date) -> None:
    """From the day of the file."""
    moved = [each for _, new in found for each in new.moved]
    await transaction.run(
        "update relationship k set year_group = f.year_group from unnest($2::uuid[], $3::int[]) as f(id, year_group)"
        " where k.trust_id = $1 and k.id = f.id",
        transaction.trust_id,
        [known.id for known, _ in moved],
        [year_group for _, year_group in moved],
    )
    added = [(person_id, each) for person_id, new in found for each in new.added]
    schools = await transaction.rows(
        "select urn, id from school where trust_id = $1 and urn = any($2)",
        transaction.trust_id,
        list({each.urn for _, each in added if each.urn is not None}),
    )
    ids: dict[int | None, UUID] = {row["urn"]: row["id"] for row in schools}
    await transaction.run_many(
        "insert into relationship (trust_id, person_id, school_id, kind, since, source, year_group)"
        " values ($1, $2, $3, $4, $5, 'SCHOOL_SYSTEM', $6)",
        [
            (transaction.trust_id, person_id, ids.get(each.urn), each.kind, exported_on, each.year_group)
            for person_id, each in added
        ],
    )


async def _end(transaction: Transaction, found: Sequence[tuple[UUID, Changes]]) -> None:
    ended = [each for _, new in found for each in new.ended]
    await transaction.run(
        "update relationship k set until = f.until from unnest($2::uuid[], $3::date[]) as f(id, until)"
        " where k.trust_id = $1 and k.id = f.id",
        transaction.trust_id,
        [known.id for known, _ in ended],
        [until for _, until in ended],
    )


async def remember_identifiers(transaction: Transaction, job_id: UUID, lines: Sequence[int], system: str) -> None:
    """What the school's system calls the people, so that its next delta finds them."""
    known = await transaction.rows(
        "select distinct on (reading->>'identifier') reading->>'identifier' as identifier, person_id from import_row"
        " where trust_id = $1 and job_id = $2 and line = any($3) and reading->>'identifier' is not null"
        " and person_id is not null",
        transaction.trust_id,
        job_id,
        lines,
    )
    await transaction.run_many(
        "insert into person_identifier (trust_id, system, identifier, person_id) values ($1, $2, $3, $4)"
        " on conflict do nothing",
        [(transaction.trust_id, system, row["identifier"], row["person_id"]) for row in known],
    )
