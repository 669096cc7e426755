"""Rows of a file applied in batches."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.intake.relationships import ToldRelationship, to_add

from ..transactions import Transaction


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


async def make_relationships(transaction: Transaction, job_id: UUID, lines: Sequence[int], since: date) -> None:
    """Adds the relationships the rows tell of, unless they hold already. A row without a year group adds nothing to
    one with it."""
    await transaction.run(  # a learner moves up; a parent may have a child in each year
        "update relationship k set year_group = (r.reading->>'year_group')::int from import_row r"
        " join school s on s.trust_id = $1 and s.urn = (r.reading->'urns'->>0)::int where r.trust_id = $1 and r.job_id = $2"
        " and r.line = any($3) and r.reading->>'year_group' is not null and k.trust_id = $1 and k.person_id = r.person_id"
        " and k.school_id = s.id and k.kind = 'LEARNER' and k.until is null and k.since <= $4"
        " and k.year_group is distinct from (r.reading->>'year_group')::int",
        transaction.trust_id,
        job_id,
        lines,
        since,
    )
    added = to_add(await _told_relationships(transaction, job_id, lines, since))
    await transaction.run_many(
        "insert into relationship (trust_id, person_id, school_id, kind, since, source, year_group)"
        " values ($1, $2, $3, $4, $5, 'SCHOOL_SYSTEM', $6)",
        [(transaction.trust_id, e.person_id, e.school_id, e.kind, since, e.year_group) for e in added],
    )


async def _told_relationships(
    transaction: Transaction, job_id: UUID, lines: Sequence[int], since: date
) -> list[ToldRelationship]:
    """What the rows tell that is so since that day."""
    rows = await transaction.rows(
        "select t.person_id, t.school_id, t.kind, t.year_group, exists (select from relationship k where k.trust_id = $1"
        "  and k.person_id = t.person_id and k.kind = t.kind and k.school_id is not distinct from t.school_id"
        "  and (k.until is null or k.until > $4)"  # what has ended since the file was made does not begin again
        "  and (t.year_group is null or k.kind = 'LEARNER' or k.until is not null or k.year_group = t.year_group)) as is_known"
        " from (select distinct r.person_id, s.id as school_id, told.kind, (r.reading->>'year_group')::int as year_group"
        "  from import_row r cross join jsonb_array_elements_text(r.reading->'kinds') as told(kind)"
        "  left join jsonb_array_elements_text(r.reading->'urns') as named(number) on true"
        "  left join school s on s.trust_id = $1 and s.urn = named.number::int"
        "  where r.trust_id = $1 and r.job_id = $2 and r.line = any($3) and r.person_id is not null"
        "   and r.reading->>'until' is null) t",
        transaction.trust_id,
        job_id,
        lines,
        since,
    )
    return [ToldRelationship(**row) for row in rows]


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


async def end_relationships(transaction: Transaction, job_id: UUID, lines: Sequence[int]) -> None:
    """Ends what the rows say has ended."""
    await transaction.run(
        # materialized: few rows say so, which no statistics tell, and a plan for many is slow
        "with r as materialized (select i.person_id, i.reading->'kinds' as kinds, (i.reading->>'until')::date as until,"
        "  s.id as school_id from import_row i left join school s on s.trust_id = $1"
        "  and s.urn = (i.reading->'urns'->>0)::int where i.trust_id = $1"
        "  and i.job_id = $2 and i.line = any($3) and i.reading->>'until' is not null)"
        " update relationship k set until = greatest(k.since, r.until) from r"
        " where k.trust_id = $1 and k.person_id = r.person_id and k.until is null and k.source = 'SCHOOL_SYSTEM'"
        " and (jsonb_array_length(r.kinds) = 0 or (jsonb_exists(r.kinds, k.kind) and k.school_id = r.school_id))",
        transaction.trust_id,
        job_id,
        lines,
    )
