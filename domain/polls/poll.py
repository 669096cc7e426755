"""A poll from draft to declaration: its stages (rules 9a and 12g)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ..conditions import NOW, Facts, FirstThatHolds, OneOf, Reached
from ..days import days_later
from ..described import DescribedEnum
from ..governance.rulesets import Ruleset
from ..refusals import Conflict, Invalid, Refusal, RefusalCode, refuse_all


class PollStatus(DescribedEnum):
    """The stage of a poll. OPEN and CLOSED are told by the database's clock alone; nobody opens or closes a poll."""

    DRAFT = "DRAFT", "Being written; not public."
    NOTICE_GIVEN = "NOTICE_GIVEN", "What is decided, the dates and who may vote are published."
    ROLL_FROZEN = "ROLL_FROZEN", "Who may vote is fixed and committed to by a hash."
    OPEN = "OPEN", "Papers are taken."
    CLOSED = "CLOSED", "No more papers are taken; nothing has been counted."
    COUNTED = "COUNTED", "Counted, not yet declared."
    DECLARED = "DECLARED", "The result and its evidence are published."


STORED_STATUSES = tuple(each for each in PollStatus if each not in {PollStatus.OPEN, PollStatus.CLOSED})


class Secrecy(DescribedEnum):
    """What is promised about who voted how (docs/secrecy.md)."""

    RECORDED = "RECORDED", "Names and votes are published to those entitled: a division."
    CONFIDENTIAL = (
        "CONFIDENTIAL",
        "Papers are kept apart from voters; somebody holding the whole database can at best guess.",
    )
    SECRET = "SECRET", "Cryptographically secret and verifiable. Not built yet: refused."


@dataclass(frozen=True, slots=True)
class Poll:
    id: UUID
    title: str
    status: PollStatus
    secrecy: Secrecy
    opens_at: datetime
    closes_at: datetime


IS_PUBLIC = ~OneOf("status", frozenset({PollStatus.DRAFT}))  # its notice was given
IS_DECLARED = OneOf("status", frozenset({PollStatus.DECLARED}))
IS_OVER = Reached("closes_at", NOW)
_HAS_OPENED = OneOf("status", frozenset({PollStatus.ROLL_FROZEN})) & Reached("opens_at", NOW)
IS_OPEN = _HAS_OPENED & ~IS_OVER
# a frozen roll opens at `opens_at` and closes at `closes_at` by itself; every other stage is what was entered last
STAGES = FirstThatHolds(
    (
        (PollStatus.OPEN, IS_OPEN),
        (PollStatus.CLOSED, _HAS_OPENED),
        *((status, OneOf("status", frozenset({status}))) for status in STORED_STATUSES),
    )
)


def stage_at(status: PollStatus, opens_at: datetime, closes_at: datetime, now: datetime) -> PollStatus:
    """The stage by the clock."""
    stage = STAGES.evaluate(Facts(status=status, opens_at=opens_at, closes_at=closes_at, now=now))
    assert stage is not None
    return stage


def is_public(poll: Poll) -> bool:
    return IS_PUBLIC.evaluate(Facts(poll))


def is_over(poll: Poll, now: datetime) -> bool:
    return IS_OVER.evaluate(Facts(poll, now=now))


def check_draft(secrecy: Secrecy, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refusals, all at once: SECRECY_NOT_AVAILABLE, DATES_CONTRADICT."""
    refusals: list[Refusal] = []
    if secrecy is Secrecy.SECRET:
        refusals.append(Invalid(RefusalCode.SECRECY_NOT_AVAILABLE, field="secrecy"))
    if opens_at >= closes_at or IS_OVER.evaluate(Facts(closes_at=closes_at, now=now)):
        refusals.append(Invalid(RefusalCode.DATES_CONTRADICT, field="closes_at"))
    refuse_all(refusals)


def check_stage(poll: Poll, needed: PollStatus, now: datetime) -> None:
    """Refusals: POLL_WRONG_STAGE."""
    if stage_at(poll.status, poll.opens_at, poll.closes_at, now) is not needed:
        raise Conflict(RefusalCode.POLL_WRONG_STAGE)


def check_notice(poll: Poll, electorates: Iterable[str], ruleset: Ruleset, now: datetime) -> None:
    """Whether notice may be given now of a draft in which these constituencies vote, by the rules in force.

    Refusals: POLL_WRONG_STAGE; or, all at once, INPUT_INVALID for each constituency that the rules no longer have and
    NOTICE_TOO_SHORT (days of notice come from the ruleset).
    """
    check_stage(poll, PollStatus.DRAFT, now)
    refusals: list[Refusal] = [
        Invalid(RefusalCode.INPUT_INVALID, f"The rules no longer have {code}.", "id", constituency=code)
        for code in electorates
        if code not in ruleset.constituencies
    ]
    days = ruleset.resolution_notice_days
    if poll.opens_at < days_later(now, days):
        refusals.append(Invalid(RefusalCode.NOTICE_TOO_SHORT, days=days))
    refuse_all(refusals)
