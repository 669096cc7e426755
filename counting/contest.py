"""What is counted: candidates, seats, papers and the seats kept for some of the candidates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from .described import DescribedEnum

MOST_CANDIDATES = 256
Marks = tuple[int | tuple[int, ...], ...]
"""What a paper says, rank by rank: a candidate, several that share the rank, or `()` for a rank left out."""


class Fault(DescribedEnum):
    """Why papers can't be read or counted."""

    FILE_ENCODING = "FILE_ENCODING", "The file is not text in UTF-8."
    FILE_TRUNCATED = "FILE_TRUNCATED", "The file ends too early."
    NUMBER_EXPECTED = "NUMBER_EXPECTED", "Something else stands where a number belongs."
    NO_CANDIDATES = "NO_CANDIDATES", "There are no candidates."
    TOO_MANY_CANDIDATES = "TOO_MANY_CANDIDATES", "There are more than 256 candidates."
    NO_SEATS = "NO_SEATS", "There are no seats to fill."
    ONE_SEAT_ONLY = "ONE_SEAT_ONLY", "This method fills one seat."
    CANDIDATE_UNKNOWN = "CANDIDATE_UNKNOWN", "There is no such candidate."
    NAME_MALFORMED = "NAME_MALFORMED", "A name is empty, its quote is never closed, or it has a control character."
    NAME_TWICE = "NAME_TWICE", "Two candidates have the same name."
    NAMES_TOO_MANY = "NAMES_TOO_MANY", "There is more text than candidates and a title."
    CONSTRAINT_IMPOSSIBLE = "CONSTRAINT_IMPOSSIBLE", "No choice of candidates keeps the seats that are reserved."
    LOT_NEEDED = "LOT_NEEDED", "Candidates are equal at every stage, and no lot was drawn."
    SEED_WRONG = "SEED_WRONG", "The seed is not the one that was committed to."


class CountRefused(Exception):
    """Nothing was counted. `line` and `column`, from 1, say where in a file, if it is about a file."""

    def __init__(self, fault: Fault, message: str | None = None, line: int | None = None, column: int = 1) -> None:
        place = "" if line is None else f"Line {line}, column {column}: "
        super().__init__(place + (message or fault.description))
        self.fault = fault
        self.line = line
        self.column = column if line is not None else None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Seats kept for candidates of a group, such as a school or a phase."""

    number: int
    candidates: frozenset[int]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Contest:
    """Seats, who stands for them and the papers, grouped: `papers` says how often each paper came.

    Candidates are known by their place in `candidates`; a result never depends on it. `withdrawn` are passed over.
    `remarks` are what a file says besides; no count depends on them.
    """

    title: str
    seats: int
    candidates: tuple[str, ...]
    papers: Mapping[Marks, int]
    withdrawn: frozenset[int] = frozenset()
    reserved: tuple[AtLeast, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What candidates are called: without a description in quotes behind the name, where that tells them apart."""
        return _names(self.candidates)

    @property
    def standing(self) -> list[int]:
        return [candidate for candidate in range(len(self.candidates)) if candidate not in self.withdrawn]


@lru_cache(maxsize=16)  # every sentence of a count asks for them
def _names(candidates: tuple[str, ...]) -> tuple[str, ...]:
    short = tuple(re.sub(r'\s+"[^"]*"$', "", name) for name in candidates)
    return short if len(set(short)) == len(short) else candidates


def check_contest(contest: Contest) -> None:
    """Faults: NO_CANDIDATES, TOO_MANY_CANDIDATES, NO_SEATS, NAME_TWICE."""
    if not contest.standing:
        raise CountRefused(Fault.NO_CANDIDATES)
    if len(contest.candidates) > MOST_CANDIDATES:
        raise CountRefused(Fault.TOO_MANY_CANDIDATES)
    if contest.seats < 1:
        raise CountRefused(Fault.NO_SEATS)
    if len(set(contest.candidates)) < len(contest.candidates):
        twice = next(name for name in contest.candidates if contest.candidates.count(name) > 1)
        raise CountRefused(Fault.NAME_TWICE, f"Two candidates are called {twice}: add what tells them apart.")
