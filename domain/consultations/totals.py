"""Totals of a closed consultation, safe to publish."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..privacy.small_groups import suppress_small_groups

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Totals(Generic[Group]):
    """Answers by choice: of everybody, and of each group whose people are numerous enough; None where hidden."""

    everybody: dict[str, int | None]
    by_group: dict[Group, dict[str, int | None]]


def publishable_totals(
    choices: tuple[str, ...], respondents: Mapping[Group, int], made: Mapping[Group, Mapping[str, int]], smallest: int
) -> Totals[Group]:
    """Totals of one question.

    A group is shown as a whole or not at all, by the number of its *respondents*, and never so that a hidden group
    is the difference between everybody and the shown ones. Fewer respondents than `smallest` in all hide everything.
    """
    too_few = sum(respondents.values()) < smallest
    shown = suppress_small_groups(respondents, smallest)
    overall: dict[str, int | None] = {
        choice: None if too_few else sum(answers.get(choice, 0) for answers in made.values()) for choice in choices
    }
    by_group: dict[Group, dict[str, int | None]] = {
        group: {choice: None if people is None else made.get(group, {}).get(choice, 0) for choice in choices}
        for group, people in shown.items()
    }
    return Totals(overall, by_group)
