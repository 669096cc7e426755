"""What is overdue to be forgotten, in SQL: the days are the trust's (rule 26c)."""

from domain.governance.rulesets import RecordType
from domain.intake.importing import ENDED
from domain.membership.lifecycle import DECLINED, NEVER_SENT

from ..columns import listed
from .clock import midnight
from .rulesets import ruleset_in_force

# table, and when a row `t` of it is overdue: what happened before {day}, or before {midnight} with which it begins
OVERDUE: dict[RecordType, tuple[str, str]] = {
    RecordType.REFUSED_APPLICATION: (
        "membership",
        f"t.status in ({listed(DECLINED)}) and t.redacted_on is null and t.applied_at < {{midnight}}",
    ),
    RecordType.DRAFT_APPLICATION: (
        "membership",
        f"t.status in ({listed(NEVER_SENT)}) and t.applied_at < {{midnight}}",
    ),
    RecordType.IMPORTED_ROW: (
        "import_row",
        "exists (select from import_job j where j.trust_id = {trust} and j.id = t.job_id"
        f" and j.status in ({listed(ENDED)}) and j.last_used_at < {{midnight}})",
    ),
    RecordType.ENDED_SESSION: ("session", "least(t.ended_at, t.expires_at) < {midnight}"),
    RecordType.NOTICE_TEXT: ("notice", "t.body is not null and t.dispatched_at < {midnight}"),
    RecordType.FORMER_MEMBER: (
        "membership",
        "t.number is not null and t.redacted_on is null and t.ceased_on < {day}",
    ),
    RecordType.INSPECTION_REQUEST: ("inspection_request", "t.answered_on < {day}"),
    RecordType.DATA_REQUEST: ("data_request", "t.answered_on < {day}"),
}


def days_kept(kind: RecordType) -> str:
    """For how many days, by the rules in force."""
    days = f"(r.rules->'retentionDays'->>'{kind.value}')::int"
    return f"({ruleset_in_force(days)})"


def overdue(kind: RecordType, trust: str, day: str) -> str:
    """The condition under which a row `t` of `trust` is overdue, which keeps what happened on `day` or later."""
    _, condition = OVERDUE[kind]
    return condition.format(trust=trust, day=f"({day})", midnight=midnight(day))
