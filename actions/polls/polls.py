"""A resolution from draft to the frozen roll."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.governance.rulesets import ruleset_in_force, ruleset_of_version
from db.polls import polls, roll
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.governance.resolutions import ResolutionKind
from domain.identity.viewer import Role, Viewer, must_hold
from domain.polls.poll import Poll, PollStatus, Secrecy, check_draft, check_notice, check_stage, is_over
from domain.polls.roll import entitled, roll_hash
from domain.refusals import Conflict, Invalid, NotFound, RefusalCode
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


async def draft_resolution(transaction: Transaction, viewer: Viewer, draft: ResolutionDraft) -> UUID:
    """Refusals: as must_hold, INPUT_INVALID, and those of check_draft."""
    officer = must_hold(viewer, Role.RETURNING_OFFICER)
    title = required_text(draft.title, "title", 300)
    resolution = required_text(draft.resolution, "resolution", MAX_TEXT_LENGTH)
    sensible_moment(draft.opens_at, "opensAt")
    sensible_moment(draft.closes_at, "closesAt")
    check_draft(draft.secrecy, draft.opens_at, draft.closes_at, await transaction.now())
    ruleset = await ruleset_in_force(transaction)
    for code in draft.constituencies:
        ruleset.constituency(code)
    poll_id = await polls.add_poll(
        transaction, title, resolution, draft.kind, draft.secrecy, draft.opens_at, draft.closes_at, ruleset.version
    )
    if await polls.add_constituencies(transaction, poll_id, draft.constituencies) == 0:
        raise Invalid(RefusalCode.INPUT_INVALID, "Name at least one constituency.", "constituencies")
    await transaction.audit(AuditAction.POLL_DRAFTED, poll_id, officer)
    return poll_id


async def give_notice(transaction: Transaction, viewer: Viewer, poll_id: UUID) -> UUID:
    """Publishes question, dates and electorate. Refusals: as must_hold, NOT_FOUND, and those of check_notice."""
    officer = must_hold(viewer, Role.RETURNING_OFFICER)
    poll, version = _found(await polls.poll_for_update(transaction, poll_id))
    check_notice(poll, await ruleset_of_version(transaction, version), await transaction.now())
    await polls.give_notice(transaction, poll_id)
    await transaction.audit(AuditAction.POLL_NOTICE_GIVEN, poll_id, officer)
    return poll_id


async def freeze_roll(transaction: Transaction, viewer: Viewer, poll_id: UUID) -> UUID:
    """Fixes who may vote, as of this moment. Refusals: as must_hold, NOT_FOUND, POLL_WRONG_STAGE, ROLL_EMPTY."""
    officer = must_hold(viewer, Role.RETURNING_OFFICER)
    poll, version = _found(await polls.poll_for_update(transaction, poll_id))
    now = await transaction.now()
    check_stage(poll, PollStatus.NOTICE_GIVEN, now)
    if is_over(poll, now):
        raise Conflict(RefusalCode.POLL_CLOSED)
    ruleset = await ruleset_of_version(transaction, version)
    today = await transaction.today()
    electors = await roll.prospective_electors(transaction, poll_id, today)
    voters = entitled(electors, ruleset.constituencies.values(), today, ruleset.suspended_may_vote)
    if not voters:
        raise Conflict(RefusalCode.ROLL_EMPTY)
    await roll.store_roll(transaction, poll_id, voters)
    commitment = roll_hash(poll_id, voters)
    await polls.freeze(transaction, poll_id, commitment, len(voters))
    await transaction.audit(AuditAction.ROLL_FROZEN, poll_id, officer, voters=len(voters), hash=commitment)
    return poll_id


def _found(found: tuple[Poll, int] | None) -> tuple[Poll, int]:
    if found is None:
        raise NotFound("id")
    return found
