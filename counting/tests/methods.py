"""Counting methods by sort, and the fault of a contest that is refused."""

import pytest

from counting import Contest, CountingMethod, CountRefused, Fault, count_election

STV = (CountingMethod.SCOTTISH, CountingMethod.ERS97, CountingMethod.MEEK)
RANKED = (*STV, CountingMethod.ALTERNATIVE_VOTE, CountingMethod.SCHULZE)


def refused(contest: Contest, method: CountingMethod = CountingMethod.SCOTTISH, seed: str | None = None) -> Fault:
    with pytest.raises(CountRefused) as refusal:
        count_election(contest, method, seed)
    return refusal.value.fault
