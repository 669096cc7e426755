"""Counting a resolution (domain rule 14)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ..ballots.ballot import Choice
from ..described import DescribedEnum


class Outcome(DescribedEnum):
    """What became of a resolution."""

    PASSED = "PASSED", "More than the majority the rules ask for."
    NOT_PASSED = "NOT_PASSED", "Not more than that majority, a tie or no vote at all included."


@dataclass(frozen=True, slots=True)
class ResolutionCount:
    """`totals` per choice over the valid papers; `valid + rejected` is the number of papers counted."""

    totals: dict[Choice, int]
    valid: int
    rejected: int
    majority: Fraction
    outcome: Outcome


def count_resolution(papers: Iterable[str], majority: Fraction) -> ResolutionCount:
    """Counts papers, each the text of its choice; what is none is rejected.

    Passed when the votes for are more than `majority` of the votes cast. An abstention is not a vote cast.
    """
    marks = Counter(papers)
    totals = {choice: marks.pop(choice.value, 0) for choice in Choice}
    votes_for, votes_against = totals[Choice.FOR], totals[Choice.AGAINST]
    passed = votes_for > majority * (votes_for + votes_against)
    return ResolutionCount(
        totals=totals,
        valid=sum(totals.values()),
        rejected=sum(marks.values()),
        majority=majority,
        outcome=Outcome.PASSED if passed else Outcome.NOT_PASSED,
    )
