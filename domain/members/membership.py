"""Applying, admitting, leaving: the states of a membership (domain rules 3 to 5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..described import DescribedEnum
from ..governance.rulesets import Approval, ConstituencyRule
from ..refusals import Conflict, Invalid, NotPermitted, RefusalCode
from .relationships import Relationship, age_on, qualifies


class MembershipStatus(DescribedEnum):
    """Where a membership stands. Only what was admitted is on the register."""

    SUBMITTED = "SUBMITTED", "Applied for, not decided."
    ADMITTED = "ADMITTED", "On the register, open."
    REFUSED = "REFUSED", "Decided against; never on the register."
    WITHDRAWN = "WITHDRAWN", "The applicant took the application back."
    RESIGNED = "RESIGNED", "Left by own notice; stays on the register with the day of leaving."


OPEN_STATUSES = frozenset({MembershipStatus.SUBMITTED, MembershipStatus.ADMITTED})


@dataclass(frozen=True, slots=True)
class Membership:
    """What the rules need to know of a membership."""

    id: UUID
    person_id: UUID
    constituency: str
    status: MembershipStatus
    born: date | None
    relationships: tuple[Relationship, ...]


def check_application(
    rule: ConstituencyRule,
    relationships: Collection[Relationship],
    born: date | None,
    consents: bool,
    has_open_membership: bool,
    today: date,
) -> MembershipStatus:
    """The status an application starts with.

    Refusals: CONSENT_REQUIRED (Model Articles 8: consent in writing), ALREADY_A_MEMBER (domain rule 3),
    NOT_ELIGIBLE (domain rule 2), TOO_YOUNG (domain rule 6, age on the day of applying).
    """
    if not consents:
        raise Invalid(RefusalCode.CONSENT_REQUIRED, field="acceptsArticles")
    if has_open_membership:
        raise Conflict(RefusalCode.ALREADY_A_MEMBER)
    check_eligible(rule, relationships, born, today)
    return MembershipStatus.ADMITTED if rule.approval is Approval.AUTOMATIC else MembershipStatus.SUBMITTED


def check_eligible(
    rule: ConstituencyRule, relationships: Collection[Relationship], born: date | None, day: date
) -> None:
    """Refusals: NOT_ELIGIBLE; TOO_YOUNG, also where an age is asked for and no date of birth is known."""
    if not qualifies(relationships, rule.qualifying_kinds, day):
        raise Invalid(RefusalCode.NOT_ELIGIBLE, field="constituency")
    if rule.join_age > 0 and (born is None or age_on(born, day) < rule.join_age):
        raise Invalid(RefusalCode.TOO_YOUNG, field="dateOfBirth")


def check_decision(membership: Membership, decided_by: UUID) -> None:
    """Whether an application may be decided by this person.

    Refusals: OWN_APPLICATION, CONSENT_WITHDRAWN, APPLICATION_NOT_OPEN.
    """
    if membership.person_id == decided_by:
        raise NotPermitted(RefusalCode.OWN_APPLICATION)
    if membership.status is MembershipStatus.WITHDRAWN:
        raise Conflict(RefusalCode.CONSENT_WITHDRAWN)
    if membership.status is not MembershipStatus.SUBMITTED:
        raise Conflict(RefusalCode.APPLICATION_NOT_OPEN)


def check_admission(membership: Membership, rule: ConstituencyRule, decided_by: UUID, today: date) -> None:
    """Whether the application may be admitted today. Refusals: as check_decision and check_eligible."""
    check_decision(membership, decided_by)
    check_eligible(rule, membership.relationships, membership.born, today)


def check_withdrawal(membership: Membership) -> None:
    """Refusals: APPLICATION_NOT_OPEN."""
    if membership.status is not MembershipStatus.SUBMITTED:
        raise Conflict(RefusalCode.APPLICATION_NOT_OPEN)


def check_resignation(membership: Membership) -> None:
    """Refusals: MEMBERSHIP_NOT_OPEN."""
    if membership.status is not MembershipStatus.ADMITTED:
        raise Conflict(RefusalCode.MEMBERSHIP_NOT_OPEN)
