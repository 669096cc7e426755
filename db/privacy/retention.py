"""How long records are kept: the days are the trust's, what is overdue stands here, and the nightly job takes it.

Done in the worker's role, which alone may delete; what is looked for is told by days and states, never by names.
"""

from domain.governance.rulesets import RecordType

from ..connection import Pool

_DAYS = (
    "(select (r.rules->'retentionDays'->>'{kind}')::int from ruleset r where r.trust_id = t.trust_id"
    " and r.effective_from <= current_date order by r.version desc limit 1)"
)
# table, and when a row of it is overdue by `days`
OVERDUE: dict[RecordType, tuple[str, str]] = {
    RecordType.REFUSED_APPLICATION: (
        "membership",
        "t.status in ('REFUSED', 'WITHDRAWN') and t.redacted_on is null and t.applied_at < current_date - {days}",
    ),
    RecordType.DRAFT_APPLICATION: ("membership", "t.status = 'DRAFT' and t.applied_at < current_date - {days}"),
    RecordType.IMPORTED_ROW: (
        "import_row",
        "exists (select from import_job j where j.trust_id = t.trust_id and j.id = t.job_id"
        " and j.created_at < current_date - {days})",
    ),
    RecordType.ENDED_SESSION: ("session", "least(t.ended_at, t.expires_at) < current_date - {days}"),
    RecordType.NOTICE_TEXT: ("notice", "t.body is not null and t.dispatched_at < current_date - {days}"),
    RecordType.FORMER_MEMBER: (
        "membership",
        "t.number is not null and t.redacted_on is null and t.ceased_on < current_date - {days}",
    ),
    RecordType.INSPECTION_REQUEST: ("inspection_request", "t.answered_on < current_date - {days}"),
    RecordType.DATA_REQUEST: ("data_request", "t.answered_on < current_date - {days}"),
}
_FORGET = {
    RecordType.NOTICE_TEXT: "update notice t set body = null where {overdue}",
    RecordType.REFUSED_APPLICATION: "update membership t set name = '', service_address = '', redacted_on = current_date where {overdue}",
    RecordType.DRAFT_APPLICATION: "update membership t set status = 'WITHDRAWN', name = '', service_address = '',"
    " redacted_on = current_date where {overdue}",
}
_FORMER_MEMBERS = (
    "with done as (update membership t set name = '', service_address = '', redacted_on = current_date where {overdue}"
    " returning t.trust_id, t.id), lines as (update register_entry e set name = '', service_address = '' from done"
    " where e.trust_id = done.trust_id and e.membership_id = done.id) select count(*) from done"
)


def overdue(kind: RecordType) -> str:
    """The condition under which a row `t` is overdue."""
    return OVERDUE[kind][1].format(days=_DAYS.format(kind=kind.value))


async def forget_overdue(worker: Pool) -> dict[str, int]:
    """Takes everything that is overdue, of every trust; how many rows of each type."""
    done = {}
    for kind, (table, _) in OVERDUE.items():
        taking = _FORGET.get(kind, f"delete from {table} t where {{overdue}}")
        statement = f"with done as ({taking} returning 1) select count(*) from done"
        if kind is RecordType.FORMER_MEMBER:
            statement = _FORMER_MEMBERS
        done[kind.value] = await worker.fetchval(statement.format(overdue=overdue(kind)))
    return done


def _counted(kind: RecordType) -> str:
    table, _ = OVERDUE[kind]
    return (
        f"select '{kind.value}' as kind, (select count(*) from {table} t where t.trust_id = {{trust}}"
        f" and ({overdue(kind)})) as overdue, {_DAYS.format(kind=kind.value).replace('t.trust_id', '{trust}')} as days"
    )


# what the report of overdue records reads
OVERDUE_COUNTS = (
    "(select {trust} as trust_id, md5(kind)::uuid as id, kind, overdue, days from ("
    + " union all ".join(_counted(kind) for kind in OVERDUE)
    + ") counted)"
)
