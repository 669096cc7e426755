"""Counting a resolution: for, against or abstain (Companies Act 2006 ss.282 and 283)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ..contest import Contest
from ..count import Count, CountingMethod, Stage, StageEvent
from ..described import DescribedEnum
from ..papers import RejectionHeading


class Choice(DescribedEnum):
    """What a paper on a resolution may say."""

    FOR = "FOR", "For the resolution."
    AGAINST = "AGAINST", "Against the resolution."
    ABSTAIN = "ABSTAIN", "Neither; an abstention is not a vote cast."


class Outcome(DescribedEnum):
    """What became of a resolution."""

    PASSED = "PASSED", "It has the majority the rules ask for."
    NOT_PASSED = "NOT_PASSED", "It has not, a tie or no vote at all included, or too few took part."


@dataclass(frozen=True, slots=True)
class Majority:
    """A share of the votes cast, or of all who are entitled; `at_least` it, or more than it."""

    share: Fraction
    at_least: bool
    of_all_entitled: bool

    def needed(self, cast: int, entitled: int) -> int:
        """How many votes for are needed; always one at least."""
        part = self.share * (entitled if self.of_all_entitled else cast)
        whole = part.numerator // part.denominator
        return max(whole if self.at_least and part == whole else whole + 1, 1)

    def __str__(self) -> str:
        base = "all who are entitled" if self.of_all_entitled else "the votes cast"
        return f"{'at least' if self.at_least else 'more than'} {self.share} of {base}"


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many papers there must be for a resolution to pass: a number, and a share of all who are entitled."""

    papers: int
    share: Fraction

    def is_met(self, papers: int, entitled: int) -> bool:
        return papers >= self.papers and papers >= self.share * entitled


@dataclass(frozen=True, slots=True)
class ResolutionCount:
    """`count` has one stage, whose quota is the votes for that were needed; `quorate` whether enough took part."""

    count: Count
    majority: Majority
    quorate: bool
    outcome: Outcome

    @property
    def totals(self) -> dict[Choice, int]:
        """Valid papers by choice."""
        return dict(zip(Choice, self.count.stages[0].votes, strict=True))


def count_resolution(
    papers: Iterable[str], majority: Majority, quorum: Quorum, entitled: int, title: str = ""
) -> ResolutionCount:
    """Counts papers, each the text of its choice; what is none is rejected, unmarked if it says nothing at all.

    An abstention is a paper but not a vote cast. Every paper counts towards the quorum, rejected ones included; a
    majority of all who are entitled needs no other.
    """
    marks = Counter(papers)
    returned = sum(marks.values())
    votes = tuple(marks.pop(choice.value, 0) for choice in Choice)
    rejected = {RejectionHeading.UNMARKED: marks.pop("", 0), RejectionHeading.UNCERTAIN: sum(marks.values())}
    in_favour, against, _ = votes
    needed = majority.needed(in_favour + against, entitled)
    quorate = majority.of_all_entitled or quorum.is_met(returned, entitled)
    stage = Stage(
        number=1,
        event=StageEvent.CHOICES,
        about=(),
        quota=needed,
        votes=votes,
        exhausted=0,
        lost=0,
        elected=(),
        transfers=(),
        ties=(),
    )
    count = Count(
        method=CountingMethod.RESOLUTION,
        contest=Contest(title, 0, tuple(choice.value for choice in Choice), {}),
        places=0,
        valid=sum(votes),
        rejected={heading: number for heading, number in rejected.items() if number},
        elected=(),
        stages=(stage,),
    )
    passed = quorate and in_favour >= needed
    return ResolutionCount(count, majority, quorate, Outcome.PASSED if passed else Outcome.NOT_PASSED)
