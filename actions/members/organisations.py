"""Organisations as members, through people they have authorised (domain rule 7)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.governance.rules import constituency_by_code, rules_today
from db.members import memberships, organisations, people
from db.work import Work
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_be_signed_in
from domain.members.eligibility import check_plurality
from domain.members.membership import MembershipStatus, status_on_submission
from domain.members.organisations import check_dates, check_revocation, check_takes_organisations
from domain.refusals import NotFound, NotPermitted, RefusalCode
from domain.text import MAX_NAME_LENGTH, required_text

from .applications import MAX_ADDRESS_LENGTH, MAX_REASON_LENGTH, submit


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


async def apply_for_organisation(work: Work, viewer: Viewer, application: OrganisationApplication) -> UUID:
    """An organisation applies by its authorised representative, the caller.

    Refusals: NOT_SIGNED_IN, INPUT_INVALID, NOT_ELIGIBLE, CONSENT_REQUIRED, DATES_CONTRADICT, ALREADY_A_MEMBER.
    """
    representative = must_be_signed_in(viewer)
    ruleset, today = await rules_today(work), await work.today()
    rule = ruleset.constituency(application.constituency)
    check_takes_organisations(rule)
    status = status_on_submission(rule, application.accepts_articles)
    check_dates(today, application.authorised_until)
    name = required_text(application.name, "name", MAX_NAME_LENGTH)
    address = required_text(application.service_address, "serviceAddress", MAX_ADDRESS_LENGTH)
    organisation_id = await organisations.represented_by_name(work, name, representative, today)
    if organisation_id is None:
        organisation_id = await _new_organisation(work, name, application, representative)
    check_plurality(ruleset, await memberships.open_constituencies(work, None, organisation_id), rule.code)
    membership_id = await memberships.add_membership(
        work,
        (None, organisation_id),
        await constituency_by_code(work, rule.code),
        None,
        name,
        address,
        MembershipStatus.DRAFT,
        ruleset.version,
    )
    await submit(work, ruleset, rule, membership_id, representative, representative, status, member=name)
    return membership_id


async def _new_organisation(work: Work, name: str, application: OrganisationApplication, representative: UUID) -> UUID:
    number = application.registered_number
    organisation_id = await organisations.add_organisation(
        work,
        name,
        required_text(application.kind, "kind", MAX_NAME_LENGTH),
        required_text(number, "registeredNumber", MAX_NAME_LENGTH) if number else None,
    )
    await work.audit(AuditAction.ORGANISATION_RECORDED, organisation_id, representative)
    document = required_text(application.document, "document", MAX_REASON_LENGTH)
    await _authorise(work, organisation_id, representative, representative, application.authorised_until, document)
    return organisation_id


async def authorise_representative(
    work: Work, viewer: Viewer, organisation_id: UUID, person_id: UUID, until: date | None, document: str
) -> UUID:
    """Somebody more may act for the organisation. By a representative or the officer.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, NOT_AUTHORISED, DATES_CONTRADICT, INPUT_INVALID.
    """
    actor = await _may_authorise(work, viewer, organisation_id)
    if person_id == actor:
        raise NotPermitted(RefusalCode.NOT_AUTHORISED, "Nobody authorises themself.", "personId")
    check_dates(await work.today(), until)
    if not await people.person_exists(work, person_id):
        raise NotFound("personId")
    document = required_text(document, "document", MAX_REASON_LENGTH)
    await _authorise(work, organisation_id, person_id, actor, until, document)
    return organisation_id


async def revoke_authorisation(work: Work, viewer: Viewer, authorisation_id: UUID) -> UUID:
    """From today somebody may no longer act for the organisation; votes they have not cast are void.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, NOT_AUTHORISED, AUTHORISATION_ENDED.
    """
    must_be_signed_in(viewer)
    authorisation = await organisations.authorisation_for_update(work, authorisation_id)
    if authorisation is None:
        raise NotFound("id")
    actor = await _may_authorise(work, viewer, authorisation.organisation_id)
    today = await work.today()
    check_revocation(authorisation, today)
    await organisations.end_authorisations(work, authorisation.organisation_id, authorisation.person_id, today)
    await work.audit(
        AuditAction.AUTHORISATION_REVOKED, authorisation.organisation_id, actor, person_id=authorisation.person_id
    )
    return authorisation.organisation_id


async def _authorise(
    work: Work, organisation_id: UUID, person_id: UUID, actor: UUID, until: date | None, document: str
) -> None:
    today = await work.today()
    await organisations.authorise(work, organisation_id, person_id, today, until, document)
    await work.audit(AuditAction.REPRESENTATIVE_AUTHORISED, organisation_id, actor, person_id=person_id)


async def _may_authorise(work: Work, viewer: Viewer, organisation_id: UUID) -> UUID:
    actor = must_be_signed_in(viewer)
    if await organisations.organisation_name(work, organisation_id) is None:
        raise NotFound("organisationId")
    if viewer.shape.has_any(Role.MEMBERSHIP_OFFICER):
        return actor
    if not await organisations.represents(work, actor, organisation_id, await work.today()):
        raise NotPermitted(RefusalCode.NOT_AUTHORISED)
    return actor
