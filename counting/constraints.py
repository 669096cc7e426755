"""Seats kept for candidates of a group: who must be elected and who can't be any more.

I. D. Hill, "STV with constraints", Voting Matters 9 (1998): a candidate is *guarded* when the reserved seats can't be
kept without them, and *doomed* when they can't be kept with them.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import cache

from .contest import AtLeast, Contest, CountRefused, Fault


def check_reserved(contest: Contest) -> None:
    """Faults: CONSTRAINT_IMPOSSIBLE, naming the group that is too small if one is."""
    standing = set(contest.standing)
    for group in contest.reserved:
        if len(group.candidates & standing) < group.number:
            message = (
                f"{group.number} seats are kept for {group.name}, but only {len(group.candidates & standing)} stand."
            )
            raise CountRefused(Fault.CONSTRAINT_IMPOSSIBLE, message)
    if not can_be_kept(contest.reserved, (), standing, contest.seats):
        raise CountRefused(Fault.CONSTRAINT_IMPOSSIBLE)


def guarded(reserved: Sequence[AtLeast], elected: Collection[int], continuing: Collection[int], seats: int) -> set[int]:
    """Those of `continuing` who may not be excluded."""
    return _of_kinds(reserved, continuing, lambda _, others: not can_be_kept(reserved, elected, others, seats))


def doomed(reserved: Sequence[AtLeast], elected: Collection[int], continuing: Collection[int], seats: int) -> set[int]:
    """Those of `continuing` who may not be elected."""
    return _of_kinds(
        reserved, continuing, lambda one, others: not can_be_kept(reserved, [*elected, one], others, seats)
    )


def _of_kinds(
    reserved: Sequence[AtLeast], continuing: Collection[int], holds: Callable[[int, list[int]], bool]
) -> set[int]:
    """The candidates of whom, and of the others, something holds: asked once of those in the same groups."""
    answers: dict[tuple[bool, ...], bool] = {}
    for candidate in continuing:
        kind = _kind(reserved, candidate)
        if kind not in answers:
            answers[kind] = holds(candidate, [other for other in continuing if other != candidate])
    return {candidate for candidate in continuing if answers[_kind(reserved, candidate)]}


def _kind(reserved: Sequence[AtLeast], candidate: int) -> tuple[bool, ...]:
    """Which groups a candidate belongs to. Candidates of the same kind are alike to reserved seats."""
    return tuple(candidate in group.candidates for group in reserved)


def can_be_kept(reserved: Sequence[AtLeast], elected: Collection[int], continuing: Collection[int], seats: int) -> bool:
    """Whether `continuing` can fill the seats left after `elected` so that every group has its number."""
    needs = tuple(max(group.number - len(group.candidates & set(elected)), 0) for group in reserved)
    vacancies = min(seats - len(elected), len(continuing))
    kinds = Counter(
        _kind(reserved, candidate) for candidate in continuing
    )  # how many of each is all there is to choose
    useful = [(kind, number) for kind, number in kinds.items() if any(kind)]

    @cache  # few numbers are left to need, so the same question comes again and again
    def choosable(needs: tuple[int, ...], place: int, vacancies: int) -> bool:
        if not any(needs):
            return True
        if vacancies < max(needs) or place == len(useful):
            return False
        kind, number = useful[place]
        return any(
            choosable(
                tuple(max(need - taken, 0) if within else need for need, within in zip(needs, kind, strict=True)),
                place + 1,
                vacancies - taken,
            )
            for taken in range(min(number, vacancies), -1, -1)
        )

    return vacancies >= 0 and choosable(needs, 0, vacancies)
