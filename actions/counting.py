"""Counting a closed ballot and declaring its result."""

from uuid import UUID

from db.ballots import ballot_box, roll, writes
from db.governance.rules import ruleset_of_version
from db.work import Work
from domain.audit.events import AuditAction
from domain.ballots.ballot import BallotStatus, Secrecy, check_stage
from domain.counting.declaration import PollFigures, declaration_pack
from domain.counting.methods.resolution import count_resolution
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import Conflict, NotFound, RefusalCode


async def count_ballot(work: Work, viewer: Viewer, ballot_id: UUID) -> UUID:
    """Counts the papers of a closed poll. Refusals: as must_hold, NOT_FOUND, BALLOT_WRONG_STAGE, PAPERS_NOT_SEALED."""
    officer = must_hold(viewer, Role.RETURNING_OFFICER)
    found = await writes.ballot_for_update(work, ballot_id)
    if found is None:
        raise NotFound("id")
    ballot, version = found
    check_stage(ballot, BallotStatus.CLOSED, await work.now())
    if not await ballot_box.inbox_is_empty(work, ballot_id):
        raise Conflict(RefusalCode.PAPERS_NOT_SEALED)
    ruleset = await ruleset_of_version(work, version)
    papers = await ballot_box.papers(work, ballot_id, recorded=ballot.secrecy is Secrecy.RECORDED)
    issued, returned = await roll.turnout(work, ballot_id)
    poll = await writes.poll_of(work, ballot_id)
    figures = PollFigures(
        roll_hash=poll.roll_hash,
        issued=issued,
        returned=returned,
        receipts=await ballot_box.receipts(work, ballot_id),
        papers=list(papers.elements()),
    )
    majority = ruleset.majorities[poll.kind]
    count = count_resolution(figures.papers, majority, ruleset.quorum, sum(issued.values()), poll.title)
    # in a division names are published anyway, so there is nothing a small electorate could give away
    small_roll = 0 if ballot.secrecy is Secrecy.RECORDED else ruleset.small_roll
    await writes.store_count(work, ballot_id, declaration_pack(count, figures, ruleset.small_group, small_roll))
    await work.audit(AuditAction.BALLOT_COUNTED, ballot_id, officer, papers=len(figures.papers))
    return ballot_id


async def declare_ballot(work: Work, viewer: Viewer, ballot_id: UUID) -> UUID:
    """Publishes the result with its evidence. Refusals: as must_hold, NOT_FOUND, BALLOT_WRONG_STAGE."""
    officer = must_hold(viewer, Role.RETURNING_OFFICER)
    found = await writes.ballot_for_update(work, ballot_id)
    if found is None:
        raise NotFound("id")
    check_stage(found[0], BallotStatus.COUNTED, await work.now())
    await writes.declare(work, ballot_id, officer)
    await work.audit(AuditAction.BALLOT_DECLARED, ballot_id, officer)
    return ballot_id
