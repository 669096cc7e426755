"""The enrolments of a delta: rows without a name, of people the same system has told of."""

from collections.abc import AsyncIterator
from uuid import UUID

from ..transactions import Transaction


async def find_people(transaction: Transaction, job_id: UUID, system: str) -> None:
    """Whom enrolments are of, and what becomes of those of nobody on record: they go as the row of their user goes."""
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
        "update import_row r set outcome = case when r.of_line is null then 'REFUSED'"
        " when (select u.outcome from import_row u where u.trust_id = $1 and u.job_id = $2 and u.line = r.of_line)"
        "  = 'NEEDS_HUMAN' then 'NEEDS_HUMAN' else 'UPDATE' end,"
        " findings = case when r.of_line is null then r.findings || '{USER_UNKNOWN}' else r.findings end"
        f" where {enrolments} and r.outcome = 'NEW' and r.person_id is null",
        transaction.trust_id,
        job_id,
    )


async def people_of_enrolments(transaction: Transaction, job_id: UUID) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Enrolments of people on record, and whose they are."""
    statement = (
        "select line, person_id from import_row where trust_id = $1 and job_id = $2 and outcome = 'NEW'"
        " and cells->>'file' = 'enrollments.csv' and person_id is not null"
    )
    async for row in transaction.stream(statement, transaction.trust_id, job_id):
        yield row["line"], [row["person_id"]]
