"""Who may be a member in which constituency on which day, and why not (rules 2c, 3c and 6).

The same rule stands in db/fragments/eligibility.py for whole registers at a time; a test compares the two.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ..described import DescribedEnum
from ..governance.qualification import RelationshipKind
from ..governance.rulesets import ConstituencyRule, Plurality, Ruleset
from ..people.relationships import Relationship, age_on, qualifies
from ..refusals import Conflict, Invalid, RefusalCode


class EligibilityReason(DescribedEnum):
    """Why somebody is, or is not, eligible for a constituency."""

    QUALIFIES = "QUALIFIES", "A relationship that holds on the day qualifies."
    NO_RELATIONSHIP = "NO_RELATIONSHIP", "No relationship that holds on the day qualifies."
    TOO_YOUNG = "TOO_YOUNG", "Younger than the constituency's age of joining."
    DATE_OF_BIRTH_NEEDED = "DATE_OF_BIRTH_NEEDED", "The constituency asks for an age and no date of birth is known."
    GUARDIAN_CONSENT_NEEDED = "GUARDIAN_CONSENT_NEEDED", "At this age a guardian's consent is needed."
    ANOTHER_HAS_FIRST_CLAIM = "ANOTHER_HAS_FIRST_CLAIM", "The rules put this person in another constituency first."


@dataclass(frozen=True, slots=True)
class Consent:
    """A guardian's consent from a day until the day before another."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What eligibility is computed from."""

    born: date | None
    relationships: tuple[Relationship, ...]
    consents: tuple[Consent, ...] = ()


def needs_guardian(ruleset: Ruleset, born: date | None, day: date) -> bool:
    """Whether a guardian has to consent for somebody born then (rule 6d)."""
    return born is not None and age_on(born, day) < ruleset.guardian_consent_age


def has_consent(consents: Collection[Consent], day: date) -> bool:
    return any(each.since <= day and (each.until is None or day < each.until) for each in consents)


def obstacles(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> list[EligibilityReason]:
    """What keeps the person out of the constituency on `day`; nothing when they are eligible."""
    found = []
    if not qualifies(facts.relationships, rule.qualifying_kinds, day):
        found.append(EligibilityReason.NO_RELATIONSHIP)
    if rule.join_age > 0 and facts.born is None:
        found.append(EligibilityReason.DATE_OF_BIRTH_NEEDED)
    if facts.born is not None and age_on(facts.born, day) < rule.join_age:
        found.append(EligibilityReason.TOO_YOUNG)
    if needs_guardian(ruleset, facts.born, day) and not has_consent(facts.consents, day):
        found.append(EligibilityReason.GUARDIAN_CONSENT_NEEDED)
    if ruleset.first_claim and rule.code not in ruleset.first_claim:
        claims = (ruleset.constituencies[code] for code in ruleset.first_claim)
        if any(not obstacles(ruleset, claim, facts, day) for claim in claims):
            found.append(EligibilityReason.ANOTHER_HAS_FIRST_CLAIM)
    return found


# what ends a membership; rules that changed since somebody was admitted do not (rule 1c)
GROUND = frozenset({EligibilityReason.NO_RELATIONSHIP, EligibilityReason.GUARDIAN_CONSENT_NEEDED})


def has_lost_ground(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> bool:
    """Whether a member's membership lapses (rule 22b)."""
    return not GROUND.isdisjoint(obstacles(ruleset, rule, facts, day))


def reasons(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> list[EligibilityReason]:
    """Why the person is or is not eligible: the obstacles, or that they qualify."""
    return obstacles(ruleset, rule, facts, day) or [EligibilityReason.QUALIFIES]


_REFUSALS: dict[EligibilityReason, tuple[RefusalCode, str]] = {
    EligibilityReason.NO_RELATIONSHIP: (RefusalCode.NOT_ELIGIBLE, "constituency"),
    EligibilityReason.DATE_OF_BIRTH_NEEDED: (RefusalCode.TOO_YOUNG, "dateOfBirth"),
    EligibilityReason.TOO_YOUNG: (RefusalCode.TOO_YOUNG, "dateOfBirth"),
    EligibilityReason.GUARDIAN_CONSENT_NEEDED: (RefusalCode.GUARDIAN_CONSENT_NEEDED, "dateOfBirth"),
    EligibilityReason.ANOTHER_HAS_FIRST_CLAIM: (RefusalCode.ANOTHER_CONSTITUENCY_FIRST, "constituency"),
}


def check_eligible(ruleset: Ruleset, rule: ConstituencyRule, facts: PersonFacts, day: date) -> None:
    """Refusals: NOT_ELIGIBLE, TOO_YOUNG (also where an age is asked for and no date of birth is known),
    GUARDIAN_CONSENT_NEEDED, ANOTHER_CONSTITUENCY_FIRST."""
    for reason in obstacles(ruleset, rule, facts, day):
        code, field = _REFUSALS[reason]
        raise Invalid(code, field=field)


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
