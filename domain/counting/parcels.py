"""Papers on the tables of a count: who holds them, in the parcels they came in, and where they go next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .count import Transfer
from .papers import Papers
from .result_sheet import ResultSheet

Paper = int
"""Which group of equal papers."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Papers received together, each worth `value`."""

    value: int
    papers: Sequence[Paper]


@dataclass(frozen=True, slots=True)
class SortedPapers:
    """Papers by next available preference. `numbers` by source: papers per receiver, then those that go to nobody."""

    by_receiver: Sequence[list[Paper]]
    numbers: Mapping[int, list[int]]

    @property
    def transferable(self) -> int:
        return sum(sum(numbers[:-1]) for numbers in self.numbers.values())


class Parcels:
    """Who holds which papers. Votes on the sheet change with them."""

    def __init__(self, sheet: ResultSheet, papers: Papers) -> None:
        """Sorts papers by first preference, each worth one vote."""
        self._sheet = sheet
        self._held: list[list[Parcel]] = [[] for _ in sheet.votes]
        self._preferences = [iter(ranking) for ranking, _ in papers.groups]  # what was looked at is used up
        self._numbers = [number for _, number in papers.groups]
        self.deliver(self.sort({-1: range(len(papers.groups))}), sheet.unit)

    def last(self, candidate: int) -> Parcel:
        """The parcel received last."""
        return self._held[candidate][-1]

    def take(self, *candidates: int) -> dict[int, dict[int, list[Paper]]]:
        """All they hold, by value (highest first) and candidate."""
        by_value: dict[int, dict[int, list[Paper]]] = {}
        for candidate in candidates:
            for parcel in self._held[candidate]:
                by_value.setdefault(parcel.value, {}).setdefault(candidate, []).extend(parcel.papers)
            self._held[candidate] = []
        return dict(sorted(by_value.items(), reverse=True))

    def sort(self, papers: Mapping[int, Sequence[Paper]]) -> SortedPapers:
        """Papers of each source by their next preference for a candidate who continues; earlier ones are used up."""
        continuing, preferences, number_of = self._sheet.continuing, self._preferences, self._numbers
        by_receiver: list[list[Paper]] = [[] for _ in continuing]
        numbers = {}
        for source, bundle in papers.items():
            numbers[source] = tally = [0] * (len(continuing) + 1)
            for paper in bundle:
                for candidate in preferences[paper]:
                    if continuing[candidate]:
                        by_receiver[candidate].append(paper)
                        tally[candidate] += number_of[paper]
                        break
                else:
                    tally[-1] += number_of[paper]
        return SortedPapers(by_receiver, numbers)

    def deliver(self, papers: SortedPapers, value: int, exhausted_value: int | None = None) -> list[Transfer]:
        """Gives papers to their receivers at `value` each; those that go to nobody count `exhausted_value`."""
        for candidate, received in enumerate(papers.by_receiver):
            if received:
                self._held[candidate].append(Parcel(value, received))
        transfers = []
        for source, numbers in papers.numbers.items():
            for target, number in enumerate(numbers[:-1]):
                if number:
                    self._sheet.votes[target] += number * value
                    transfers.append(Transfer(source, target, number, value, number * value))
            if numbers[-1]:
                worth = value if exhausted_value is None else exhausted_value
                self._sheet.exhausted += numbers[-1] * worth
                transfers.append(Transfer(source, None, numbers[-1], worth, numbers[-1] * worth))
        return transfers
