"""Finding what an action is about, or refusing."""

from uuid import UUID

from db.members import memberships, organisations, people
from db.members.people import Person
from db.work import Work
from domain.identity.viewer import Viewer, must_be_signed_in
from domain.members.eligibility import PersonFacts
from domain.members.membership import HeldMembership, Membership
from domain.refusals import Invalid, NotFound, NotPermitted, RefusalCode


async def held(work: Work, membership_id: UUID, field: str = "id") -> HeldMembership:
    """Refusals: NOT_FOUND."""
    found = await memberships.membership_for_update(work, membership_id)
    if found is None:
        raise NotFound(field)
    return found


async def own(work: Work, viewer: Viewer, membership_id: UUID, field: str = "id") -> HeldMembership:
    """A membership the caller answers for: their own, a child's they are guardian of, an organisation's they represent.

    Refusals: NOT_SIGNED_IN, NOT_FOUND.
    """
    person_id = must_be_signed_in(viewer)
    found = await held(work, membership_id, field)
    if not await answers_for(work, person_id, found.membership):
        raise NotFound(field)
    return found


async def answers_for(work: Work, person_id: UUID, membership: Membership) -> bool:
    today = await work.today()
    if membership.organisation_id is not None:
        return await organisations.represents(work, person_id, membership.organisation_id, today)
    assert membership.person_id is not None
    return membership.person_id == person_id or await people.is_guardian(work, membership.person_id, person_id, today)


async def check_not_own(work: Work, person_id: UUID, membership: Membership) -> None:
    """Domain rule 17. Refusals: OWN_CASE."""
    if await answers_for(work, person_id, membership):
        raise NotPermitted(RefusalCode.OWN_CASE)


async def person_locked(work: Work, person_id: UUID, field: str) -> Person:
    """Refusals: NOT_FOUND."""
    person = await people.person_for_update(work, person_id)
    if person is None:
        raise NotFound(field)
    return person


async def facts(work: Work, person_id: UUID) -> PersonFacts:
    return (await people.facts_of(work, [person_id]))[person_id]


async def school(work: Work, urn: int | None) -> UUID | None:
    """Refusals: INPUT_INVALID for a number no school of the trust has."""
    if urn is None:
        return None
    found = await people.school_by_urn(work, urn)
    if found is None:
        raise Invalid(RefusalCode.INPUT_INVALID, "The trust has no school of that number.", "schoolUrn")
    return found
