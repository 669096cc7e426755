"""A resolution from draft to the frozen roll."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import ruleset_in_force, ruleset_of_version
from db.polls import polls, roll
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Many, Moment, Text
from domain.governance.resolutions import ResolutionKind
from domain.identity.viewer import Role, Viewer, holder_of
from domain.polls.poll import Poll, PollStatus, Secrecy, check_draft, check_notice, check_stage, is_over
from domain.polls.roll import entitled, roll_hash
from domain.refusals import Conflict, NotFound, RefusalCode
from domain.text import MAX_TEXT_LENGTH, MAX_TITLE_LENGTH

from ..action import action


@dataclass(frozen=True, slots=True)
class DraftResolution:
    """A resolution to put to constituencies."""

    title: Annotated[str, Text(MAX_TITLE_LENGTH), "What it is about."]
    resolution: Annotated[str, Text(MAX_TEXT_LENGTH), "The words that are voted on."]
    secrecy: Annotated[Secrecy, "What is promised about who voted how."]
    constituencies: Annotated[Sequence[str], Many(1, 100), "The codes of the constituencies that vote."]
    opens_at: Annotated[datetime, Moment(), "When papers are first taken."]
    closes_at: Annotated[datetime, Moment(), "When papers are no longer taken."]
    kind: Annotated[ResolutionKind, "What majority it needs; it is published with the notice."] = (
        ResolutionKind.ORDINARY
    )


@dataclass(frozen=True, slots=True)
class PollById:
    """A poll to act on."""

    id: Annotated[UUID, Id("pol"), "The poll."]


@action(holder_of(Role.RETURNING_OFFICER))
async def draft_resolution(transaction: Transaction, viewer: Viewer, command: DraftResolution) -> UUID:
    """Drafts a resolution.

    Refusals: INPUT_INVALID, and those of check_draft.
    """
    check_draft(command.secrecy, command.opens_at, command.closes_at, await transaction.now())
    ruleset = await ruleset_in_force(transaction)
    for index, code in enumerate(command.constituencies):
        ruleset.constituency(code, f"constituencies.{index}")
    poll_id = await polls.add_poll(
        transaction,
        command.title,
        command.resolution,
        command.kind,
        command.secrecy,
        command.opens_at,
        command.closes_at,
        ruleset.version,
    )
    await polls.add_constituencies(transaction, poll_id, command.constituencies)
    await transaction.audit(AuditAction.POLL_DRAFTED, poll_id, viewer.person)
    return poll_id


@action(holder_of(Role.RETURNING_OFFICER))
async def give_notice(transaction: Transaction, viewer: Viewer, command: PollById) -> UUID:
    """Publishes question, dates and electorate.

    Refusals: NOT_FOUND, and those of check_notice.
    """
    poll, version = _found(await polls.poll_for_update(transaction, command.id))
    check_notice(poll, await ruleset_of_version(transaction, version), await transaction.now())
    await polls.give_notice(transaction, poll.id)
    await transaction.audit(AuditAction.POLL_NOTICE_GIVEN, poll.id, viewer.person)
    return poll.id


@action(holder_of(Role.RETURNING_OFFICER))
async def freeze_roll(transaction: Transaction, viewer: Viewer, command: PollById) -> UUID:
    """Fixes who may vote, as of this moment, and commits to it.

    Refusals: NOT_FOUND, POLL_WRONG_STAGE, POLL_CLOSED, ROLL_EMPTY.
    """
    poll, version = _found(await polls.poll_for_update(transaction, command.id))
    now = await transaction.now()
    check_stage(poll, PollStatus.NOTICE_GIVEN, now)
    if is_over(poll, now):
        raise Conflict(RefusalCode.POLL_CLOSED)
    ruleset = await ruleset_of_version(transaction, version)
    today = await transaction.today()
    electors = await roll.prospective_electors(transaction, poll.id, today)
    voters = entitled(electors, ruleset.constituencies.values(), today, ruleset.suspended_may_vote)
    if not voters:
        raise Conflict(RefusalCode.ROLL_EMPTY)
    await roll.store_roll(transaction, poll.id, voters)
    commitment = roll_hash(poll.id, voters)
    await polls.freeze(transaction, poll.id, commitment, len(voters))
    await transaction.audit(AuditAction.ROLL_FROZEN, poll.id, viewer.person, voters=len(voters), hash=commitment)
    return poll.id


def _found(found: tuple[Poll, int] | None) -> tuple[Poll, int]:
    if found is None:
        raise NotFound("id")
    return found
