"""Who acts for an organisation (rule 7a)."""

from datetime import date
from uuid import UUID

from db.people import organisations, persons
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_be_signed_in
from domain.people.organisations import check_dates, check_revocation
from domain.refusals import NotFound, NotPermitted, RefusalCode
from domain.text import MAX_REASON_LENGTH, required_text


async def authorise_representative(
    transaction: Transaction, viewer: Viewer, organisation_id: UUID, person_id: UUID, until: date | None, document: str
) -> UUID:
    """Somebody more may act for the organisation. By a representative or the officer.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, NOT_AUTHORISED, DATES_CONTRADICT, INPUT_INVALID.
    """
    actor = await _may_authorise(transaction, viewer, organisation_id)
    if person_id == actor:
        raise NotPermitted(RefusalCode.NOT_AUTHORISED, "Nobody authorises themself.", "personId")
    check_dates(await transaction.today(), until)
    if not await persons.person_exists(transaction, person_id):
        raise NotFound("personId")
    document = required_text(document, "document", MAX_REASON_LENGTH)
    await record_authorisation(transaction, organisation_id, person_id, actor, until, document)
    return organisation_id


async def revoke_authorisation(transaction: Transaction, viewer: Viewer, authorisation_id: UUID) -> UUID:
    """From today somebody may no longer act for the organisation; votes they have not cast are void.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, NOT_AUTHORISED, AUTHORISATION_ENDED.
    """
    must_be_signed_in(viewer)
    authorisation = await organisations.authorisation_for_update(transaction, authorisation_id)
    if authorisation is None:
        raise NotFound("id")
    actor = await _may_authorise(transaction, viewer, authorisation.organisation_id)
    today = await transaction.today()
    check_revocation(authorisation, today)
    await organisations.end_authorisations(transaction, authorisation.organisation_id, authorisation.person_id, today)
    await transaction.audit(
        AuditAction.AUTHORISATION_REVOKED, authorisation.organisation_id, actor, person_id=authorisation.person_id
    )
    return authorisation.organisation_id


async def record_authorisation(
    transaction: Transaction, organisation_id: UUID, person_id: UUID, actor: UUID, until: date | None, document: str
) -> None:
    today = await transaction.today()
    await organisations.authorise(transaction, organisation_id, person_id, today, until, document)
    await transaction.audit(AuditAction.REPRESENTATIVE_AUTHORISED, organisation_id, actor, person_id=person_id)


async def _may_authorise(transaction: Transaction, viewer: Viewer, organisation_id: UUID) -> UUID:
    actor = must_be_signed_in(viewer)
    if await organisations.organisation_name(transaction, organisation_id) is None:
        raise NotFound("organisationId")
    if viewer.profile.has_any(Role.MEMBERSHIP_OFFICER):
        return actor
    if not await organisations.represents(transaction, actor, organisation_id, await transaction.today()):
        raise NotPermitted(RefusalCode.NOT_AUTHORISED)
    return actor
