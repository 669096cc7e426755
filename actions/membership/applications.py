"""Applying for membership."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_in_force
from db.identity.sessions import attach_person, person_of_session
from db.membership import applications, memberships
from db.membership.applications import NewMembership
from db.people import persons
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Many, Text
from domain.identity.viewer import ANY_MAILBOX, ANY_PERSON, Viewer
from domain.membership.eligibility import check_eligible, check_plurality, check_stays
from domain.membership.lifecycle import (
    MembershipStatus,
    check_step,
    status_on_submission,
)
from domain.people.relationships import check_birth
from domain.refusals import told_as
from domain.text import MAX_ADDRESS_LENGTH

from ..action import action
from ..people.lookups import person_facts, person_locked
from ..people.relationships import MOST_RELATIONSHIPS, DeclaredRelationship, declare
from . import lookups
from .lookups import MembershipById
from .submission import Sent, qualifying_school, send, submit


@dataclass(frozen=True, slots=True)
class ApplyForMembership:
    """An application for membership. Names and date of birth count only for somebody not yet on record."""

    given_name: Annotated[str, Text(), "Given name."]
    family_name: Annotated[str, Text(), "Family name."]
    constituency: Annotated[str, "The code of the constituency to join."]
    relationships: Annotated[
        Sequence[DeclaredRelationship], Many(1, MOST_RELATIONSHIPS), "What makes you eligible, one to ten facts."
    ]
    service_address: Annotated[str, Text(MAX_ADDRESS_LENGTH), "The address to stand on the register."]
    accepts_articles: Annotated[bool, "You agree to be a member under the trust's articles."]
    date_of_birth: Annotated[date | None, "Needed where the constituency asks for an age."] = None
    draft: Annotated[bool, "Keep it for later; send it with submitApplication."] = False


@dataclass(frozen=True, slots=True)
class SubmitApplication:
    """A draft to send."""

    id: Annotated[UUID, Id("mem"), "The application."]
    accepts_articles: Annotated[bool, "You agree to be a member under the trust's articles."]


@action(ANY_MAILBOX, changes_caller=True)
async def apply_for_membership(transaction: Transaction, viewer: Viewer, command: ApplyForMembership) -> UUID:
    """Applies for membership in the name of the caller.

    Admits at once where the ruleset says so; a draft waits for submit_application. Refusals: INPUT_INVALID, those of
    submitting, and of check_stays.
    """
    ruleset = await ruleset_in_force(transaction)
    rule = ruleset.constituency(command.constituency)
    status = MembershipStatus.DRAFT
    if not command.draft:
        status = status_on_submission(rule, command.accepts_articles)
    person = await _applicant(transaction, viewer, command)
    await declare(transaction, person.id, command.relationships)
    check_plurality(ruleset, await applications.open_constituencies(transaction, person.id, None), rule.code)
    if status is MembershipStatus.DRAFT:
        check_stays(ruleset, rule)
    else:
        check_eligible(ruleset, rule, await person_facts(transaction, person.id), await transaction.today())
    constituency_id = await constituency_by_code(transaction, rule.code)
    school_id = await qualifying_school(transaction, person.id, rule)
    new = NewMembership(constituency_id, person.name, command.service_address, person_id=person.id, school_id=school_id)
    if not command.draft:
        return await send(transaction, ruleset, rule, new, status, [person.id], person.id)
    membership_id = await applications.add_membership(transaction, new, status, person.id, ruleset.version)
    await transaction.audit(AuditAction.MEMBERSHIP_DRAFTED, membership_id, person.id, constituency=rule.code)
    return membership_id


@action(ANY_PERSON)
async def submit_application(transaction: Transaction, viewer: Viewer, command: SubmitApplication) -> UUID:
    """Sends an application that was kept as a draft.

    Refusals: NOT_FOUND, CONSENT_REQUIRED, and those of check_eligible, check_plurality, check_step.
    """
    found = await lookups.own(transaction, viewer, command.id)
    membership = found.membership
    ruleset = await ruleset_in_force(transaction)
    rule = ruleset.constituency(membership.constituency, "id")
    check_step(membership.status, MembershipStatus.SUBMITTED)
    status = status_on_submission(rule, command.accepts_articles)
    if found.facts is not None:
        with told_as(constituency="id", date_of_birth="id"):
            check_eligible(ruleset, rule, found.facts, await transaction.today())
    await lookups.lock_holder(transaction, membership)
    open_in = await applications.open_constituencies(
        transaction, membership.person_id, membership.organisation_id, besides=membership.id
    )
    check_plurality(ruleset, open_in, rule.code)
    if membership.person_id is not None:  # what held when it was drafted may be over
        school_id = await qualifying_school(transaction, membership.person_id, rule)
        await transaction.change("membership", membership.id, {"school_id": school_id})
    await memberships.set_status(
        transaction, membership.id, MembershipStatus.SUBMITTED, viewer.person, None, ruleset.version
    )
    recipients = await memberships.holders(transaction, membership, await transaction.today())
    await submit(transaction, ruleset, Sent(membership.id, rule, status, recipients), viewer.person)
    return membership.id


@action(ANY_PERSON)
async def withdraw_application(transaction: Transaction, viewer: Viewer, command: MembershipById) -> UUID:
    """Takes back one's own application and the consent in it.

    Refusals: NOT_FOUND, APPLICATION_NOT_OPEN.
    """
    membership = (await lookups.own(transaction, viewer, command.id)).membership
    check_step(membership.status, MembershipStatus.WITHDRAWN)
    ruleset = await ruleset_in_force(transaction)
    await memberships.set_status(
        transaction, membership.id, MembershipStatus.WITHDRAWN, viewer.person, None, ruleset.version
    )
    await transaction.audit(AuditAction.MEMBERSHIP_WITHDRAWN, membership.id, viewer.person)
    return membership.id


async def _applicant(transaction: Transaction, viewer: Viewer, command: ApplyForMembership) -> persons.Person:
    """Who applies, locked; put on record where nobody knows them. Refusals: DATES_CONTRADICT."""
    today, known_as = await transaction.today(), viewer.person_id
    if known_as is None and viewer.session_id is not None:
        known_as = await person_of_session(transaction, viewer.session_id)  # the same form sent twice at once
    if known_as is None:
        check_birth(command.date_of_birth, today)
        known_as = await persons.add_person(
            transaction, command.given_name, command.family_name, viewer.email, command.date_of_birth
        )
        assert viewer.session_id is not None
        await attach_person(transaction, viewer.session_id, known_as)
    person = await person_locked(transaction, known_as)
    if person.born is None and command.date_of_birth is not None:
        check_birth(command.date_of_birth, today)
        await transaction.change("person", person.id, {"date_of_birth": command.date_of_birth})
    return person
