"""The states of a membership and who may change them (rule 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..conditions import TODAY, Reached
from ..described import DescribedEnum
from ..governance.rulesets import Approval, ConstituencyRule
from ..identity.viewer import Role
from ..refusals import Conflict, Invalid, NotPermitted, RefusalCode, refuse_all
from .eligibility import PersonFacts
from .removal import RemovalStage


class MembershipStatus(DescribedEnum):
    """Where a membership stands. What was admitted once is on the register for good."""

    DRAFT = "DRAFT", "Begun by the applicant and not sent yet."
    SUBMITTED = "SUBMITTED", "Applied for, not decided."
    UNDER_REVIEW = "UNDER_REVIEW", "Somebody is looking into the application."
    REFUSED = "REFUSED", "Decided against; never on the register."
    WITHDRAWN = "WITHDRAWN", "The applicant took the application back."
    ADMITTED = "ADMITTED", "On the register, open."
    LAPSING = "LAPSING", "A member whose ground for membership has gone, within the days of grace."
    SUSPENDED = "SUSPENDED", "A member whose rights rest until a decision; stays on the register."
    CONVERTED = "CONVERTED", "Closed because the member went to another constituency; linked to the new entry."
    LAPSED = "LAPSED", "Ceased after the days of grace, for loss of eligibility."
    REMOVED = "REMOVED", "Ceased by a decision, after notice and a chance to be heard."
    RESIGNED = "RESIGNED", "Left by own notice."
    DECEASED = "DECEASED", "Ceased by death."
    DISSOLVED = "DISSOLVED", "Ceased because the organisation was dissolved or merged into another."
    DUPLICATE = "DUPLICATE", "Closed because the same person was a member already, under another record of them."


_S = MembershipStatus
APPLICATION = frozenset({_S.DRAFT, _S.SUBMITTED, _S.UNDER_REVIEW})
CURRENT = frozenset({_S.ADMITTED, _S.LAPSING, _S.SUSPENDED})  # members: on the register, not ceased
ENDED = frozenset({_S.CONVERTED, _S.LAPSED, _S.REMOVED, _S.RESIGNED, _S.DECEASED, _S.DISSOLVED, _S.DUPLICATE})
OPEN_STATUSES = APPLICATION | CURRENT
NEVER_SENT = frozenset({_S.DRAFT})
SENT = frozenset({_S.SUBMITTED})  # the step by which an application is, whatever follows at once
ENTERED = frozenset({_S.ADMITTED})  # the first such step entered the member on the register
DECLINED = frozenset({_S.REFUSED, _S.WITHDRAWN})  # applied for, and never on the register


# on the register on a day, whatever has become of the member since (rule 5e)
IS_REGISTERED = Reached("registered_on", TODAY) & ~Reached("ceased_on", TODAY)


# rules 4a and 4b; what is not listed can't happen
STEPS: Mapping[MembershipStatus, frozenset[MembershipStatus]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.ADMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.UNDER_REVIEW, _S.ADMITTED, _S.REFUSED, _S.WITHDRAWN}),
    _S.UNDER_REVIEW: frozenset({_S.ADMITTED, _S.REFUSED, _S.WITHDRAWN}),
    _S.ADMITTED: frozenset({_S.LAPSING, _S.SUSPENDED}) | ENDED - {_S.LAPSED},
    _S.LAPSING: frozenset({_S.ADMITTED, _S.SUSPENDED}) | ENDED,
    _S.SUSPENDED: frozenset({_S.ADMITTED, _S.LAPSING}) | ENDED - {_S.CONVERTED},
}


# rule 4g: the states a membership may be in while its removal is at this stage, and go to beside it. Rights rest from the
# decision until the appeal is settled; without an open removal all of the steps above are possible
BESIDE_A_REMOVAL: Mapping[RemovalStage, frozenset[MembershipStatus]] = {
    RemovalStage.PROPOSED: CURRENT,
    RemovalStage.DECIDED: frozenset({_S.SUSPENDED}),
    RemovalStage.APPEALED: frozenset({_S.SUSPENDED}),
}
# the endings that are possible at each of these stages, and what becomes of the removal: nobody converts or lapses out of one
SETTLED_BY: Mapping[MembershipStatus, RemovalStage] = {
    _S.REMOVED: RemovalStage.REMOVED,
    _S.RESIGNED: RemovalStage.DISCONTINUED,
    _S.DECEASED: RemovalStage.DISCONTINUED,
    _S.DISSOLVED: RemovalStage.DISCONTINUED,
}


@dataclass(frozen=True, slots=True)
class Conversion:
    """A membership, or an application for one, that takes over from another."""

    status: MembershipStatus


@dataclass(frozen=True, slots=True)
class Membership:
    """What the rules need to know of a membership. The holder is a person or an organisation; `removal` is the stage of the
    one that is open."""

    id: UUID
    person_id: UUID | None
    organisation_id: UUID | None
    constituency: str
    status: MembershipStatus
    name: str
    service_address: str
    converted_from: UUID | None
    registered_on: date | None
    lapses_on: date | None = None
    conversions: tuple[Conversion, ...] = ()
    removal: RemovalStage | None = None


@dataclass(frozen=True, slots=True)
class HeldMembership:
    """A membership with the facts about the person who holds it; none where an organisation does."""

    membership: Membership
    facts: PersonFacts | None


def check_step(status: MembershipStatus, to: MembershipStatus, removal: RemovalStage | None = None) -> None:
    """Whether the status may become `to`, beside a removal at that stage.

    Refusals: REMOVAL_UNDER_WAY, CONSENT_WITHDRAWN, APPLICATION_NOT_OPEN, MEMBERSHIP_NOT_OPEN.
    """
    if removal and to not in BESIDE_A_REMOVAL[removal] | SETTLED_BY.keys():
        raise Conflict(RefusalCode.REMOVAL_UNDER_WAY)
    if to in STEPS.get(status, frozenset()):
        return
    if to in (_S.ADMITTED, _S.REFUSED) and status is _S.WITHDRAWN:
        raise Conflict(RefusalCode.CONSENT_WITHDRAWN)
    about_an_application = to in APPLICATION | DECLINED or (to is _S.ADMITTED and status not in CURRENT)
    raise Conflict(RefusalCode.APPLICATION_NOT_OPEN if about_an_application else RefusalCode.MEMBERSHIP_NOT_OPEN)


def status_restored(membership: Membership) -> MembershipStatus:
    """What a suspended member is again: days of grace that began before the suspension or in it go on."""
    return _S.LAPSING if membership.lapses_on else _S.ADMITTED


def check_unsent(status: MembershipStatus) -> None:
    """Whether it is an application that can still be changed. Refusals: APPLICATION_SENT."""
    if status not in NEVER_SENT:
        raise Conflict(RefusalCode.APPLICATION_SENT)


def check_complete(tells_relationship: bool, service_address: str | None) -> None:
    """Whether all is there that a draft may lack. Refusals: INPUT_INVALID of each that is missing."""
    missing = {"relationships": not tells_relationship, "service_address": not service_address}
    refuse_all(
        [Invalid(RefusalCode.INPUT_INVALID, _MISSING[field], field) for field, is_so in missing.items() if is_so]
    )


_MISSING = {
    "relationships": "Say at least one way in which you stand to a school or the trust.",
    "service_address": "Say the address that is to stand on the register.",
}


def check_consent(consents: bool) -> None:
    """Refusals: CONSENT_REQUIRED (Model Articles 8: consent in writing)."""
    if not consents:
        raise Invalid(RefusalCode.CONSENT_REQUIRED, field="accepts_articles")


def status_on_submission(rule: ConstituencyRule, consents: bool, rests_on_evidence: bool) -> MembershipStatus:
    """What a sent application becomes at once: whoever's own word is all there is waits for an officer (rule 4j).

    Refusals: CONSENT_REQUIRED.
    """
    check_consent(consents)
    return _S.ADMITTED if rule.approval is Approval.AUTOMATIC and rests_on_evidence else _S.SUBMITTED


def deciders(rule: ConstituencyRule) -> tuple[Role, ...]:
    """Who enters the decision on an application: the officer, or the clerk for the board."""
    return (Role.CLERK,) if rule.approval is Approval.BOARD else (Role.MEMBERSHIP_OFFICER,)


def check_decision(membership: Membership, to: MembershipStatus, decided_by: UUID, represents: bool = False) -> None:
    """Whether an application may be decided by this person; `represents`: the applicant is an organisation of theirs.

    Refusals: OWN_APPLICATION, and those of check_step.
    """
    if membership.person_id == decided_by or represents:
        raise NotPermitted(RefusalCode.OWN_APPLICATION)
    if membership.status not in APPLICATION - {_S.DRAFT} and membership.status is not _S.WITHDRAWN:
        raise Conflict(RefusalCode.APPLICATION_NOT_OPEN)
    check_step(membership.status, to)


def check_minute(rule: ConstituencyRule, minute: str | None) -> None:
    """A decision of the board needs the minute it stands in. Refusals: MINUTE_NEEDED."""
    if rule.approval is Approval.BOARD and not (minute or "").strip():
        raise Invalid(RefusalCode.MINUTE_NEEDED, field="minute")
