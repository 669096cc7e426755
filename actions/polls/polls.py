"""A poll with its contests, from draft to the frozen rolls."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import ruleset_in_force, ruleset_of_version
from db.polls import contests, polls, roll
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Many, Text
from domain.governance.rulesets import Ruleset
from domain.identity.viewer import Role, Viewer, holder_of
from domain.polls.contest import MOST_CONTESTS, Contest
from domain.polls.poll import Poll, PollStatus, Secrecy, check_draft, check_notice, check_stage, is_over
from domain.polls.roll import RollEntry, check_rolls, entitled, roll_hash
from domain.refusals import Conflict, NotFound, Refusal, RefusalCode, kept, refuse_all
from domain.text import MAX_TITLE_LENGTH

from ..action import action
from .kinds import DraftContest, kind_of


@dataclass(frozen=True, slots=True)
class DraftPoll:
    """A poll, to be noticed, held and declared as a whole."""

    title: Annotated[str, Text(MAX_TITLE_LENGTH), "What it is about."]
    secrecy: Annotated[Secrecy, "What is promised about who voted how."]
    opens_at: Annotated[datetime, "When papers are first taken."]
    closes_at: Annotated[datetime, "When papers are no longer taken."]
    contests: Annotated[Sequence[DraftContest], Many(1, MOST_CONTESTS), "What is decided in it, in order."]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoll(DraftPoll):
    """A draft as it shall be from now on, contests and all."""

    id: Annotated[UUID, Id("pol"), "The poll."]


@dataclass(frozen=True, slots=True)
class PollById:
    """A poll to act on."""

    id: Annotated[UUID, Id("pol"), "The poll."]


@action(holder_of(Role.RETURNING_OFFICER))
async def draft_poll(transaction: Transaction, viewer: Viewer, command: DraftPoll) -> UUID:
    """Drafts a poll of one or more contests.

    Refusals: INPUT_INVALID, and those of check_draft and kind_of.
    """
    ruleset = await ruleset_in_force(transaction)
    _check(command, ruleset, await transaction.now())
    poll_id = await transaction.add("poll", {**_columns(command, ruleset), "status": PollStatus.DRAFT.value})
    await _add_contests(transaction, poll_id, command.contests)
    await transaction.audit(AuditAction.POLL_DRAFTED, poll_id, viewer.person)
    return poll_id


@action(holder_of(Role.RETURNING_OFFICER))
async def change_poll(transaction: Transaction, viewer: Viewer, command: ChangePoll) -> UUID:
    """Changes a draft of a poll, as a whole, by the rules of this day. Its contests get new ids.

    Refusals: NOT_FOUND, POLL_WRONG_STAGE, INPUT_INVALID, and those of check_draft and kind_of.
    """
    poll, _ = _found(await polls.poll_for_update(transaction, command.id))
    now = await transaction.now()
    check_stage(poll, PollStatus.DRAFT, now)
    ruleset = await ruleset_in_force(transaction)
    _check(command, ruleset, now)
    await transaction.change("poll", poll.id, _columns(command, ruleset))
    await contests.remove_contests(transaction, poll.id)
    await _add_contests(transaction, poll.id, command.contests)
    await transaction.audit(AuditAction.POLL_CHANGED, poll.id, viewer.person)
    return poll.id


def _columns(draft: DraftPoll, ruleset: Ruleset) -> dict[str, object]:
    """What is stored of a draft, beside its contests."""
    return {
        "title": draft.title,
        "secrecy": draft.secrecy.value,
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
        "ruleset_version": ruleset.version,
    }


async def _add_contests(transaction: Transaction, poll_id: UUID, drafts: Sequence[DraftContest]) -> None:
    for place, each in enumerate(drafts, start=1):
        contest_id = await kind_of(each.kind).add(transaction, poll_id, place, each)
        await contests.add_constituencies(transaction, contest_id, each.constituencies)


def _check(draft: DraftPoll, ruleset: Ruleset, now: datetime) -> None:
    refusals: list[Refusal] = []
    with kept(refusals):
        check_draft(draft.secrecy, draft.opens_at, draft.closes_at, now)
    for index, each in enumerate(draft.contests):
        with kept(refusals, f"contests.{index}"):
            kind_of(each.kind)
        for place, code in enumerate(each.constituencies):
            with kept(refusals, f"contests.{index}"):
                ruleset.constituency(code, f"constituencies.{place}")
    refuse_all(refusals)


@action(holder_of(Role.RETURNING_OFFICER))
async def give_notice(transaction: Transaction, viewer: Viewer, command: PollById) -> UUID:
    """Publishes what is decided, the dates and the electorates. The rules of this day hold until the poll is declared,
    whenever it was drafted and whatever is adopted meanwhile (rules 1c and 28r).

    Refusals: NOT_FOUND, and those of check_notice.
    """
    poll, _ = _found(await polls.poll_for_update(transaction, command.id))
    ruleset = await ruleset_in_force(transaction)
    electorates = await contests.electorates_of(transaction, poll.id)
    check_notice(poll, electorates, ruleset, await transaction.now())
    await polls.give_notice(transaction, poll.id, ruleset.version)
    await transaction.audit(AuditAction.POLL_NOTICE_GIVEN, poll.id, viewer.person)
    return poll.id


@action(holder_of(Role.RETURNING_OFFICER))
async def freeze_roll(transaction: Transaction, viewer: Viewer, command: PollById) -> UUID:
    """Fixes who may vote in each contest, as of this moment, and commits to it.

    Refusals: NOT_FOUND, POLL_WRONG_STAGE, POLL_CLOSED, ROLL_EMPTY of each contest in which nobody may vote.
    """
    poll, version = _found(await polls.poll_for_update(transaction, command.id))
    now = await transaction.now()
    check_stage(poll, PollStatus.NOTICE_GIVEN, now)
    if is_over(poll, now):
        raise Conflict(RefusalCode.POLL_CLOSED)
    ruleset, today = await ruleset_of_version(transaction, version), await transaction.today()
    rolls = {
        contest: await _voters(transaction, contest, ruleset, today)
        for contest in await contests.contests_of(transaction, poll.id)
    }
    check_rolls(rolls)
    for contest, voters in rolls.items():
        await roll.store_roll(transaction, contest.id, voters)
        salt = secrets.token_hex(16)
        commitment = roll_hash(contest.id, salt, voters)
        await contests.commit_to_roll(transaction, contest.id, commitment, salt, len(voters))
        await transaction.audit(AuditAction.ROLL_FROZEN, contest.id, viewer.person, voters=len(voters), hash=commitment)
    await polls.freeze(transaction, poll.id)
    return poll.id


async def _voters(transaction: Transaction, contest: Contest, ruleset: Ruleset, day: date) -> list[RollEntry]:
    electors = await roll.prospective_electors(transaction, contest.id, day)
    return entitled(electors, ruleset.constituencies.values(), day, ruleset.suspended_may_vote)


def _found(found: tuple[Poll, int] | None) -> tuple[Poll, int]:
    if found is None:
        raise NotFound("id")
    return found
