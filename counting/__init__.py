"""Counts elections and resolutions so that anybody can follow the count, and needs nothing but Python.

Read papers with `read_blt` or make a `Contest`; count them with `count_election`, `count_vacancy` or `count_resolution`;
tell of the `Count` with `report`, `report_csv` and `stage_sentence`. What can't be read or counted raises `CountRefused`
with a `Fault`. README.md has an example, METHODS.md says what each method does, by whose book.
"""

from .blt import read_blt, write_blt
from .contest import AtLeast, Contest, CountRefused, Fault, Marks
from .count import Comparison, Count, CountingMethod, CountRemark, Stage, StageEvent, Tie, Transfer
from .election import ELECTION_METHODS, count_election, count_vacancy
from .lot import check_seed, commitment_to, draw
from .methods.resolution import Choice, Majority, Outcome, Quorum, ResolutionCount, count_resolution
from .papers import RejectionHeading
from .reports import report, report_csv
from .sentences import stage_sentence, stage_title

__all__ = [
    "ELECTION_METHODS",
    "AtLeast",
    "Choice",
    "Comparison",
    "Contest",
    "Count",
    "CountRefused",
    "CountRemark",
    "CountingMethod",
    "Fault",
    "Majority",
    "Marks",
    "Outcome",
    "Quorum",
    "RejectionHeading",
    "ResolutionCount",
    "Stage",
    "StageEvent",
    "Tie",
    "Transfer",
    "check_seed",
    "commitment_to",
    "count_election",
    "count_resolution",
    "count_vacancy",
    "draw",
    "read_blt",
    "report",
    "report_csv",
    "stage_sentence",
    "stage_title",
    "write_blt",
]
