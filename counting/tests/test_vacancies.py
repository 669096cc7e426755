"""Casual vacancies, filled by counting again."""

import pytest

from counting import CountingMethod, CountRefused, Fault, count_election, count_vacancy

from .contests import published_contest
from .methods import STV


@pytest.mark.parametrize("method", STV)
def test_a_vacancy_is_filled_by_the_leavers_papers_and_nobody_sitting_is_excluded(method: CountingMethod) -> None:
    contest = published_contest("ers97_model.blt")
    before = count_election(contest, method)

    after = count_vacancy(contest, method, before.elected, leaver=before.elected[0])

    assert set(before.elected[1:]) < set(after.elected)
    assert len(after.elected) == contest.seats
    assert before.elected[0] not in after.elected


def test_only_somebody_elected_leaves_a_seat() -> None:
    contest = published_contest("ers97_model.blt")

    with pytest.raises(CountRefused) as refusal:
        count_vacancy(contest, CountingMethod.MEEK, (0, 1), leaver=9)

    assert refusal.value.fault is Fault.CANDIDATE_UNKNOWN
