"""Seats kept for a group."""

from dataclasses import replace

import pytest

from counting import AtLeast, CountingMethod, CountRefused, Fault, StageEvent, count_election, stage_sentence

from .contests import elected, make_contest
from .methods import STV, refused


@pytest.mark.parametrize("method", [*STV, CountingMethod.BLOCK_VOTE, CountingMethod.APPROVAL, CountingMethod.SCHULZE])
def test_seats_kept_for_a_group_are_filled_from_it(method: CountingMethod) -> None:
    papers = {"A": 40, "B": 30, "C": 20, "D": 3, "E": 2}
    free = make_contest(papers, seats=3)
    kept = replace(free, reserved=(AtLeast(1, frozenset({3, 4}), "the infant school"),))

    assert sorted(elected(count_election(free, method))) == ["A", "B", "C"]
    assert sorted(elected(count_election(kept, method))) == ["A", "B", "D"]


def test_a_doomed_candidate_is_excluded_even_with_a_quota() -> None:
    contest = make_contest(
        {"A": 40, "B": 40, "C": 5, "D": 4}, seats=2, reserved=(AtLeast(1, frozenset({2, 3}), "primary"),)
    )

    for method in STV:
        count = count_election(contest, method, seed="s")
        assert len(count.elected) == 2
        assert set(elected(count)) & {"C", "D"}
        assert any(stage.event is StageEvent.DOOMED for stage in count.stages)
        assert "Seats are kept for others" in " ".join(stage_sentence(count, stage) for stage in count.stages)


def test_equals_of_whom_a_reserved_seat_has_room_for_one_need_a_lot_by_every_rule() -> None:
    contest = make_contest(
        {"A": 40, "B": 20, "C": 20, "DE": 3, "E": 2, "F": 10},
        seats=3,
        reserved=(AtLeast(1, frozenset({4}), "a school"),),
    )

    for method in STV:
        assert refused(contest, method) is Fault.LOT_NEEDED
        assert {elected(count_election(contest, method, seed))[1] for seed in "abcdefgh"} == {"B", "C"}


def test_groups_may_overlap() -> None:
    # two of A, B, C; two of C, D, E; three seats: C has to be among them
    reserved = (AtLeast(2, frozenset({0, 1, 2}), "north"), AtLeast(2, frozenset({2, 3, 4}), "south"))
    contest = make_contest({"A": 40, "B": 30, "C": 1, "D": 20, "E": 10}, seats=3, reserved=reserved)

    for method in STV:
        assert sorted(elected(count_election(contest, method))) == ["A", "C", "D"]


def test_seats_that_can_not_be_kept_are_refused_by_name() -> None:
    contest = make_contest({"A": 2, "B": 1, "C": 1}, seats=2)
    too_few = replace(contest, reserved=(AtLeast(2, frozenset({2}), "the sixth form"),))
    too_many = replace(contest, reserved=(AtLeast(2, frozenset({0, 1}), "a"), AtLeast(1, frozenset({2}), "b")))

    with pytest.raises(CountRefused, match="2 seats are kept for the sixth form, but only 1 stand"):
        count_election(too_few, CountingMethod.MEEK)
    assert refused(too_many) is Fault.CONSTRAINT_IMPOSSIBLE
