"""Handing in papers, and sealing them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from counting import Choice
from db.connection import Pool
from db.polls import ballot_box, polls
from db.transactions import Transaction
from domain.forms import Id, Untraced
from domain.identity.viewer import ANY_PERSON, Viewer
from domain.polls.casting import check_casting
from domain.polls.poll import Secrecy, is_public
from domain.refusals import Conflict, NotFound, Refusal, RefusalCode

from ..action import action


@dataclass(frozen=True, slots=True)
class CastVote:
    """A paper."""

    poll_id: Annotated[UUID, Id("pol"), "The poll."]
    choice: Annotated[Choice, Untraced(), "What the paper says."]
    on_behalf_of: Annotated[
        UUID | None, Id("org"), "The organisation you represent, when the vote is the organisation's."
    ] = None


@dataclass(frozen=True, slots=True)
class PaperTaken:
    """The poll, and the receipt: it proves that a paper was counted, not what it said."""

    poll: UUID
    receipt: str


@dataclass(frozen=True, slots=True)
class Vote:
    """One voter's wish, still with its name on it."""

    poll_id: UUID
    voter_id: UUID
    cast_by: UUID
    choice: Choice

    @property
    def entry(self) -> tuple[UUID, UUID]:
        """The key of the roll entry it is cast from."""
        return self.poll_id, self.voter_id


async def cast_votes(transaction: Transaction, votes: Sequence[Vote]) -> list[str | Refusal]:
    """Takes papers handed in at the same moment; for each a receipt, or why it was not taken.

    A receipt proves that a paper was counted and nothing else. Refusals: NOT_FOUND, and those of check_casting.
    """
    found = await polls.polls_for_casting(transaction, [(*vote.entry, vote.cast_by) for vote in votes])
    answers: list[str | Refusal] = []
    taken: dict[bool, list[ballot_box.SealedVote]] = {True: [], False: []}
    handed_in: set[tuple[UUID, UUID]] = set()
    for vote, case in zip(votes, found, strict=True):
        try:
            if case is None or not is_public(case[0]):
                raise NotFound("poll_id")
            poll, voter, now = case
            check_casting(poll, replace(voter, has_voted=voter.has_voted or vote.entry in handed_in), now)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        handed_in.add(vote.entry)
        receipt = secrets.token_hex(16)
        answers.append(receipt)
        sealed = ballot_box.SealedVote(vote.poll_id, vote.voter_id, vote.choice.value, receipt)
        taken[poll.secrecy is Secrecy.RECORDED].append(sealed)
    marked = await ballot_box.cast(transaction, taken[False], recorded=False)
    marked |= await ballot_box.cast(transaction, taken[True], recorded=True)
    return [
        Conflict(RefusalCode.ALREADY_VOTED) if isinstance(answer, str) and vote.entry not in marked else answer
        for vote, answer in zip(votes, answers, strict=True)
    ]


def vote_of(viewer: Viewer, command: CastVote) -> Vote:
    return Vote(command.poll_id, command.on_behalf_of or viewer.person, viewer.person, command.choice)


@action(ANY_PERSON)
async def cast_vote(transaction: Transaction, viewer: Viewer, command: CastVote) -> PaperTaken:
    """Hands in a paper. One per person, while the poll is open by the server's clock.

    Refusals: as cast_votes.
    """
    (answer,) = await cast_votes(transaction, [vote_of(viewer, command)])
    if isinstance(answer, Refusal):
        raise answer
    return PaperTaken(command.poll_id, answer)


async def seal_papers(worker: Pool) -> int:
    """Moves waiting papers and receipts into their boxes, shuffled. For the worker alone."""
    async with worker.acquire() as connection:
        return await ballot_box.seal(connection)
