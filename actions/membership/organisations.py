"""Organisations applying, through people they have authorised (rule 7)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_in_force
from db.membership import applications
from db.membership.applications import NewMembership
from db.people import organisations
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Viewer, must_be_signed_in
from domain.membership.eligibility import check_plurality
from domain.membership.lifecycle import MembershipStatus, status_on_submission
from domain.people.organisations import check_dates, check_takes_organisations
from domain.text import MAX_ADDRESS_LENGTH, MAX_NAME_LENGTH, MAX_REASON_LENGTH, required_text

from ..people.representatives import record_authorisation
from .submission import Sent, submit


@dataclass(frozen=True, slots=True)
class OrganisationApplication:
    """What a representative says for their organisation. `document` says what authorises them."""

    name: str
    kind: str
    registered_number: str | None
    constituency: str
    service_address: str
    document: str
    authorised_until: date | None
    accepts_articles: bool


async def apply_for_organisation(
    transaction: Transaction, viewer: Viewer, application: OrganisationApplication
) -> UUID:
    """An organisation applies by its authorised representative, the caller.

    Refusals: NOT_SIGNED_IN, INPUT_INVALID, NOT_ELIGIBLE, CONSENT_REQUIRED, DATES_CONTRADICT, ALREADY_A_MEMBER.
    """
    representative = must_be_signed_in(viewer)
    ruleset, today = await ruleset_in_force(transaction), await transaction.today()
    rule = ruleset.constituency(application.constituency)
    check_takes_organisations(rule)
    status = status_on_submission(rule, application.accepts_articles)
    check_dates(today, application.authorised_until)
    name = required_text(application.name, "name", MAX_NAME_LENGTH)
    address = required_text(application.service_address, "serviceAddress", MAX_ADDRESS_LENGTH)
    organisation_id = await organisations.represented_by_name(transaction, name, representative, today)
    if organisation_id is None:
        organisation_id = await _new_organisation(transaction, name, application, representative)
    check_plurality(ruleset, await applications.open_constituencies(transaction, None, organisation_id), rule.code)
    constituency_id = await constituency_by_code(transaction, rule.code)
    membership_id = await applications.add_membership(
        transaction,
        NewMembership(constituency_id, name, address, organisation_id=organisation_id),
        MembershipStatus.SUBMITTED,
        representative,
        ruleset.version,
    )
    sent = Sent(membership_id, rule, status, [representative], member=name)
    await submit(transaction, ruleset, sent, representative)
    return membership_id


async def _new_organisation(
    transaction: Transaction, name: str, application: OrganisationApplication, representative: UUID
) -> UUID:
    number = application.registered_number
    organisation_id = await organisations.add_organisation(
        transaction,
        name,
        required_text(application.kind, "kind", MAX_NAME_LENGTH),
        required_text(number, "registeredNumber", MAX_NAME_LENGTH) if number else None,
    )
    await transaction.audit(AuditAction.ORGANISATION_RECORDED, organisation_id, representative)
    document = required_text(application.document, "document", MAX_REASON_LENGTH)
    await record_authorisation(
        transaction, organisation_id, representative, representative, application.authorised_until, document
    )
    return organisation_id
