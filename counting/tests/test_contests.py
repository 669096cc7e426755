"""Contests that can't be counted, and those that need no counting."""

import pytest

from counting import ELECTION_METHODS, Contest, CountingMethod, CountRemark, Fault, count_election, stage_sentence

from .contests import elected, make_contest
from .methods import RANKED, refused


@pytest.mark.parametrize("method", ELECTION_METHODS)
def test_what_can_not_be_counted_is_refused_with_its_fault(method: CountingMethod) -> None:
    assert refused(Contest("", 1, (), {}), method) is Fault.NO_CANDIDATES
    assert refused(make_contest({"A": 1}, withdrawn=frozenset({0})), method) is Fault.NO_CANDIDATES
    assert refused(make_contest({"AB": 1}, seats=0), method) is Fault.NO_SEATS
    assert refused(Contest("", 1, ("A", "A"), {(0,): 1}), method) is Fault.NAME_TWICE


@pytest.mark.parametrize("method", ELECTION_METHODS)
def test_a_paper_that_names_nobody_who_stood_or_came_never_is_refused(method: CountingMethod) -> None:
    assert refused(Contest("", 1, ("A", "B"), {(5,): 1}), method) is Fault.CANDIDATE_UNKNOWN
    assert refused(Contest("", 1, ("A", "B"), {(0, -1): 1}), method) is Fault.CANDIDATE_UNKNOWN
    assert refused(Contest("", 1, ("A", "B"), {(0,): 0}), method) is Fault.NUMBER_EXPECTED


def test_the_alternative_vote_fills_one_seat() -> None:
    assert refused(make_contest({"AB": 1}, seats=2), CountingMethod.ALTERNATIVE_VOTE) is Fault.ONE_SEAT_ONLY


@pytest.mark.parametrize("method", ELECTION_METHODS)
@pytest.mark.parametrize("papers", [{}, {(): 7}])
def test_without_a_valid_paper_nobody_is_elected_and_the_count_says_why(method: CountingMethod, papers) -> None:  # type: ignore[no-untyped-def]
    count = count_election(Contest("", 1, ("A", "B"), papers), method)

    assert (count.elected, count.valid, count.remark) == ((), 0, CountRemark.NO_VALID_PAPERS)
    assert "no valid paper" in stage_sentence(count, count.stages[0])


@pytest.mark.parametrize("method", [each for each in ELECTION_METHODS if each is not CountingMethod.ALTERNATIVE_VOTE])
@pytest.mark.parametrize("papers", [{}, {(0,): 5, (2, 1): 2}])
def test_with_no_more_candidates_than_seats_all_are_elected(method: CountingMethod, papers) -> None:  # type: ignore[no-untyped-def]
    count = count_election(Contest("", 5, ("A", "B", "C"), papers), method)

    assert sorted(elected(count)) == ["A", "B", "C"]
    assert count.remark is CountRemark.UNCONTESTED


def test_a_million_identical_papers_are_one_group() -> None:
    contest = make_contest({"AB": 1_000_000, "B": 1}, seats=1)

    for method in RANKED:
        count = count_election(contest, method)
        assert (elected(count), count.valid) == ("A", 1_000_001)
