"""Which papers are valid, and what they say (ERS97 6.9, 6.10 and 6.12)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from .contest import Contest, CountRefused, Fault, Marks, check_contest
from .described import DescribedEnum

Ranking = bytes
"""Candidates in order of preference, a byte each; on a paper of crosses the order says nothing.

Bytes, because stripping those who no longer continue from the front is then one fast operation.
"""


class RejectionHeading(DescribedEnum):
    """Why a paper was rejected."""

    UNMARKED = "UNMARKED", "Nothing is marked on it."
    OVER_VOTED = "OVER_VOTED", "It has more crosses than the voter was entitled to."
    DUPLICATE_RANKING = "DUPLICATE_RANKING", "Several candidates share the first preference."
    MISSING_RANKING = "MISSING_RANKING", "It has no first preference, though later ones are given."
    UNCERTAIN = "UNCERTAIN", "What it says can't be told, such as when one candidate bears several rankings."
    NOBODY_STANDING = "NOBODY_STANDING", "Everybody it names has withdrawn."


@dataclass(frozen=True, slots=True)
class Papers:
    """The valid papers and how often each came, and how many were rejected under each heading."""

    groups: Mapping[Ranking, int]
    valid: int
    rejected: dict[RejectionHeading, int]


def ranked_papers(contest: Contest) -> Papers:
    """Papers with preferences. From the first one that is not clear on, a paper says nothing; clear ones before stand.

    Faults: those of check_contest, CANDIDATE_UNKNOWN, NUMBER_EXPECTED.
    """
    return _sorted_out(contest, partial(_ranking, contest), len(contest.candidates))


def crossed_papers(contest: Contest, crosses: int) -> Papers:
    """Papers with at most `crosses` crosses. Several for one candidate are one. Faults: as ranked_papers."""
    return _sorted_out(contest, partial(_crossed, contest, crosses), crosses)


def _sorted_out(contest: Contest, read: Callable[[Marks], list[int] | RejectionHeading], longest: int) -> Papers:
    """Papers as `read` understands them. Those that only name standing candidates once need no second look."""
    check_contest(contest)
    standing = frozenset(contest.standing)
    groups: dict[Ranking, int] = {}
    rejected: Counter[RejectionHeading] = Counter()
    for marks, number in contest.papers.items():
        if number < 1:
            raise CountRefused(Fault.NUMBER_EXPECTED, "A paper came once or more often.")
        marked = set(marks)
        said = marks if 0 < len(marked) == len(marks) <= longest and marked <= standing else read(marks)
        if isinstance(said, RejectionHeading):
            rejected[said] += number
        else:
            ranking = bytes(said)  # type: ignore[arg-type]  # standing candidates are numbers
            groups[ranking] = groups.get(ranking, 0) + number
    return Papers(groups, sum(groups.values()), dict(rejected))


def _ranking(contest: Contest, marks: Marks) -> list[int] | RejectionHeading:
    bearers = _bearers(contest, marks)
    fault = RejectionHeading.NOBODY_STANDING if bearers else RejectionHeading.UNMARKED
    ranking: list[int] = []
    passed_over = False
    for mark in marks:
        named = mark if isinstance(mark, tuple) else (mark,)
        standing = [candidate for candidate in named if candidate not in contest.withdrawn]
        if named and not standing:
            passed_over = True
            continue
        if len(standing) != 1 or bearers[standing[0]] > 1:
            if bearers and not passed_over:
                fault = _unclear(standing)
            break
        ranking += standing
    return ranking or fault


def _unclear(standing: list[int]) -> RejectionHeading:
    """What is wrong with a first preference that is not for one candidate alone."""
    if not standing:
        return RejectionHeading.MISSING_RANKING
    return RejectionHeading.DUPLICATE_RANKING if len(standing) > 1 else RejectionHeading.UNCERTAIN


def _crossed(contest: Contest, crosses: int, marks: Marks) -> list[int] | RejectionHeading:
    crossed = _bearers(contest, marks)
    if not crossed:
        return RejectionHeading.UNMARKED
    if len(crossed) > crosses:
        return RejectionHeading.OVER_VOTED
    standing = [candidate for candidate in crossed if candidate not in contest.withdrawn]
    return standing or RejectionHeading.NOBODY_STANDING


def _bearers(contest: Contest, marks: Marks) -> Counter[int]:
    """How many marks each candidate bears. Faults: CANDIDATE_UNKNOWN."""
    bearers = Counter(candidate for mark in marks for candidate in (mark if isinstance(mark, tuple) else (mark,)))
    if unknown := [candidate for candidate in bearers if not 0 <= candidate < len(contest.candidates)]:
        raise CountRefused(Fault.CANDIDATE_UNKNOWN, f"There is no candidate {unknown[0] + 1} on the paper.")
    return bearers
