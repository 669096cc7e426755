"""Finding the membership an action is about, or refusing."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from db.membership import memberships
from db.people import guardians, organisations
from db.transactions import Transaction
from domain.forms import Id
from domain.identity.viewer import Viewer
from domain.membership.lifecycle import APPLICATION, HeldMembership, Membership
from domain.refusals import NotFound, NotPermitted, RefusalCode

from ..people.lookups import person_locked


@dataclass(frozen=True, slots=True)
class MembershipById:
    """A membership, or an application for one, to act on."""

    id: Annotated[UUID, Id("mem"), "The membership."]


async def held(transaction: Transaction, membership_id: UUID) -> HeldMembership:
    """Refusals: NOT_FOUND."""
    found = await memberships.membership_for_update(transaction, membership_id)
    if found is None:
        raise NotFound("id")
    return found


async def own(transaction: Transaction, viewer: Viewer, membership_id: UUID) -> HeldMembership:
    """A membership the caller answers for: their own, a child's they are guardian of, an organisation's they represent;
    by their own word alone an application, and no membership.

    Refusals: as ANY_PERSON, NOT_FOUND.
    """
    found = await held(transaction, membership_id)
    if not await answers_for(transaction, viewer.person, found.membership):
        raise NotFound("id")
    return found


async def lock_holder(transaction: Transaction, membership: Membership) -> None:
    """Whose membership it is: nobody applies for them, and none of theirs is admitted, meanwhile."""
    if membership.person_id is not None:
        await person_locked(transaction, membership.person_id)
    elif membership.organisation_id is not None:
        await organisations.organisation_name(transaction, membership.organisation_id)


async def answers_for(transaction: Transaction, person_id: UUID, membership: Membership) -> bool:
    if membership.organisation_id is not None:
        return person_id in await memberships.holders(transaction, membership, await transaction.today())
    assert membership.person_id is not None
    answers = guardians.is_said_to_answer_for if membership.status in APPLICATION else guardians.answers_for
    return membership.person_id == person_id or await answers(transaction, membership.person_id, person_id)


async def check_not_own(transaction: Transaction, person_id: UUID, membership: Membership) -> None:
    """Rule 17d. Refusals: OWN_CASE."""
    child_id = membership.person_id
    is_said_to_answer = child_id is not None and await guardians.is_said_to_answer_for(transaction, child_id, person_id)
    if is_said_to_answer or await answers_for(transaction, person_id, membership):
        raise NotPermitted(RefusalCode.OWN_CASE)


async def check_not_theirs(transaction: Transaction, officer: UUID, *people: UUID) -> None:
    """Nobody decides whether they, or a child of theirs, are one with somebody (rule 17d). Refusals: OWN_CASE."""
    for each in people:
        if each == officer or await guardians.is_said_to_answer_for(transaction, each, officer):
            raise NotPermitted(RefusalCode.OWN_CASE)
