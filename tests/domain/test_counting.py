"""Which papers count, how ties are settled, reserved seats, vacancies, and what a count says of itself."""

from dataclasses import replace

import pytest

from domain.counting.contest import AtLeast, Contest, CountRefused, Fault
from domain.counting.count import Count, CountingMethod, CountRemark, StageEvent
from domain.counting.election import ELECTION_METHODS, count_election, count_vacancy
from domain.counting.lot import check_seed, commitment_to, draw
from domain.counting.papers import RejectionHeading
from domain.counting.sentences import stage_sentence

from .contests import a_contest, elected, published_contest

STV = (CountingMethod.SCOTTISH, CountingMethod.ERS97, CountingMethod.MEEK)
RANKED = (*STV, CountingMethod.ALTERNATIVE_VOTE, CountingMethod.SCHULZE)


def refused(contest: Contest, method: CountingMethod = CountingMethod.SCOTTISH, seed: str | None = None) -> Fault:
    with pytest.raises(CountRefused) as refusal:
        count_election(contest, method, seed)
    return refusal.value.fault


# -- papers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "heading"),
    [
        ((), RejectionHeading.UNMARKED),
        (((), ()), RejectionHeading.UNMARKED),
        (((0, 1), 2), RejectionHeading.DUPLICATE_RANKING),
        (((), 0, 1), RejectionHeading.MISSING_RANKING),
        ((0, 1, 0), RejectionHeading.UNCERTAIN),
        ((3,), RejectionHeading.NOBODY_STANDING),
    ],
)
def test_a_paper_without_a_clear_first_preference_is_rejected_under_its_heading(marks, heading) -> None:  # type: ignore[no-untyped-def]
    contest = Contest("", 1, ("A", "B", "C", "W"), {(1,): 3, marks: 2}, withdrawn=frozenset({3}))

    count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)

    assert count.rejected == {heading: 2}
    assert (count.valid, elected(count)) == (3, "B")


@pytest.mark.parametrize("unclear", [(0, (1, 2)), (0, (), 1), (0, 1, 2, 1)])
def test_a_later_preference_that_is_not_clear_leaves_the_earlier_ones_standing(unclear) -> None:  # type: ignore[no-untyped-def]
    contest = Contest("", 1, ("A", "B", "C"), {unclear: 2, (1,): 4, (2,): 3})

    count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)

    assert (count.valid, elected(count)) == (9, "B")
    assert count.stages[1].exhausted == 2, "A's papers say nothing clear of B or C"


def test_withdrawn_candidates_are_passed_over_and_are_no_gap() -> None:
    contest = a_contest({"WA": 4, "B": 3, "CA": 2}, withdrawn=frozenset({3}))

    count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)

    assert count.stages[0].votes == (4, 3, 2, 0)
    assert elected(count) == "A"


@pytest.mark.parametrize("marks", [((0, 3), 1), (3, 0, 3), (3, 0)])
def test_who_has_withdrawn_spoils_no_paper(marks) -> None:  # type: ignore[no-untyped-def]
    contest = Contest("", 1, ("A", "B", "C", "W"), {marks: 2, (1,): 1}, withdrawn=frozenset({3}))

    assert elected(count_election(contest, CountingMethod.ALTERNATIVE_VOTE)) == "A"


def test_crosses_beyond_those_a_voter_had_spoil_the_paper_and_doubled_ones_do_not() -> None:
    contest = Contest("", 2, ("A", "B", "C"), {(0, 1): 3, (2, 2): 2, (0, 1, 2): 5, (): 1})

    count = count_election(contest, CountingMethod.BLOCK_VOTE)

    assert count.stages[0].votes == (3, 3, 2)
    assert count.rejected == {RejectionHeading.OVER_VOTED: 5, RejectionHeading.UNMARKED: 1}
    assert elected(count) == "AB"
    assert count_election(contest, CountingMethod.APPROVAL).stages[0].votes == (8, 8, 7)
    assert count_election(contest, CountingMethod.PLURALITY, seed="for A or B").valid == 2


# -- contests that are none -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ELECTION_METHODS)
def test_what_can_not_be_counted_is_refused_with_its_fault(method: CountingMethod) -> None:
    assert refused(Contest("", 1, (), {}), method) is Fault.NO_CANDIDATES
    assert refused(a_contest({"A": 1}, withdrawn=frozenset({0})), method) is Fault.NO_CANDIDATES
    assert refused(a_contest({"AB": 1}, seats=0), method) is Fault.NO_SEATS
    assert refused(Contest("", 1, ("A", "A"), {(0,): 1}), method) is Fault.NAME_TWICE


@pytest.mark.parametrize("method", ELECTION_METHODS)
def test_a_paper_that_names_nobody_who_stood_or_came_never_is_refused(method: CountingMethod) -> None:
    assert refused(Contest("", 1, ("A", "B"), {(5,): 1}), method) is Fault.CANDIDATE_UNKNOWN
    assert refused(Contest("", 1, ("A", "B"), {(0, -1): 1}), method) is Fault.CANDIDATE_UNKNOWN
    assert refused(Contest("", 1, ("A", "B"), {(0,): 0}), method) is Fault.NUMBER_EXPECTED


def test_the_alternative_vote_fills_one_seat() -> None:
    assert refused(a_contest({"AB": 1}, seats=2), CountingMethod.ALTERNATIVE_VOTE) is Fault.ONE_SEAT_ONLY


@pytest.mark.parametrize("method", ELECTION_METHODS)
@pytest.mark.parametrize("papers", [{}, {(): 7}])
def test_without_a_valid_paper_nobody_is_elected_and_the_count_says_why(method: CountingMethod, papers) -> None:  # type: ignore[no-untyped-def]
    count = count_election(Contest("", 1, ("A", "B"), papers), method)

    assert (count.elected, count.valid, count.remark) == ((), 0, CountRemark.NO_VALID_PAPERS)
    assert "no valid paper" in stage_sentence(count, count.stages[0])


@pytest.mark.parametrize("method", [each for each in ELECTION_METHODS if each is not CountingMethod.ALTERNATIVE_VOTE])
@pytest.mark.parametrize("papers", [{}, {(0,): 5, (2, 1): 2}])
def test_with_no_more_candidates_than_seats_all_are_elected(method: CountingMethod, papers) -> None:  # type: ignore[no-untyped-def]
    count = count_election(Contest("", 5, ("A", "B", "C"), papers), method)

    assert sorted(elected(count)) == ["A", "B", "C"]
    assert count.remark is CountRemark.UNCONTESTED


def test_a_million_identical_papers_are_one_group() -> None:
    contest = a_contest({"AB": 1_000_000, "B": 1}, seats=1)

    for method in RANKED:
        count = count_election(contest, method)
        assert (elected(count), count.valid) == ("A", 1_000_001)


# -- ties -----------------------------------------------------------------------------------------------------------


def test_a_tie_says_at_which_stage_it_was_settled() -> None:
    # stage 1: A 10, B 4, C 3, D 1; stage 2, without D: A 10, B 4, C 4
    contest = a_contest({"A": 10, "B": 4, "C": 3, "DC": 1, "E": 9})

    count = count_election(contest, CountingMethod.ALTERNATIVE_VOTE)

    (tie,) = count.stages[2].ties
    assert (tie.stage, tie.lot) == (1, False)
    assert count.contest.names[tie.chosen] == "C"
    assert "B and C were equal; C had fewer votes at stage 1." in stage_sentence(count, count.stages[2])


def test_earliest_and_latest_stage_decide_differently() -> None:
    # B and C: 5 and 6 at stage 1, 8 and 7 at stage 2, 9 and 9 at stage 3
    contest = a_contest({"A": 30, "B": 5, "C": 6, "DB": 3, "DC": 1, "EB": 1, "EC": 2, "EA": 2, "F": 20}, seats=1)

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
    contest = a_contest({"A": 5, "B": 5})

    winners = {elected(count_election(contest, method, seed)) for seed in "abcdefgh"}

    assert refused(contest, method) is Fault.LOT_NEEDED
    assert winners == {"A", "B"}
    assert elected(count_election(contest, method, "one seed")) == draw("one seed", ["B", "A"])[0]
    first = count_election(contest, method, "one seed")
    assert any(tie.lot for stage in first.stages for tie in stage.ties)
    assert "the lot decided" in " ".join(stage_sentence(first, stage) for stage in first.stages)


def test_a_lot_is_asked_for_only_when_it_decides_something() -> None:
    contest = a_contest({"A": 9, "B": 9, "C": 1, "D": 1}, seats=2, names="ABCDE")

    for method in (CountingMethod.SCOTTISH, CountingMethod.ERS97, CountingMethod.MEEK):
        assert elected(count_election(a_contest({"A": 9, "B": 9, "C": 1}, seats=2), method)) == "AB"
    assert elected(count_election(contest, CountingMethod.ERS97)) == "AB", "C, D and E are excluded together"
    assert elected(count_election(a_contest({"AB": 5, "BA": 5, "C": 1}, seats=2), CountingMethod.SCHULZE)) == "AB"
    three = a_contest({"A": 2, "B": 2, "C": 2}, seats=3, reserved=(AtLeast(1, frozenset({0}), "a school"),))
    for method in ELECTION_METHODS:
        if method is not CountingMethod.ALTERNATIVE_VOTE:
            assert elected(count_election(three, method)) == "ABC"


def test_a_seed_is_checked_against_what_was_committed_to() -> None:
    commitment = commitment_to("kept secret until the count")

    check_seed("kept secret until the count", commitment)
    with pytest.raises(CountRefused) as refusal:
        check_seed("chosen afterwards", commitment)
    assert refusal.value.fault is Fault.SEED_WRONG


# -- reserved seats -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [*STV, CountingMethod.BLOCK_VOTE, CountingMethod.APPROVAL, CountingMethod.SCHULZE])
def test_seats_kept_for_a_group_are_filled_from_it(method: CountingMethod) -> None:
    papers = {"A": 40, "B": 30, "C": 20, "D": 3, "E": 2}
    free = a_contest(papers, seats=3)
    kept = replace(free, reserved=(AtLeast(1, frozenset({3, 4}), "the infant school"),))

    assert sorted(elected(count_election(free, method))) == ["A", "B", "C"]
    assert sorted(elected(count_election(kept, method))) == ["A", "B", "D"]


def test_a_doomed_candidate_is_excluded_even_with_a_quota() -> None:
    contest = a_contest(
        {"A": 40, "B": 40, "C": 5, "D": 4}, seats=2, reserved=(AtLeast(1, frozenset({2, 3}), "primary"),)
    )

    for method in STV:
        count = count_election(contest, method, seed="s")
        assert len(count.elected) == 2
        assert set(elected(count)) & {"C", "D"}
        assert any(stage.event is StageEvent.DOOMED for stage in count.stages)
        assert "Seats are kept for others" in " ".join(stage_sentence(count, stage) for stage in count.stages)


def test_equals_of_whom_a_reserved_seat_has_room_for_one_need_a_lot_by_every_rule() -> None:
    contest = a_contest(
        {"A": 40, "B": 20, "C": 20, "DE": 3, "E": 2, "F": 10},
        seats=3,
        reserved=(AtLeast(1, frozenset({4}), "a school"),),
    )

    for method in STV:
        assert refused(contest, method) is Fault.LOT_NEEDED
        assert {elected(count_election(contest, method, seed))[1] for seed in "abcdefgh"} == {"B", "C"}


def test_groups_may_overlap() -> None:
    # two of A, B, C; two of C, D, E; three seats: C has to be among them
    reserved = (AtLeast(2, frozenset({0, 1, 2}), "north"), AtLeast(2, frozenset({2, 3, 4}), "south"))
    contest = a_contest({"A": 40, "B": 30, "C": 1, "D": 20, "E": 10}, seats=3, reserved=reserved)

    for method in STV:
        assert sorted(elected(count_election(contest, method))) == ["A", "C", "D"]


def test_seats_that_can_not_be_kept_are_refused_by_name() -> None:
    contest = a_contest({"A": 2, "B": 1, "C": 1}, seats=2)
    too_few = replace(contest, reserved=(AtLeast(2, frozenset({2}), "the sixth form"),))
    too_many = replace(contest, reserved=(AtLeast(2, frozenset({0, 1}), "a"), AtLeast(1, frozenset({2}), "b")))

    with pytest.raises(CountRefused, match="2 seats are kept for the sixth form, but only 1 stand"):
        count_election(too_few, CountingMethod.MEEK)
    assert refused(too_many) is Fault.CONSTRAINT_IMPOSSIBLE


# -- casual vacancies -----------------------------------------------------------------------------------------------


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


# -- what the rules say ---------------------------------------------------------------------------------------------


def told(count: Count) -> list[tuple[StageEvent, tuple[int, ...]]]:
    return [(stage.event, stage.about) for stage in count.stages]


def test_ers97_lowers_the_quota_while_nobody_is_elected() -> None:
    count = count_election(a_contest({"A": 30, "B": 28, "C": 20, "D": 12, "E": 9}, seats=2), CountingMethod.ERS97)

    quotas = [count.text(stage.quota or 0) for stage in count.stages]
    assert quotas[0] == "33.00"
    assert quotas[1] == "30.00", "9 papers of E go to nobody: 90 / 3"
    assert elected(count) == "AB"


def test_ers97_defers_a_surplus_that_changes_nothing() -> None:
    contest = a_contest({"AB": 36, "B": 30, "C": 19, "D": 3, "E": 16}, seats=2)  # surplus 1.33: D can't overtake E

    ers97, scottish = count_election(contest, CountingMethod.ERS97), count_election(contest, CountingMethod.SCOTTISH)

    assert told(ers97)[:2] == [(StageEvent.FIRST_PREFERENCES, ()), (StageEvent.EXCLUSION, (3,))]
    assert told(scottish)[:2] == [(StageEvent.FIRST_PREFERENCES, ()), (StageEvent.SURPLUS, (0,))]


def test_ers97_5_5_1_fills_the_last_seats_without_passing_papers_on() -> None:
    contest = a_contest({"A": 20, "BC": 10, "CB": 10}, seats=2)

    count = count_election(contest, CountingMethod.ERS97, seed="s")

    last = count.stages[-1]
    assert (last.event, last.transfers, last.votes[1:]) == (StageEvent.LAST_SEATS, (), (1000, 1000))
    assert elected(count) == "A" + draw("s", "BC")[0]
    assert "as many candidates are left as seats" in stage_sentence(count, last)


def test_schulze_elects_who_beats_everybody_and_shows_the_comparisons() -> None:
    # M. Schulze's first example, 45 voters
    papers = {
        "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
    }  # fmt: skip

    count = count_election(a_contest(papers, names="ABCDE"), CountingMethod.SCHULZE)

    assert elected(count) == "E"
    paths = {(each.first, each.second): (each.path_from_first, each.path_from_second) for each in count.comparisons}
    assert [paths[0, 1], paths[1, 4], paths[2, 3]] == [(28, 25), (24, 28), (29, 28)]
    assert len(paths) == 10
