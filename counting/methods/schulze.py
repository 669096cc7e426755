"""The Schulze method: whoever beats every other candidate, directly or by way of others.

M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method", Social Choice and Welfare 36 (2011); strength of a defeat by winning votes (section 2.2).
"""

from itertools import combinations

from ..contest import Contest
from ..count import Comparison, Count, CountingMethod, StageEvent
from ..papers import Papers
from ..result_sheet import ResultSheet, TieRule


def count_schulze(contest: Contest, papers: Papers, seed: str | None = None) -> Count:
    """The result, a stage for each place of the order.

    Votes are how many of the others who continue a candidate is not beaten by. Several seats go to the first of the order; that is no proportional method. A paper prefers every candidate it
    ranks to all it does not. Faults: those of ResultSheet, and LOT_NEEDED without a seed.
    """
    sheet = ResultSheet(contest, papers, CountingMethod.SCHULZE, 0, TieRule.LOT, seed)
    everybody = sheet.candidates
    prefer = _preferences(papers, everybody, len(contest.candidates))
    paths = _strongest_paths(prefer, everybody)
    while not sheet.is_decided:
        for candidate in sheet.candidates:
            others = [other for other in sheet.candidates if other != candidate]
            sheet.votes[candidate] = sum(paths[candidate][other] >= paths[other][candidate] for other in others)
        doomed = sheet.doomed()
        allowed = [candidate for candidate in sheet.candidates if candidate not in doomed]
        most = max(sheet.votes[candidate] for candidate in allowed)
        before = len(sheet.elected)
        sheet.elect_by_votes([candidate for candidate in allowed if sheet.votes[candidate] == most])
        sheet.close_stage(StageEvent.COMPARISON, sheet.elected[before:])
    if not sheet.stages:
        sheet.close_stage(StageEvent.COMPARISON)
    return sheet.finish(
        [
            Comparison(one, two, prefer[one][two], prefer[two][one], paths[one][two], paths[two][one])
            for one, two in combinations(everybody, 2)
        ]
    )


def _preferences(papers: Papers, everybody: list[int], size: int) -> list[list[int]]:
    """`[one][two]`: how many papers prefer one to two."""
    prefer = [[0] * size for _ in range(size)]
    for ranking, number in papers.groups.items():
        below = set(everybody)
        for candidate in ranking:
            below.discard(candidate)
            row = prefer[candidate]
            for other in below:
                row[other] += number
    return prefer


def _strongest_paths(prefer: list[list[int]], everybody: list[int]) -> list[list[int]]:
    """A path is as strong as its weakest defeat; Floyd and Warshall's algorithm (section 2.3.1)."""
    paths = [[won if won > prefer[two][one] else 0 for two, won in enumerate(row)] for one, row in enumerate(prefer)]
    for way in everybody:
        for one in everybody:
            first = paths[one][way]
            if one != way and first:
                for two in everybody:
                    if two not in (one, way):
                        paths[one][two] = max(paths[one][two], min(first, paths[way][two]))
    return paths
