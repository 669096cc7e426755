"""Which papers count, and which are rejected under what heading."""

import pytest

from counting import Contest, CountingMethod, RejectionHeading, count_election

from .contests import elected, make_contest


@pytest.mark.parametrize(
    ("marks", "heading"),
    [
        ((), RejectionHeading.UNMARKED),
        (((), ()), RejectionHeading.UNMARKED),
        (((0, 1), 2), RejectionHeading.DUPLICATE_RANKING),
        (((), 0, 1), RejectionHeading.MISSING_RANKING),
        ((0, 1, 0), RejectionHeading.UNCERTAIN),
        ((3,), RejectionHeading.NOBODY_STANDING),
    ],
)
def test_a_paper_without_a_clear_first_preference_is_rejected_under_its_heading(marks, heading) -> None:  # type: ignore[no-untyped-def]
    contest = Contest("", 1, ("A", "B", "C", "W"), {(1,): 3, marks: 2}, withdrawn=frozenset({3}))

    count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)

    assert count.rejected == {heading: 2}
    assert (count.valid, elected(count)) == (3, "B")


@pytest.mark.parametrize("unclear", [(0, (1, 2)), (0, (), 1), (0, 1, 2, 1)])
def test_a_later_preference_that_is_not_clear_leaves_the_earlier_ones_standing(unclear) -> None:  # type: ignore[no-untyped-def]
    contest = Contest("", 1, ("A", "B", "C"), {unclear: 2, (1,): 4, (2,): 3})

    count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)

    assert (count.valid, elected(count)) == (9, "B")
    assert count.stages[1].exhausted == 2, "A's papers say nothing clear of B or C"


def test_withdrawn_candidates_are_passed_over_and_are_no_gap() -> None:
    contest = make_contest({"WA": 4, "B": 3, "CA": 2}, withdrawn=frozenset({3}))

    count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)

    assert count.stages[0].votes == (4, 3, 2, 0)
    assert elected(count) == "A"


@pytest.mark.parametrize("marks", [((0, 3), 1), (3, 0, 3), (3, 0)])
def test_who_has_withdrawn_spoils_no_paper(marks) -> None:  # type: ignore[no-untyped-def]
    contest = Contest("", 1, ("A", "B", "C", "W"), {marks: 2, (1,): 1}, withdrawn=frozenset({3}))

    assert elected(count_election(contest, CountingMethod.ALTERNATIVE_VOTE)) == "A"


def test_crosses_beyond_those_a_voter_had_spoil_the_paper_and_doubled_ones_do_not() -> None:
    contest = Contest("", 2, ("A", "B", "C"), {(0, 1): 3, (2, 2): 2, (0, 1, 2): 5, (): 1})

    count = count_election(contest, CountingMethod.BLOCK_VOTE)

    assert count.stages[0].votes == (3, 3, 2)
    assert count.rejected == {RejectionHeading.OVER_VOTED: 5, RejectionHeading.UNMARKED: 1}
    assert elected(count) == "AB"
    assert count_election(contest, CountingMethod.APPROVAL).stages[0].votes == (8, 8, 7)
    assert count_election(contest, CountingMethod.PLURALITY, seed="for A or B").valid == 2
