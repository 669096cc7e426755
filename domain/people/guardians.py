"""Children and those who answer for them (rule 6)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..ages import MAJORITY
from ..conditions import (
    ENDED,
    HOLDS,
    AgeAtLeast,
    Facts,
    FirstThatHolds,
    Holds,
    Rule,
    Unknown,
    YoungerThan,
)
from ..described import DescribedEnum
from ..governance.rulesets import Ruleset
from ..refusals import Conflict, Invalid, NotPermitted, RefusalCode
from .relationships import IS_CHILD, IS_DECLARED, IS_KNOWN_AS_ADULT, MAY_BE_CHILD, check_term


class ConsentSource(DescribedEnum):
    """How a guardian's consent came to the trust."""

    ONLINE = "ONLINE", "The guardian gave it here, signed in."
    FORM = "FORM", "On a signed form."
    SCHOOL = "SCHOOL", "The school holds it and says so."


class ContactRoute(DescribedEnum):
    """Through whom a person is written to."""

    OWN = "OWN", "Directly."
    GUARDIAN = "GUARDIAN", "Through a guardian."
    SCHOOL = "SCHOOL", "Through the school."


# rule 6d: below the ruleset's age a guardian answers for a child, and consents; asked of the rules in force on the day
_HAND_OVER_AGE = Rule("guardian_consent_age")
NEEDS_GUARDIAN = YoungerThan("born", _HAND_OVER_AGE) | Unknown("born") & ~IS_KNOWN_AS_ADULT
ANSWERS_FOR_THEMSELF = AgeAtLeast("born", _HAND_OVER_AGE)
# of a guardianship, with the birth of its child; by their own word alone somebody applies for a child whom they put on
# record themself, consents, and hears what becomes of it, and does nothing else for the child
IS_SAID_TO_BE_GUARDIAN = HOLDS & ~ANSWERS_FOR_THEMSELF
IS_GUARDIAN = IS_SAID_TO_BE_GUARDIAN & ~IS_DECLARED
# ... which nobody ended before that birthday
LASTED_TO_HAND_OVER = ~ENDED | AgeAtLeast("born", _HAND_OVER_AGE, on="until")


# rule 6e: a child below the age of digital consent is never written to directly, nor is a learner of whom no date of
# birth is known; an older child with a mailbox of their own is
IS_BELOW_DIGITAL_CONSENT = YoungerThan("born", Rule("digital_consent_age"))
_NEVER_DIRECTLY = IS_BELOW_DIGITAL_CONSENT | Unknown("born") & Holds("is_learner")
_FOR_THEMSELF = Holds("has_mailbox") | Unknown("born") | AgeAtLeast("born", MAJORITY)
CONTACT_ROUTES = FirstThatHolds(
    (
        (ContactRoute.OWN, ~_NEVER_DIRECTLY & _FOR_THEMSELF),
        (ContactRoute.GUARDIAN, Holds("has_guardian")),
        (ContactRoute.SCHOOL, ~Holds("has_guardian")),
    )
)


# rule 5c: the school's address is shown for a child, and for whoever was ever a learner while nobody knows their age
IS_SHOWN_AT_SCHOOL = IS_CHILD | Unknown("born") & ~Unknown("learners_school")


@dataclass(frozen=True, slots=True)
class Guardianship:
    """Who answers for a child while it needs a guardian, since when; and the first day they no longer do, where somebody
    has ended it."""

    child_id: UUID
    guardian_id: UUID
    since: date
    until: date | None = None


def needs_guardian(ruleset: Ruleset, born: date | None, day: date) -> bool:
    """Whether a guardian answers for a child born then; also for one whose birth nobody knows."""
    return not ANSWERS_FOR_THEMSELF.evaluate(Facts(ruleset, born=born, today=day))


def check_guardianship(
    ruleset: Ruleset,
    child_id: UUID,
    guardian_id: UUID,
    child_born: date | None,
    guardian_born: date | None,
    today: date,
) -> None:
    """Whether somebody can be the child's guardian.

    Refusals: NO_CHILD for somebody who needs none; OWN_GUARDIAN; NOT_A_GUARDIAN for somebody known to be a child themself.
    """
    if child_id == guardian_id:
        raise Invalid(RefusalCode.OWN_GUARDIAN, field="guardian_id")
    if not needs_guardian(ruleset, child_born, today):
        raise Invalid(RefusalCode.NO_CHILD, field="child_id", age=ruleset.guardian_consent_age)
    if IS_CHILD.evaluate(Facts(born=guardian_born, today=today)):
        raise NotPermitted(RefusalCode.NOT_A_GUARDIAN, field="guardian_id", age=MAJORITY)


def check_is_grown_up(person: object, today: date) -> None:
    """For whoever says of themself that they answer for a child; `person`: what is known of them.

    Refusals: NOT_A_GUARDIAN for a child, and where nobody knows how old they are (rule 6k).
    """
    if MAY_BE_CHILD.evaluate(Facts(person, today=today)):
        message = "Nobody below the age answers for a child; where we do not know your date of birth, say it first."
        raise NotPermitted(RefusalCode.NOT_A_GUARDIAN, message, age=MAJORITY)


def check_is_guardian(is_guardian: bool) -> None:
    """Refusals: NOT_A_GUARDIAN, also for a guardian of nobody."""
    if not is_guardian:
        raise NotPermitted(RefusalCode.NOT_A_GUARDIAN)


def check_consent(ruleset: Ruleset, child_born: date | None, expires_on: date | None, today: date) -> None:
    """Whether a guardian may consent, for good or until the day before `expires_on`.

    Refusals: NO_CHILD where no consent is needed any more; DATES_CONTRADICT for one that has ended already, or ends in decades.
    """
    if not needs_guardian(ruleset, child_born, today):
        raise Conflict(RefusalCode.NO_CHILD, field="child_id", age=ruleset.guardian_consent_age)
    if expires_on is not None and expires_on <= today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "It would have ended already.", "expires_on")
    check_term(expires_on, today, "expires_on")


def contact_route(
    ruleset: Ruleset, born: date | None, is_learner: bool, has_mailbox: bool, has_guardian: bool, day: date
) -> ContactRoute:
    """Through whom to write to somebody."""
    facts = Facts(
        born=born,
        is_learner=is_learner,
        has_mailbox=has_mailbox,
        has_guardian=has_guardian,
        digital_consent_age=ruleset.digital_consent_age_on(day),
        today=day,
    )
    route = CONTACT_ROUTES.evaluate(facts)
    assert route is not None
    return route
