"""Rows of a file applied in batches."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.governance.qualification import RelationshipKind
from domain.intake.file_rows import FileRow, PersonOnRecord
from domain.intake.importing import NO_CONSENT, TO_APPLY, Finding, RowOutcome
from domain.intake.judging import of_person_now
from domain.intake.relationships import Changes, changes
from domain.people.matching import completed

from ..columns import listed
from ..people.families import Leaver, end_with_leavers
from ..transactions import Transaction
from .matching import people_on_record
from .rows import rows_by_line, store_judged


async def lines_to_apply(transaction: Transaction, job_id: UUID, after: int, most: int) -> list[int]:
    """The next lines to apply, in their order, so that a person is there before what is added to them."""
    rows = await transaction.rows(
        "select line from import_row where trust_id = $1 and job_id = $2 and line > $3"
        f" and outcome in ({listed(TO_APPLY)}) and not is_applied order by line limit $4",
        transaction.trust_id,
        job_id,
        after,
        most,
    )
    return [row["line"] for row in rows]


async def people_who_consent(
    transaction: Transaction, job_id: UUID, after: int, most: int
) -> tuple[int, Sequence[UUID]]:
    """The people of the next applied rows with a yes in writing, each once, in the order of the file, but for those of
    whom another row says no; and the last line of these rows, 0 where there are no more."""
    says_no = (
        "select from import_row n where n.trust_id = $1 and n.job_id = $2 and n.person_id = r.person_id"
        f" and n.findings && array[{listed(NO_CONSENT)}]"
    )
    rows = await transaction.rows(
        "select r.line, r.person_id from import_row r where r.trust_id = $1 and r.job_id = $2 and r.line > $3 and r.is_applied"
        f" and r.person_id is not null and (r.reading->>'consents')::boolean and not exists ({says_no})"
        " order by r.line limit $4",
        transaction.trust_id,
        job_id,
        after,
        most,
    )
    return (rows[-1]["line"] if rows else 0), list(dict.fromkeys(row["person_id"] for row in rows))


# The rows by which each person would apply who says yes in any of them, with who that is on record.
_APPLICANTS = (
    "with told as (select r.line, coalesce(r.person_id, f.person_id) as person_id, coalesce(r.of_line, r.line) as first_line"
    " from import_row r left join import_row f on f.trust_id = $1 and f.job_id = $2 and f.line = r.of_line"
    " where r.trust_id = $1 and r.job_id = $2 and (r.reading->>'consents')::boolean"
    f" and r.outcome in ({listed(TO_APPLY | {RowOutcome.UNCHANGED})}))"
    " select person_id, array_agg(line order by line) as lines from told"
    " group by person_id, case when person_id is null then first_line end order by min(line)"
)


async def applicants(transaction: Transaction, job_id: UUID) -> AsyncIterator[tuple[UUID | None, list[int]]]:
    """Who says yes in writing in rows that are to be applied or say nothing new: them, where they are on record, and these
    rows."""
    async for row in transaction.stream(_APPLICANTS, transaction.trust_id, job_id):
        yield row["person_id"], row["lines"]


async def note_who_cannot_apply(transaction: Transaction, job_id: UUID, people: Collection[UUID]) -> None:
    """Marks the rows in which these people say yes."""
    await transaction.run(
        f"update import_row set findings = findings || '{{{Finding.CANNOT_APPLY}}}' where trust_id = $1 and job_id = $2"
        f" and person_id = any($3) and is_applied and (reading->>'consents')::boolean"
        f" and not '{Finding.CANNOT_APPLY}' = any(findings)",
        transaction.trust_id,
        job_id,
        people,
    )


# The person of a row that has none yet: the one another row of the same person is of, or has made.
_PERSON = (
    "(select e.person_id from import_row e where e.trust_id = $1 and e.job_id = $2 and e.person_id is not null"
    " and (e.line = r.of_line or e.of_line = r.of_line) order by e.line limit 1)"
)


async def apply_rows(transaction: Transaction, job_id: UUID, lines: Sequence[int], exported_on: date) -> list[FileRow]:
    """Puts new people on record, fills what was not known of others, and does what the rows tell of relationships; the
    rows that were applied, of the lines. Names and known facts are not changed.

    Also notes that the rows are applied: with the rest of the transaction, or not at all.
    """
    rows = await _with_people(transaction, job_id, await _rows(transaction, job_id, lines))
    people = await _people(transaction, rows, exported_on)
    rows = [of_person_now(row, people.get(row.person_id) if row.person_id else None, exported_on) for row in rows]
    await store_judged(transaction, job_id, [row for row in rows if row.outcome not in TO_APPLY])
    applied = [row for row in rows if row.outcome in TO_APPLY]
    await transaction.run(
        "update import_row set is_applied = true where trust_id = $1 and job_id = $2 and line = any($3)",
        transaction.trust_id,
        job_id,
        [row.line for row in applied],
    )
    await _complete(transaction, applied, people)
    beginnings = [row for row in applied if not row.reading.tells_of_an_end]
    await _begin_and_move(transaction, _changes(beginnings, people, exported_on), exported_on)
    ends = [row for row in applied if row.reading.tells_of_an_end]
    people = await _people(transaction, ends, exported_on)  # what the same rows have begun may end, too
    await _end(transaction, _changes(ends, people, exported_on), exported_on)
    return applied


async def attribute_duplicates(transaction: Transaction, job_id: UUID) -> None:
    """Rows that say again what an earlier row said are of its person, too: copies and erasures find them by it."""
    await transaction.run(
        "update import_row r set person_id = e.person_id from import_row e where r.trust_id = $1 and r.job_id = $2"
        f" and r.outcome = '{RowOutcome.DUPLICATE}' and r.person_id is null and e.trust_id = $1 and e.job_id = $2"
        " and e.line = r.of_line and e.person_id is not null",
        transaction.trust_id,
        job_id,
    )


async def _rows(transaction: Transaction, job_id: UUID, lines: Sequence[int]) -> list[FileRow]:
    """Those of the lines that are to be applied, in the order of the file."""
    rows = await rows_by_line(transaction, job_id, lines)
    return [rows[line] for line in sorted(rows) if rows[line].outcome in TO_APPLY]


async def _with_people(transaction: Transaction, job_id: UUID, rows: Sequence[FileRow]) -> list[FileRow]:
    """The rows with the person each is of: new people are put on record first."""
    made = await _add_people(transaction, job_id, rows)
    found = await transaction.rows(
        f"update import_row r set person_id = {_PERSON}"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = any($3) and r.person_id is null"
        " returning r.line, r.person_id",
        transaction.trust_id,
        job_id,
        [row.line for row in rows],
    )
    people = made | {each["line"]: each["person_id"] for each in found}
    return [replace(row, person_id=people.get(row.line, row.person_id)) for row in rows]


async def _people(
    transaction: Transaction, rows: Sequence[FileRow], exported_on: date
) -> Mapping[UUID, PersonOnRecord]:
    of = {row.person_id for row in rows if row.person_id is not None}
    return await people_on_record(transaction, of, exported_on) if of else {}


def _by_person(rows: Sequence[FileRow]) -> dict[UUID, list[FileRow]]:
    told: dict[UUID, list[FileRow]] = {}
    for row in rows:
        if row.person_id is not None:
            told.setdefault(row.person_id, []).append(row)
    return told


async def _add_people(transaction: Transaction, job_id: UUID, rows: Sequence[FileRow]) -> dict[int, UUID]:
    """Puts the people of new rows on record, in the order of the file; their ids, by line."""
    fresh = [row for row in rows if row.outcome is RowOutcome.NEW and row.person_id is None]
    ids = await transaction.new_ids(len(fresh))
    await transaction.run_many(
        "insert into person (trust_id, id, given_name, family_name, email, date_of_birth, phone, contact_address, language)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, 'en'))",
        [
            (
                transaction.trust_id,
                key,
                told.given_name,
                told.family_name,
                told.email,
                _day(told.born),
                told.phone,
                told.postcode,
                told.language,
            )
            for key, told in zip(ids, (row.reading for row in fresh), strict=True)
        ],
    )
    await transaction.run(
        "update import_row r set person_id = f.id from unnest($3::int[], $4::uuid[]) as f(line, id)"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = f.line",
        transaction.trust_id,
        job_id,
        [row.line for row in fresh],
        ids,
    )
    return {row.line: key for row, key in zip(fresh, ids, strict=True)}


async def _complete(transaction: Transaction, rows: Sequence[FileRow], people: Mapping[UUID, PersonOnRecord]) -> None:
    """Fills what was not known of people."""
    known = {key: people[key].particulars for key in people}
    told = {key: completed(known[key], [row.particulars for row in those]) for key, those in _by_person(rows).items()}
    new = {key: each for key, each in told.items() if each != known[key]}
    await transaction.run(
        "update person p set email = coalesce(p.email, f.email), phone = coalesce(p.phone, f.phone),"
        " contact_address = coalesce(p.contact_address, f.postcode), date_of_birth = coalesce(p.date_of_birth, f.born)"
        " from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::date[]) as f(id, email, phone, postcode, born)"
        " where p.trust_id = $1 and p.id = f.id",
        transaction.trust_id,
        list(new),
        [each.email for each in new.values()],
        [each.phone for each in new.values()],
        [each.postcode for each in new.values()],
        [_day(each.born) for each in new.values()],
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


Told = Sequence[tuple[UUID, Changes]]


def _changes(rows: Sequence[FileRow], people: Mapping[UUID, PersonOnRecord], exported_on: date) -> Told:
    """What the rows change of the relationships of their people."""
    return [
        (key, changes([row.reading for row in those], people[key].relationships, exported_on))
        for key, those in _by_person(rows).items()
    ]


async def _begin_and_move(transaction: Transaction, found: Told, exported_on: date) -> None:
    """From the day of the file."""
    moved = [each for _, new in found for each in new.moved]
    await transaction.run(
        "update relationship k set year_group = f.year_group, year_group_on = $4 from unnest($2::uuid[], $3::int[])"
        " as f(id, year_group) where k.trust_id = $1 and k.id = f.id",
        transaction.trust_id,
        [known.id for known, _ in moved],
        [year_group for _, year_group in moved],
        exported_on,
    )
    added = [(person_id, each) for person_id, new in found for each in new.added]
    ids = await _schools(transaction, {each.urn for _, each in added})
    await transaction.run_many(
        "insert into relationship (trust_id, person_id, school_id, kind, since, source, year_group, year_group_on)"
        " values ($1, $2, $3, $4, $5, 'SCHOOL_SYSTEM', $6, case when $6::int is not null then $5::date end)",
        [
            (transaction.trust_id, person_id, ids.get(each.urn), each.kind, exported_on, each.year_group)
            for person_id, each in added
        ],
    )


async def _schools(transaction: Transaction, urns: Collection[int | None]) -> Mapping[int | None, UUID]:
    rows = await transaction.rows(
        "select urn, id from school where trust_id = $1 and urn = any($2)",
        transaction.trust_id,
        [urn for urn in urns if urn is not None],
    )
    return {row["urn"]: row["id"] for row in rows}


async def _end(transaction: Transaction, found: Told, exported_on: date) -> None:
    """Families leave with their learners."""
    ended = [each for _, new in found for each in new.ended]
    await transaction.run(
        "update relationship k set until = f.until, end_known_on = $4 from unnest($2::uuid[], $3::date[]) as f(id, until)"
        " where k.trust_id = $1 and k.id = f.id",
        transaction.trust_id,
        [known.id for known, _ in ended],
        [until for _, until in ended],
        exported_on,
    )
    ids = await _schools(transaction, {known.told.urn for known, _ in ended})
    leavers = [
        Leaver(person_id, ids[known.told.urn], known.told.year_group, until)
        for person_id, new in found
        for known, until in new.ended
        if known.told.kind == RelationshipKind.LEARNER and known.told.urn in ids
    ]
    await end_with_leavers(transaction, leavers, exported_on)
