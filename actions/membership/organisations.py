"""Organisations applying, through people they have authorised (rule 7)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import constituency_by_code, ruleset_to_join
from db.membership import applications
from db.membership.applications import NewMembership
from db.people import organisations
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Text
from domain.identity.viewer import ANY_PERSON, Viewer
from domain.membership.eligibility import check_plurality, check_stays
from domain.membership.lifecycle import status_on_submission
from domain.people.organisations import check_dates, check_takes_organisations
from domain.refusals import told_as
from domain.text import MAX_ADDRESS_LENGTH, MAX_REASON_LENGTH

from ..action import action
from ..people.representatives import record_authorisation
from .submission import send


@dataclass(frozen=True, slots=True)
class ApplyForOrganisation:
    """The application of an organisation by its authorised representative, you."""

    name: Annotated[str, Text(), "The organisation's name."]
    kind: Annotated[str, Text(), "What sort of organisation it is."]
    constituency: Annotated[str, "The code of the constituency to join."]
    service_address: Annotated[str, Text(MAX_ADDRESS_LENGTH), "The address to stand on the register."]
    document: Annotated[str, Text(MAX_REASON_LENGTH), "What authorises you: a minute, a letter."]
    accepts_articles: Annotated[bool, "It agrees to be a member under the trust's articles."]
    registered_number: Annotated[str | None, Text(or_empty=True), "Its company or charity number."] = None
    authorised_until: Annotated[date | None, "The first day without that power."] = None


@action(ANY_PERSON)
async def apply_for_organisation(transaction: Transaction, viewer: Viewer, command: ApplyForOrganisation) -> UUID:
    """Applies for membership in the name of an organisation.

    Refusals: INPUT_INVALID, NOT_ELIGIBLE, CONSENT_REQUIRED, DATES_CONTRADICT, ALREADY_A_MEMBER, CONSTITUENCY_CLOSES.
    """
    name, representative = command.name, viewer.person
    ruleset, today = await ruleset_to_join(transaction), await transaction.today()
    rule = ruleset.constituency(command.constituency)
    check_takes_organisations(rule)
    check_stays(ruleset, rule)
    status = status_on_submission(rule, command.accepts_articles)
    with told_as(until="authorised_until"):
        check_dates(today, command.authorised_until)
    organisation_id = await organisations.represented_by_name(transaction, name, representative, today)
    if organisation_id is None:
        organisation_id = await _new_organisation(transaction, command, representative)
    check_plurality(ruleset, await applications.open_constituencies(transaction, None, organisation_id), rule.code)
    constituency_id = await constituency_by_code(transaction, rule.code)
    new = NewMembership(constituency_id, name, command.service_address, organisation_id=organisation_id)
    return await send(transaction, ruleset, rule, new, status, [representative], representative, member=name)


async def _new_organisation(transaction: Transaction, command: ApplyForOrganisation, representative: UUID) -> UUID:
    organisation_id = await organisations.add_organisation(
        transaction, command.name, command.kind, command.registered_number or None
    )
    await transaction.audit(AuditAction.ORGANISATION_RECORDED, organisation_id, representative)
    await record_authorisation(
        transaction, organisation_id, representative, representative, command.authorised_until, command.document
    )
    return organisation_id
