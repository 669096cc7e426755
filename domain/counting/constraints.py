"""Seats kept for candidates of a group: who must be elected and who can't be any more.

I. D. Hill, "STV with constraints", Voting Matters 9 (1998): a candidate is *guarded* when the reserved seats can't be
kept without them, and *doomed* when they can't be kept with them.
"""

from collections import Counter
from collections.abc import Collection, Sequence
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
    return {
        candidate
        for candidate in continuing
        if not can_be_kept(reserved, elected, [other for other in continuing if other != candidate], seats)
    }


def doomed(reserved: Sequence[AtLeast], elected: Collection[int], continuing: Collection[int], seats: int) -> set[int]:
    """Those of `continuing` who may not be elected."""
    return {
        candidate
        for candidate in continuing
        if not can_be_kept(
            reserved, [*elected, candidate], [other for other in continuing if other != candidate], seats
        )
    }


def can_be_kept(reserved: Sequence[AtLeast], elected: Collection[int], continuing: Collection[int], seats: int) -> bool:
    """Whether `continuing` can fill the seats left after `elected` so that every group has its number."""
    needs = tuple(max(group.number - len(group.candidates & set(elected)), 0) for group in reserved)
    vacancies = min(seats - len(elected), len(continuing))
    # candidates in the same groups are alike, so how many of each kind are taken is all there is to choose
    kinds = Counter(tuple(candidate in group.candidates for group in reserved) for candidate in continuing)
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
