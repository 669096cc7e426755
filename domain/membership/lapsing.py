"""What the passing of days does to a member (rules 6d and 22b)."""

from datetime import date

from ..conditions import ENDED, TODAY, AgeAtLeast, Condition, Exists, OneOf, Reached, Rule
from ..governance.rulesets import Ruleset
from ..notifications.notice import NoticeKind
from ..people.guardians import NEEDS_GUARDIAN
from .eligibility import HAS_LOST_GROUND, facts_about
from .lifecycle import CURRENT, HeldMembership, MembershipStatus

_ADMITTED = OneOf("status", frozenset({MembershipStatus.ADMITTED}))
_LAPSING = OneOf("status", frozenset({MembershipStatus.LAPSING}))
_UNDECIDED = OneOf("status", frozenset({MembershipStatus.SUBMITTED, MembershipStatus.UNDER_REVIEW}))
BEGINS_TO_LAPSE = _ADMITTED & HAS_LOST_GROUND
IS_KEPT = _LAPSING & ~HAS_LOST_GROUND
# whoever asked for another constituency in time waits for the answer as a member
LAPSES = _LAPSING & Reached("lapses_on", TODAY) & ~Exists("conversions", _UNDECIDED)


# a young member answers for themself from the birthday until which a guardian answered for them, and is told once: also
# whoever a guardian applied for before it and who was admitted, or converted, after it
_IS_MEMBER = Exists("memberships", OneOf("status", CURRENT))
_RAN_OUT = ENDED & AgeAtLeast("born", Rule("guardian_consent_age"), on="until")
_WAS_TOLD = Exists("notices", OneOf("kind", frozenset({NoticeKind.HANDED_OVER})))
IS_HANDED_OVER = (
    _IS_MEMBER & ~NEEDS_GUARDIAN & Exists("guardianships", _RAN_OUT) & ~Exists("guardianships", ~ENDED) & ~_WAS_TOLD
)


def is_due(step: Condition, held: HeldMembership, ruleset: Ruleset, day: date) -> bool:
    """Whether one of the steps above is due for the membership of a person, by the rules of `day`."""
    assert held.facts is not None
    rule = ruleset.constituency(held.membership.constituency)
    about = facts_about(held.facts, ruleset, rule, day)
    return step.evaluate(about.of(held.membership))
