"""The enrolments of a delta: rows without a name."""

from collections.abc import AsyncIterator
from uuid import UUID

from domain.intake.importing import RowOutcome
from domain.intake.oneroster import ENROLMENTS, USERS

from ..transactions import Transaction

_ENROLMENTS = (
    f"with users as (select reading->>'identifier' as identifier, urn, line from import_row cross join lateral"
    f" jsonb_array_elements(reading->'urns') urn where trust_id = $1 and job_id = $2 and cells->>'file' = '{USERS}'"
    f" and outcome <> '{RowOutcome.REFUSED}'),"
    " known as (select i.identifier, to_jsonb(s.urn) as urn, i.person_id from person_identifier i left join school s"
    "  on s.trust_id = $1 and s.id = i.school_id where i.trust_id = $1 and i.system = $3)"
    " select r.line, coalesce(u.line, case when k.person_id is null then e.line end) as user_line,"
    " coalesce(k.person_id, n.person_id) as person_id from import_row r"
    " left join (select identifier, urn, min(line) as line from users group by 1, 2) u"
    "  on u.identifier = r.reading->>'identifier' and u.urn = r.reading->'urns'->0"
    " left join (select identifier, min(line) as line from users group by 1) e on e.identifier = r.reading->>'identifier'"
    " left join known k on k.identifier = r.reading->>'identifier' and k.urn = r.reading->'urns'->0"
    " left join known n on n.identifier = r.reading->>'identifier' and n.urn is null"
    f" where r.trust_id = $1 and r.job_id = $2 and r.cells->>'file' = '{ENROLMENTS}' and r.outcome = '{RowOutcome.NEW}'"
)


async def enrolments(
    transaction: Transaction, job_id: UUID, system: str
) -> AsyncIterator[tuple[int, int | None, UUID | None]]:
    """Lines of enrolments that can be used; the first row of their user that is not refused, at this school or else at
    another; and who on record bears the school's identifier."""
    async for row in transaction.stream(_ENROLMENTS, transaction.trust_id, job_id, system):
        yield row["line"], row["user_line"], row["person_id"]
