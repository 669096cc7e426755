"""What is overdue to be forgotten, in SQL: the days are the trust's."""

from domain.governance.rulesets import RecordType

DAYS_KEPT = (
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


def overdue(kind: RecordType) -> str:
    """The condition under which a row `t` is overdue."""
    return OVERDUE[kind][1].format(days=DAYS_KEPT.format(kind=kind.value))
