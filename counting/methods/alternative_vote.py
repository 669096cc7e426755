"""The alternative vote: one seat, preferences, the last excluded until somebody has more than all others together."""

from ..contest import Contest, CountRefused, Fault
from ..count import Count, CountingMethod, StageEvent
from ..papers import Papers
from ..parcels import Parcels
from ..result_sheet import ResultSheet, TieRule


def count_alternative_vote(contest: Contest, papers: Papers, seed: str | None = None) -> Count:
    """The result with its stages; a stage's quota is the votes needed then.

    Faults: ONE_SEAT_ONLY, those of ResultSheet, and LOT_NEEDED without a seed.
    """
    if contest.seats > 1:
        raise CountRefused(Fault.ONE_SEAT_ONLY)
    sheet = ResultSheet(contest, papers, CountingMethod.ALTERNATIVE_VOTE, 0, TieRule.EARLIEST, seed)
    parcels = Parcels(sheet, papers)
    _elect_with_majority(sheet)
    sheet.close_stage(StageEvent.FIRST_PREFERENCES)
    while not sheet.is_decided:
        event, candidates = sheet.excludable()
        lowest = sheet.fewest(candidates)
        transfers = parcels.exclude(lowest)
        _elect_with_majority(sheet)
        sheet.close_stage(event, [lowest], transfers)
    return sheet.finish()


def _elect_with_majority(sheet: ResultSheet) -> None:
    sheet.quota = sum(sheet.votes) // 2 + 1
    if sheet.is_decided:
        return
    last_one = sheet.candidates if len(sheet.candidates) == 1 else []
    sheet.elect_by_votes([each for each in sheet.candidates if sheet.votes[each] >= sheet.quota] or last_one)
