from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.polls.casting import VoterStanding, check_casting
from domain.polls.poll import Poll, PollStatus, Secrecy, stage_at
from domain.polls.roll import ProspectiveElector, RollEntry, entitled, roll_hash
from domain.refusals import Refusal, RefusalCode
from tests.domain.rules import a_constituency

NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LEARNERS = a_constituency("LEARNER", join_age=11, vote_age=14)
STAFF = a_constituency("STAFF")


def a_ballot(status: PollStatus = PollStatus.ROLL_FROZEN) -> Poll:
    return Poll(uuid4(), status, Secrecy.CONFIDENTIAL, NOON, NOON + HOUR)


def a_candidate(
    number: int, constituency: str = "STAFF", born: date | None = None, person: UUID | None = None
) -> ProspectiveElector:
    return ProspectiveElector(RollEntry(person or uuid4(), uuid4(), number, constituency), born)


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


@pytest.mark.parametrize("status", [s for s in PollStatus if s is not PollStatus.ROLL_FROZEN])
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
        check_casting(a_ballot(status), VoterStanding(on_the_roll, has_voted), now)

    assert refusal.value.code is code


def test_a_paper_of_somebody_on_the_roll_is_taken_while_the_poll_is_open() -> None:
    check_casting(a_ballot(), VoterStanding(on_the_roll=True, has_voted=False), NOON)


def test_a_learner_votes_from_the_voting_age_on_the_qualifying_day() -> None:
    day = date(2026, 3, 29)
    old_enough, too_young, unknown = date(2012, 3, 29), date(2012, 3, 30), None
    electors = [a_candidate(n, "LEARNER", born) for n, born in enumerate((old_enough, too_young, unknown), start=1)]

    assert [entry.member_number for entry in entitled(electors, [LEARNERS, STAFF], day)] == [1]


def test_one_member_one_vote_however_many_entries() -> None:
    person = uuid4()
    electors = [a_candidate(7, person=person), a_candidate(3, person=person), a_candidate(5)]

    assert [entry.member_number for entry in entitled(electors, [STAFF], date(2026, 1, 1))] == [3, 5]


@given(st.permutations(range(1, 8)))
def test_the_hash_of_a_roll_does_not_depend_on_its_order(numbers: list[int]) -> None:
    poll = UUID(int=1)
    roll = [RollEntry(UUID(int=n), UUID(int=n), n, "STAFF") for n in numbers]

    assert roll_hash(poll, roll) == roll_hash(poll, sorted(roll, key=lambda entry: entry.member_number))


def test_the_hash_of_a_roll_changes_with_every_fact_in_it() -> None:
    entry = RollEntry(UUID(int=1), UUID(int=1), 1, "STAFF")
    others = [
        roll_hash(UUID(int=2), [entry]),
        roll_hash(UUID(int=1), []),
        roll_hash(UUID(int=1), [RollEntry(UUID(int=1), UUID(int=1), 2, "STAFF")]),
        roll_hash(UUID(int=1), [RollEntry(UUID(int=1), UUID(int=1), 1, "LEARNER")]),
    ]

    assert roll_hash(UUID(int=1), [entry]) not in others
    assert len(set(others)) == len(others)
