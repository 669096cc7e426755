from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counting import Choice, Majority, Outcome, Quorum, RejectionHeading, ResolutionCount, count_resolution
from domain.counting.declaration import ContestFigures, declaration_pack
from domain.governance.resolutions import ResolutionKind
from domain.polls.contest import Contest, ContestKind
from domain.polls.papers import choices, paper_on_resolution
from domain.polls.poll import Poll, PollStatus, Secrecy
from tests.domain.rules import make_ruleset

PAPERS = st.lists(st.sampled_from(["FOR", "AGAINST", "ABSTAIN", "", "for", "MAYBE"]))
RULES = make_ruleset()
NO_QUORUM = Quorum(0, Fraction(0))
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)


def counted(
    papers: Sequence[str],
    kind: ResolutionKind = ResolutionKind.ORDINARY,
    quorum: Quorum = NO_QUORUM,
    entitled: int = 1_000,
) -> ResolutionCount:
    return count_resolution(papers, RULES.majorities[kind], quorum, entitled)


def papers_of(votes_for: int, votes_against: int, abstentions: int = 50) -> list[str]:
    return ["FOR"] * votes_for + ["AGAINST"] * votes_against + ["ABSTAIN"] * abstentions


@pytest.mark.parametrize(
    ("kind", "votes_for", "votes_against", "passed"),
    [
        (ResolutionKind.ORDINARY, 0, 0, False),
        (ResolutionKind.ORDINARY, 1, 0, True),
        (ResolutionKind.ORDINARY, 1, 1, False),
        (ResolutionKind.ORDINARY, 2, 1, True),
        (ResolutionKind.ORDINARY, 160, 0, True),
        (ResolutionKind.SPECIAL, 0, 0, False),
        (ResolutionKind.SPECIAL, 3, 1, True),
        (ResolutionKind.SPECIAL, 299, 100, False),
        (ResolutionKind.SPECIAL, 300, 100, True),
        (ResolutionKind.WRITTEN, 100, 0, False),
        (ResolutionKind.WRITTEN, 101, 99, True),
        (ResolutionKind.WRITTEN_SPECIAL, 149, 0, False),
        (ResolutionKind.WRITTEN_SPECIAL, 150, 50, True),
    ],
)
def test_each_kind_of_resolution_needs_its_majority(
    kind: ResolutionKind, votes_for: int, votes_against: int, passed: bool
) -> None:
    count = counted(papers_of(votes_for, votes_against, 0), kind, entitled=200)

    assert (count.outcome is Outcome.PASSED) is passed
    assert (votes_for >= (count.count.quota or 0)) is passed


def test_a_majority_of_exactly_all_is_possible_and_says_what_it_is() -> None:
    unanimous = Majority(Fraction(1), at_least=True, of_all_entitled=True)

    assert (unanimous.needed(3, 7), unanimous.needed(0, 0)) == (7, 1)
    assert str(unanimous) == "at least 1 of all who are entitled"
    assert str(RULES.majorities[ResolutionKind.ORDINARY]) == "more than 1/2 of the votes cast"


@pytest.mark.parametrize(
    ("quorum", "papers", "quorate"),
    [
        (Quorum(3, Fraction(0)), 2, False),
        (Quorum(3, Fraction(0)), 3, True),
        (Quorum(0, Fraction(1, 5)), 3, False),
        (Quorum(0, Fraction(1, 5)), 4, True),
        (Quorum(2, Fraction(1, 5)), 3, False),
    ],
)
def test_without_a_quorum_nothing_passes(quorum: Quorum, papers: int, quorate: bool) -> None:
    count = counted(["FOR"] * papers, quorum=quorum, entitled=20)

    assert count.quorate is quorate
    assert (count.outcome is Outcome.PASSED) is quorate


def test_whoever_abstains_takes_part() -> None:
    assert counted(["FOR", "ABSTAIN", ""], quorum=Quorum(3, Fraction(0))).outcome is Outcome.PASSED


@given(PAPERS, st.randoms())
def test_a_count_adds_up_and_does_not_depend_on_the_order_of_papers(papers: list[str], random: object) -> None:
    count = counted(papers)
    shuffled = list(papers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert count.count.valid + sum(count.count.rejected.values()) == len(papers)
    assert count.count.rejected.get(RejectionHeading.UNMARKED, 0) == papers.count("")
    assert sum(count.totals.values()) == count.count.valid
    assert counted(shuffled) == count


@given(PAPERS, st.sampled_from(ResolutionKind))
def test_an_abstention_never_changes_the_outcome(papers: list[str], kind: ResolutionKind) -> None:
    assert counted(papers, kind).outcome is counted([*papers, "ABSTAIN", "ABSTAIN"], kind).outcome


def make_pack(entitled: int, said: list[str]) -> dict[str, Any]:
    """What is declared of a contest with a roll of so many, when its papers say this."""
    papers = [paper_on_resolution(Choice[each]) for each in said]
    receipts = [f"r{number}" for number in range(len(papers))]
    figures = ContestFigures({"STAFF": entitled}, {"STAFF": len(papers)}, receipts, papers)
    poll = Poll(UUID(int=1), "Spring poll", PollStatus.ROLL_FROZEN, Secrecy.CONFIDENTIAL, NOON, NOON)
    contest = Contest(UUID(int=2), "Charter", ContestKind.RESOLUTION, "That it be.", ResolutionKind.ORDINARY, "0" * 64)
    return declaration_pack(poll, contest, counted(choices(papers)), figures, small_group=10, small_roll=10)


def test_anybody_can_recount_a_declaration_from_its_papers() -> None:
    said = papers_of(10, 3, 0)

    pack = make_pack(20, said)

    assert counted(choices(pack["papers"])) == counted(said)
    assert pack["papers"] == ["1 AGAINST"] * 3 + ["1 FOR"] * 10
    assert pack["contest"]["resolution"] == "That it be."
    assert len(pack["receipts"]) == len(pack["papers"]) == pack["returned"]
    assert pack["totals"] == {Choice.FOR.value: 10, Choice.AGAINST.value: 3, Choice.ABSTAIN.value: 0}
    (stage,) = pack["count"]["stages"]
    assert stage["votes"] == {"FOR": "10", "AGAINST": "3", "ABSTAIN": "0"}
    assert stage["sentence"] == "13 papers counted: 10 for, 3 against and 0 abstained; it needed 7 votes for."


def test_a_tiny_poll_publishes_its_outcome_and_not_how_people_voted() -> None:
    pack = make_pack(9, ["FOR", "FOR", "AGAINST"])

    assert pack["outcome"] == "PASSED"
    assert pack["smallRollWarning"] is True
    assert pack["count"] is pack["totals"] is pack["papers"] is pack["ballotBoxHash"] is None
    assert pack["turnout"] == [{"constituency": "STAFF", "issued": None, "returned": None}]
