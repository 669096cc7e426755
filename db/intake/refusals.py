"""Who says no in a file and is, by what was said before, an applicant or a member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.intake.importing import BY_A_FILE, NO_CONSENT, Finding
from domain.membership.lifecycle import NEVER_SENT, OPEN_STATUSES, SENT, MembershipStatus

from ..columns import listed
from ..fragments.clock import day_of
from ..transactions import Transaction

_APPLIED_THEMSELF_SINCE = (
    "exists (select from membership_transition t where t.trust_id = $1 and t.membership_id = m.id"
    f" and t.status in ({listed(SENT)}) and t.reason is distinct from '{BY_A_FILE}' and {day_of('t.at')} > $5)"
)
_SAID_YES_SINCE = (
    "exists (select from import_job j join import_row y on y.trust_id = $1 and y.job_id = j.id and y.person_id = r.person_id"
    " where j.trust_id = $1 and j.exported_on > $5 and j.applied_by_id is not null and (y.reading->>'consents')::boolean"
    f" and not y.findings && array[{listed(NO_CONSENT)}])"
)


@dataclass(frozen=True, slots=True)
class RefusedMembership:
    """A row that says no, and an application that was sent, or a membership, of its person."""

    line: int
    membership_id: UUID
    status: MembershipStatus


async def refused_memberships(
    transaction: Transaction, job_id: UUID, exported_on: date, first: int, last: int
) -> Sequence[RefusedMembership]:
    """Of the rows from line `first` to `last` that say no, in a file of that day: what their people have, unless they said
    yes on a later day, themselves or in another file."""
    rows = await transaction.rows(
        "select r.line, m.id, m.status from import_row r join membership m on m.trust_id = $1 and m.person_id = r.person_id"
        f" and m.status in ({listed(OPEN_STATUSES - NEVER_SENT)})"
        f" where r.trust_id = $1 and r.job_id = $2 and r.line between $3 and $4 and '{Finding.CONSENT_REFUSED}' = any(r.findings)"
        f" and not {_APPLIED_THEMSELF_SINCE} and not {_SAID_YES_SINCE} order by m.id, r.line",
        transaction.trust_id,
        job_id,
        first,
        last,
        exported_on,
    )
    return [RefusedMembership(row["line"], row["id"], MembershipStatus.named(row["status"])) for row in rows]
