"""STV by the Scottish Local Government Elections Order 2011 (SSI 2011/399), schedule 1, rules 46 to 53.

Weighted inclusive Gregory: all papers of an elected candidate are passed on, each at a part of the value it came with.
"""

from ..contest import Contest
from ..count import Count, CountingMethod, StageEvent, Transfer
from ..papers import Papers
from ..parcels import Parcels
from ..result_sheet import ResultSheet, TieRule

PLACES = 5  # rule 49(3): "to five decimal places (any remainder being ignored)"


def count_scottish(contest: Contest, papers: Papers, seed: str | None = None) -> Count:
    """The result with its stages. Faults: those of ResultSheet, and LOT_NEEDED without a seed."""
    sheet = ResultSheet(contest, papers, CountingMethod.SCOTTISH, PLACES, TieRule.LATEST, seed)  # rules 50(2), 52(2)
    sheet.quota = quota = (papers.valid // (contest.seats + 1) + 1) * sheet.unit  # rule 47
    parcels = Parcels(sheet, papers)  # rule 46
    _deem_elected(sheet, quota)
    sheet.close_stage(StageEvent.FIRST_PREFERENCES)
    while not sheet.is_decided:
        surpluses = [candidate for candidate in sheet.elected if sheet.votes[candidate] > quota]
        if surpluses and not sheet.doomed():
            event, candidate = StageEvent.SURPLUS, sheet.most(surpluses)  # rule 50
            transfers = _transfer_surplus(sheet, parcels, candidate, quota)
        else:
            event, candidates = sheet.excludable()
            candidate = sheet.fewest(candidates)  # rules 51(1), 52
            transfers = parcels.exclude(candidate)  # rule 51(2) to (4)
        _deem_elected(sheet, quota)
        sheet.close_stage(event, [candidate], transfers)
    return sheet.finish()


def _deem_elected(sheet: ResultSheet, quota: int) -> None:
    """Rules 48(1) and 53(1)."""
    if sheet.is_decided:
        return
    sheet.elect_by_votes([each for each in sheet.candidates if sheet.votes[each] >= quota])
    if len(sheet.candidates) <= sheet.vacancies:
        sheet.elect_by_votes(sheet.candidates)


def _transfer_surplus(sheet: ResultSheet, parcels: Parcels, candidate: int, quota: int) -> list[Transfer]:
    """Rule 49: each paper goes on at surplus x its value / votes of the candidate."""
    votes, surplus = sheet.votes[candidate], sheet.votes[candidate] - quota
    transfers = []
    for value, papers in parcels.take(candidate).items():
        transfers += parcels.deliver(parcels.sort(papers), surplus * value // votes)
    sheet.votes[candidate] = quota
    sheet.lost += surplus - sum(transfer.votes for transfer in transfers)
    return transfers
