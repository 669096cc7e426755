"""How ties are settled: by earlier stages, or by a lot whose seed was committed to."""

import pytest

from counting import (
    ELECTION_METHODS,
    AtLeast,
    CountingMethod,
    CountRefused,
    Fault,
    check_seed,
    commitment_to,
    count_election,
    draw,
    stage_sentence,
)

from .contests import elected, make_contest
from .methods import RANKED, refused


def test_a_tie_says_at_which_stage_it_was_settled() -> None:
    # stage 1: A 10, B 4, C 3, D 1; stage 2, without D: A 10, B 4, C 4
    contest = make_contest({"A": 10, "B": 4, "C": 3, "DC": 1, "E": 9})

    count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)

    (tie,) = count.stages[2].ties
    assert (tie.stage, tie.lot) == (1, False)
    assert count.contest.names[tie.chosen] == "C"
    assert "B and C were equal; C had fewer votes at stage 1." in stage_sentence(count, count.stages[2])


def test_earliest_and_latest_stage_decide_differently() -> None:
    # B and C: 5 and 6 at stage 1, 8 and 7 at stage 2, 9 and 9 at stage 3
    contest = make_contest({"A": 30, "B": 5, "C": 6, "DB": 3, "DC": 1, "EB": 1, "EC": 2, "EA": 2, "F": 20}, seats=1)

    earliest = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)
    latest = count_election(contest, CountingMethod.SCOTTISH)

    assert (
        [votes // 10**5 for votes in latest.stages[2].votes] == list(earliest.stages[2].votes) == [32, 9, 9, 0, 0, 20]
    )
    assert earliest.stages[3].about == (1,), "B had fewer at stage 1"
    assert latest.stages[3].about == (2,), "C had fewer at stage 2"
    assert (earliest.stages[3].ties[0].stage, latest.stages[3].ties[0].stage) == (1, 2)


@pytest.mark.parametrize("method", [*RANKED, CountingMethod.PLURALITY, CountingMethod.APPROVAL])
def test_equal_throughout_needs_a_lot_and_the_lot_is_the_seeds(method: CountingMethod) -> None:
    contest = make_contest({"A": 5, "B": 5})

    winners = {elected(count_election(contest, method, seed)) for seed in "abcdefgh"}

    assert refused(contest, method) is Fault.LOT_NEEDED
    assert winners == {"A", "B"}
    assert elected(count_election(contest, method, "one seed")) == draw("one seed", ["B", "A"])[0]
    first = count_election(contest, method, "one seed")
    assert any(tie.lot for stage in first.stages for tie in stage.ties)
    assert "the lot decided" in " ".join(stage_sentence(first, stage) for stage in first.stages)


def test_a_lot_is_asked_for_only_when_it_decides_something() -> None:
    contest = make_contest({"A": 9, "B": 9, "C": 1, "D": 1}, seats=2, names="ABCDE")

    for method in (CountingMethod.SCOTTISH, CountingMethod.ERS97, CountingMethod.MEEK):
        assert elected(count_election(make_contest({"A": 9, "B": 9, "C": 1}, seats=2), method)) == "AB"
    assert elected(count_election(contest, CountingMethod.ERS97)) == "AB", "C, D and E are excluded together"
    assert elected(count_election(make_contest({"AB": 5, "BA": 5, "C": 1}, seats=2), CountingMethod.SCHULZE)) == "AB"
    three = make_contest({"A": 2, "B": 2, "C": 2}, seats=3, reserved=(AtLeast(1, frozenset({0}), "a school"),))
    for method in ELECTION_METHODS:
        if method is not CountingMethod.ALTERNATIVE_VOTE:
            assert elected(count_election(three, method)) == "ABC"


def test_a_seed_is_checked_against_what_was_committed_to() -> None:
    commitment = commitment_to("kept secret until the count")

    check_seed("kept secret until the count", commitment)
    with pytest.raises(CountRefused) as refusal:
        check_seed("chosen afterwards", commitment)
    assert refusal.value.fault is Fault.SEED_WRONG
