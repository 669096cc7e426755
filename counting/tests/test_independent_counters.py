"""1,000 random elections a rule, other ones each run, counted here and by other people's programs.

`SEED=… pytest counting/tests` makes the same again; a failure names its seed.
ERS97 has no other counter on PyPI (pref_voting's `stv_nb` has neither its deferred surpluses nor its last batches), so
another one was written from the booklet: ers97_by_the_book.py. Block vote and approval are sums, which their properties test.
"""

import os
import random
import secrets
from collections.abc import Iterable

import pytest

from counting import Contest, Count, CountingMethod, StageEvent, count_election, draw

from . import ers97_by_the_book
from .contests import random_contest

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))
ELECTIONS = 1_000
BLOCKS = 4  # counted by the workers of the test run side by side
every_block = pytest.mark.parametrize("block", range(BLOCKS))


def random_contests(block: int, seats: int | None = None, small: bool = False) -> Iterable[Contest]:
    for number in range(block, ELECTIONS, BLOCKS):
        yield random_contest(random.Random(f"{SEED}/{number}"), seats, small)


def drew_a_lot(count: Count) -> bool:
    return any(tie.lot for stage in count.stages for tie in stage.ties)


def has_a_surplus_beside_somebody_elected(count: Count) -> bool:
    """Whether several were elected at one stage, one of them at least with more than the quota."""
    return any(
        len(stage.elected) > 1 and any(stage.votes[each] > (stage.quota or 0) for each in stage.elected)
        for stage in count.stages
    )


def is_as_close_as_the_last_digit(count: Count, papers: int) -> bool:
    """Whether somebody was excluded by less than one unit of the last decimal on every paper."""
    before = zip(count.stages, count.stages[1:], strict=False)
    for stage, after in before:
        if after.event is StageEvent.EXCLUSION:
            excluded = [stage.votes[each] for each in after.about]
            others = [votes for each, votes in enumerate(stage.votes) if each not in after.about and votes]
            if min(others) - max(excluded) <= papers:
                return True
    return False


@pytest.fixture(scope="module")
def pref_voting():  # type: ignore[no-untyped-def]
    return pytest.importorskip("pref_voting", reason="not built for this Python yet")


def profile(contest: Contest):  # type: ignore[no-untyped-def]
    from pref_voting.profiles_with_ties import ProfileWithTies

    rankings = [{candidate: place for place, candidate in enumerate(marks, 1)} for marks in contest.papers]
    counted = ProfileWithTies(
        rankings, rcounts=list(contest.papers.values()), candidates=list(range(len(contest.candidates)))
    )
    counted.use_extended_strict_preference()
    return counted


@every_block
def test_scottish_agrees_with_pref_voting_unless_a_lot_was_drawn(block: int, pref_voting) -> None:  # type: ignore[no-untyped-def]
    from pref_voting.proportional_methods import stv_scottish

    for contest in random_contests(block):
        count = count_election(contest, CountingMethod.SCOTTISH, seed="ours")

        theirs = stv_scottish(profile(contest), num_seats=contest.seats, rng=random.Random("theirs"))

        assert set(theirs) == set(count.elected) or drew_a_lot(count), f"SEED={SEED}: {contest}"


def test_scottish_agrees_with_stvpoll_but_for_what_is_known() -> None:
    """stvpoll draws other lots, rounds what a paper is worth, and of several elected at one stage it lets a surplus go to
    those still to be looked at.

    The Order ignores the remainder of a paper's value (rule 49(3)) and passes papers on to continuing candidates alone
    (rule 49(2)), so not even to one elected with the bare quota.
    """
    from stvpoll.scottish_stv import calculate_scottish_stv

    differences = 0
    for contest in (each for block in range(BLOCKS) for each in random_contests(block)):
        count = count_election(contest, CountingMethod.SCOTTISH, seed="ours")

        candidates = tuple(range(len(contest.candidates)))
        theirs = calculate_scottish_stv(candidates, dict(contest.papers), contest.seats).elected_as_tuple()

        if set(theirs) != set(count.elected):
            is_close = is_as_close_as_the_last_digit(count, sum(contest.papers.values()))
            assert drew_a_lot(count) or has_a_surplus_beside_somebody_elected(count) or is_close, (
                f"SEED={SEED}: {contest}"
            )
            differences += not drew_a_lot(count)
    assert differences <= ELECTIONS / 50, f"SEED={SEED}"


@every_block
def test_meek_agrees_with_pref_voting_unless_a_lot_was_drawn(block: int, pref_voting) -> None:  # type: ignore[no-untyped-def]
    """pref_voting settles votes to a hundred-thousandth in floating point and has no tie rule but the order of candidates."""
    from pref_voting.proportional_methods import stv_meek

    for contest in random_contests(block, small=True):
        count = count_election(contest, CountingMethod.MEEK, seed="ours")

        theirs = stv_meek(profile(contest), num_seats=contest.seats, tol=1e-5, max_iter=200)

        assert set(theirs) == set(count.elected) or any(stage.ties for stage in count.stages), f"SEED={SEED}: {contest}"


@every_block
def test_ers97_agrees_stage_by_stage_with_another_reading_of_the_booklet(block: int) -> None:
    for contest in random_contests(block):

        def lot(tied: list[int], for_exclusion: bool) -> int:
            drawn = draw("one seed", [contest.names[each] for each in tied])  # noqa: B023 - called before the next one
            return contest.names.index(drawn[-1 if for_exclusion else 0])  # noqa: B023

        ours = count_election(contest, CountingMethod.ERS97, seed="one seed")

        theirs = ers97_by_the_book.count(len(contest.candidates), contest.seats, contest.papers, lot)

        assert set(theirs["elected"]) == set(ours.elected), f"SEED={SEED}: {contest}"
        assert [
            (list(stage.votes), stage.non_transferable, stage.quota, sorted(stage.elected)) for stage in ours.stages
        ] == [
            (each["votes"], each["non_transferable"], each["quota"], sorted(each["elected"]))
            for each in theirs["stages"]
        ], f"SEED={SEED}: {contest}"


@every_block
def test_schulze_agrees_with_pref_voting(block: int, pref_voting) -> None:  # type: ignore[no-untyped-def]
    """pref_voting names all who are beaten by nobody; the lot chooses among them."""
    from pref_voting.margin_based_methods import beat_path

    for contest in random_contests(block, seats=1):
        counted = profile(contest)

        (ours,) = count_election(contest, CountingMethod.SCHULZE, seed="ours").elected

        assert ours in beat_path(counted, strength_function=counted.support), f"SEED={SEED}: {contest}"


@every_block
def test_the_alternative_vote_agrees_with_pyrankvote_unless_candidates_were_equal(block: int) -> None:
    """pyrankvote looks at second preferences where candidates are equal, not at earlier stages."""
    import pyrankvote

    for contest in random_contests(block, seats=1):
        count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE, seed="ours")
        candidates = [pyrankvote.Candidate(name) for name in contest.candidates]
        papers = [
            pyrankvote.Ballot([candidates[each] for each in marks if isinstance(each, int)])
            for marks, number in contest.papers.items()
            for _ in range(number)
        ]

        (winner,) = pyrankvote.instant_runoff_voting(candidates, papers).get_winners()

        (ours,) = count.elected
        assert winner.name == contest.candidates[ours] or any(stage.ties for stage in count.stages), (
            f"SEED={SEED}: {contest}"
        )


@every_block
def test_plurality_agrees_with_pref_voting(block: int, pref_voting) -> None:  # type: ignore[no-untyped-def]
    from pref_voting.scoring_methods import plurality

    for contest in random_contests(block, seats=1):
        crosses = {marks[:1]: 0 for marks in contest.papers}
        for marks, number in contest.papers.items():
            crosses[marks[:1]] += number
        one_cross = Contest("", 1, contest.candidates, crosses)

        (ours,) = count_election(one_cross, CountingMethod.PLURALITY, seed="ours").elected

        assert ours in plurality(profile(one_cross)), f"SEED={SEED}: {contest}"
