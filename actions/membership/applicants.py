"""What those may do who apply for a child, or for an organisation, by no more than their own word: that word holds or falls
with the application."""

from db.membership import memberships
from db.people import guardians, organisations
from db.transactions import Transaction
from domain.membership.lifecycle import NEVER_SENT, OPEN_STATUSES, Membership


async def take_their_word(transaction: Transaction, membership: Membership) -> None:
    """Of an application that an officer admits."""
    await organisations.confirm_authorisations(transaction, membership.id)
    if membership.person_id is not None:
        child_id, seen = membership.person_id, "The application was admitted."
        await guardians.confirm_declared(transaction, child_id, membership.id, await transaction.today(), seen)


async def forget_their_word(transaction: Transaction, membership: Membership) -> None:
    """Of an application that was refused or withdrawn, when everybody has been told; a child that is a member all the same
    keeps who answers for them."""
    today = await transaction.today()
    await organisations.end_authorisations_for(transaction, membership.id, today)
    child_id, undecided_or_member = membership.person_id, list(OPEN_STATUSES - NEVER_SENT)
    if child_id is not None and not await memberships.memberships_of(
        transaction, undecided_or_member, person_id=child_id
    ):
        await guardians.end_declared(transaction, child_id, today)
