"""The nightly job that forgets what is overdue.

Done in the worker's role, which alone may delete; what is looked for is told by days and states, never by names.
"""

from datetime import timedelta

from domain.governance.rulesets import RecordType

from ..fragments.retention import OVERDUE, overdue
from ..governance.rulesets import ruleset_in_force
from ..transactions import Transaction

_REDACTED = "name = '', service_address = ''"
# what is done to rows that are overdue, as `done` and whatever follows from it; rows of the other types are deleted
_FORGET = {
    RecordType.NOTICE_TEXT: "done as (update notice t set body = null where {overdue} returning 1)",
    RecordType.REFUSED_APPLICATION: f"done as (update membership t set {_REDACTED}, redacted_on = legal_today()"
    " where {overdue} returning 1)",
    RecordType.FORMER_MEMBER: f"done as (update membership t set {_REDACTED}, redacted_on = legal_today() where {{overdue}}"
    f" returning t.id), lines as (update register_line e set {_REDACTED} from done"
    " where e.trust_id = $1 and e.membership_id = done.id)",
}


async def forget_overdue(transaction: Transaction) -> dict[str, int]:
    """Takes everything that is overdue in the trust; how many rows of each type."""
    ruleset, today = await ruleset_in_force(transaction), await transaction.today()
    done = {}
    for kind, (table, _) in OVERDUE.items():
        if kind is RecordType.DRAFT_APPLICATION:  # a step in the life of a membership: actions/membership/lifecycle.py
            continue
        taking = _FORGET.get(kind, f"done as (delete from {table} t where {{overdue}} returning 1)")
        condition = f"t.trust_id = $1 and {overdue(kind, '$1', '$2::date')}"
        done[kind.value] = await transaction.value(
            f"with {taking.format(overdue=condition)} select count(*) from done",
            transaction.trust_id,
            today - timedelta(days=ruleset.retention_days[kind]),
        )
    return done
