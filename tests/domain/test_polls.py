"""The stages of a poll, and casting a vote in it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from domain.polls.casting import VoterStanding, check_casting
from domain.polls.poll import STORED_STATUSES, Poll, PollStatus, Secrecy, stage_at
from domain.refusals import Refusal, RefusalCode

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def make_poll(status: PollStatus = PollStatus.ROLL_FROZEN) -> Poll:
    return Poll(uuid4(), "Spring poll", status, Secrecy.CONFIDENTIAL, NOON, NOON + HOUR)


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        (NOON - timedelta(microseconds=1), PollStatus.ROLL_FROZEN),
        (NOON, PollStatus.OPEN),
        (NOON + HOUR - timedelta(microseconds=1), PollStatus.OPEN),
        (NOON + HOUR, PollStatus.CLOSED),
    ],
)
def test_the_clock_alone_opens_and_closes_a_poll(now: datetime, stage: PollStatus) -> None:
    assert stage_at(PollStatus.ROLL_FROZEN, NOON, NOON + HOUR, now) is stage


@pytest.mark.parametrize("status", [s for s in STORED_STATUSES if s is not PollStatus.ROLL_FROZEN])
def test_no_other_stage_depends_on_the_clock(status: PollStatus) -> None:
    assert stage_at(status, NOON, NOON + HOUR, NOON + HOUR / 2) is status


@pytest.mark.parametrize(
    ("status", "now", "on_the_roll", "has_voted", "code"),
    [
        (PollStatus.NOTICE_GIVEN, NOON, True, False, RefusalCode.POLL_NOT_OPEN_YET),
        (PollStatus.ROLL_FROZEN, NOON - HOUR, True, False, RefusalCode.POLL_NOT_OPEN_YET),
        (PollStatus.ROLL_FROZEN, NOON + HOUR, True, False, RefusalCode.POLL_CLOSED),
        (PollStatus.COUNTED, NOON, True, False, RefusalCode.POLL_CLOSED),
        (PollStatus.DECLARED, NOON, True, False, RefusalCode.POLL_CLOSED),
        (PollStatus.ROLL_FROZEN, NOON, False, False, RefusalCode.NOT_ON_THE_ROLL),
        (PollStatus.ROLL_FROZEN, NOON, True, True, RefusalCode.ALREADY_VOTED),
    ],
)
def test_a_paper_is_taken_from_the_roll_once_while_the_poll_is_open(
    status: PollStatus, now: datetime, on_the_roll: bool, has_voted: bool, code: RefusalCode
) -> None:
    with pytest.raises(Refusal) as refusal:
        check_casting(make_poll(status), VoterStanding(on_the_roll, has_voted), now)

    assert refusal.value.code is code


def test_a_paper_of_somebody_on_the_roll_is_taken_while_the_poll_is_open() -> None:
    check_casting(make_poll(), VoterStanding(on_the_roll=True, has_voted=False), NOON)
