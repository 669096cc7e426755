"""What the passing of days does to a member (rules 6d and 22b)."""

from datetime import date

from ..conditions import TODAY, Condition, Exists, OneOf, Reached, Rule, Unknown, YoungerThan
from ..governance.rulesets import ConstituencyRule, Ruleset
from ..notifications.notice import NoticeKind
from ..people.guardians import ANSWERS_FOR_THEMSELF, LASTED_TO_HAND_OVER
from .eligibility import HAS_LOST_GROUND, facts_about
from .lifecycle import CURRENT, HeldMembership, MembershipStatus

_UNDECIDED = OneOf("status", frozenset({MembershipStatus.SUBMITTED, MembershipStatus.UNDER_REVIEW}))
# the suspended have a day on which they lapse like others (rule 4h)
_IS_TO_LAPSE = OneOf("status", frozenset({MembershipStatus.LAPSING, MembershipStatus.SUSPENDED})) & ~Unknown(
    "lapses_on"
)
BEGINS_TO_LAPSE = OneOf("status", CURRENT) & Unknown("lapses_on") & HAS_LOST_GROUND
IS_KEPT = _IS_TO_LAPSE & ~HAS_LOST_GROUND
# whoever asked for another constituency in time waits for the answer as a member, and for what comes of a removal (rule 4g)
LAPSES = _IS_TO_LAPSE & Reached("lapses_on", TODAY) & ~Exists("conversions", _UNDECIDED) & Unknown("removal")


# a young member for whom a guardian answered up to the birthday of the hand-over is told, once, that they answer for
# themself: also whoever was admitted, or converted, after it; and again where on some day since a guardian could answer
# for them, because rules with a higher age held while they were below it
_IS_MEMBER = Exists("memberships", OneOf("status", CURRENT))
_AGE = Rule("guardian_consent_age")
# of a version of the rules, by the days on which it is in force: below its age on the first of them since they were told
_GUARDED_SINCE = (
    Reached("since", TODAY)
    & ~Reached("until", "told_on")
    & ~Reached("until", "since")
    & YoungerThan("born", _AGE, on="since")
    & YoungerThan("born", _AGE, on="told_on")
)
_TOLD_SINCE = OneOf("kind", frozenset({NoticeKind.HANDED_OVER})) & ~Exists("rulesets", _GUARDED_SINCE)
IS_HANDED_OVER = (
    _IS_MEMBER & ANSWERS_FOR_THEMSELF & Exists("guardianships", LASTED_TO_HAND_OVER) & ~Exists("notices", _TOLD_SINCE)
)


def is_due(step: Condition, held: HeldMembership, ruleset: Ruleset, rule: ConstituencyRule, day: date) -> bool:
    """Whether one of the steps above is due for the membership of a person, by the rules of `day` and the last ones of its
    constituency."""
    assert held.facts is not None
    about = facts_about(held.facts, ruleset, rule, day)
    return step.evaluate(about.of(held.membership))
