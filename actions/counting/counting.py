"""Counting the contests of a closed poll and declaring their results."""

from uuid import UUID

from db.governance.rulesets import ruleset_of_version
from db.polls import ballot_box, contests, polls, roll
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.counting.declaration import ContestFigures, declaration_pack
from domain.governance.rulesets import Ruleset
from domain.identity.viewer import Role, Viewer, holder_of
from domain.polls.contest import Contest
from domain.polls.poll import Poll, PollStatus, Secrecy, check_stage
from domain.refusals import Conflict, NotFound, RefusalCode

from ..action import action
from ..polls.kinds import kind_of
from ..polls.polls import PollById

SEALED_WITHIN = 1  # seconds: the worker looks for papers twice in one


@action(holder_of(Role.RETURNING_OFFICER))
async def count_poll(transaction: Transaction, viewer: Viewer, command: PollById) -> UUID:
    """Counts the papers of every contest of a closed poll.

    Refusals: NOT_FOUND, POLL_WRONG_STAGE, PAPERS_NOT_SEALED.
    """
    found = await polls.poll_for_update(transaction, command.id)
    if found is None:
        raise NotFound("id")
    poll, version = found
    check_stage(poll, PollStatus.CLOSED, await transaction.now())
    if not await ballot_box.inbox_is_empty(transaction, poll.id):
        raise Conflict(RefusalCode.PAPERS_NOT_SEALED, retry_after=SEALED_WITHIN)
    ruleset = await ruleset_of_version(transaction, version)
    papers = [
        await _count(transaction, poll, contest, ruleset)
        for contest in await contests.contests_of(transaction, poll.id)
    ]
    await polls.mark_counted(transaction, poll.id)
    await transaction.audit(AuditAction.POLL_COUNTED, poll.id, viewer.person, papers=sum(papers))
    return poll.id


async def _count(transaction: Transaction, poll: Poll, contest: Contest, ruleset: Ruleset) -> int:
    """Counts a contest and stores the pack to declare; how many papers it had."""
    papers = await ballot_box.papers(transaction, contest.id, recorded=poll.secrecy is Secrecy.RECORDED)
    issued, returned = await roll.turnout(transaction, contest.id)
    figures = ContestFigures(
        issued=issued,
        returned=returned,
        receipts=await ballot_box.receipts(transaction, contest.id),
        papers=list(papers.elements()),
    )
    count = kind_of(contest.kind).count(contest, figures.papers, ruleset, sum(issued.values()))
    pack = declaration_pack(poll, contest, count, figures, ruleset.small_group, ruleset.small_roll)
    await contests.store_count(transaction, contest.id, pack)
    return len(figures.papers)


@action(holder_of(Role.RETURNING_OFFICER))
async def declare_poll(transaction: Transaction, viewer: Viewer, command: PollById) -> UUID:
    """Publishes the result of every contest of the poll, with its evidence.

    Refusals: NOT_FOUND, POLL_WRONG_STAGE.
    """
    found = await polls.poll_for_update(transaction, command.id)
    if found is None:
        raise NotFound("id")
    check_stage(found[0], PollStatus.COUNTED, await transaction.now())
    await contests.declare(transaction, command.id, viewer.person)
    await polls.mark_declared(transaction, command.id)
    await transaction.audit(AuditAction.POLL_DECLARED, command.id, viewer.person)
    return command.id
