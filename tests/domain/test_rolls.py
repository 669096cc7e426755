"""Who is on the roll of a poll, and its hash."""

from datetime import date
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from domain.polls.roll import ProspectiveElector, RollEntry, entitled, roll_hash
from tests.domain.rules import make_constituency

LEARNERS = make_constituency("LEARNER", join_age=11, vote_age=14)
STAFF = make_constituency("STAFF")


def make_elector(
    number: int, constituency: str = "STAFF", born: date | None = None, person: UUID | None = None
) -> ProspectiveElector:
    return ProspectiveElector(RollEntry(person or uuid4(), uuid4(), number, constituency), born)


def test_a_learner_votes_from_the_voting_age_on_the_qualifying_day() -> None:
    day = date(2026, 3, 29)
    old_enough, too_young, unknown = date(2012, 3, 29), date(2012, 3, 30), None
    electors = [make_elector(n, "LEARNER", born) for n, born in enumerate((old_enough, too_young, unknown), start=1)]

    assert [entry.member_number for entry in entitled(electors, [LEARNERS, STAFF], day)] == [1]


def test_one_member_one_vote_however_many_entries() -> None:
    person = uuid4()
    electors = [make_elector(7, person=person), make_elector(3, person=person), make_elector(5)]

    assert [entry.member_number for entry in entitled(electors, [STAFF], date(2026, 1, 1))] == [3, 5]


@given(st.permutations(range(1, 8)))
def test_the_hash_of_a_roll_does_not_depend_on_its_order(numbers: list[int]) -> None:
    contest = UUID(int=1)
    roll = [RollEntry(UUID(int=n), UUID(int=n), n, "STAFF") for n in numbers]

    assert roll_hash(contest, "salt", roll) == roll_hash(
        contest, "salt", sorted(roll, key=lambda entry: entry.member_number)
    )


def test_the_hash_of_a_roll_changes_with_every_fact_in_it() -> None:
    entry = RollEntry(UUID(int=1), UUID(int=1), 1, "STAFF")
    others = [
        roll_hash(UUID(int=2), "salt", [entry]),
        roll_hash(UUID(int=1), "salt", []),
        roll_hash(UUID(int=1), "other", [entry]),
        roll_hash(UUID(int=1), None, [entry]),
        roll_hash(UUID(int=1), "salt", [RollEntry(UUID(int=1), UUID(int=1), 2, "STAFF")]),
        roll_hash(UUID(int=1), "salt", [RollEntry(UUID(int=1), UUID(int=1), 1, "LEARNER")]),
    ]

    assert roll_hash(UUID(int=1), "salt", [entry]) not in others
    assert len(set(others)) == len(others)
