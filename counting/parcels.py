"""Papers on the tables of a count: who holds them, in the parcels they came in, and where they go next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .count import Transfer
from .papers import Papers, Ranking
from .result_sheet import ResultSheet

Pile = dict[int, list[Ranking]]
"""Rankings by how many papers there are of each; most are of one, and nothing else has to be kept of those."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """Papers received together, each worth `value`."""

    value: int
    papers: Pile


@dataclass(frozen=True, slots=True)
class SortedPapers:
    """Papers by next available preference. `numbers` by source: papers per receiver, and under None to nobody."""

    by_receiver: Sequence[Pile]
    numbers: Mapping[int, dict[int | None, int]]

    @property
    def transferable(self) -> int:
        return sum(sum(numbers.values()) - numbers[None] for numbers in self.numbers.values())


class Parcels:
    """Who holds which papers. Votes on the sheet change with them."""

    def __init__(self, sheet: ResultSheet, papers: Papers) -> None:
        """Sorts papers by first preference, each worth one vote."""
        self._sheet = sheet
        self._held: list[list[Parcel]] = [[] for _ in sheet.votes]
        piles: list[Pile] = [{} for _ in sheet.votes]
        for ranking, number in papers.groups.items():
            pile = piles[ranking[0]]
            if number in pile:
                pile[number].append(ranking)
            else:
                pile[number] = [ranking]
        for candidate, pile in enumerate(piles):
            if pile:
                self._held[candidate].append(Parcel(sheet.unit, pile))
            sheet.votes[candidate] = sum(number * len(rankings) for number, rankings in pile.items()) * sheet.unit

    def last(self, candidate: int) -> Parcel:
        """The parcel received last."""
        return self._held[candidate][-1]

    def take(self, *candidates: int) -> dict[int, dict[int, list[Pile]]]:
        """All they hold, by value (highest first) and candidate."""
        by_value: dict[int, dict[int, list[Pile]]] = {}
        for candidate in candidates:
            for parcel in self._held[candidate]:
                by_value.setdefault(parcel.value, {}).setdefault(candidate, []).append(parcel.papers)
            self._held[candidate] = []
        return dict(sorted(by_value.items(), reverse=True))

    def exclude(self, candidate: int) -> list[Transfer]:
        """Excludes a candidate; each paper goes on at the value it came with."""
        self._sheet.exclude(candidate)
        self._sheet.votes[candidate] = 0
        transfers = []
        for value, papers in self.take(candidate).items():
            transfers += self.deliver(self.sort(papers), value)
        return transfers

    def sort(self, papers: Mapping[int, Sequence[Pile]]) -> SortedPapers:
        """Papers of each source by their next available preference: the first for a candidate who continues."""
        gone = bytes(candidate for candidate, continues in enumerate(self._sheet.continuing) if not continues)
        by_receiver: list[Pile] = [{} for _ in self._held]
        numbers = {}
        for source, piles in papers.items():
            numbers[source] = tally = dict.fromkeys((None, *self._sheet.candidates), 0)
            for number, rankings in (each for pile in piles for each in pile.items()):
                receivers = self._by_preference(rankings, gone)
                for candidate, received in enumerate(receivers):
                    if received:
                        by_receiver[candidate].setdefault(number, []).extend(received)
                        tally[candidate] += number * len(received)
                tally[None] += number * (len(rankings) - sum(map(len, receivers)))
        return SortedPapers(by_receiver, numbers)

    def deliver(self, papers: SortedPapers, value: int, exhausted_value: int | None = None) -> list[Transfer]:
        """Gives papers to their receivers at `value` each; those that go to nobody count `exhausted_value`."""
        for candidate, received in enumerate(papers.by_receiver):
            if received:
                self._held[candidate].append(Parcel(value, received))
        transfers = []
        for source, numbers in papers.numbers.items():
            for target, number in numbers.items():
                worth = exhausted_value if target is None and exhausted_value is not None else value
                if target is None:
                    self._sheet.exhausted += number * worth
                else:
                    self._sheet.votes[target] += number * worth
                if number:
                    transfers.append(Transfer(source, target, number, worth, number * worth))
        return transfers

    def _by_preference(self, rankings: Sequence[Ranking], gone: bytes) -> list[list[Ranking]]:
        """Rankings by the first candidate left when those `gone` before are stripped; whoever is passed never returns."""
        receivers: list[list[Ranking]] = [[] for _ in self._held]
        put_on = [pile.append for pile in receivers]
        for ranking in rankings:  # the one loop that sees every paper each time it moves
            rest = ranking.lstrip(gone)
            if rest:
                put_on[rest[0]](rest)
        return receivers
