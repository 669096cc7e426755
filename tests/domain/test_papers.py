"""What a paper says, and what no paper may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counting import Choice
from domain.polls.contest import ContestKind
from domain.polls.papers import UNREADABLE, check_paper, choices, paper_on_resolution
from domain.refusals import Refusal, RefusalCode

GOOD = [paper_on_resolution(choice) for choice in Choice]


def test_papers_on_resolutions_are_written_as_the_documents_say() -> None:
    assert GOOD == ["1 FOR", "1 AGAINST", "1 ABSTAIN"]
    for paper in GOOD:
        check_paper(ContestKind.RESOLUTION, paper)


@pytest.mark.parametrize(
    "paper",
    ["", " ", "1", "1 ", "FOR", "1 for", " 1 FOR", "1 FOR ", "1  FOR", "1\tFOR", "1 FOR\n", "1 FOR AGAINST", "1 3 1 2",
     "01 FOR", "+1 FOR", "１ FOR", "1 FOR\0"],
)  # fmt: skip
def test_what_could_not_be_counted_is_refused_and_not_repeated(paper: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_paper(ContestKind.RESOLUTION, paper)

    assert (refused.value.code, refused.value.field) == (RefusalCode.PAPER_INVALID, "paper")
    assert not paper.strip() or paper not in f"{refused.value.message} {refused.value.parameters}".split()


@pytest.mark.parametrize("paper", ["2 FOR", "0 FOR", "FOR"])
def test_a_version_that_is_not_taken_is_told_the_one_that_is(paper: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_paper(ContestKind.RESOLUTION, paper)

    assert refused.value.parameters == {"version": 1}


def test_no_paper_is_one_of_an_election_yet() -> None:
    for paper in (*GOOD, "1 3 1 2"):
        with pytest.raises(Refusal):
            check_paper(ContestKind.ELECTION, paper)


@given(st.lists(st.sampled_from([*GOOD, "FOR", "2 FOR", ""]) | st.text(max_size=9)))
def test_what_is_taken_is_counted_as_its_choice_and_nothing_else_is(papers: list[str]) -> None:
    said = choices(papers)

    assert len(said) == len(papers)
    for paper, choice in zip(papers, said, strict=True):
        assert choice == (paper[2:] if paper in GOOD else UNREADABLE)
