from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ballots.ballot import Choice
from domain.counting.declaration import PollFigures, declaration_pack
from domain.counting.resolution import Outcome, count_resolution

PAPERS = st.lists(st.sampled_from(["FOR", "AGAINST", "ABSTAIN", "", "for", "MAYBE"]))


@pytest.mark.parametrize(
    ("votes_for", "votes_against", "majority", "outcome"),
    [
        (0, 0, "1/2", Outcome.NOT_PASSED),
        (1, 0, "1/2", Outcome.PASSED),
        (1, 1, "1/2", Outcome.NOT_PASSED),
        (2, 1, "1/2", Outcome.PASSED),
        (160, 0, "1/2", Outcome.PASSED),
        (3, 1, "3/4", Outcome.NOT_PASSED),
        (301, 100, "3/4", Outcome.PASSED),
    ],
)
def test_more_than_the_majority_of_the_votes_cast_passes(
    votes_for: int, votes_against: int, majority: str, outcome: Outcome
) -> None:
    papers = ["FOR"] * votes_for + ["AGAINST"] * votes_against + ["ABSTAIN"] * 50

    assert count_resolution(papers, Fraction(majority)).outcome is outcome


@given(PAPERS, st.randoms())
def test_a_count_adds_up_and_does_not_depend_on_the_order_of_papers(papers: list[str], random: object) -> None:
    count = count_resolution(papers, Fraction(1, 2))
    shuffled = list(papers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert count.valid + count.rejected == len(papers)
    assert sum(count.totals.values()) == count.valid
    assert count_resolution(shuffled, Fraction(1, 2)) == count


@given(PAPERS)
def test_an_abstention_never_changes_the_outcome(papers: list[str]) -> None:
    with_abstentions = [*papers, "ABSTAIN", "ABSTAIN"]

    assert (
        count_resolution(papers, Fraction(1, 2)).outcome is count_resolution(with_abstentions, Fraction(1, 2)).outcome
    )


def a_poll(entitled: int, papers: list[str]) -> PollFigures:
    receipts = [f"r{number}" for number in range(len(papers))]
    return PollFigures("hash", {"STAFF": entitled}, {"STAFF": len(papers)}, receipts, papers)


def test_anybody_can_recount_a_declaration_from_its_papers() -> None:
    papers = ["FOR"] * 9 + ["AGAINST"] * 3 + ["FOR"]
    count = count_resolution(papers, Fraction(1, 2))

    pack = declaration_pack(count, a_poll(20, papers), small_group=10, small_roll=10)

    assert count_resolution(pack["papers"], Fraction(1, 2)) == count
    assert pack["papers"] == sorted(papers)
    assert len(pack["receipts"]) == len(pack["papers"]) == pack["returned"]
    assert pack["totals"] == {Choice.FOR.value: 10, Choice.AGAINST.value: 3, Choice.ABSTAIN.value: 0}


def test_a_tiny_poll_publishes_its_outcome_and_not_how_people_voted() -> None:
    papers = ["FOR", "FOR", "AGAINST"]

    pack = declaration_pack(count_resolution(papers, Fraction(1, 2)), a_poll(9, papers), small_group=10, small_roll=10)

    assert pack["outcome"] == "PASSED"
    assert pack["smallRollWarning"] is True
    assert pack["totals"] is pack["papers"] is pack["ballotBoxHash"] is None
    assert pack["turnout"] == [{"constituency": "STAFF", "issued": None, "returned": None}]
