"""Members whose ground for membership has gone, come back, or run out of grace."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from domain.conditions import Condition
from domain.governance.rulesets import RecordType
from domain.membership.lapsing import BEGINS_TO_LAPSE, IS_KEPT, LAPSES

from ..fragments.conditions import Places, Records, columns, predicate
from ..fragments.eligibility import ALIVE, PLACES
from ..fragments.retention import overdue
from ..fragments.rulesets import LAST_STATED, RULES_IN_FORCE
from ..governance.rulesets import ruleset_in_force
from ..transactions import Transaction
from .removals import OPEN_REMOVAL
from .tables import DRAFTS_TIME

# of a membership `m`, with what decides on the eligibility of its person `p` for its constituency: whoever is left in one
# that the rules no longer have is judged by the last that had it (rule 1c)
MEMBERSHIP: Places = {
    **PLACES,
    **columns("m", "status", "lapses_on"),
    "conversions": Records(
        "membership n where n.trust_id = {trust} and n.person_id = m.person_id and n.converted_from_id = m.id",
        columns("n", "status"),
    ),
    "removal": OPEN_REMOVAL,
}
HELD_BY_PEOPLE = (
    f"membership m join person p on p.trust_id = {{trust}} and p.id = m.person_id and {ALIVE}"
    f" cross join {RULES_IN_FORCE} join constituency c on c.trust_id = {{trust}} and c.id = m.constituency_id"
    f" join {LAST_STATED} on rule.stated->>'code' = c.code where m.trust_id = {{trust}}"
)


async def _due(transaction: Transaction, step: Condition) -> Sequence[UUID]:
    found = f"select m.id from {HELD_BY_PEOPLE} and {predicate(step, MEMBERSHIP)} order by m.id"
    rows = await transaction.rows(found.replace("{trust}", "$1"), transaction.trust_id)
    return [row["id"] for row in rows]


async def without_ground(transaction: Transaction) -> Sequence[UUID]:
    """Members who are no longer eligible for their constituency. Judges the whole register, so it is asked once a day."""
    return await _due(transaction, BEGINS_TO_LAPSE)


async def with_ground_again(transaction: Transaction) -> Sequence[UUID]:
    """Members who were told that they lapse and are eligible again."""
    return await _due(transaction, IS_KEPT)


async def out_of_grace(transaction: Transaction) -> Sequence[UUID]:
    """Lapsing members whose days of grace are over, but for those whose conversion or removal is open."""
    return await _due(transaction, LAPSES)


async def forgotten_drafts(transaction: Transaction) -> Sequence[UUID]:
    """Applications that were begun and never sent, and are kept too long."""
    kept = timedelta(days=(await ruleset_in_force(transaction)).retention_days[RecordType.DRAFT_APPLICATION])
    rows = await transaction.rows(
        "select t.id from membership t where t.trust_id = $1"
        f" and {overdue(DRAFTS_TIME, '$1', '$2::date')} order by t.id",
        transaction.trust_id,
        await transaction.today() - kept,
    )
    return [row["id"] for row in rows]
