"""What is known about people: how they stand to schools, who answers for children, how they are reached."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.governance.rules import constituency_by_code, rules_today
from db.identity.writes import end_sessions_of, holds_a_role
from db.members import memberships, people
from db.members.people import StoredRelationship
from db.work import Work
from domain.audit.events import AuditAction
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import Role, Viewer, must_be_signed_in, must_hold
from domain.members.eligibility import check_eligible
from domain.members.guardians import ConsentSource, check_guardianship, check_is_guardian, consent_until
from domain.members.membership import MembershipStatus, status_on_submission
from domain.members.relationships import Relationship, RelationshipSource, check_birth, check_end
from domain.refusals import Invalid, NotFound, NotPermitted, RefusalCode
from domain.text import email_address, required_text

from . import lookups
from .applications import MAX_ADDRESS_LENGTH, MAX_REASON_LENGTH, DeclaredRelationship, declare, submit

MAILBOX_CHANGED = (
    "The membership officer has put another mailbox on record for you, so that mail no longer comes here.\n"
    "If you did not ask for it, write to the trust's clerk at once.\n"
)


@dataclass(frozen=True, slots=True)
class Child:
    """A learner whom a guardian puts on record."""

    given_name: str
    family_name: str
    date_of_birth: date
    school_urn: int
    service_address: str
    constituency: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached. What is None stays as it is; an empty text forgets it."""

    email: str | None = None
    phone: str | None = None
    contact_address: str | None = None
    language: str | None = None
    marketing_opt_out: bool | None = None


async def declare_relationship(work: Work, viewer: Viewer, declared: DeclaredRelationship) -> UUID:
    """Adds what somebody says of themself. Refusals: NOT_SIGNED_IN, INPUT_INVALID."""
    person_id = must_be_signed_in(viewer)
    await declare(work, person_id, [declared])
    return person_id


async def verify_relationship(work: Work, viewer: Viewer, relationship_id: UUID, evidence: str) -> UUID:
    """The officer has seen evidence. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, OWN_APPLICATION."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    evidence = required_text(evidence, "evidence", MAX_REASON_LENGTH)
    found = await _relationship(work, relationship_id)
    if found.person_id == officer:
        raise NotPermitted(RefusalCode.OWN_APPLICATION, "Nobody verifies their own relationship.")
    await people.verify_relationship(work, found.id, evidence)
    await work.audit(AuditAction.RELATIONSHIP_VERIFIED, found.person_id, officer, relationship_id=found.id)
    return found.person_id


async def end_relationship(work: Work, viewer: Viewer, relationship_id: UUID, until: date) -> UUID:
    """By the person or the officer. Refusals: NOT_SIGNED_IN, NOT_FOUND, RELATIONSHIP_ENDED, DATES_CONTRADICT."""
    person_id = must_be_signed_in(viewer)
    found = await _relationship(work, relationship_id)
    if found.person_id != person_id and not viewer.shape.has_any(Role.MEMBERSHIP_OFFICER):
        raise NotFound("id")
    check_end(found.relationship, until)
    await people.end_relationship(work, found.id, until)
    await work.audit(AuditAction.RELATIONSHIP_ENDED, found.person_id, person_id, relationship_id=found.id)
    return found.person_id


async def change_contact(work: Work, viewer: Viewer, person_id: UUID, contact: Contact) -> UUID:
    """How somebody is reached, by themself, a guardian or the officer: contact only, never the register.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, EMAIL_INVALID, INPUT_INVALID.
    """
    caller = must_be_signed_in(viewer)
    person = await lookups.person_locked(work, person_id, "personId")
    is_officer = viewer.shape.has_any(Role.MEMBERSHIP_OFFICER)
    if not (is_officer or person.id == caller or await people.is_guardian(work, person.id, caller, await work.today())):
        raise NotFound("personId")
    facts: dict[str, object] = {}
    if contact.email is not None:
        if not is_officer:
            # a mailbox signs people in: a new one is proved by the officer, not by a session
            raise NotPermitted(RefusalCode.NOT_PERMITTED, "Ask the membership officer to change a mailbox.", "email")
        facts["email"] = await _new_mailbox(work, person, caller, contact.email)
    for name, text in (("phone", contact.phone), ("contact_address", contact.contact_address)):
        if text is not None:
            facts[name] = required_text(text, name, MAX_ADDRESS_LENGTH) if text else None
    if contact.language is not None:
        facts["language"] = _language(contact.language)
    if contact.marketing_opt_out is not None:
        facts["marketing_opt_out"] = contact.marketing_opt_out
    if facts:
        await work.change("person", person.id, facts)
        await work.audit(AuditAction.CONTACT_CHANGED, person.id, caller, what=sorted(facts))
    return person.id


async def _new_mailbox(work: Work, person: people.Person, officer: UUID, text: str) -> str | None:
    """A mailbox signs in as whoever has it: none of an officer's is changed here, the old one is told, sessions end."""
    if person.id == officer or await holds_a_role(work, person.id):
        raise NotPermitted(
            RefusalCode.NOT_PERMITTED, "The mailbox of somebody with an office is not changed here.", "email"
        )
    mailbox = email_address(text) if text else None
    if person.email and person.email != mailbox:
        await work.queue_mail(person.email, "Your mailbox", MAILBOX_CHANGED)
    await end_sessions_of(work, person.id)
    return mailbox


def _language(tag: str) -> str:
    language, _, region = tag.strip().partition("-")
    if not (language.isalpha() and 2 <= len(language) <= 3 and (not region or region.isalnum())) or len(tag) > 35:
        raise Invalid(RefusalCode.INPUT_INVALID, "language is a tag such as en, pl or cy.", "language")
    return tag.strip()


# -- children -------------------------------------------------------------------------------------------------------


async def register_child(work: Work, viewer: Viewer, child: Child) -> UUID:
    """A guardian puts a learner on record, consents, and applies for them.

    Refusals: NOT_SIGNED_IN, INPUT_INVALID, NO_CHILD, and those of check_eligible.
    """
    guardian = must_be_signed_in(viewer)
    ruleset, today = await rules_today(work), await work.today()
    rule = ruleset.constituency(child.constituency)
    check_birth(child.date_of_birth, today)
    given_name = required_text(child.given_name, "givenName")
    family_name = required_text(child.family_name, "familyName")
    address = required_text(child.service_address, "serviceAddress", MAX_ADDRESS_LENGTH)
    school_id = await lookups.school(work, child.school_urn)
    maybe_known = await people.is_learner_known(work, given_name, family_name, child.date_of_birth)
    child_id = await people.add_person(work, given_name, family_name, None, child.date_of_birth)
    answers = await lookups.person_locked(work, guardian, "guardianId")
    until = check_guardianship(ruleset, child_id, guardian, child.date_of_birth, answers.born, today)
    await people.add_guardianship(work, child_id, guardian, today, until, RelationshipSource.DECLARED, None)
    fact = Relationship(RelationshipKind.LEARNER, today)
    await people.add_relationship(work, child_id, fact, school_id, RelationshipSource.DECLARED)
    await work.audit(AuditAction.CHILD_REGISTERED, child_id, guardian)
    await _consent(work, child_id, guardian, child.date_of_birth, ConsentSource.ONLINE, None)
    check_eligible(ruleset, rule, await lookups.facts(work, child_id), today)
    membership_id = await memberships.add_membership(
        work,
        (child_id, None),
        await constituency_by_code(work, rule.code),
        school_id,
        f"{given_name} {family_name}",
        address,
        MembershipStatus.DRAFT,
        ruleset.version,
    )
    status = status_on_submission(rule, consents=True)
    if maybe_known:  # by an import, or by another parent: an officer compares before there are two of one child
        status = MembershipStatus.SUBMITTED
    await submit(work, ruleset, rule, membership_id, child_id, guardian, status)
    if maybe_known:
        reason = "perhaps on record already: compare before admitting"
        review = MembershipStatus.UNDER_REVIEW
        await memberships.set_status(work, membership_id, review, None, reason, ruleset.version)
        await work.audit(AuditAction.MEMBERSHIP_REVIEWED, membership_id, None)
    return membership_id


async def record_guardian(work: Work, viewer: Viewer, child_id: UUID, guardian_id: UUID, evidence: str) -> UUID:
    """The officer records who answers for a child, kin, foster carers and the authority's officer included.

    Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, OWN_GUARDIAN, NO_CHILD, OWN_APPLICATION.
    """
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    evidence = required_text(evidence, "evidence", MAX_REASON_LENGTH)
    child = await lookups.person_locked(work, child_id, "childId")
    if guardian_id == officer:
        raise NotPermitted(RefusalCode.OWN_APPLICATION, "Nobody makes themself a guardian.")
    guardian = await lookups.person_locked(work, guardian_id, "guardianId")
    today, ruleset = await work.today(), await rules_today(work)
    until = check_guardianship(ruleset, child_id, guardian_id, child.born, guardian.born, today)
    source = RelationshipSource.VERIFIED
    await people.add_guardianship(work, child_id, guardian_id, today, until, source, evidence)
    await work.audit(AuditAction.GUARDIAN_RECORDED, child_id, officer, guardian_id=guardian_id)
    return child_id


async def end_guardianship(work: Work, viewer: Viewer, child_id: UUID, guardian_id: UUID) -> UUID:
    """Somebody answers for the child no longer; their consent goes with it. Refusals: as must_hold, NOT_A_GUARDIAN."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    today = await work.today()
    check_is_guardian(await people.end_guardianship(work, child_id, guardian_id, today))
    await people.end_consents(work, child_id, guardian_id, today)
    await work.audit(AuditAction.GUARDIAN_ENDED, child_id, officer, guardian_id=guardian_id)
    return child_id


async def give_consent(
    work: Work, viewer: Viewer, child_id: UUID, expires_on: date | None, on_paper: tuple[UUID, ConsentSource] | None
) -> UUID:
    """A guardian consents to the child's membership; or the officer has their consent `on_paper`: whose, and how.

    Refusals: NOT_SIGNED_IN, NOT_PERMITTED, NOT_A_GUARDIAN, those of consent_until.
    """
    guardian, source = must_be_signed_in(viewer), ConsentSource.ONLINE
    if on_paper is not None:
        must_hold(viewer, Role.MEMBERSHIP_OFFICER)
        if on_paper[0] == guardian:
            raise NotPermitted(RefusalCode.OWN_CASE)
        guardian, source = on_paper
    check_is_guardian(await people.is_guardian(work, child_id, guardian, await work.today()))
    child = await lookups.person_locked(work, child_id, "childId")
    await _consent(work, child_id, guardian, child.born, source, expires_on)
    return child_id


async def withdraw_consent(work: Work, viewer: Viewer, child_id: UUID) -> UUID:
    """A guardian takes consent back; a membership that rested on it lapses. Refusals: NOT_SIGNED_IN, NOT_A_GUARDIAN."""
    guardian = must_be_signed_in(viewer)
    today = await work.today()
    check_is_guardian(await people.is_guardian(work, child_id, guardian, today))
    await people.end_consents(work, child_id, guardian, today)
    await work.audit(AuditAction.CONSENT_WITHDRAWN, child_id, guardian)
    return child_id


async def _consent(
    work: Work, child_id: UUID, guardian: UUID, born: date | None, source: ConsentSource, expires_on: date | None
) -> None:
    today = await work.today()
    until = consent_until(await rules_today(work), born, expires_on, today)
    await people.add_consent(work, child_id, guardian, source, today, until)
    await work.audit(AuditAction.CONSENT_GIVEN, child_id, guardian, until=until)


async def _relationship(work: Work, relationship_id: UUID) -> StoredRelationship:
    found = await people.relationship_for_update(work, relationship_id)
    if found is None:
        raise NotFound("id")
    return found
