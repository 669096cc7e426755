"""The enrolments of a delta: rows without a name, of people the same system has told of."""

from uuid import UUID

from ..fragments.clock import TODAY
from ..fragments.people import goes_on
from ..transactions import Transaction


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
        f"  where k.trust_id = $1 and k.person_id = r.person_id and {goes_on('k', TODAY)} and jsonb_exists(r.reading->'kinds', k.kind)"
        "  and s.urn = (r.reading->'urns'->>0)::int) then 'UNCHANGED' else 'UPDATE' end,"
        " findings = case when r.person_id is null and r.of_line is null then r.findings || '{USER_UNKNOWN}' else r.findings end"
        f" where {enrolments} and r.outcome = 'NEW'",
        transaction.trust_id,
        job_id,
    )
