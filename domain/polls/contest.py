"""What is decided in a poll: one contest or several, each with an electorate of its own (rules 3b and 9a)."""

from dataclasses import dataclass
from uuid import UUID

from ..described import DescribedEnum
from ..governance.resolutions import ResolutionKind

MOST_CONTESTS = 20  # of a poll


class ContestKind(DescribedEnum):
    """What is decided in a contest."""

    RESOLUTION = "RESOLUTION", "A text is adopted or not."
    ELECTION = "ELECTION", "Candidates are elected to seats. Not built yet: refused."


@dataclass(frozen=True, slots=True)
class Contest:
    """`resolution` is the text that is voted on; `roll_hash` is None until the roll is frozen."""

    id: UUID
    title: str
    kind: ContestKind
    resolution: str
    resolution_kind: ResolutionKind
    roll_hash: str | None
