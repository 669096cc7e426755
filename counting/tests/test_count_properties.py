"""What holds of every count, whatever the papers."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from counting import (
    ELECTION_METHODS,
    AtLeast,
    Contest,
    Count,
    CountingMethod,
    CountRefused,
    CountRemark,
    Fault,
    Marks,
    count_election,
    count_vacancy,
    read_blt,
    report,
    write_blt,
)

from .contests import contests
from .methods import STV

WITH_STAGES = (*STV, CountingMethod.ALTERNATIVE_VOTE)
PROMISE_A_MAJORITY_ITS_WINNER = (*STV, CountingMethod.ALTERNATIVE_VOTE, CountingMethod.SCHULZE)
stv = st.sampled_from(STV)
methods = st.sampled_from(ELECTION_METHODS)


def counted(contest: Contest, method: CountingMethod) -> Count:
    one_seat = replace(contest, seats=1) if method is CountingMethod.ALTERNATIVE_VOTE else contest
    return count_election(one_seat, method, seed="of the property")


def told(count: Count) -> object:
    """The whole report but for the order candidates are listed in."""
    said = report(count)
    listed = {each: sorted(said[each]) for each in ("candidates", "withdrawn")}
    return {**said, **listed, "stages": [_unordered(each) for each in said["stages"]]}


def _unordered(stage: dict[str, object]) -> dict[str, object]:
    transfers: Sequence[dict[str, object]] = stage["transfers"]  # type: ignore[assignment]
    return {**stage, "transfers": sorted(map(repr, transfers))}


@given(contests(), st.sampled_from(WITH_STAGES))
def test_at_every_stage_all_papers_are_somewhere(contest: Contest, method: CountingMethod) -> None:
    count = counted(contest, method)

    for stage in count.stages:
        assert sum(stage.votes) + stage.exhausted + stage.lost == count.valid * 10**count.places
        assert min(*stage.votes, stage.exhausted, stage.lost, 0) == 0, "nothing is ever negative"
    assert count.valid + sum(count.rejected.values()) == sum(contest.papers.values())


@given(contests(), st.sampled_from(WITH_STAGES))
def test_what_was_lost_or_exhausted_never_comes_back(contest: Contest, method: CountingMethod) -> None:
    assume(method is not CountingMethod.MEEK)  # shares papers out anew at each stage
    stages = counted(contest, method).stages

    for before, after in pairwise(stages):
        assert before.exhausted <= after.exhausted
        assert before.lost <= after.lost


@given(contests(), methods)
def test_all_seats_are_filled_and_never_more(contest: Contest, method: CountingMethod) -> None:
    count = counted(contest, method)

    assert len(set(count.elected)) == len(count.elected)
    fillable = count.valid or count.remark is CountRemark.UNCONTESTED
    assert len(count.elected) == (min(count.contest.seats, len(contest.standing)) if fillable else 0)
    assert not set(count.elected) & contest.withdrawn
    assert [each for stage in count.stages for each in stage.elected] == list(count.elected)


@given(contests(), methods)
def test_a_weight_is_as_good_as_repeating_the_paper(contest: Contest, method: CountingMethod) -> None:
    lines = [f"{len(contest.candidates)} {contest.seats}", *(f"-{each + 1}" for each in sorted(contest.withdrawn))]
    for line in write_blt(replace(contest, withdrawn=frozenset())).splitlines()[1:]:
        words = line.split()
        paper = words[-1] == "0" and len(words) > 1
        lines += [" ".join(["1", *words[1:]])] * int(words[0]) if paper else [line]

    repeated = read_blt("\n".join(lines).encode().splitlines(keepends=True))

    assert counted(repeated, method) == counted(contest, method)


@given(contests(), methods, st.data())
def test_the_order_of_papers_and_of_candidates_changes_nothing(
    contest: Contest, method: CountingMethod, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(contest.candidates))))  # old place by new place
    new = {old: place for place, old in enumerate(order)}

    def moved(marks: Marks) -> Marks:
        return tuple(new[mark] if isinstance(mark, int) else tuple(new[each] for each in mark) for mark in marks)

    papers = data.draw(st.permutations(list(contest.papers.items())))
    mixed = Contest(
        contest.title,
        contest.seats,
        tuple(contest.candidates[old] for old in order),
        {moved(marks): number for marks, number in papers},
        frozenset(new[each] for each in contest.withdrawn),
    )

    ours, theirs = counted(contest, method), counted(mixed, method)

    assert ours.rejected == theirs.rejected
    if method is CountingMethod.SCHULZE:  # its comparisons come in pairs, either way round
        ours, theirs = replace(ours, comparisons=()), replace(theirs, comparisons=())
    assert told(ours) == told(theirs)


@given(contests(), methods)
def test_an_exported_file_counts_the_same(contest: Contest, method: CountingMethod) -> None:
    again = read_blt(write_blt(contest).encode().splitlines(keepends=True))

    assert again == contest
    assert counted(again, method) == counted(contest, method)


@given(contests(seats=1), st.sampled_from(PROMISE_A_MAJORITY_ITS_WINNER), st.integers(1, 5))
def test_whom_more_than_half_prefer_to_all_others_is_elected(
    contest: Contest, method: CountingMethod, more: int
) -> None:
    favourite = contest.standing[0]
    papers = {**contest.papers}
    papers[(favourite,)] = papers.get((favourite,), 0) + sum(papers.values()) + more

    assert counted(replace(contest, papers=papers), method).elected == (favourite,)


@given(contests(longest=1))
def test_the_three_rules_of_stv_agree_when_there_is_nothing_to_transfer(contest: Contest) -> None:
    counts = [counted(contest, method) for method in STV]

    assume(all(count.valid for count in counts))
    first = counts[0].stages[0].votes
    places = sorted(first, reverse=True)
    seats = min(contest.seats, len(contest.standing))
    assume(seats == len(contest.standing) or places[seats - 1] != places[seats])  # else the lot decides, rule by rule
    assert len({frozenset(count.elected) for count in counts}) == 1


@given(
    contests(),
    st.sampled_from([each for each in ELECTION_METHODS if each is not CountingMethod.ALTERNATIVE_VOTE]),
    st.data(),
)
@settings(max_examples=200)
def test_reserved_seats_are_kept_or_the_count_is_refused(
    contest: Contest, method: CountingMethod, data: st.DataObject
) -> None:
    groups = st.sets(st.integers(0, len(contest.candidates) - 1), min_size=1).map(frozenset)
    reserved = data.draw(st.lists(st.builds(AtLeast, st.integers(1, 2), groups), min_size=1, max_size=3))

    try:
        count = counted(replace(contest, reserved=tuple(reserved)), method)
    except CountRefused as refusal:
        assert refusal.fault is Fault.CONSTRAINT_IMPOSSIBLE
        return

    if count.elected:
        assert len(count.elected) == min(contest.seats, len(contest.standing))
        assert all(len(group.candidates & set(count.elected)) >= group.number for group in reserved)


@given(contests(), stv, st.data())
def test_a_vacancy_keeps_everybody_who_sits_and_adds_one(
    contest: Contest, method: CountingMethod, data: st.DataObject
) -> None:
    before = counted(contest, method)
    assume(before.elected)
    leaver = data.draw(st.sampled_from(before.elected))
    assume(len(contest.standing) > 1)

    after = count_vacancy(contest, method, before.elected, leaver, seed="of the vacancy")

    if after.elected:  # without the leaver there may be no valid paper
        sitting = set(before.elected) - {leaver}
        assert sitting <= set(after.elected)
        assert leaver not in after.elected
        assert len(set(after.elected) - sitting) <= 1
