"""Approval: a cross for everybody one could live with; most crosses win."""

from ..contest import Contest
from ..count import Count, CountingMethod
from ..papers import crossed_papers
from .plurality import most_crosses


def count_approval(contest: Contest, seed: str | None = None) -> Count:
    """The result in one stage. Faults: those of ResultSheet, and LOT_NEEDED without a seed."""
    return most_crosses(contest, crossed_papers(contest, len(contest.candidates)), CountingMethod.APPROVAL, seed)
