"""STV by Meek's method.

The steps are those of the Proportional Representation Foundation's reference rule, which states exactly what I. D. Hill,
B. A. Wichmann and D. R. Woodall describe in "Algorithm 123", The Computer Journal 30 (1987), and New Zealand uses in
Local Electoral Regulations 2001, schedule 1A: nine decimals, keep values rounded up. One thing differs: votes settle
before anybody is elected by them (docs/counting.md says why nobody's election depends on it).
"""

from collections import Counter
from collections.abc import Mapping

from ..contest import Contest
from ..count import Count, CountingMethod, StageEvent
from ..papers import Papers, Ranking
from ..result_sheet import ResultSheet, TieRule

PLACES = 9
OMEGA = 1_000  # 0.000001 of a vote: a surplus below it is none


def count_meek(contest: Contest, papers: Papers, seed: str | None = None) -> Count:
    """The result with its stages, one each time the votes have settled.

    Faults: those of ResultSheet, and LOT_NEEDED without a seed.
    """
    sheet = ResultSheet(contest, papers, CountingMethod.MEEK, PLACES, TieRule.EARLIEST, seed)
    keep = [sheet.unit if continues else 0 for continues in sheet.continuing]  # A
    groups = papers.groups
    event, about = StageEvent.FIRST_PREFERENCES, list[int]()
    while True:
        _settle(contest, sheet, groups, keep)
        _elect(sheet)
        sheet.close_stage(event, about)
        if sheet.is_decided:  # B.1
            return sheet.finish()
        if sheet.stages[-1].elected and _surplus(sheet) >= OMEGA and not sheet.doomed():
            event, about = StageEvent.SURPLUS, list(sheet.stages[-1].elected)
            continue
        event, candidates = sheet.excludable()
        # what little surplus is left might lift anybody within it, so they count as equal (B.3)
        lowest = sheet.fewest(candidates, leeway=0 if event is StageEvent.DOOMED else _surplus(sheet))
        about, keep[lowest], groups = [lowest], 0, _without(lowest, groups)
        sheet.exclude(lowest)
        if len(sheet.candidates) <= sheet.vacancies:
            sheet.elect_by_votes(sheet.candidates)  # C.1
            sheet.close_stage(event if event is StageEvent.DOOMED else StageEvent.LAST_SEATS, about)
            return sheet.finish()


def _settle(contest: Contest, sheet: ResultSheet, groups: Mapping[Ranking, int], keep: list[int]) -> None:
    """B.2.a, b, d, e and f: shares the papers out again and again until no elected candidate has a surplus."""
    ways = _ways(groups, sheet.continuing)
    last_surplus = None
    while True:
        _share_out(sheet, ways, keep)
        sheet.quota = quota = sum(sheet.votes) // (contest.seats + 1) + 1
        surplus = _surplus(sheet)
        if surplus < OMEGA or (last_surplus is not None and surplus >= last_surplus):
            return
        last_surplus = surplus
        for candidate in sheet.elected:
            kept = -(-keep[candidate] * quota // sheet.unit)
            keep[candidate] = -(-kept * sheet.unit // sheet.votes[candidate])


def _elect(sheet: ResultSheet) -> None:
    """B.2.c."""
    if not sheet.is_decided:
        sheet.elect_by_votes([each for each in sheet.candidates if sheet.votes[each] >= (sheet.quota or 0)])
    if not sheet.is_decided and len(sheet.candidates) <= sheet.vacancies:
        sheet.elect_by_votes(sheet.candidates)


def _surplus(sheet: ResultSheet) -> int:
    return max(sum(sheet.votes[each] - (sheet.quota or 0) for each in sheet.elected), 0)


def _ways(groups: Mapping[Ranking, int], continuing: list[bool]) -> Counter[Ranking]:
    """Papers by the way they go: past elected candidates to the first who continues and keeps all."""
    ways: Counter[Ranking] = Counter()
    for ranking, number in groups.items():
        end = 0
        for candidate in ranking:
            end += 1
            if continuing[candidate]:
                break
        ways[ranking[:end]] += number
    return ways


def _without(excluded: int, groups: Mapping[Ranking, int]) -> Counter[Ranking]:
    """Papers with a candidate struck out; those that then say the same become one group."""
    left: Counter[Ranking] = Counter()
    for ranking, number in groups.items():
        left[ranking.translate(None, bytes([excluded]))] += number
    return left


def _share_out(sheet: ResultSheet, ways: Counter[Ranking], keep: list[int]) -> None:
    """B.2.a: each candidate on the way keeps their share of what arrives; the rest goes on, at last to nobody."""
    unit = sheet.unit
    votes = [0] * len(sheet.votes)
    sheet.exhausted = 0
    for way, number in ways.items():
        weight = unit
        for candidate in way:
            kept = -(-weight * keep[candidate] // unit)
            votes[candidate] += kept * number
            weight -= kept
        sheet.exhausted += weight * number
    sheet.votes = votes
