"""STV by "How to conduct an election by the single transferable vote", Electoral Reform Society, 3rd edition 1997.

The rules' numbers are cited. Every batch of papers passed on is a stage here (the booklet's stages may have several).
"""

from ..contest import Contest
from ..count import Count, CountingMethod, StageEvent
from ..papers import Papers
from ..parcels import Parcels
from ..result_sheet import ResultSheet, TieRule

PLACES = 2  # 5.1.6, 5.3.7


def count_ers97(contest: Contest, papers: Papers, seed: str | None = None) -> Count:
    """The result with its stages. Faults: those of ResultSheet, and LOT_NEEDED without a seed."""
    return _Count(contest, papers, seed).run()


class _Count:
    def __init__(self, contest: Contest, papers: Papers, seed: str | None) -> None:
        self.contest = contest
        self.papers = papers
        self.sheet = ResultSheet(contest, self.papers, CountingMethod.ERS97, PLACES, TieRule.EARLIEST, seed)
        self.quota = 0
        self.untransferred: set[int] = set()  # elected, their surplus not yet passed on
        self.awaiting = 0  # votes of excluded candidates whose papers are still to be passed on

    def run(self) -> Count:
        sheet = self.sheet
        self.parcels = Parcels(sheet, self.papers)  # 5.1.2
        self._set_quota()
        self._deem_elected()
        sheet.close_stage(StageEvent.FIRST_PREFERENCES)
        while not sheet.is_decided:
            if doomed := sheet.doomed():
                self._exclude(sheet.in_order(doomed), StageEvent.DOOMED)
            elif (surpluses := self._surpluses()) and not self._deferred(sum(surpluses.values())):
                self._transfer_surplus(sheet.most(surpluses))  # 5.2.3: the largest vote is the largest surplus
            else:
                self._exclude_lowest(sum(surpluses.values()))
        return sheet.finish()

    def _set_quota(self) -> None:
        """5.1.6 and 5.4.8: active papers by one more than the seats, rounded up to the second decimal."""
        active = self.papers.valid * self.sheet.unit - self.sheet.exhausted
        self.sheet.quota = self.quota = -(-active // (self.contest.seats + 1))

    def _surpluses(self) -> dict[int, int]:
        return {
            candidate: self.sheet.votes[candidate] - self.quota
            for candidate in self.untransferred
            if self.sheet.votes[candidate] > self.quota
        }

    def _deem_elected(self) -> None:
        """5.1.7, 5.3.13 and 5.4.9: who has the quota, or a share of the active vote that nobody else can take away."""
        sheet = self.sheet
        while not sheet.is_decided:
            if len(sheet.candidates) <= sheet.vacancies:
                enough = sheet.candidates  # 4.3
            else:
                doomed = sheet.doomed()
                active = (  # 6.20
                    sum(sheet.votes[each] for each in sheet.candidates)
                    + sum(self._surpluses().values())
                    + self.awaiting
                )
                enough = [
                    each
                    for each in sheet.candidates
                    if sheet.votes[each] >= self.quota or 0 < active <= sheet.votes[each] * (sheet.vacancies + 1)
                    if each not in doomed
                ]
            highest = self._highest(enough)
            if highest is None:
                return
            sheet.elect(highest)
            self.untransferred.add(highest)

    def _highest(self, candidates: list[int]) -> int | None:
        """Who is deemed elected next; nobody if equals are too many for the seats and were equal throughout (5.6.2)."""
        if not candidates:
            return None
        ordered = self.sheet.in_order(candidates)
        equal = [each for each in ordered if self.sheet.votes[each] == self.sheet.votes[ordered[0]]]
        if self.contest.reserved and not self.sheet.fit_together(equal[: self.sheet.vacancies]):
            return self.sheet.most(equal)  # who of them comes first decides who is doomed then
        histories = [
            [self.sheet.votes[each], *(stage.votes[each] for stage in self.sheet.stages)]
            for each in ordered[: self.sheet.vacancies + 1]
        ]
        if len(histories) > self.sheet.vacancies and histories[0] == histories[-1]:
            return None
        return ordered[0]

    def _deferred(self, surplus: int) -> bool:
        """5.2.2: a surplus waits that can't change who is excluded next."""
        return not self.contest.reserved and self._excluded_together(surplus) > 0

    def _excluded_together(self, surplus: int) -> int:
        """5.2.5: how many of those with the fewest votes can be excluded together, whatever becomes of `surplus`."""
        sheet = self.sheet
        votes = sorted(sheet.votes[candidate] for candidate in sheet.candidates)
        most = len(votes) - sheet.vacancies
        if self.contest.reserved:
            most = min(most, 1)  # an exclusion may guard somebody, so one at a time
        return next((k for k in range(most, 0, -1) if sum(votes[:k]) + surplus <= votes[k]), 0)

    def _transfer_surplus(self, candidate: int) -> None:
        """5.3: the papers received last, at a value that spreads the surplus over those that can be passed on."""
        sheet = self.sheet
        surplus = sheet.votes[candidate] - self.quota
        parcel = self.parcels.last(candidate)
        papers = self.parcels.sort({candidate: [parcel.papers]})
        value = parcel.value
        is_divided = papers.transferable * value > surplus
        if is_divided:  # 5.3.7
            value = surplus // papers.transferable
        transfers = self.parcels.deliver(papers, value, exhausted_value=0)
        sheet.votes[candidate] = self.quota
        rest = surplus - sum(transfer.votes for transfer in transfers)  # 5.3.9
        if is_divided:
            sheet.lost += rest
        else:
            sheet.exhausted += rest
        self.untransferred.remove(candidate)
        self._deem_elected()
        sheet.close_stage(StageEvent.SURPLUS, [candidate], transfers)

    def _exclude_lowest(self, deferred: int) -> None:
        """5.2.5 and 5.5.1."""
        sheet = self.sheet
        _, candidates = sheet.excludable()
        lowest = sheet.fewest_together(candidates, max(self._excluded_together(deferred), 1))
        if len(sheet.candidates) - len(lowest) > sheet.vacancies:
            self._exclude(lowest)
            return
        for candidate in lowest:
            sheet.exclude(candidate)
        sheet.elect_by_votes(sheet.candidates)
        sheet.close_stage(StageEvent.LAST_SEATS, lowest)

    def _exclude(self, candidates: list[int], event: StageEvent = StageEvent.EXCLUSION) -> None:
        """5.4: their papers, in batches by value, highest first."""
        sheet = self.sheet
        for candidate in candidates:
            sheet.exclude(candidate)
        batches = self.parcels.take(*candidates)
        self.awaiting = sum(sheet.votes[candidate] for candidate in candidates)
        for value, papers in batches.items():
            if sheet.is_decided:
                return  # 5.5.2
            transfers = self.parcels.deliver(self.parcels.sort(papers), value)
            for transfer in transfers:
                sheet.votes[transfer.source] -= transfer.votes
                self.awaiting -= transfer.votes
            if not sheet.elected:
                self._set_quota()  # 5.4.8
            self._deem_elected()
            sheet.close_stage(event, candidates, transfers)
        if not batches:
            self._deem_elected()
            sheet.close_stage(event, candidates)
