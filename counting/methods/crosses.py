"""Most crosses win, whether a voter had one (plurality), as many as seats (block vote) or any number (approval)."""

from ..contest import Contest
from ..count import Count, CountingMethod, StageEvent
from ..papers import Papers
from ..result_sheet import ResultSheet, TieRule


def count_crosses(contest: Contest, papers: Papers, method: CountingMethod, seed: str | None = None) -> Count:
    """The result in one stage.

    Faults: those of ResultSheet, and LOT_NEEDED without a seed: equality of votes is settled by lot alone.
    """
    sheet = ResultSheet(contest, papers, method, 0, TieRule.LOT, seed)
    for crossed, number in papers.groups.items():
        for candidate in crossed:
            sheet.votes[candidate] += number
    if not sheet.is_decided:
        sheet.elect_by_votes(sheet.candidates)
    sheet.close_stage(StageEvent.CROSSES)
    return sheet.finish()
