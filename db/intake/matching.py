"""Which rows may be of the same person, or of somebody on record."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from ..transactions import Transaction

# the same name: equal, given and family name swapped, or the given name shortened to an initial
_SAME_NAME = """
  select {columns} from {one} r join {other} e on {scope} and e.family_key = r.family_key and e.given_key = r.given_key
  union
  select {columns} from {one} r join {other} e on {scope} and e.family_key = r.given_key and e.given_key = r.family_key
  union
  select {columns} from {one} r join {other} e on {scope} and e.family_key = r.family_key
   where length(rtrim(r.given_key, '.')) = 1 and starts_with(e.given_key, rtrim(r.given_key, '.'))
  union
  select {columns} from {one} r join {other} e on {scope} and e.family_key = r.family_key
   where length(rtrim(e.given_key, '.')) = 1 and starts_with(r.given_key, rtrim(e.given_key, '.'))
"""


_ROWS = "(select * from import_row where trust_id = $1 and job_id = $2 and family_key <> '' and given_key <> '')"


_IN_FILE = (
    "select line, array_agg(earlier order by earlier) as earlier from ("
    + _SAME_NAME.format(
        columns="r.line, e.line as earlier",
        one=_ROWS,
        other="import_row",
        scope="e.trust_id = $1 and e.job_id = $2 and e.line < r.line",
    )
    + ") pairs group by line order by line"
)
_ON_RECORD = (
    "select line, array_agg(person order by person) as people from ("
    + _SAME_NAME.format(
        columns="r.line, e.id as person",
        one=_ROWS,
        other="person",
        scope="e.trust_id = $1",
    )
    + ") pairs group by line order by line"
)


async def candidates_in_file(transaction: Transaction, job_id: UUID) -> AsyncIterator[tuple[int, list[int]]]:
    """Rows with earlier rows of the same name."""
    async for row in transaction.stream(_IN_FILE, transaction.trust_id, job_id):
        yield row["line"], row["earlier"]


async def candidates_on_record(transaction: Transaction, job_id: UUID) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Rows with people on record of the same name."""
    async for row in transaction.stream(_ON_RECORD, transaction.trust_id, job_id):
        yield row["line"], row["people"]


async def people_of_same_rows(transaction: Transaction, job_id: UUID) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Rows that stood in an earlier file to the letter, and whom they were of there."""
    statement = (
        "select r.line, array_agg(distinct e.person_id) as people from import_row r join import_row e on e.trust_id = $1"
        " and e.digest = r.digest and e.job_id <> $2 and e.person_id is not null and e.cells = r.cells"
        " where r.trust_id = $1 and r.job_id = $2 and r.outcome = 'NEW' and r.family_key <> '' group by 1"
    )
    async for row in transaction.stream(statement, transaction.trust_id, job_id):
        yield row["line"], row["people"]


async def people_by_identifier(
    transaction: Transaction, job_id: UUID, system: str
) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Rows whose identifier in the system is that of somebody on record."""
    statement = (
        "select r.line, i.person_id from import_row r join person_identifier i on i.trust_id = $1 and i.system = $3"
        " and i.identifier = r.reading->>'identifier' where r.trust_id = $1 and r.job_id = $2"
        " and r.reading->>'identifier' is not null and r.cells->>'file' = 'users.csv'"
    )
    async for row in transaction.stream(statement, transaction.trust_id, job_id, system):
        yield row["line"], [row["person_id"]]


async def people_on_record(transaction: Transaction, people: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """What is known of the people: names, birth, contact, the kinds and schools of relationships that hold."""
    rows = await transaction.rows(
        "select p.id, p.given_key, p.family_key, p.date_of_birth, p.email, p.phone, p.contact_address,"
        " coalesce((select array_agg(r.kind || coalesce(':' || s.urn, '') || coalesce('/' || r.year_group, '')) from relationship r"
        "  left join school s on s.trust_id = $1 and s.id = r.school_id"
        "  where r.trust_id = $1 and r.person_id = p.id and r.until is null), '{}') as relationships"
        " from person p where p.trust_id = $1 and p.id = any($2)",
        transaction.trust_id,
        people,
    )
    return {row["id"]: row for row in rows}


async def judge_enrolments(transaction: Transaction, job_id: UUID, system: str) -> None:
    """What becomes of enrolments: who they are of, and whether they say anything new."""
    enrolments = "r.trust_id = $1 and r.job_id = $2 and r.cells->>'file' = 'enrollments.csv'"
    await transaction.run(
        "update import_row r set person_id = i.person_id from person_identifier i where i.trust_id = $1 and i.system = $3"
        f" and i.identifier = r.reading->>'identifier' and {enrolments}",
        transaction.trust_id,
        job_id,
        system,
    )
    await transaction.run(
        "update import_row r set of_line = u.line from import_row u where u.trust_id = $1 and u.job_id = $2"
        " and u.cells->>'file' = 'users.csv' and u.reading->>'identifier' = r.reading->>'identifier'"
        f" and u.outcome is distinct from 'REFUSED' and {enrolments} and r.person_id is null",
        transaction.trust_id,
        job_id,
    )
    await transaction.run(
        "update import_row r set outcome = case when r.person_id is null and r.of_line is null then 'REFUSED'"
        " when r.of_line is not null then case when (select u.outcome from import_row u where u.trust_id = $1"
        "  and u.job_id = $2 and u.line = r.of_line) = 'NEEDS_HUMAN' then 'NEEDS_HUMAN' else 'UPDATE' end"
        " when (r.reading->>'until' is null) = exists (select from relationship k join school s on s.trust_id = $1 and s.id = k.school_id"
        "  where k.trust_id = $1 and k.person_id = r.person_id and k.until is null and jsonb_exists(r.reading->'kinds', k.kind)"
        "  and s.urn = (r.reading->'urns'->>0)::int) then 'UNCHANGED' else 'UPDATE' end,"
        " findings = case when r.person_id is null and r.of_line is null then r.findings || '{USER_UNKNOWN}' else r.findings end"
        f" where {enrolments} and r.outcome = 'NEW'",
        transaction.trust_id,
        job_id,
    )


async def note_groups(transaction: Transaction, job_id: UUID) -> None:
    """Twins, and people who share a mailbox: findings about rows of different people."""
    people = (
        "select line, mailbox, reading, given_key, family_key, coalesce(of_line, line) as person from import_row"
        " where trust_id = $1 and job_id = $2 and reading is not null and family_key <> ''"
    )
    await transaction.run(
        f"with people as ({people}), shared as (select mailbox from people where mailbox is not null group by mailbox"
        " having count(distinct person) > 1) update import_row r set findings = r.findings || '{SHARED_MAILBOX}'"
        " from people join shared using (mailbox) where r.trust_id = $1 and r.job_id = $2 and r.line = people.line",
        transaction.trust_id,
        job_id,
    )
    await transaction.run(
        f"with people as ({people} and reading->>'born' is not null and reading->'kinds' ? 'LEARNER'), twins as (select"
        " family_key, reading->>'born' as born, reading->'urns' as urns from people group by 1, 2, 3 having count(distinct person) > 1)"
        " update import_row r set findings = r.findings || '{TWIN}' from people join twins on twins.family_key = people.family_key"
        " and twins.born = people.reading->>'born' and twins.urns = people.reading->'urns'"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = people.line",
        transaction.trust_id,
        job_id,
    )
