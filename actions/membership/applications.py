"""Applying for membership."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_in_force, ruleset_to_join
from db.membership import applications, memberships
from db.membership.applications import NewMembership
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Many, Text
from domain.identity.viewer import ANY_MAILBOX, ANY_PERSON, Viewer
from domain.membership.eligibility import check_eligible, check_plurality, check_stays, rests_on_evidence
from domain.membership.lifecycle import (
    MembershipStatus,
    check_complete,
    check_consent,
    check_step,
    check_unsent,
    status_on_submission,
)
from domain.refusals import Refusal, kept, refuse_all, told_as
from domain.text import MAX_ADDRESS_LENGTH

from ..action import action
from ..people.lookups import person_facts
from ..people.registration import RegisterPerson, person_of_caller
from ..people.relationships import MOST_RELATIONSHIPS, DeclaredRelationship, at_schools, by_field, declare
from . import lookups
from .applicants import forget_their_word
from .lookups import MembershipById
from .submission import Sent, qualifying_school, send, submit


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForMembership:
    """An application for membership. Whoever is on record applies by the name they have there."""

    given_name: Annotated[str, Text(), "Given name."]
    family_name: Annotated[str, Text(), "Family name."]
    constituency: Annotated[str, "The code of the constituency to join."]
    relationships: Annotated[
        Sequence[DeclaredRelationship],
        Many(0, MOST_RELATIONSHIPS),
        "What makes you eligible, one to ten facts; a draft may lack them.",
    ] = ()
    service_address: Annotated[
        str | None, Text(MAX_ADDRESS_LENGTH), "The address to stand on the register; a draft may lack it."
    ] = None
    accepts_articles: Annotated[bool, "You agree to be a member under the trust's articles."]
    date_of_birth: Annotated[date | None, "Needed where the constituency asks for an age."] = None
    draft: Annotated[bool, "Keep it for later: change it with changeApplication, send it with submitApplication."] = (
        False
    )


@dataclass(frozen=True, slots=True)
class ChangeApplication:
    """What is to be different in a draft; relationships are declared and ended by themselves."""

    id: Annotated[UUID, Id("mem"), "The application."]
    constituency: Annotated[str | None, "The code of the constituency to join."] = None
    service_address: Annotated[str | None, Text(MAX_ADDRESS_LENGTH), "The address to stand on the register."] = None


@dataclass(frozen=True, slots=True)
class SubmitApplication:
    """A draft to send."""

    id: Annotated[UUID, Id("mem"), "The application."]
    accepts_articles: Annotated[bool, "You agree to be a member under the trust's articles."]


@action(ANY_MAILBOX, changes_caller=True)
async def apply_for_membership(transaction: Transaction, viewer: Viewer, command: ApplyForMembership) -> UUID:
    """Applies for membership in the name of the caller.

    Admits at once where the ruleset says so and more than the caller's word is known (rule 4j); a draft waits for
    submit_application. Refusals: INPUT_INVALID, those of
    submitting, and of check_stays.
    """
    ruleset = await ruleset_to_join(transaction)
    told = RegisterPerson(command.given_name, command.family_name, command.date_of_birth)
    refusals: list[Refusal] = []
    with kept(refusals):
        rule = ruleset.constituency(command.constituency)
    if not command.draft:
        with kept(refusals):
            check_complete(bool(command.relationships), command.service_address)
        with kept(refusals):
            check_consent(command.accepts_articles)
    with kept(refusals):
        person = await person_of_caller(transaction, viewer, told)
    with kept(refusals):
        known_at = await at_schools(transaction, by_field(command.relationships))
    refuse_all(refusals)
    await declare(transaction, person.id, known_at)
    check_plurality(ruleset, await applications.open_constituencies(transaction, person.id, None), rule.code)
    if command.draft:
        check_stays(ruleset, rule)
        status = MembershipStatus.DRAFT
    else:
        facts, today = await person_facts(transaction, person.id), await transaction.today()
        check_eligible(ruleset, rule, facts, today)
        status = status_on_submission(rule, True, rests_on_evidence(ruleset, rule, facts, today))
    constituency_id = await constituency_by_code(transaction, rule.code)
    school_id = await qualifying_school(transaction, person.id, rule)
    address = command.service_address or ""
    new = NewMembership(constituency_id, person.name, address, person_id=person.id, school_id=school_id)
    if not command.draft:
        return await send(transaction, ruleset, rule, new, status, [person.id], person.id)
    membership_id = await applications.add_membership(transaction, new, status, person.id, ruleset.version)
    await transaction.audit(AuditAction.MEMBERSHIP_DRAFTED, membership_id, person.id, constituency=rule.code)
    return membership_id


@action(ANY_PERSON)
async def change_application(transaction: Transaction, viewer: Viewer, command: ChangeApplication) -> UUID:
    """Changes an application that is kept as a draft. What is left out stays.

    Refusals: NOT_FOUND, APPLICATION_SENT, INPUT_INVALID, and those of check_plurality and check_stays.
    """
    membership = (await lookups.own(transaction, viewer, command.id)).membership
    check_unsent(membership.status)
    changes: dict[str, object] = {}
    if command.constituency is not None:
        ruleset = await ruleset_to_join(transaction)
        rule = ruleset.constituency(command.constituency)
        check_stays(ruleset, rule)
        await lookups.lock_holder(transaction, membership)
        open_in = await applications.open_constituencies(
            transaction, membership.person_id, membership.organisation_id, besides=membership.id
        )
        check_plurality(ruleset, open_in, rule.code)
        changes["constituency_id"] = await constituency_by_code(transaction, rule.code)
        if membership.person_id is not None:
            changes["school_id"] = await qualifying_school(transaction, membership.person_id, rule)
    if command.service_address is not None:
        changes["service_address"] = command.service_address
    if changes:
        await transaction.change("membership", membership.id, changes)
        await transaction.audit(
            AuditAction.MEMBERSHIP_DRAFT_CHANGED, membership.id, viewer.person, what=sorted(changes)
        )
    return membership.id


@action(ANY_PERSON)
async def submit_application(transaction: Transaction, viewer: Viewer, command: SubmitApplication) -> UUID:
    """Sends an application that was kept as a draft.

    Refusals: NOT_FOUND, CONSENT_REQUIRED, INPUT_INVALID where something is missing, and those of check_eligible, check_plurality, check_step.
    """
    membership = (await lookups.own(transaction, viewer, command.id)).membership
    ruleset = await ruleset_to_join(transaction)
    rule = ruleset.constituency(membership.constituency, "id")
    check_step(membership.status, MembershipStatus.SUBMITTED)
    status = status_on_submission(rule, command.accepts_articles, False)
    await lookups.lock_holder(transaction, membership)
    if membership.person_id is not None:
        facts, today = await person_facts(transaction, membership.person_id), await transaction.today()
        with told_as(relationships="id", service_address="id"):
            check_complete(bool(facts.relationships), membership.service_address)
        with told_as(constituency="id", date_of_birth="id"):
            check_eligible(ruleset, rule, facts, today)
        status = status_on_submission(rule, True, rests_on_evidence(ruleset, rule, facts, today))
    open_in = await applications.open_constituencies(
        transaction, membership.person_id, membership.organisation_id, besides=membership.id
    )
    check_plurality(ruleset, open_in, rule.code)
    # what held when it was drafted may be over
    sent: dict[str, object] = {"applied_at": await transaction.now(), "ruleset_version": ruleset.version}
    if membership.person_id is not None:
        sent["school_id"] = await qualifying_school(transaction, membership.person_id, rule)
    await transaction.change("membership", membership.id, sent)
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
    await forget_their_word(transaction, membership)
    return membership.id
