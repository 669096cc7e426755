"""Organisations applying, through people they have authorised (rule 7)."""

from collections.abc import Iterable, Mapping
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
from domain.membership.lifecycle import check_consent, status_on_submission
from domain.people.matching import Likeness
from domain.people.organisations import OrganisationRecord, check_dates, check_takes_organisations, likeness
from domain.refusals import Conflict, RefusalCode, told_as
from domain.text import MAX_ADDRESS_LENGTH, MAX_REASON_LENGTH

from ..action import action
from ..people.representatives import record_authorisation
from .submission import look_closer, send


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
    representative = viewer.person
    told = OrganisationRecord(command.name, command.registered_number or None)
    ruleset, today = await ruleset_to_join(transaction), await transaction.today()
    rule = ruleset.constituency(command.constituency)
    check_takes_organisations(rule)
    check_stays(ruleset, rule)
    check_consent(command.accepts_articles)
    with told_as(until="authorised_until"):
        check_dates(today, command.authorised_until)
    on_record = await organisations.organisations_on_record(transaction)
    same = {key: each for key, each in on_record.items() if likeness(told, each) is Likeness.SAME}
    represented = await _represented(transaction, same, representative, today)
    like = None
    if not same:
        like = next((each.name for each in on_record.values() if likeness(told, each) is Likeness.LIKELY), None)
    organisation_id = represented or await _said_to_be(transaction, told, command.kind, same, representative)
    # by their own word alone nobody acts for it (rule 4j), and an officer compares before one organisation is two members
    is_seen = represented is not None and like is None
    status = status_on_submission(rule, command.accepts_articles, is_seen)
    name = same.get(organisation_id, told).name
    check_plurality(ruleset, await applications.open_constituencies(transaction, None, organisation_id), rule.code)
    constituency_id = await constituency_by_code(transaction, rule.code)
    new = NewMembership(constituency_id, name, command.service_address, organisation_id=organisation_id)
    membership_id = await send(transaction, ruleset, rule, new, status, [representative], representative, member=name)
    if represented is None:
        await record_authorisation(
            transaction,
            organisation_id,
            representative,
            representative,
            command.authorised_until,
            command.document,
            application_id=membership_id,
        )
    if like is not None:
        reason = f"perhaps {like}, which is on record: compare before admitting"
        await look_closer(transaction, ruleset, membership_id, reason)
    return membership_id


async def _represented(
    transaction: Transaction, same: Iterable[UUID], representative: UUID, today: date
) -> UUID | None:
    """The one of these that the caller represents."""
    for key in same:
        if await organisations.represents(transaction, representative, key, today):
            return key
    return None


async def _said_to_be(
    transaction: Transaction,
    told: OrganisationRecord,
    kind: str,
    same: Mapping[UUID, OrganisationRecord],
    representative: UUID,
) -> UUID:
    """An organisation of which nothing is known but what is told of it now.

    Refusals: ALREADY_A_MEMBER for one that others represent: they have to authorise more people.
    """
    today = await transaction.today()
    for key, each in same.items():
        if not await organisations.is_hearsay(transaction, key, representative, today):
            field = "name" if told.same_name(each) else "registered_number"
            message = "An organisation of that name or number is on record."
            raise Conflict(RefusalCode.ALREADY_A_MEMBER, message, field)
    if same:
        first, *_ = same
        await organisations.describe(transaction, first, kind, told.registered_number)
        return first
    organisation_id = await organisations.add_organisation(transaction, told, kind)
    await transaction.audit(AuditAction.ORGANISATION_RECORDED, organisation_id, representative)
    return organisation_id
