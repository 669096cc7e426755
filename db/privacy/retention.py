"""The nightly job that forgets what is overdue.

Done in the worker's role, which alone may delete; what is looked for is told by days and states, never by names.
"""

from domain.governance.rulesets import RecordType

from ..connection import Pool
from ..fragments.retention import OVERDUE, overdue

_REDACTED = "name = '', service_address = ''"
# what is done to rows that are overdue, as `done` and whatever follows from it; rows of the other types are deleted
_FORGET = {
    RecordType.NOTICE_TEXT: "done as (update notice t set body = null where {overdue} returning 1)",
    RecordType.REFUSED_APPLICATION: f"done as (update membership t set {_REDACTED}, redacted_on = legal_today()"
    " where {overdue} returning 1)",
    RecordType.FORMER_MEMBER: f"done as (update membership t set {_REDACTED}, redacted_on = legal_today() where {{overdue}}"
    f" returning t.trust_id, t.id), lines as (update register_line e set {_REDACTED} from done"
    " where e.trust_id = done.trust_id and e.membership_id = done.id)",
}


async def forget_overdue(worker: Pool) -> dict[str, int]:
    """Takes everything that is overdue, of every trust; how many rows of each type."""
    done = {}
    for kind, (table, _) in OVERDUE.items():
        if kind is RecordType.DRAFT_APPLICATION:  # a step in the life of a membership: actions/membership/lifecycle.py
            continue
        taking = _FORGET.get(kind, f"done as (delete from {table} t where {{overdue}} returning 1)")
        statement = f"with {taking} select count(*) from done"
        done[kind.value] = await worker.fetchval(statement.format(overdue=overdue(kind)))
    return done
