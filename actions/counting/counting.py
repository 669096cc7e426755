"""Counting a closed poll and declaring its result."""

from uuid import UUID

from counting import count_resolution
from db.governance.rulesets import ruleset_of_version
from db.polls import ballot_box, polls, roll
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.counting.declaration import PollFigures, declaration_pack
from domain.identity.viewer import Role, Viewer, holder_of
from domain.polls.poll import PollStatus, Secrecy, check_stage
from domain.refusals import Conflict, NotFound, RefusalCode

from ..action import action
from ..polls.polls import PollById

SEALED_WITHIN = 1  # seconds: the worker looks for papers twice in one


@action(holder_of(Role.RETURNING_OFFICER))
async def count_poll(transaction: Transaction, viewer: Viewer, command: PollById) -> UUID:
    """Counts the papers of a closed poll.

    Refusals: NOT_FOUND, POLL_WRONG_STAGE, PAPERS_NOT_SEALED.
    """
    poll_id = command.id
    found = await polls.poll_for_update(transaction, poll_id)
    if found is None:
        raise NotFound("id")
    poll, version = found
    check_stage(poll, PollStatus.CLOSED, await transaction.now())
    if not await ballot_box.inbox_is_empty(transaction, poll_id):
        raise Conflict(RefusalCode.PAPERS_NOT_SEALED, retry_after=SEALED_WITHIN)
    ruleset = await ruleset_of_version(transaction, version)
    papers = await ballot_box.papers(transaction, poll_id, recorded=poll.secrecy is Secrecy.RECORDED)
    issued, returned = await roll.turnout(transaction, poll_id)
    to_count = await polls.poll_to_count(transaction, poll_id)
    figures = PollFigures(
        roll_hash=to_count.roll_hash,
        issued=issued,
        returned=returned,
        receipts=await ballot_box.receipts(transaction, poll_id),
        papers=list(papers.elements()),
    )
    majority = ruleset.majorities[to_count.kind]
    count = count_resolution(figures.papers, majority, ruleset.quorum, sum(issued.values()), to_count.title)
    pack = declaration_pack(count, figures, ruleset.small_group, ruleset.small_roll)
    await polls.store_count(transaction, poll_id, pack)
    await transaction.audit(AuditAction.POLL_COUNTED, poll_id, viewer.person, papers=len(figures.papers))
    return poll_id


@action(holder_of(Role.RETURNING_OFFICER))
async def declare_poll(transaction: Transaction, viewer: Viewer, command: PollById) -> UUID:
    """Publishes the result with its evidence.

    Refusals: NOT_FOUND, POLL_WRONG_STAGE.
    """
    found = await polls.poll_for_update(transaction, command.id)
    if found is None:
        raise NotFound("id")
    check_stage(found[0], PollStatus.COUNTED, await transaction.now())
    await polls.declare(transaction, command.id, viewer.person)
    await transaction.audit(AuditAction.POLL_DECLARED, command.id, viewer.person)
    return command.id
