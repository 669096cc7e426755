"""What the end of a school year makes of a learner, or of whom a file told the year group of their learner (rule 22c)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

LAST_YEAR_GROUP = 13  # no school has a later one
Key = TypeVar("Key")


class Step(Enum):
    """What becomes of them."""

    LEAVES = auto()
    MOVES_UP = auto()
    STAYS = auto()


@dataclass(frozen=True, slots=True)
class Counts:
    """What the end of the year does, or would do: how many relationships end, move up and stay as they are."""

    learners: int
    families: int
    moved_up: int
    stayed: int


def step(year_group: int, leaving: Collection[int]) -> Step:
    """Whoever is in a leaving year leaves; above the last year group there is none to move up to."""
    if year_group in leaving:
        return Step.LEAVES
    return Step.MOVES_UP if year_group < LAST_YEAR_GROUP else Step.STAYS


def by_step(year_groups: Iterable[tuple[Key, int]], leaving: Collection[int]) -> Mapping[Step, list[Key]]:
    """Each of the keys by what becomes of its year group."""
    steps: dict[Step, list[Key]] = {each: [] for each in Step}
    for key, year_group in year_groups:
        steps[step(year_group, leaving)].append(key)
    return steps
