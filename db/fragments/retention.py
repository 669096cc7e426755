"""What is overdue to be forgotten, in SQL: the days are the trust's (rule 26c)."""

from domain.governance.rulesets import RecordType

from ..personal import Time
from .clock import midnight
from .rulesets import ruleset_in_force


def days_kept(kind: RecordType) -> str:
    """For how many days, by the rules in force."""
    days = f"(r.rules->'retentionDays'->>'{kind.value}')::int"
    return f"({ruleset_in_force(days)})"


def overdue(time: Time, trust: str, day: str) -> str:
    """The condition under which a row `t` of `trust` is overdue, which keeps what happened on `day` or later."""
    return time.overdue.format(trust=trust, day=f"({day})", midnight=midnight(day))
