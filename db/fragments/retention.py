"""What is overdue to be forgotten, in SQL: the days are the trust's."""

from domain.governance.rulesets import RecordType

from .rulesets import ruleset_in_force

DAYS_KEPT = "(" + ruleset_in_force("(r.rules->'retentionDays'->>'{kind}')::int", trust="t.trust_id") + ")"


# table, and when a row of it is overdue by `days`
OVERDUE: dict[RecordType, tuple[str, str]] = {
    RecordType.REFUSED_APPLICATION: (
        "membership",
        "t.status in ('REFUSED', 'WITHDRAWN') and t.redacted_on is null and t.applied_at < legal_today() - {days}",
    ),
    RecordType.DRAFT_APPLICATION: ("membership", "t.status = 'DRAFT' and t.applied_at < legal_today() - {days}"),
    RecordType.IMPORTED_ROW: (
        "import_row",
        "exists (select from import_job j where j.trust_id = t.trust_id and j.id = t.job_id"
        " and j.created_at < legal_today() - {days})",
    ),
    RecordType.ENDED_SESSION: ("session", "least(t.ended_at, t.expires_at) < legal_today() - {days}"),
    RecordType.NOTICE_TEXT: ("notice", "t.body is not null and t.dispatched_at < legal_today() - {days}"),
    RecordType.FORMER_MEMBER: (
        "membership",
        "t.number is not null and t.redacted_on is null and t.ceased_on < legal_today() - {days}",
    ),
    RecordType.INSPECTION_REQUEST: ("inspection_request", "t.answered_on < legal_today() - {days}"),
    RecordType.DATA_REQUEST: ("data_request", "t.answered_on < legal_today() - {days}"),
}


def overdue(kind: RecordType) -> str:
    """The condition under which a row `t` is overdue."""
    return OVERDUE[kind][1].format(days=DAYS_KEPT.format(kind=kind.value))
