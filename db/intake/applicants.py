"""Those of a file who consented in writing to be members."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from ..fragments.addresses import SCHOOL_ADDRESS
from ..transactions import Transaction


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who consented, and what the row says of where they are; a school's address is empty where no school is named."""

    person_id: UUID
    school_id: UUID | None
    school_address: str
    postcode: str | None


async def applicants(transaction: Transaction, job_id: UUID, lines: Sequence[int]) -> list[Applicant]:
    """Everybody who consented in one of the rows, by the first of their rows, in the order of the file."""
    rows = await transaction.rows(
        f"select c.person_id, s.id as school_id, {SCHOOL_ADDRESS} as school_address, c.postcode"
        " from (select distinct on (person_id) person_id, line, reading->>'postcode' as postcode,"
        "  (reading->'urns'->>0)::int as urn from import_row where trust_id = $1 and job_id = $2 and line = any($3)"
        "  and person_id is not null and (reading->>'consents')::boolean order by person_id, line) c"
        " left join school s on s.trust_id = $1 and s.urn = c.urn order by c.line",
        transaction.trust_id,
        job_id,
        lines,
    )
    return [Applicant(**row) for row in rows]
