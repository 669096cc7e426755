"""Small groups are not published (design/security.md section 3)."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Group = TypeVar("Group", bound=Hashable)


def suppress_small_groups(counts: Mapping[Group, int], smallest: int) -> dict[Group, int | None]:
    """`counts` with every group under `smallest` people replaced by None.

    Where exactly one group would be hidden, the next smallest is hidden too: otherwise the hidden number is the
    published total less the rest. Groups of nobody are shown as 0, for they are about nobody.
    """
    hidden = {group for group, count in counts.items() if 0 < count < smallest}
    if len(hidden) == 1:
        others = [group for group, count in counts.items() if count >= smallest]
        if others:
            hidden.add(min(others, key=lambda group: (counts[group], str(group))))
    return {group: None if group in hidden else count for group, count in counts.items()}
