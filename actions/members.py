"""Applying, admitting, refusing, withdrawing and resigning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.governance.rules import constituency_by_code, ruleset_in_force
from db.identity.writes import attach_person, person_of_session
from db.members import writes
from db.work import Work
from domain.audit.events import AuditAction
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import Role, Viewer, ViewerKind, must_be_signed_in, must_hold
from domain.members.membership import (
    Membership,
    MembershipStatus,
    check_admission,
    check_application,
    check_decision,
    check_resignation,
    check_withdrawal,
)
from domain.members.relationships import Relationship, RelationshipSource
from domain.refusals import Invalid, NotFound, NotPermitted, RefusalCode
from domain.text import required_text

MAX_ADDRESS_LENGTH = 500
MAX_REASON_LENGTH = 1_000
MOST_RELATIONSHIPS = 10


@dataclass(frozen=True, slots=True)
class DeclaredRelationship:
    kind: RelationshipKind
    school_urn: int | None
    since: date | None


@dataclass(frozen=True, slots=True)
class Application:
    """What an applicant says. Names and date of birth count only for somebody not yet on record."""

    given_name: str
    family_name: str
    date_of_birth: date | None
    constituency: str
    relationships: Sequence[DeclaredRelationship]
    service_address: str
    accepts_articles: bool


async def apply_for_membership(work: Work, viewer: Viewer, application: Application) -> UUID:
    """Stores an application, or admits at once where the ruleset says so.

    Refusals: NOT_SIGNED_IN, INPUT_INVALID, and those of check_application.
    """
    if viewer.shape.kind not in (ViewerKind.APPLICANT, ViewerKind.PERSON):
        raise NotPermitted(RefusalCode.NOT_SIGNED_IN)
    today = await work.today()
    ruleset = await ruleset_in_force(work, today)
    rule = ruleset.constituency(application.constituency)
    address = required_text(application.service_address, "serviceAddress", MAX_ADDRESS_LENGTH)
    declared = await _declared(work, application.relationships, today)
    born, is_open, known_as = application.date_of_birth, False, viewer.person_id
    if known_as is None and viewer.session_id is not None:
        known_as = await person_of_session(work, viewer.session_id)  # the same form sent twice at once
    if known_as is not None:
        known, is_open = await writes.birth_and_open_membership(work, known_as)
        born = known or born
    if born is not None and born > today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, field="dateOfBirth")
    relationships = [relationship for relationship, _ in declared]
    status = check_application(rule, relationships, born, application.accepts_articles, is_open, today)
    person_id = known_as or await _new_person(work, viewer, application)
    for relationship, school_id in declared:
        await writes.add_relationship(work, person_id, relationship, school_id, RelationshipSource.DECLARED)
    constituency_id = await constituency_by_code(work, rule.code)
    qualifying = (s for r, s in declared if s is not None and r.kind in rule.qualifying_kinds)
    membership_id = await writes.add_membership(
        work, person_id, constituency_id, next(qualifying, None), address, ruleset.version
    )
    await writes.add_transition(work, membership_id, MembershipStatus.SUBMITTED, person_id, None, ruleset.version)
    await work.audit(AuditAction.MEMBERSHIP_APPLIED, membership_id, person_id, constituency=rule.code)
    if status is MembershipStatus.ADMITTED:
        await _admit(work, membership_id, person_id, person_id, today, ruleset.version)
    return membership_id


async def admit_member(work: Work, viewer: Viewer, membership_id: UUID) -> UUID:
    """Enters an applicant on the register. Refusals: as must_hold, NOT_FOUND, and those of check_admission."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    membership = await _membership(work, membership_id)
    today = await work.today()
    ruleset = await ruleset_in_force(work, today)
    check_admission(membership, ruleset.constituency(membership.constituency), officer, today)
    await _admit(work, membership.id, membership.person_id, officer, today, ruleset.version)
    return membership.id


async def refuse_member(work: Work, viewer: Viewer, membership_id: UUID, reason: str) -> UUID:
    """Refuses an application. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, and those of check_decision."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    reason = required_text(reason, "reason", MAX_REASON_LENGTH)
    membership = await _membership(work, membership_id)
    check_decision(membership, officer)
    await _leave_queue(work, membership, MembershipStatus.REFUSED, officer, reason, AuditAction.MEMBERSHIP_REFUSED)
    await _tell(work, membership.person_id, "Your application", "The trust has not admitted you: " + reason + "\n")
    return membership.id


async def withdraw_application(work: Work, viewer: Viewer, membership_id: UUID) -> UUID:
    """Takes back one's own application and the consent in it. Refusals: NOT_SIGNED_IN, NOT_FOUND, APPLICATION_NOT_OPEN."""
    membership = await _own_membership(work, viewer, membership_id)
    check_withdrawal(membership)
    await _leave_queue(
        work, membership, MembershipStatus.WITHDRAWN, membership.person_id, None, AuditAction.MEMBERSHIP_WITHDRAWN
    )
    return membership.id


async def resign_membership(work: Work, viewer: Viewer, membership_id: UUID) -> UUID:
    """Leaves by own notice, today. Refusals: NOT_SIGNED_IN, NOT_FOUND, MEMBERSHIP_NOT_OPEN."""
    membership = await _own_membership(work, viewer, membership_id)
    check_resignation(membership)
    today = await work.today()
    ruleset = await ruleset_in_force(work, today)
    await writes.cease(work, membership.id, today)
    await writes.add_transition(
        work, membership.id, MembershipStatus.RESIGNED, membership.person_id, None, ruleset.version
    )
    await work.audit(AuditAction.MEMBERSHIP_RESIGNED, membership.id, membership.person_id)
    return membership.id


async def _declared(
    work: Work, relationships: Sequence[DeclaredRelationship], today: date
) -> list[tuple[Relationship, UUID | None]]:
    if not 1 <= len(relationships) <= MOST_RELATIONSHIPS:
        raise Invalid(RefusalCode.INPUT_INVALID, f"Give 1 to {MOST_RELATIONSHIPS} relationships.", "relationships")
    found: list[tuple[Relationship, UUID | None]] = []
    for declared in relationships:
        school_id = None
        if declared.school_urn is not None:
            school_id = await writes.school_by_urn(work, declared.school_urn)
            if school_id is None:
                raise Invalid(RefusalCode.INPUT_INVALID, "The trust has no school of that number.", "schoolUrn")
        found.append((Relationship(declared.kind, declared.since or today), school_id))
    return found


async def _new_person(work: Work, viewer: Viewer, application: Application) -> UUID:
    given_name = required_text(application.given_name, "givenName")
    family_name = required_text(application.family_name, "familyName")
    person_id = await writes.add_person(work, given_name, family_name, viewer.email, application.date_of_birth)
    assert viewer.session_id is not None
    await attach_person(work, viewer.session_id, person_id)
    return person_id


async def _membership(work: Work, membership_id: UUID) -> Membership:
    membership = await writes.membership_for_update(work, membership_id)
    if membership is None:
        raise NotFound("id")
    return membership


async def _own_membership(work: Work, viewer: Viewer, membership_id: UUID) -> Membership:
    person_id = must_be_signed_in(viewer)
    membership = await _membership(work, membership_id)
    if membership.person_id != person_id:
        raise NotFound("id")
    return membership


async def _admit(
    work: Work, membership_id: UUID, person_id: UUID, actor_id: UUID, today: date, ruleset_version: int
) -> None:
    number = await writes.enter_on_register(work, membership_id, today)
    await writes.add_transition(work, membership_id, MembershipStatus.ADMITTED, actor_id, None, ruleset_version)
    await work.audit(AuditAction.MEMBERSHIP_ADMITTED, membership_id, actor_id, number=number)
    await _tell(work, person_id, "You are a member", f"You are on the register of members, number {number}.\n")


async def _leave_queue(
    work: Work,
    membership: Membership,
    status: MembershipStatus,
    actor_id: UUID,
    reason: str | None,
    action: AuditAction,
) -> None:
    ruleset = await ruleset_in_force(work, await work.today())
    await writes.set_status(work, membership.id, status)
    await writes.add_transition(work, membership.id, status, actor_id, reason, ruleset.version)
    await work.audit(action, membership.id, actor_id)


async def _tell(work: Work, person_id: UUID, subject: str, body: str) -> None:
    mailbox = await writes.mailbox_of(work, person_id)
    if mailbox:
        await work.queue_mail(mailbox, subject, body)
