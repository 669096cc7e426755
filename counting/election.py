"""Counting a contest by a method, and filling a seat that falls vacant."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from .contest import AtLeast, Contest, CountRefused, Fault
from .count import Count, CountingMethod
from .methods.alternative_vote import count_alternative_vote
from .methods.crosses import count_crosses
from .methods.ers97 import count_ers97
from .methods.meek import count_meek
from .methods.schulze import count_schulze
from .methods.scottish import count_scottish
from .papers import Papers, crossed_papers, ranked_papers

_BY_PREFERENCES: Mapping[CountingMethod, Callable[[Contest, Papers, str | None], Count]] = {
    CountingMethod.ALTERNATIVE_VOTE: count_alternative_vote,
    CountingMethod.SCHULZE: count_schulze,
    CountingMethod.SCOTTISH: count_scottish,
    CountingMethod.ERS97: count_ers97,
    CountingMethod.MEEK: count_meek,
}
_CROSSES: Mapping[CountingMethod, Callable[[Contest], int]] = {
    CountingMethod.PLURALITY: lambda _: 1,
    CountingMethod.BLOCK_VOTE: lambda contest: contest.seats,
    CountingMethod.APPROVAL: lambda contest: len(contest.candidates),
}
ELECTION_METHODS = (*_CROSSES, *_BY_PREFERENCES)


def count_election(contest: Contest, method: CountingMethod, seed: str | None = None) -> Count:
    """Sorts out the valid papers and counts them. `seed` is what lots are drawn from (see lot.py).

    Faults: those of the method.
    """
    if method in _CROSSES:
        return count_crosses(contest, crossed_papers(contest, _CROSSES[method](contest)), method, seed)
    return _BY_PREFERENCES[method](contest, ranked_papers(contest), seed)


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
