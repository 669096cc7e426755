"""What they may do who apply for an organisation, by no more than their own word: that word falls or holds with the
application."""

from db.people import organisations
from db.transactions import Transaction
from domain.membership.lifecycle import Membership


async def take_their_word(transaction: Transaction, membership: Membership) -> None:
    """Of an application that is admitted."""
    await organisations.confirm_authorisations(transaction, membership.id)


async def forget_their_word(transaction: Transaction, membership: Membership) -> None:
    """Of an application that was refused or withdrawn, when everybody has been told."""
    await organisations.end_authorisations_for(transaction, membership.id, await transaction.today())
