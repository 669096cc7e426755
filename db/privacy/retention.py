"""The nightly job that forgets what is overdue.

Done in the worker's role, which alone may delete; what is looked for is told by days and states, never by names.
"""

from domain.governance.rulesets import RecordType

from ..connection import Pool
from .reads import OVERDUE, overdue

_FORGET = {
    RecordType.NOTICE_TEXT: "update notice t set body = null where {overdue}",
    RecordType.REFUSED_APPLICATION: "update membership t set name = '', service_address = '', redacted_on = current_date where {overdue}",
}
_FORMER_MEMBERS = (
    "with done as (update membership t set name = '', service_address = '', redacted_on = current_date where {overdue}"
    " returning t.trust_id, t.id), lines as (update register_entry e set name = '', service_address = '' from done"
    " where e.trust_id = done.trust_id and e.membership_id = done.id) select count(*) from done"
)


async def forget_overdue(worker: Pool) -> dict[str, int]:
    """Takes everything that is overdue, of every trust; how many rows of each type."""
    done = {}
    for kind, (table, _) in OVERDUE.items():
        if kind is RecordType.DRAFT_APPLICATION:  # a step in the life of a membership: actions/members/leavers.py
            continue
        taking = _FORGET.get(kind, f"delete from {table} t where {{overdue}}")
        statement = f"with done as ({taking} returning 1) select count(*) from done"
        if kind is RecordType.FORMER_MEMBER:
            statement = _FORMER_MEMBERS
        done[kind.value] = await worker.fetchval(statement.format(overdue=overdue(kind)))
    return done
