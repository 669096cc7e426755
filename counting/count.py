"""A count that explains itself: every stage, every transfer, every tie.

Votes are exact: whole numbers of the smallest part a method knows, `places` decimals of one vote.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .contest import Contest
from .described import DescribedEnum
from .papers import RejectionHeading


class CountingMethod(DescribedEnum):
    """How papers become a result."""

    PLURALITY = "PLURALITY", "One cross; most crosses win."
    BLOCK_VOTE = "BLOCK_VOTE", "As many crosses as seats; most crosses win."
    APPROVAL = "APPROVAL", "Any number of crosses; most crosses win."
    ALTERNATIVE_VOTE = "ALTERNATIVE_VOTE", "Preferences, one seat: the last are excluded until one has more than half."
    SCHULZE = "SCHULZE", "Preferences: whoever beats every other candidate, directly or by way of others."
    SCOTTISH = "SCOTTISH", "STV as in the Scottish Local Government Elections Order 2011."
    ERS97 = "ERS97", "STV as in the Electoral Reform Society's rules of 1997."
    MEEK = "MEEK", "STV by Meek's method, to nine decimals."
    RESOLUTION = "RESOLUTION", "For, against or abstain."


class StageEvent(DescribedEnum):
    """What a stage of a count did."""

    FIRST_PREFERENCES = "FIRST_PREFERENCES", "First preferences were counted."
    CROSSES = "CROSSES", "Crosses were counted."
    SURPLUS = "SURPLUS", "Votes above the quota were passed on."
    EXCLUSION = "EXCLUSION", "Candidates were excluded and their papers passed on."
    DOOMED = "DOOMED", "Seats kept for others left no room for candidates, so they were excluded."
    LAST_SEATS = "LAST_SEATS", "As many candidates were left as seats, so no papers were passed on any more."
    COMPARISON = "COMPARISON", "Candidates were compared two by two, and a seat was filled."
    CHOICES = "CHOICES", "Choices on a resolution were counted."


class CountRemark(DescribedEnum):
    """Why a count ended at once."""

    UNCONTESTED = "UNCONTESTED", "There are no more candidates than seats, so all are elected."
    NO_VALID_PAPERS = "NO_VALID_PAPERS", "There is no valid paper, so nobody is elected."


@dataclass(frozen=True, slots=True)
class Transfer:
    """Papers that went from one candidate to another, or to nobody: each `value`, together `votes`."""

    source: int
    target: int | None
    papers: int
    value: int
    votes: int


@dataclass(frozen=True, slots=True)
class Tie:
    """Equal candidates and who of them was chosen: for exclusion if `for_exclusion`, for election or transfer if not.

    `stage` is where they differed; None if only `lot` told them apart.
    """

    candidates: tuple[int, ...]
    chosen: int
    for_exclusion: bool
    stage: int | None
    lot: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many papers prefer one candidate to another, and the strongest paths between them (Schulze)."""

    first: int
    second: int
    prefer_first: int
    prefer_second: int
    path_from_first: int
    path_from_second: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `votes` by candidate as they stood at its end; what is no candidate's is `exhausted` or `lost`.

    `about`: whose surplus it was or who was excluded. `elected` in the order they were deemed elected.
    """

    number: int
    event: StageEvent
    about: tuple[int, ...]
    quota: int | None
    votes: tuple[int, ...]
    exhausted: int
    lost: int
    elected: tuple[int, ...]
    transfers: tuple[Transfer, ...]
    ties: tuple[Tie, ...]

    @property
    def non_transferable(self) -> int:
        return self.exhausted + self.lost


@dataclass(frozen=True, slots=True)
class Count:
    """The result. `elected` in the order of election; ties for that order are listed by name and mean nothing."""

    method: CountingMethod
    contest: Contest
    places: int
    valid: int
    rejected: Mapping[RejectionHeading, int]
    elected: tuple[int, ...]
    stages: tuple[Stage, ...]
    remark: CountRemark | None = None
    comparisons: tuple[Comparison, ...] = ()

    @property
    def quota(self) -> int | None:
        return self.stages[0].quota

    def text(self, votes: int) -> str:
        """Votes as an exact decimal, such as 107.58."""
        return decimal_text(votes, self.places)


def decimal_text(units: int, places: int) -> str:
    """A number of the smallest parts as a decimal: 10758 with two places is 107.58."""
    whole, part = divmod(units, 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)
