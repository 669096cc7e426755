"""Applying, and what becomes of an application."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.governance.rules import constituency_by_code, rules_today
from db.identity.writes import attach_person, person_of_session
from db.members import memberships, people
from db.work import Work
from domain.audit.events import AuditAction
from domain.governance.qualification import RelationshipKind
from domain.governance.rulesets import ConstituencyRule, Ruleset
from domain.identity.viewer import Role, Viewer, ViewerKind, must_hold
from domain.members.eligibility import check_eligible, check_plurality
from domain.members.membership import (
    ENDED,
    HeldMembership,
    Membership,
    MembershipStatus,
    check_decision,
    check_minute,
    check_step,
    deciders,
    status_on_submission,
)
from domain.members.relationships import Relationship, RelationshipSource, check_birth
from domain.notifications.notice import NoticeKind
from domain.refusals import Invalid, NotPermitted, RefusalCode
from domain.text import required_text

from ..notifications import tell
from . import lookups

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
    is_draft: bool = False


async def apply_for_membership(work: Work, viewer: Viewer, application: Application) -> UUID:
    """Stores an application, or admits at once where the ruleset says so; a draft waits for submit_application.

    Refusals: NOT_SIGNED_IN, INPUT_INVALID, and those of submitting.
    """
    if viewer.shape.kind not in (ViewerKind.APPLICANT, ViewerKind.PERSON):
        raise NotPermitted(RefusalCode.NOT_SIGNED_IN)
    ruleset = await rules_today(work)
    rule = ruleset.constituency(application.constituency)
    address = required_text(application.service_address, "serviceAddress", MAX_ADDRESS_LENGTH)
    status = MembershipStatus.DRAFT
    if not application.is_draft:
        status = status_on_submission(rule, application.accepts_articles)
    person = await _applicant(work, viewer, application)
    declared = await declare(work, person.id, application.relationships)
    check_plurality(ruleset, await memberships.open_constituencies(work, person.id, None), rule.code)
    if status is not MembershipStatus.DRAFT:
        check_eligible(ruleset, rule, await lookups.facts(work, person.id), await work.today())
    school_id = next((school for kind, school in declared if school and kind in rule.qualifying_kinds), None)
    membership_id = await memberships.add_membership(
        work,
        (person.id, None),
        await constituency_by_code(work, rule.code),
        school_id,
        person.name,
        address,
        MembershipStatus.DRAFT,
        ruleset.version,
    )
    if status is MembershipStatus.DRAFT:
        await memberships.add_transition(
            work, membership_id, status, viewer.person_id or person.id, None, ruleset.version
        )
        await work.audit(AuditAction.MEMBERSHIP_DRAFTED, membership_id, person.id, constituency=rule.code)
    else:
        await submit(work, ruleset, rule, membership_id, person.id, person.id, status)
    return membership_id


async def submit_application(work: Work, viewer: Viewer, membership_id: UUID, accepts_articles: bool) -> UUID:
    """Sends a draft. Refusals: NOT_SIGNED_IN, NOT_FOUND, CONSENT_REQUIRED, and those of check_eligible, check_step."""
    found = await lookups.own(work, viewer, membership_id)
    membership = found.membership
    ruleset = await rules_today(work)
    rule = ruleset.constituency(membership.constituency)
    check_step(membership.status, MembershipStatus.SUBMITTED)
    status = status_on_submission(rule, accepts_articles)
    if found.facts is not None:
        check_eligible(ruleset, rule, found.facts, await work.today())
    assert viewer.person_id is not None
    await submit(work, ruleset, rule, membership.id, membership.person_id, viewer.person_id, status)
    return membership.id


async def submit(
    work: Work,
    ruleset: Ruleset,
    rule: ConstituencyRule,
    membership_id: UUID,
    tell_whom: UUID | None,
    actor_id: UUID,
    status: MembershipStatus,
    member: str | None = None,
) -> None:
    """Notes that an application was sent, and admits at once where `status` says so."""
    await memberships.set_status(work, membership_id, MembershipStatus.SUBMITTED, actor_id, None, ruleset.version)
    await work.audit(AuditAction.MEMBERSHIP_APPLIED, membership_id, actor_id, constituency=rule.code)
    if status is MembershipStatus.ADMITTED:
        number = await _admit(work, ruleset, rule, membership_id, actor_id, None)
        if tell_whom is not None:
            await _welcome(work, rule, membership_id, number, tell_whom, member)
    elif tell_whom is not None:
        await tell(work, NoticeKind.RECEIVED, tell_whom, membership_id, member, constituency=rule.name)


async def review_application(work: Work, viewer: Viewer, membership_id: UUID) -> UUID:
    """Takes an application up. Refusals: as must_hold, NOT_FOUND, and those of check_decision."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    found = await lookups.held(work, membership_id)
    await _check_decision(work, found.membership, MembershipStatus.UNDER_REVIEW, officer)
    ruleset = await rules_today(work)
    await memberships.set_status(work, membership_id, MembershipStatus.UNDER_REVIEW, officer, None, ruleset.version)
    await work.audit(AuditAction.MEMBERSHIP_REVIEWED, membership_id, officer)
    return membership_id


async def admit_member(work: Work, viewer: Viewer, membership_id: UUID, minute: str | None = None) -> UUID:
    """Enters an applicant on the register; a conversion closes the membership it came from on the same day.

    Refusals: as must_hold, NOT_FOUND, MINUTE_NEEDED, and those of check_decision and check_eligible.
    """
    must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    found = await lookups.held(work, membership_id)
    membership, today = found.membership, await work.today()
    ruleset = await rules_today(work)
    rule = ruleset.constituency(membership.constituency)
    officer = must_hold(viewer, *deciders(rule))
    await _check_decision(work, membership, MembershipStatus.ADMITTED, officer)
    check_minute(rule, minute)
    if found.facts is not None:
        check_eligible(ruleset, rule, found.facts, today)
    if membership.converted_from is not None:
        await _close_converted(work, ruleset, membership.converted_from, officer)
    number = await _admit(work, ruleset, rule, membership.id, officer, minute)
    for recipient in await memberships.holders(work, membership, await work.today()):
        await _welcome(work, rule, membership.id, number, recipient, _member(membership))
    return membership.id


async def refuse_member(work: Work, viewer: Viewer, membership_id: UUID, reason: str) -> UUID:
    """Refuses an application. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, and those of check_decision."""
    must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    reason = required_text(reason, "reason", MAX_REASON_LENGTH)
    membership = (await lookups.held(work, membership_id)).membership
    ruleset = await rules_today(work)
    officer = must_hold(viewer, *deciders(ruleset.constituency(membership.constituency)))
    await _check_decision(work, membership, MembershipStatus.REFUSED, officer)
    await memberships.set_status(work, membership.id, MembershipStatus.REFUSED, officer, reason, ruleset.version)
    await work.audit(AuditAction.MEMBERSHIP_REFUSED, membership.id, officer)
    for recipient in await memberships.holders(work, membership, await work.today()):
        await tell(work, NoticeKind.REFUSED, recipient, membership.id, _member(membership), reason=reason)
    return membership.id


async def withdraw_application(work: Work, viewer: Viewer, membership_id: UUID) -> UUID:
    """Takes back one's own application and the consent in it. Refusals: NOT_SIGNED_IN, NOT_FOUND, APPLICATION_NOT_OPEN."""
    membership = (await lookups.own(work, viewer, membership_id)).membership
    check_step(membership.status, MembershipStatus.WITHDRAWN)
    ruleset = await rules_today(work)
    await memberships.set_status(
        work, membership.id, MembershipStatus.WITHDRAWN, viewer.person_id, None, ruleset.version
    )
    await work.audit(AuditAction.MEMBERSHIP_WITHDRAWN, membership.id, viewer.person_id)
    return membership.id


async def request_conversion(
    work: Work, viewer: Viewer, membership_id: UUID, constituency: str, relationships: Sequence[DeclaredRelationship]
) -> UUID:
    """Asks to go to another constituency; admit_member then closes the old membership and opens the new one.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, INPUT_INVALID, MEMBERSHIP_NOT_OPEN, ALREADY_A_MEMBER, those of check_eligible.
    """
    membership = (await lookups.own(work, viewer, membership_id)).membership
    check_step(membership.status, MembershipStatus.CONVERTED)
    ruleset = await rules_today(work)
    rule = ruleset.constituency(constituency)
    if constituency == membership.constituency or membership.person_id is None:
        raise Invalid(RefusalCode.NOT_ELIGIBLE, "That is the constituency of the membership.", "constituency")
    await lookups.person_locked(work, membership.person_id, "id")
    declared = await declare(work, membership.person_id, relationships) if relationships else []
    open_in = await memberships.open_constituencies(work, membership.person_id, None, besides=membership.id)
    check_plurality(ruleset, open_in, rule.code)
    check_eligible(ruleset, rule, await lookups.facts(work, membership.person_id), await work.today())
    converted = await memberships.add_membership(
        work,
        (membership.person_id, None),
        await constituency_by_code(work, rule.code),
        next((school for kind, school in declared if school and kind in rule.qualifying_kinds), None),
        membership.name,
        membership.service_address,
        MembershipStatus.DRAFT,
        ruleset.version,
        converted_from=membership.id,
    )
    assert viewer.person_id is not None
    await submit(work, ruleset, rule, converted, membership.person_id, viewer.person_id, MembershipStatus.SUBMITTED)
    return converted


async def declare(
    work: Work, person_id: UUID, relationships: Sequence[DeclaredRelationship]
) -> list[tuple[RelationshipKind, UUID | None]]:
    """Stores what somebody says of themself; kinds and schools. Refusals: INPUT_INVALID."""
    if not 1 <= len(relationships) <= MOST_RELATIONSHIPS:
        raise Invalid(RefusalCode.INPUT_INVALID, f"Give 1 to {MOST_RELATIONSHIPS} relationships.", "relationships")
    today, stored = await work.today(), []
    for declared in relationships:
        school_id = await lookups.school(work, declared.school_urn)
        fact = Relationship(declared.kind, declared.since or today)
        if await people.add_relationship(work, person_id, fact, school_id, RelationshipSource.DECLARED):
            await work.audit(AuditAction.RELATIONSHIP_DECLARED, person_id, person_id, kind=declared.kind.value)
        stored.append((declared.kind, school_id))
    return stored


async def _applicant(work: Work, viewer: Viewer, application: Application) -> people.Person:
    """Who applies, locked; put on record where nobody knows them. Refusals: INPUT_INVALID, DATES_CONTRADICT."""
    today, known_as = await work.today(), viewer.person_id
    if known_as is None and viewer.session_id is not None:
        known_as = await person_of_session(work, viewer.session_id)  # the same form sent twice at once
    if known_as is None:
        check_birth(application.date_of_birth, today)
        given_name = required_text(application.given_name, "givenName")
        family_name = required_text(application.family_name, "familyName")
        known_as = await people.add_person(work, given_name, family_name, viewer.email, application.date_of_birth)
        assert viewer.session_id is not None
        await attach_person(work, viewer.session_id, known_as)
    person = await lookups.person_locked(work, known_as, "id")
    if person.born is None and application.date_of_birth is not None:
        check_birth(application.date_of_birth, today)
        await work.change("person", person.id, {"date_of_birth": application.date_of_birth})
    return person


async def _check_decision(work: Work, membership: Membership, to: MembershipStatus, officer: UUID) -> None:
    check_decision(membership, to, officer, represents=await lookups.answers_for(work, officer, membership))


async def _close_converted(work: Work, ruleset: Ruleset, membership_id: UUID, officer: UUID) -> None:
    left: HeldMembership = await lookups.held(work, membership_id)
    if left.membership.status in ENDED:  # they left meanwhile, and join anew
        return
    check_step(left.membership.status, MembershipStatus.CONVERTED)
    today = await work.today()
    await memberships.cease(work, membership_id, MembershipStatus.CONVERTED, today, officer, None, ruleset.version)
    await work.audit(AuditAction.MEMBERSHIP_CONVERTED, membership_id, officer, ceased_on=today)


async def _admit(
    work: Work, ruleset: Ruleset, rule: ConstituencyRule, membership_id: UUID, actor_id: UUID, minute: str | None
) -> int:
    """Enters the member on the register; the number."""
    today = await work.today()
    number = await memberships.enter_on_register(work, membership_id, today, actor_id, ruleset, minute)
    await work.audit(
        AuditAction.MEMBERSHIP_ADMITTED,
        membership_id,
        actor_id,
        number=number,
        constituency=rule.code,
        registered_on=today,
    )
    return number


async def _welcome(
    work: Work, rule: ConstituencyRule, membership_id: UUID, number: int, recipient: UUID, member: str | None
) -> None:
    await tell(work, NoticeKind.ADMITTED, recipient, membership_id, member, number=str(number), constituency=rule.name)


def _member(membership: Membership) -> str | None:
    """Whose membership a notice is about, where that is not the person told."""
    return membership.name if membership.organisation_id is not None else None
