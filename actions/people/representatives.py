"""Who acts for an organisation (rule 7a)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.people import organisations, persons
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import ANY_PERSON, Role, Viewer
from domain.people.organisations import check_dates, check_revocation
from domain.refusals import NotFound, NotPermitted, RefusalCode
from domain.text import MAX_REASON_LENGTH

from ..action import action


@dataclass(frozen=True, slots=True)
class AuthoriseRepresentative:
    """Somebody more to act for an organisation."""

    organisation_id: Annotated[UUID, Id("org"), "The organisation."]
    person_id: Annotated[UUID, Id("per"), "Who may act."]
    document: Annotated[str, Text(MAX_REASON_LENGTH), "What authorises them."]
    until: Annotated[date | None, "The first day without that power."] = None


@dataclass(frozen=True, slots=True)
class RevokeAuthorisation:
    """An authorisation to end today."""

    id: Annotated[UUID, Id("aut"), "The authorisation."]


@action(ANY_PERSON)
async def authorise_representative(transaction: Transaction, viewer: Viewer, command: AuthoriseRepresentative) -> UUID:
    """Lets somebody more act for an organisation; by a representative or the membership officer.

    Refusals: NOT_FOUND, NOT_AUTHORISED, DATES_CONTRADICT.
    """
    if await organisations.organisation_name(transaction, command.organisation_id) is None:
        raise NotFound("organisation_id")
    await _check_may_authorise(transaction, viewer, command.organisation_id, "organisation_id")
    if command.person_id == viewer.person:
        raise NotPermitted(RefusalCode.NOT_AUTHORISED, "Nobody authorises themself.", "person_id")
    check_dates(await transaction.today(), command.until)
    if not await persons.is_alive(transaction, command.person_id):
        raise NotFound("person_id")
    await record_authorisation(
        transaction, command.organisation_id, command.person_id, viewer.person, command.until, command.document
    )
    return command.organisation_id


@action(ANY_PERSON)
async def revoke_authorisation(transaction: Transaction, viewer: Viewer, command: RevokeAuthorisation) -> UUID:
    """Ends somebody's power to act for an organisation, today; votes they have not cast are void.

    Refusals: NOT_FOUND, AUTHORISATION_ENDED.
    """
    authorisation = await organisations.authorisation_for_update(transaction, command.id)
    if authorisation is None:
        raise NotFound("id")
    organisation_id, person_id = authorisation.organisation_id, authorisation.person_id
    await _check_may_authorise(transaction, viewer, organisation_id, "id")
    today = await transaction.today()
    check_revocation(authorisation, today)
    await organisations.end_authorisations(transaction, organisation_id, person_id, today)
    await transaction.audit(AuditAction.AUTHORISATION_REVOKED, organisation_id, viewer.person, person_id=person_id)
    return organisation_id


async def record_authorisation(
    transaction: Transaction,
    organisation_id: UUID,
    person_id: UUID,
    actor: UUID,
    until: date | None,
    document: str,
    application_id: UUID | None = None,
) -> None:
    """`application_id`: for this application alone, until it is admitted."""
    today = await transaction.today()
    await organisations.authorise(transaction, organisation_id, person_id, today, until, document, application_id)
    await transaction.audit(AuditAction.REPRESENTATIVE_AUTHORISED, organisation_id, actor, person_id=person_id)


async def _check_may_authorise(transaction: Transaction, viewer: Viewer, organisation_id: UUID, field: str) -> None:
    """Refusals: NOT_FOUND of the field, as where there is none."""
    if viewer.profile.has_any(Role.MEMBERSHIP_OFFICER):
        return
    if not await organisations.represents(transaction, viewer.person, organisation_id, await transaction.today()):
        raise NotFound(field)
