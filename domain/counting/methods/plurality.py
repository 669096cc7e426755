"""Most crosses win: one cross a voter (plurality), or as many as there are seats (block vote)."""

from ..contest import Contest
from ..count import Count, CountingMethod, StageEvent
from ..papers import Papers, crossed_papers
from ..result_sheet import ResultSheet, TieRule


def count_plurality(contest: Contest, seed: str | None = None, crosses: int = 1) -> Count:
    """The result in one stage. `crosses` is how many a voter had.

    Faults: those of ResultSheet, and LOT_NEEDED without a seed: equality of votes is settled by lot alone.
    """
    method = CountingMethod.PLURALITY if crosses == 1 else CountingMethod.BLOCK_VOTE
    return most_crosses(contest, crossed_papers(contest, crosses), method, seed)


def most_crosses(contest: Contest, papers: Papers, method: CountingMethod, seed: str | None) -> Count:
    """The candidates with most crosses, whatever the number a paper may have."""
    sheet = ResultSheet(contest, papers, method, 0, TieRule.EARLIEST, seed)
    for crossed, number in papers.groups:
        for candidate in crossed:
            sheet.votes[candidate] += number
    if not sheet.is_decided:
        sheet.elect_by_votes(sheet.candidates)
    sheet.close_stage(StageEvent.CROSSES)
    return sheet.finish()
