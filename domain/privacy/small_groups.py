"""Small groups are not published (rule 24b)."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)


def are_enough(people: int, smallest: int) -> bool:
    """Whether a count of so many may be published."""
    return people >= smallest


def suppress_small_groups(
    counts: Mapping[Group, int], smallest: int, *, others: bool = False
) -> dict[Group, int | None]:
    """`counts` with every group under `smallest` people replaced by None.

    What is hidden can be learned as the published total less the rest; so the next smallest are hidden too until at
    least two groups with together at least `smallest` people are. Groups of nobody are shown as 0, being about nobody.
    `others`: the total has people of no group besides. They are hidden too, and no cover: nobody knows how many of them are one.
    """
    by_size = sorted((group for group, count in counts.items() if count > 0), key=lambda g: (counts[g], str(g)))
    hidden: set[Group] = set()
    for group in by_size:
        together = sum(counts[each] for each in hidden)
        is_cover_needed = (hidden or others) and not are_enough(together, smallest)
        if is_cover_needed or not are_enough(counts[group], smallest):
            hidden.add(group)
    return {group: None if group in hidden else count for group, count in counts.items()}
