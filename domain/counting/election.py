"""Counting a contest by a method, and filling a seat that falls vacant."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from .contest import AtLeast, Contest, CountRefused, Fault
from .count import Count, CountingMethod
from .methods.alternative_vote import count_alternative_vote
from .methods.approval import count_approval
from .methods.ers97 import count_ers97
from .methods.meek import count_meek
from .methods.plurality import count_plurality
from .methods.schulze import count_schulze
from .methods.scottish import count_scottish

_COUNT: Mapping[CountingMethod, Callable[[Contest, str | None], Count]] = {
    CountingMethod.PLURALITY: count_plurality,
    CountingMethod.BLOCK_VOTE: lambda contest, seed: count_plurality(contest, seed, crosses=max(contest.seats, 1)),
    CountingMethod.APPROVAL: count_approval,
    CountingMethod.ALTERNATIVE_VOTE: count_alternative_vote,
    CountingMethod.SCHULZE: count_schulze,
    CountingMethod.SCOTTISH: count_scottish,
    CountingMethod.ERS97: count_ers97,
    CountingMethod.MEEK: count_meek,
}
ELECTION_METHODS = tuple(_COUNT)


def count_election(contest: Contest, method: CountingMethod, seed: str | None = None) -> Count:
    """The result. `seed` is what lots are drawn from (see lot.py). Faults: those of the method."""
    return _COUNT[method](contest, seed)


def count_vacancy(
    contest: Contest, method: CountingMethod, elected: Collection[int], leaver: int, seed: str | None = None
) -> Count:
    """A count of the same papers without `leaver`, in which nobody else who was elected is excluded (ERS97 7.1).

    Who fills the seat is the one elected who was not before. Faults: CANDIDATE_UNKNOWN if `leaver` holds no seat, and
    those of the method.
    """
    if leaver not in elected:
        raise CountRefused(Fault.CANDIDATE_UNKNOWN, "Only somebody who was elected leaves a seat vacant.")
    sitting = tuple(AtLeast(1, frozenset([member]), contest.names[member]) for member in elected if member != leaver)
    without = replace(contest, withdrawn=contest.withdrawn | {leaver}, reserved=(*contest.reserved, *sitting))
    return count_election(without, method, seed)
