"""Children and those who answer for them (rule 6)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..described import DescribedEnum
from ..governance.rulesets import Ruleset
from ..refusals import Conflict, Invalid, NotPermitted, RefusalCode
from .relationships import age_on, birthday

MAJORITY = 18  # Family Law Reform Act 1969 s.1


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


@dataclass(frozen=True, slots=True)
class Guardianship:
    """Who answers for a child, since when and until the day before when."""

    child_id: UUID
    guardian_id: UUID
    since: date
    until: date | None = None


def check_guardianship(
    ruleset: Ruleset,
    child_id: UUID,
    guardian_id: UUID,
    child_born: date | None,
    guardian_born: date | None,
    today: date,
) -> date:
    """Until when somebody can be the child's guardian: the birthday from which the young person answers for themself.

    Refusals: NO_CHILD for somebody who needs none, or of whom it is not known; OWN_GUARDIAN; NOT_A_GUARDIAN for
    somebody known to be a child themself.
    """
    if child_id == guardian_id:
        raise Invalid(RefusalCode.OWN_GUARDIAN, field="guardianId")
    if child_born is None or age_on(child_born, today) >= ruleset.guardian_consent_age:
        raise Invalid(RefusalCode.NO_CHILD, field="childId")
    if guardian_born is not None and age_on(guardian_born, today) < MAJORITY:
        raise NotPermitted(RefusalCode.NOT_A_GUARDIAN, field="guardianId")
    return birthday(child_born, ruleset.guardian_consent_age)


def check_is_guardian(is_guardian: bool) -> None:
    """Refusals: NOT_A_GUARDIAN, also for a guardian of nobody."""
    if not is_guardian:
        raise NotPermitted(RefusalCode.NOT_A_GUARDIAN)


def consent_until(ruleset: Ruleset, child_born: date | None, expires_on: date | None, today: date) -> date:
    """When a consent ends: at the birthday from which the young person answers for themself, or earlier if so given.

    Refusals: NO_CHILD where no consent is needed any more; DATES_CONTRADICT for one that has ended already.
    """
    if child_born is None or age_on(child_born, today) >= ruleset.guardian_consent_age:
        raise Conflict(RefusalCode.NO_CHILD, field="childId")
    handed_over = birthday(child_born, ruleset.guardian_consent_age)
    if expires_on is not None and expires_on <= today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, field="expiresOn")
    return handed_over if expires_on is None else min(expires_on, handed_over)


def contact_route(
    ruleset: Ruleset, born: date | None, is_learner: bool, has_mailbox: bool, has_guardian: bool, day: date
) -> ContactRoute:
    """Through whom to write: a child below the age of digital consent is never written to directly, nor is a learner of
    whom no date of birth is known."""
    if is_learner if born is None else age_on(born, day) < ruleset.digital_consent_age(day):
        return ContactRoute.GUARDIAN if has_guardian else ContactRoute.SCHOOL
    if has_mailbox or born is None or age_on(born, day) >= MAJORITY:
        return ContactRoute.OWN
    return ContactRoute.GUARDIAN if has_guardian else ContactRoute.SCHOOL
