"""A resolution from draft to the last paper. Counting and declaring follow in counting.py."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from db.ballots import ballot_box, roll, writes
from db.connection import Pool
from db.governance.rules import rules_today, ruleset_of_version
from db.work import Work
from domain.audit.events import AuditAction
from domain.ballots.ballot import (
    Ballot,
    BallotStatus,
    Choice,
    Secrecy,
    check_casting,
    check_draft,
    check_notice,
    check_stage,
    entitled,
    roll_hash,
)
from domain.governance.resolutions import ResolutionKind
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import Conflict, Invalid, NotFound, Refusal, RefusalCode
from domain.text import MAX_TEXT_LENGTH, required_text, sensible_moment


@dataclass(frozen=True, slots=True)
class ResolutionDraft:
    title: str
    resolution: str
    kind: ResolutionKind
    secrecy: Secrecy
    constituencies: Sequence[str]
    opens_at: datetime
    closes_at: datetime


async def draft_resolution(work: Work, viewer: Viewer, draft: ResolutionDraft) -> UUID:
    """Refusals: as must_hold, INPUT_INVALID, and those of check_draft."""
    officer = must_hold(viewer, Role.RETURNING_OFFICER)
    title = required_text(draft.title, "title", 300)
    resolution = required_text(draft.resolution, "resolution", MAX_TEXT_LENGTH)
    sensible_moment(draft.opens_at, "opensAt")
    sensible_moment(draft.closes_at, "closesAt")
    check_draft(draft.secrecy, draft.opens_at, draft.closes_at, await work.now())
    ruleset = await rules_today(work)
    for code in draft.constituencies:
        ruleset.constituency(code)
    ballot_id = await writes.add_ballot(
        work, title, resolution, draft.kind, draft.secrecy, draft.opens_at, draft.closes_at, ruleset.version
    )
    if await writes.add_constituencies(work, ballot_id, draft.constituencies) == 0:
        raise Invalid(RefusalCode.INPUT_INVALID, "Name at least one constituency.", "constituencies")
    await work.audit(AuditAction.BALLOT_DRAFTED, ballot_id, officer)
    return ballot_id


async def give_notice(work: Work, viewer: Viewer, ballot_id: UUID) -> UUID:
    """Publishes question, dates and electorate. Refusals: as must_hold, NOT_FOUND, and those of check_notice."""
    officer = must_hold(viewer, Role.RETURNING_OFFICER)
    ballot, version = _found(await writes.ballot_for_update(work, ballot_id))
    check_notice(ballot, await ruleset_of_version(work, version), await work.now())
    await writes.give_notice(work, ballot_id)
    await work.audit(AuditAction.BALLOT_NOTICE_GIVEN, ballot_id, officer)
    return ballot_id


async def freeze_roll(work: Work, viewer: Viewer, ballot_id: UUID) -> UUID:
    """Fixes who may vote, as of this moment. Refusals: as must_hold, NOT_FOUND, BALLOT_WRONG_STAGE, ROLL_EMPTY."""
    officer = must_hold(viewer, Role.RETURNING_OFFICER)
    ballot, version = _found(await writes.ballot_for_update(work, ballot_id))
    now = await work.now()
    check_stage(ballot, BallotStatus.NOTICE_GIVEN, now)
    if ballot.closes_at <= now:
        raise Conflict(RefusalCode.BALLOT_CLOSED)
    ruleset = await ruleset_of_version(work, version)
    candidates = await roll.candidates_for_roll(work, ballot_id, now)
    voters = entitled(candidates, ruleset.constituencies.values(), await work.today(), ruleset.suspended_may_vote)
    if not voters:
        raise Conflict(RefusalCode.ROLL_EMPTY)
    await roll.store_roll(work, ballot_id, voters)
    commitment = roll_hash(ballot_id, voters)
    await writes.freeze(work, ballot_id, commitment, len(voters))
    await work.audit(AuditAction.ROLL_FROZEN, ballot_id, officer, voters=len(voters), hash=commitment)
    return ballot_id


@dataclass(frozen=True, slots=True)
class Vote:
    """One voter's wish, still with its name on it."""

    ballot_id: UUID
    voter_id: UUID
    cast_by: UUID
    choice: Choice

    @property
    def entry(self) -> tuple[UUID, UUID]:
        """The key of the roll entry it is cast from."""
        return self.ballot_id, self.voter_id


async def cast_ballots(work: Work, votes: Sequence[Vote]) -> list[str | Refusal]:
    """Takes papers handed in at the same moment; for each a receipt, or why it was not taken.

    A receipt proves that a paper was counted and nothing else. Refusals: NOT_FOUND, and those of check_casting.
    """
    found = await writes.ballots_for_casting(work, [(*vote.entry, vote.cast_by) for vote in votes])
    answers: list[str | Refusal] = []
    taken: dict[bool, list[ballot_box.SealedVote]] = {True: [], False: []}
    handed_in: set[tuple[UUID, UUID]] = set()
    for vote, facts in zip(votes, found, strict=True):
        try:
            if facts is None or facts[0].status is BallotStatus.DRAFT:
                raise NotFound("ballotId")
            ballot, voter, now = facts
            check_casting(ballot, replace(voter, has_voted=voter.has_voted or vote.entry in handed_in), now)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        handed_in.add(vote.entry)
        receipt = secrets.token_hex(16)
        answers.append(receipt)
        sealed = ballot_box.SealedVote(vote.ballot_id, vote.voter_id, vote.choice.value, receipt)
        taken[ballot.secrecy is Secrecy.RECORDED].append(sealed)
    marked = await ballot_box.cast(work, taken[False], recorded=False)
    marked |= await ballot_box.cast(work, taken[True], recorded=True)
    return [
        Conflict(RefusalCode.ALREADY_VOTED) if isinstance(answer, str) and vote.entry not in marked else answer
        for vote, answer in zip(votes, answers, strict=True)
    ]


async def cast_ballot(work: Work, vote: Vote) -> str:
    """One vote in a transaction of its own. Refusals: as cast_ballots."""
    (answer,) = await cast_ballots(work, [vote])
    if isinstance(answer, Refusal):
        raise answer
    return answer


async def seal_papers(worker: Pool) -> int:
    """Moves waiting papers and receipts into their boxes, shuffled. For the worker alone."""
    async with worker.acquire() as connection:
        return await ballot_box.seal(connection)


def _found(found: tuple[Ballot, int] | None) -> tuple[Ballot, int]:
    if found is None:
        raise NotFound("id")
    return found
