"""The sheet a count is kept on: the votes of every candidate at successive stages (ERS97 6.15)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from .constraints import can_be_kept, check_reserved, doomed, guarded
from .contest import Contest, CountRefused, Fault
from .count import Comparison, Count, CountingMethod, CountRemark, Stage, StageEvent, Tie, Transfer
from .described import DescribedEnum
from .lot import draw
from .papers import Papers
from .text import listed


class TieRule(DescribedEnum):
    """Which stage tells equal candidates apart; where none does, the lot."""

    EARLIEST = "EARLIEST", "The earliest stage at which they differed."
    LATEST = "LATEST", "The latest stage at which they differed."
    LOT = "LOT", "None: figures of stages are no votes here."


class ResultSheet:
    """Who continues, who is elected, and what everybody has. A method changes it and closes stage after stage."""

    def __init__(
        self, contest: Contest, papers: Papers, method: CountingMethod, places: int, tie_rule: TieRule, seed: str | None
    ) -> None:
        """Faults: those of check_reserved."""
        check_reserved(contest)
        self.unit = 10**places
        self.votes = [0] * len(contest.candidates)
        self.exhausted = 0
        self.lost = 0
        self.quota: int | None = None
        self.continuing = [candidate not in contest.withdrawn for candidate in range(len(contest.candidates))]
        self.elected: list[int] = []
        self.stages: list[Stage] = []
        self._contest, self._papers, self._method, self._places = contest, papers, method, places
        self._names = contest.names
        self._tie_rule, self._seed = tie_rule, seed
        self._newly_elected: list[int] = []
        self._ties: list[Tie] = []

    @property
    def candidates(self) -> list[int]:
        """Those who continue: neither elected nor excluded."""
        return [candidate for candidate, continues in enumerate(self.continuing) if continues]

    @property
    def vacancies(self) -> int:
        return min(self._contest.seats, len(self._contest.standing)) - len(self.elected)

    def excludable(self) -> tuple[StageEvent, list[int]]:
        """Those who continue and may be excluded, and why: the doomed if there are any, else all but the guarded."""
        if not self._contest.reserved:
            return StageEvent.EXCLUSION, self.candidates
        if doomed := self.doomed():
            return StageEvent.DOOMED, sorted(doomed)
        kept = guarded(self._contest.reserved, self.elected, self.candidates, self._contest.seats)
        return StageEvent.EXCLUSION, [candidate for candidate in self.candidates if candidate not in kept]

    def doomed(self) -> set[int]:
        if not self._contest.reserved:
            return set()
        return doomed(self._contest.reserved, self.elected, self.candidates, self._contest.seats)

    def fit_together(self, candidates: Collection[int]) -> bool:
        """Whether the reserved seats can still be kept when all of them are elected."""
        others = [candidate for candidate in self.candidates if candidate not in candidates]
        return can_be_kept(self._contest.reserved, [*self.elected, *candidates], others, self._contest.seats)

    def in_order(self, candidates: Iterable[int]) -> list[int]:
        """Most votes first; equals by their votes at the stages the tie rule looks at, then by name."""
        return sorted(
            candidates,
            key=lambda each: (
                [-self.votes[each], *(-stage.votes[each] for stage in self._history())],
                self._names[each],
            ),
        )

    def fewest(self, candidates: Collection[int], leeway: int = 0) -> int:
        """Who of them has the fewest votes; a difference up to `leeway` is none. Faults: LOT_NEEDED."""
        least = min(self.votes[candidate] for candidate in candidates)
        return self._only([each for each in candidates if self.votes[each] <= least + leeway], for_exclusion=True)

    def fewest_together(self, candidates: Collection[int], number: int) -> list[int]:
        """The `number` of them with the fewest votes. Faults: LOT_NEEDED, if equal candidates are too many."""
        chosen: list[int] = []
        while len(chosen) < number:
            left = [candidate for candidate in candidates if candidate not in chosen]
            least = min(self.votes[candidate] for candidate in left)
            equal = [candidate for candidate in left if self.votes[candidate] == least]
            fits = len(chosen) + len(equal) <= number
            chosen += self._by_name(equal) if fits else [self._only(equal, for_exclusion=True)]
        return chosen

    def most(self, candidates: Collection[int]) -> int:
        """Who of them has the most votes. Faults: LOT_NEEDED."""
        greatest = max(self.votes[candidate] for candidate in candidates)
        return self._only([each for each in candidates if self.votes[each] == greatest], for_exclusion=False)

    def elect(self, candidate: int) -> None:
        self.continuing[candidate] = False
        self.elected.append(candidate)
        self._newly_elected.append(candidate)

    def elect_by_votes(self, candidates: Iterable[int]) -> None:
        """Elects candidates, most votes first, while seats last; whom the reserved seats don't allow is passed over.

        Faults: LOT_NEEDED, if equal candidates are too many.
        """
        while left := self._allowed(candidates):
            greatest = max(self.votes[each] for each in left)
            equal = [each for each in left if self.votes[each] == greatest]
            if not self.vacancies:
                return
            if len(equal) <= self.vacancies and self.fit_together(equal):
                for candidate in self.in_order(equal):
                    self.elect(candidate)
            else:
                self.elect(self._only(equal, for_exclusion=False))

    def exclude(self, candidate: int) -> None:
        self.continuing[candidate] = False

    def close_stage(self, event: StageEvent, about: Sequence[int] = (), transfers: Sequence[Transfer] = ()) -> None:
        """Enters the stage: votes as they are now, and who was elected and which ties were settled since the last."""
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                event=event,
                about=tuple(about),
                quota=self.quota,
                votes=tuple(self.votes),
                exhausted=self.exhausted,
                lost=self.lost,
                elected=tuple(self._newly_elected),
                transfers=tuple(transfers),
                ties=tuple(self._ties),
            )
        )
        self._newly_elected, self._ties = [], []

    def finish(self, comparisons: Sequence[Comparison] = ()) -> Count:
        return Count(
            method=self._method,
            contest=self._contest,
            places=self._places,
            valid=self._papers.valid,
            rejected=self._papers.rejected,
            elected=tuple(self.elected),
            stages=tuple(self.stages),
            remark=self._remark,
            comparisons=tuple(comparisons),
        )

    @property
    def is_decided(self) -> bool:
        """Whether there is nothing to count any more: no seat left, or no valid paper to fill one by."""
        return not self.vacancies or not (self._papers.valid or self._uncontested)

    @property
    def _uncontested(self) -> bool:
        return self._contest.seats >= len(self._contest.standing)

    @property
    def _remark(self) -> CountRemark | None:
        if self._uncontested:
            return CountRemark.UNCONTESTED
        return None if self._papers.valid else CountRemark.NO_VALID_PAPERS

    def _allowed(self, candidates: Iterable[int]) -> list[int]:
        doomed_now = self.doomed()
        return [each for each in candidates if self.continuing[each] and each not in doomed_now]

    def _history(self) -> Iterable[Stage]:
        match self._tie_rule:
            case TieRule.EARLIEST:
                return self.stages
            case TieRule.LATEST:
                return reversed(self.stages)
            case _:
                return ()

    def _only(self, tied: list[int], for_exclusion: bool) -> int:
        if len(tied) == 1:
            return tied[0]
        remaining, decided_at = tied, None
        for stage in self._history():
            votes = [stage.votes[each] for each in remaining]
            wanted = min(votes) if for_exclusion else max(votes)
            if votes.count(wanted) < len(remaining):
                remaining, decided_at = [each for each in remaining if stage.votes[each] == wanted], stage.number
        chosen = remaining[0] if len(remaining) == 1 else self._by_lot(remaining, for_exclusion)
        self._ties.append(Tie(self._by_name(tied), chosen, for_exclusion, decided_at, lot=len(remaining) > 1))
        return chosen

    def _by_lot(self, tied: Sequence[int], for_exclusion: bool) -> int:
        """The first drawn is preferred to the last drawn. Faults: LOT_NEEDED."""
        if self._seed is None:
            names = listed(self._names[each] for each in self._by_name(tied))
            raise CountRefused(
                Fault.LOT_NEEDED, f"{names} are equal at every stage: a lot has to be drawn, give a seed."
            )
        by_name: Mapping[str, int] = {self._names[each]: each for each in tied}
        return by_name[draw(self._seed, by_name)[-1 if for_exclusion else 0]]

    def _by_name(self, candidates: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(candidates, key=lambda each: self._names[each]))
