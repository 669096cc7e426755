"""Who may be a member in which constituency on which day, and why not (rules 2c, 3c and 6).

Declared as conditions: asked here about one person, and of whole registers by db/fragments/eligibility.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ..conditions import (
    ENDED,
    HOLDS,
    Asked,
    Condition,
    Either,
    Exists,
    Facts,
    Holds,
    OneOf,
    Rule,
    Unknown,
    YoungerThan,
    each_that_holds,
)
from ..described import DescribedEnum
from ..governance.qualification import RelationshipKind
from ..governance.rulesets import ConstituencyRule, Plurality, Ruleset
from ..people.guardians import NEEDS_GUARDIAN
from ..people.relationships import IS_DECLARED, IS_KNOWN_AS_ADULT, Relationship
from ..refusals import Conflict, Invalid, RefusalCode, refuse_all


class EligibilityReason(DescribedEnum):
    """Why somebody is, or is not, eligible for a constituency."""

    QUALIFIES = "QUALIFIES", "A relationship that holds on the day qualifies."
    NO_RELATIONSHIP = "NO_RELATIONSHIP", "No relationship that holds on the day qualifies."
    TOO_YOUNG = "TOO_YOUNG", "Younger than the constituency's age of joining."
    DATE_OF_BIRTH_NEEDED = (
        "DATE_OF_BIRTH_NEEDED",
        "No date of birth is known, and an age, or a guardian's consent, asked.",
    )
    GUARDIAN_CONSENT_NEEDED = "GUARDIAN_CONSENT_NEEDED", "At this age a guardian's consent is needed."
    CONSTITUENCY_CLOSES = "CONSTITUENCY_CLOSES", "Rules adopted for a later day no longer have the constituency."
    ANOTHER_HAS_FIRST_CLAIM = "ANOTHER_HAS_FIRST_CLAIM", "The rules put this person in another constituency first."


@dataclass(frozen=True, slots=True)
class Consent:
    """A guardian's consent from a day until the day before another; `is_declared`: of whom nobody but they themself says
    that they answer for the child."""

    since: date
    until: date | None = None
    is_declared: bool = False


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What eligibility is computed from."""

    born: date | None
    relationships: tuple[Relationship, ...]
    consents: tuple[Consent, ...] = ()
    died_on: date | None = None
    birth_is_declared: bool = False  # their own, or a guardian's, word alone
    admitted_too_young: bool = False  # as an officer corrected the birth date since


IS_ALIVE = Unknown("died_on")  # a death ends every membership (rule 4b); nobody joins after it
_HAS_CONSENT = Exists("consents", HOLDS)
_CLOSES = OneOf("code", Rule("closing"))  # rule 1d
# what keeps somebody out of the constituency whose rule the facts tell, whatever others there are
_OWN_OBSTACLES: Mapping[EligibilityReason, Condition] = {
    EligibilityReason.NO_RELATIONSHIP: ~Exists("relationships", OneOf("kind", Rule("qualifying_kinds")) & HOLDS),
    EligibilityReason.DATE_OF_BIRTH_NEEDED: Unknown("born")
    & (Asked(Rule("join_age")) | NEEDS_GUARDIAN & ~_HAS_CONSENT),
    EligibilityReason.TOO_YOUNG: YoungerThan("born", Rule("join_age")),
    EligibilityReason.GUARDIAN_CONSENT_NEEDED: ~Unknown("born") & NEEDS_GUARDIAN & ~_HAS_CONSENT,
    EligibilityReason.CONSTITUENCY_CLOSES: _CLOSES,
}
_HAS_FIRST_CLAIM = OneOf("code", Rule("first_claim"))
_QUALIFIES = ~Either(tuple(_OWN_OBSTACLES.values()))


# what keeps somebody out of a constituency (rules 2c, 3c and 6a)
OBSTACLES: Mapping[EligibilityReason, Condition] = {
    **_OWN_OBSTACLES,
    EligibilityReason.ANOTHER_HAS_FIRST_CLAIM: ~_HAS_FIRST_CLAIM
    & Exists("constituencies", _HAS_FIRST_CLAIM & _QUALIFIES),
}


# what ends a membership (rule 22b) on the day it is asked, by the rules of that day; an admission stands (rule 1c): whoever
# was of an age to consent themself never had a guardian's consent, and loses nothing when the rules raise the age (rule 6d).
# Whoever was not, as the birth date was corrected since, was not rightly admitted (rule 5i)
LOST_GROUNDS: Mapping[EligibilityReason, Condition] = {
    EligibilityReason.NO_RELATIONSHIP: _OWN_OBSTACLES[EligibilityReason.NO_RELATIONSHIP],
    EligibilityReason.GUARDIAN_CONSENT_NEEDED: NEEDS_GUARDIAN
    & ~_HAS_CONSENT
    & (Exists("consents", ENDED) | Holds("admitted_too_young")),
    EligibilityReason.TOO_YOUNG: _OWN_OBSTACLES[EligibilityReason.TOO_YOUNG] & Holds("admitted_too_young"),
}
HAS_LOST_GROUND = Either(tuple(LOST_GROUNDS.values()))


# nobody is a member by their own word alone: whoever is admitted without a decision is so by what a school's system says or
# an officer has verified, the age where it matters and the guardian where one consents included (rule 4j)
_GROUND_IS_SEEN = Exists("relationships", OneOf("kind", Rule("qualifying_kinds")) & HOLDS & ~IS_DECLARED)
_AGE_IS_SEEN = ~Holds("birth_is_declared") | ~Asked(Rule("join_age")) & IS_KNOWN_AS_ADULT
_GUARDIAN_IS_SEEN = ~NEEDS_GUARDIAN | Exists("consents", HOLDS & ~Holds("is_declared"))
RESTS_ON_EVIDENCE = _GROUND_IS_SEEN & _AGE_IS_SEEN & _GUARDIAN_IS_SEEN


def facts_about(person: PersonFacts, ruleset: Ruleset, rule: ConstituencyRule, day: date) -> Facts:
    """The facts of somebody and a constituency on `day`."""
    return Facts(person, rule, ruleset, today=day, constituencies=tuple(ruleset.constituencies.values()))


def obstacles(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> list[EligibilityReason]:
    """What keeps the person out of the constituency on `day`; nothing when they are eligible."""
    return each_that_holds(OBSTACLES, facts_about(facts, ruleset, rule, day))


def reasons(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> list[EligibilityReason]:
    """Why the person is or is not eligible: the obstacles, or that they qualify."""
    return obstacles(ruleset, rule, facts, day) or [EligibilityReason.QUALIFIES]


_REFUSALS: dict[EligibilityReason, tuple[RefusalCode, str]] = {
    EligibilityReason.NO_RELATIONSHIP: (RefusalCode.NOT_ELIGIBLE, "constituency"),
    EligibilityReason.DATE_OF_BIRTH_NEEDED: (RefusalCode.TOO_YOUNG, "date_of_birth"),
    EligibilityReason.TOO_YOUNG: (RefusalCode.TOO_YOUNG, "date_of_birth"),
    EligibilityReason.GUARDIAN_CONSENT_NEEDED: (RefusalCode.GUARDIAN_CONSENT_NEEDED, "date_of_birth"),
    EligibilityReason.CONSTITUENCY_CLOSES: (RefusalCode.CONSTITUENCY_CLOSES, "constituency"),
    EligibilityReason.ANOTHER_HAS_FIRST_CLAIM: (RefusalCode.ANOTHER_CONSTITUENCY_FIRST, "constituency"),
}


def check_eligible(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> None:
    """Refuses whatever keeps the person out, all at once.

    Refusals: NOT_ELIGIBLE, also for the dead, TOO_YOUNG (also where no date of birth is known and it has to be),
    GUARDIAN_CONSENT_NEEDED, CONSTITUENCY_CLOSES, ANOTHER_CONSTITUENCY_FIRST.
    """
    if not IS_ALIVE.evaluate(Facts(facts)):
        raise Conflict(RefusalCode.NOT_ELIGIBLE, "A death is on record.")
    ages = {
        EligibilityReason.DATE_OF_BIRTH_NEEDED: rule.join_age or ruleset.guardian_consent_age,
        EligibilityReason.TOO_YOUNG: rule.join_age,
        EligibilityReason.GUARDIAN_CONSENT_NEEDED: ruleset.guardian_consent_age,
    }
    found = obstacles(ruleset, rule, facts, day)
    refuse_all([_refusal(reason, ages) for reason in found])


def _refusal(reason: EligibilityReason, ages: Mapping[EligibilityReason, int]) -> Invalid:
    code, field = _REFUSALS[reason]
    return Invalid(code, field=field, age=ages[reason]) if reason in ages else Invalid(code, field=field)


def was_too_young(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> bool:
    """Whether somebody who joined on the day was below the age of joining, or of a guardian's consent, and had none."""
    ages = {EligibilityReason.TOO_YOUNG, EligibilityReason.GUARDIAN_CONSENT_NEEDED}
    return bool(ages & set(obstacles(ruleset, rule, facts, day)))


def rests_on_evidence(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> bool:
    """Whether an eligible applicant's age and ground are known by more than their own word."""
    return RESTS_ON_EVIDENCE.evaluate(facts_about(facts, ruleset, rule, day))


def check_stays(ruleset: Ruleset, rule: ConstituencyRule) -> None:
    """For whoever is not asked whether they are eligible: an organisation, or who keeps a draft for later (rule 1d).

    Refusals: CONSTITUENCY_CLOSES.
    """
    if _CLOSES.evaluate(Facts(rule, ruleset)):
        raise Invalid(RefusalCode.CONSTITUENCY_CLOSES, field="constituency")


def choices(ruleset: Ruleset, facts: PersonFacts, left: str, day: date) -> list[ConstituencyRule]:
    """The constituencies somebody who loses the ground for one may ask to go to: those they are eligible for, and those
    of neighbours and of former learners, of which they need only say that they are one (rule 22b)."""
    may_be_said = {RelationshipKind.COMMUNITY}
    if any(each.kind is RelationshipKind.LEARNER for each in facts.relationships):
        may_be_said.add(RelationshipKind.ALUMNUS)
    found = []
    for rule in ruleset.constituencies.values():
        missing = set(obstacles(ruleset, rule, facts, day))
        if rule.qualifying_kinds & may_be_said:
            missing.discard(EligibilityReason.NO_RELATIONSHIP)
        if rule.code != left and not missing:
            found.append(rule)
    return found


def check_plurality(ruleset: Ruleset, open_in: Collection[str], constituency: str) -> None:
    """Whether somebody with open memberships or applications `open_in` these may have one more (rule 3a).

    Refusals: ALREADY_A_MEMBER.
    """
    if constituency in open_in or (open_in and ruleset.constituencies_per_person is Plurality.ONE):
        raise Conflict(RefusalCode.ALREADY_A_MEMBER)
