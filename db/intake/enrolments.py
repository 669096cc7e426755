"""The enrolments of a delta: rows without a name."""

from collections.abc import AsyncIterator
from uuid import UUID

from domain.intake.importing import RowOutcome
from domain.intake.oneroster import ENROLMENTS, USERS

from ..transactions import Transaction

_ENROLMENTS = (
    "select r.line, u.line as user_line, i.person_id from import_row r"
    " left join (select reading->>'identifier' as identifier, min(line) as line from import_row"
    f"  where trust_id = $1 and job_id = $2 and cells->>'file' = '{USERS}' and outcome <> '{RowOutcome.REFUSED}'"
    "  group by 1) u on u.identifier = r.reading->>'identifier'"
    " left join person_identifier i on i.trust_id = $1 and i.system = $3 and i.identifier = r.reading->>'identifier'"
    f" where r.trust_id = $1 and r.job_id = $2 and r.cells->>'file' = '{ENROLMENTS}' and r.outcome = '{RowOutcome.NEW}'"
)


async def enrolments(
    transaction: Transaction, job_id: UUID, system: str
) -> AsyncIterator[tuple[int, int | None, UUID | None]]:
    """Lines of enrolments that can be used; the first row of their user that is not refused; and who on record bears the
    identifier."""
    async for row in transaction.stream(_ENROLMENTS, transaction.trust_id, job_id, system):
        yield row["line"], row["user_line"], row["person_id"]
