"""Handing in papers, and sealing them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from db.connection import Pool
from db.polls import ballot_box, casting
from db.transactions import Transaction
from domain.forms import Id, Untraced
from domain.identity.viewer import ANY_PERSON, Viewer
from domain.polls.casting import check_casting
from domain.polls.papers import check_paper
from domain.polls.poll import Secrecy, is_public
from domain.refusals import Conflict, NotFound, Refusal, RefusalCode

from ..action import action


@dataclass(frozen=True, slots=True)
class CastVote:
    """A paper."""

    contest_id: Annotated[UUID, Id("cts"), "The contest."]
    paper: Annotated[str, Untraced(), "What the paper says, as docs/papers.md writes it: `1 FOR`."]
    on_behalf_of: Annotated[
        UUID | None, Id("org"), "The organisation you represent, when the vote is the organisation's."
    ] = None


@dataclass(frozen=True, slots=True)
class PaperTaken:
    """The contest, and the receipt: it proves that a paper was counted, not what it said."""

    contest: UUID
    receipt: str


@dataclass(frozen=True, slots=True)
class Vote:
    """One voter's wish, still with its name on it."""

    contest_id: UUID
    voter_id: UUID
    cast_by: UUID
    paper: str

    @property
    def credential(self) -> tuple[UUID, UUID]:
        """What it spends, by contest and voter."""
        return self.contest_id, self.voter_id


async def cast_votes(transaction: Transaction, votes: Sequence[Vote]) -> list[str | Refusal]:
    """Takes papers handed in at the same moment; for each a receipt, or why it was not taken.

    A receipt proves that a paper was counted and nothing else. Refusals: NOT_FOUND, and those of check_casting and check_paper.
    """
    found = await casting.cases_for_casting(transaction, [(*vote.credential, vote.cast_by) for vote in votes])
    answers: list[str | Refusal] = []
    taken: dict[bool, list[ballot_box.SealedVote]] = {True: [], False: []}
    handed_in: set[tuple[UUID, UUID]] = set()
    for vote, case in zip(votes, found, strict=True):
        try:
            if case is None or not is_public(case.poll):
                raise NotFound("contest_id")
            has_voted = case.voter.has_voted or vote.credential in handed_in
            check_casting(case.poll, replace(case.voter, has_voted=has_voted), case.now)
            check_paper(case.kind, vote.paper)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        handed_in.add(vote.credential)
        receipt = secrets.token_hex(16)
        answers.append(receipt)
        sealed = ballot_box.SealedVote(vote.contest_id, vote.voter_id, vote.paper, receipt)
        taken[case.poll.secrecy is Secrecy.RECORDED].append(sealed)
    spent = await ballot_box.cast(transaction, taken[False], recorded=False)
    spent |= await ballot_box.cast(transaction, taken[True], recorded=True)
    return [
        Conflict(RefusalCode.ALREADY_VOTED) if isinstance(answer, str) and vote.credential not in spent else answer
        for vote, answer in zip(votes, answers, strict=True)
    ]


def vote_of(viewer: Viewer, command: CastVote) -> Vote:
    return Vote(command.contest_id, command.on_behalf_of or viewer.person, viewer.person, command.paper)


@action(ANY_PERSON)
async def cast_vote(transaction: Transaction, viewer: Viewer, command: CastVote) -> PaperTaken:
    """Hands in a paper. One per voter and contest, while the poll is open by the server's clock.

    Refusals: as cast_votes.
    """
    (answer,) = await cast_votes(transaction, [vote_of(viewer, command)])
    if isinstance(answer, Refusal):
        raise answer
    return PaperTaken(command.contest_id, answer)


async def seal_papers(worker: Pool) -> int:
    """Moves waiting papers and receipts into their boxes, shuffled. For the worker alone."""
    async with worker.acquire() as connection:
        return await ballot_box.seal(connection)
