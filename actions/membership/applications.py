"""Applying for membership."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_in_force
from db.identity.sessions import attach_person, person_of_session
from db.membership import applications, memberships
from db.membership.applications import NewMembership
from db.people import persons
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Viewer, ViewerKind
from domain.membership.eligibility import check_eligible, check_plurality
from domain.membership.lifecycle import (
    MembershipStatus,
    check_step,
    status_on_submission,
)
from domain.people.relationships import check_birth
from domain.refusals import NotPermitted, RefusalCode
from domain.text import MAX_ADDRESS_LENGTH, required_text

from ..people.lookups import person_facts, person_locked
from ..people.relationships import DeclaredRelationship, declare
from . import lookups
from .submission import Sent, submit


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


async def apply_for_membership(transaction: Transaction, viewer: Viewer, application: Application) -> UUID:
    """Stores an application, or admits at once where the ruleset says so; a draft waits for submit_application.

    Refusals: NOT_SIGNED_IN, INPUT_INVALID, and those of submitting.
    """
    if viewer.profile.kind not in (ViewerKind.APPLICANT, ViewerKind.PERSON):
        raise NotPermitted(RefusalCode.NOT_SIGNED_IN)
    ruleset = await ruleset_in_force(transaction)
    rule = ruleset.constituency(application.constituency)
    address = required_text(application.service_address, "serviceAddress", MAX_ADDRESS_LENGTH)
    status = MembershipStatus.DRAFT
    if not application.is_draft:
        status = status_on_submission(rule, application.accepts_articles)
    person = await _applicant(transaction, viewer, application)
    declared = await declare(transaction, person.id, application.relationships)
    check_plurality(ruleset, await applications.open_constituencies(transaction, person.id, None), rule.code)
    if status is not MembershipStatus.DRAFT:
        check_eligible(ruleset, rule, await person_facts(transaction, person.id), await transaction.today())
    school_id = next((school for kind, school in declared if school and kind in rule.qualifying_kinds), None)
    constituency_id = await constituency_by_code(transaction, rule.code)
    membership_id = await applications.add_membership(
        transaction,
        NewMembership(constituency_id, person.name, address, person_id=person.id, school_id=school_id),
        MembershipStatus.DRAFT if application.is_draft else MembershipStatus.SUBMITTED,
        person.id,
        ruleset.version,
    )
    if application.is_draft:
        await transaction.audit(AuditAction.MEMBERSHIP_DRAFTED, membership_id, person.id, constituency=rule.code)
    else:
        await submit(transaction, ruleset, Sent(membership_id, rule, status, [person.id]), person.id)
    return membership_id


async def submit_application(
    transaction: Transaction, viewer: Viewer, membership_id: UUID, accepts_articles: bool
) -> UUID:
    """Sends a draft. Refusals: NOT_SIGNED_IN, NOT_FOUND, CONSENT_REQUIRED, and those of check_eligible, check_step."""
    found = await lookups.own(transaction, viewer, membership_id)
    membership = found.membership
    ruleset = await ruleset_in_force(transaction)
    rule = ruleset.constituency(membership.constituency)
    check_step(membership.status, MembershipStatus.SUBMITTED)
    status = status_on_submission(rule, accepts_articles)
    if found.facts is not None:
        check_eligible(ruleset, rule, found.facts, await transaction.today())
    assert viewer.person_id is not None
    await memberships.set_status(
        transaction, membership.id, MembershipStatus.SUBMITTED, viewer.person_id, None, ruleset.version
    )
    recipients = await memberships.holders(transaction, membership, await transaction.today())
    await submit(transaction, ruleset, Sent(membership.id, rule, status, recipients), viewer.person_id)
    return membership.id


async def withdraw_application(transaction: Transaction, viewer: Viewer, membership_id: UUID) -> UUID:
    """Takes back one's own application and the consent in it. Refusals: NOT_SIGNED_IN, NOT_FOUND, APPLICATION_NOT_OPEN."""
    membership = (await lookups.own(transaction, viewer, membership_id)).membership
    check_step(membership.status, MembershipStatus.WITHDRAWN)
    ruleset = await ruleset_in_force(transaction)
    await memberships.set_status(
        transaction, membership.id, MembershipStatus.WITHDRAWN, viewer.person_id, None, ruleset.version
    )
    await transaction.audit(AuditAction.MEMBERSHIP_WITHDRAWN, membership.id, viewer.person_id)
    return membership.id


async def _applicant(transaction: Transaction, viewer: Viewer, application: Application) -> persons.Person:
    """Who applies, locked; put on record where nobody knows them. Refusals: INPUT_INVALID, DATES_CONTRADICT."""
    today, known_as = await transaction.today(), viewer.person_id
    if known_as is None and viewer.session_id is not None:
        known_as = await person_of_session(transaction, viewer.session_id)  # the same form sent twice at once
    if known_as is None:
        check_birth(application.date_of_birth, today)
        given_name = required_text(application.given_name, "givenName")
        family_name = required_text(application.family_name, "familyName")
        known_as = await persons.add_person(
            transaction, given_name, family_name, viewer.email, application.date_of_birth
        )
        assert viewer.session_id is not None
        await attach_person(transaction, viewer.session_id, known_as)
    person = await person_locked(transaction, known_as, "id")
    if person.born is None and application.date_of_birth is not None:
        check_birth(application.date_of_birth, today)
        await transaction.change("person", person.id, {"date_of_birth": application.date_of_birth})
    return person
