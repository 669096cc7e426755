"""Members whose ground for membership has gone, come back, or run out of grace."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from domain.governance.rulesets import RecordType
from domain.membership.eligibility import GROUND

from ..columns import listed
from ..fragments.clock import TODAY
from ..fragments.retention import overdue
from ..governance.rulesets import ruleset_in_force
from ..transactions import Transaction
from .reads import ELIGIBILITY

_GONE = f"e.obstacles && array[{listed(GROUND)}]"


_ELIGIBILITY = ELIGIBILITY.replace("{trust}", "$1")


async def _found(transaction: Transaction, status: str, condition: str) -> Sequence[UUID]:
    rows = await transaction.rows(
        f"select m.id from membership m join {_ELIGIBILITY} e on e.person_id = m.person_id"
        f" and e.constituency_id = m.constituency_id where m.trust_id = $1 and m.status = $2 and {condition} order by m.id",
        transaction.trust_id,
        status,
    )
    return [row["id"] for row in rows]


async def without_ground(transaction: Transaction) -> Sequence[UUID]:
    """Members who are no longer eligible for their constituency. Judges the whole register, so it is asked once a day."""
    return await _found(transaction, "ADMITTED", _GONE)


async def with_ground_again(transaction: Transaction) -> Sequence[UUID]:
    """Lapsing members who are eligible again."""
    return await _found(transaction, "LAPSING", f"not ({_GONE})")


async def out_of_grace(transaction: Transaction) -> Sequence[UUID]:
    rows = await transaction.rows(
        f"select m.id from membership m where m.trust_id = $1 and m.status = 'LAPSING' and m.lapses_on <= {TODAY}"
        # whoever asked for another constituency in time waits for the answer as a member
        " and not exists (select from membership n where n.trust_id = $1 and n.converted_from_id = m.id"
        "  and n.status in ('SUBMITTED', 'UNDER_REVIEW')) order by m.id",
        transaction.trust_id,
    )
    return [row["id"] for row in rows]


async def forgotten_drafts(transaction: Transaction) -> Sequence[UUID]:
    """Applications that were begun and never sent, and are kept too long."""
    kept = timedelta(days=(await ruleset_in_force(transaction)).retention_days[RecordType.DRAFT_APPLICATION])
    rows = await transaction.rows(
        "select t.id from membership t where t.trust_id = $1"
        f" and {overdue(RecordType.DRAFT_APPLICATION, '$1', '$2::date')} order by t.id",
        transaction.trust_id,
        await transaction.today() - kept,
    )
    return [row["id"] for row in rows]
