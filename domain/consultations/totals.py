"""Totals of a closed consultation, safe to publish."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..privacy.small_groups import are_enough, suppress_small_groups

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Totals(Generic[Group]):
    """Answers by choice: of everybody, and of each group whose people are numerous enough; None where hidden."""

    everybody: dict[str, int | None]
    by_group: dict[Group, dict[str, int | None]]


def publishable_totals(
    choices: tuple[str, ...], made: Mapping[Group | None, Mapping[str, int]], smallest: int
) -> Totals[Group]:
    """Totals of one question, from how often each choice was `made` by group; None for those in none.

    A group is shown as a whole or not at all, by how many of it answered *this question*, and never so that a hidden group
    is the difference between everybody and the shown ones. Fewer than `smallest` of all groups hide everything, however
    many others answered: anybody is as many of those as they have mailboxes.
    """
    answered = {group: sum(answers.values()) for group, answers in made.items() if group is not None}
    shown = suppress_small_groups(answered, smallest, others=None in made)
    everybody = are_enough(sum(answered.values()), smallest)
    overall: dict[str, int | None] = {
        choice: sum(answers.get(choice, 0) for answers in made.values()) if everybody else None for choice in choices
    }
    by_group: dict[Group, dict[str, int | None]] = {
        group: {choice: None if people is None else made[group].get(choice, 0) for choice in choices}
        for group, people in shown.items()
    }
    return Totals(overall, by_group)


def publishable_respondents(respondents: Mapping[Group | None, int], smallest: int) -> int | None:
    """How many people answered; None where fewer than `smallest` of them are in a group."""
    everybody = sum(respondents.values())
    in_groups = everybody - respondents.get(None, 0)
    return everybody if everybody == 0 or are_enough(in_groups, smallest) else None
