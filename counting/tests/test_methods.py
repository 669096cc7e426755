"""What is peculiar to the rules of ERS97 and to Schulze's method."""

from counting import Count, CountingMethod, StageEvent, count_election, draw, stage_sentence

from .contests import elected, make_contest


def told(count: Count) -> list[tuple[StageEvent, tuple[int, ...]]]:
    return [(stage.event, stage.about) for stage in count.stages]


def test_ers97_lowers_the_quota_while_nobody_is_elected() -> None:
    count = count_election(make_contest({"A": 30, "B": 28, "C": 20, "D": 12, "E": 9}, seats=2), CountingMethod.ERS97)

    quotas = [count.text(stage.quota or 0) for stage in count.stages]
    assert quotas[0] == "33.00"
    assert quotas[1] == "30.00", "9 papers of E go to nobody: 90 / 3"
    assert elected(count) == "AB"


def test_ers97_defers_a_surplus_that_changes_nothing() -> None:
    contest = make_contest({"AB": 36, "B": 30, "C": 19, "D": 3, "E": 16}, seats=2)  # surplus 1.33: D can't overtake E

    ers97, scottish = count_election(contest, CountingMethod.ERS97), count_election(contest, CountingMethod.SCOTTISH)

    assert told(ers97)[:2] == [(StageEvent.FIRST_PREFERENCES, ()), (StageEvent.EXCLUSION, (3,))]
    assert told(scottish)[:2] == [(StageEvent.FIRST_PREFERENCES, ()), (StageEvent.SURPLUS, (0,))]


def test_ers97_5_5_1_fills_the_last_seats_without_passing_papers_on() -> None:
    contest = make_contest({"A": 20, "BC": 10, "CB": 10}, seats=2)

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

    count = count_election(make_contest(papers, names="ABCDE"), CountingMethod.SCHULZE)

    assert elected(count) == "E"
    paths = {(each.first, each.second): (each.path_from_first, each.path_from_second) for each in count.comparisons}
    assert [paths[0, 1], paths[1, 4], paths[2, 3]] == [(28, 25), (24, 28), (29, 28)]
    assert len(paths) == 10
