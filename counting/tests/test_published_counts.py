"""Counts that were published, or that independent counters agree on, stage by stage (elections)."""

import pytest

from counting import Count, CountingMethod, count_election, report

from .contests import published, published_contest

STV = {"scottish": CountingMethod.SCOTTISH, "ers97": CountingMethod.ERS97, "meek_prf": CountingMethod.MEEK}


def counted(file: str, method: CountingMethod) -> Count:
    return count_election(published_contest(file), method, seed="not needed")


@pytest.mark.parametrize("file", published())
def test_the_file_says_what_is_known_of_it(file: str) -> None:
    known, contest = published()[file], published_contest(file)

    assert len(contest.candidates) == known["candidates"]
    assert contest.seats == known["seats"]
    assert sum(contest.papers.values()) == known["papers"]
    assert counted(file, CountingMethod.SCOTTISH).valid == known["valid_votes"]


@pytest.mark.parametrize(
    ("file", "rule"), [(file, rule) for file, known in published().items() for rule in known["winners"]]
)
def test_the_winners_are_those_published(file: str, rule: str) -> None:
    count = counted(file, STV[rule])

    assert sorted(count.contest.names[each] for each in count.elected) == published()[file]["winners"][rule]
    assert not any(stage.ties for stage in count.stages if any(tie.lot for tie in stage.ties))


@pytest.mark.parametrize(
    ("file", "rule"),
    [(file, rule) for file, known in published().items() for rule in STV if f"{rule}_stages" in known],
)
def test_every_stage_has_the_totals_published(file: str, rule: str) -> None:
    known = published()[file][f"{rule}_stages"]

    stages = report(counted(file, STV[rule]))["stages"]

    assert [(each["stage"], each["votes"], each["non_transferable"]) for each in stages] == [
        (each["stage"], each["votes"], each["non_transferable"]) for each in known
    ]


@pytest.mark.parametrize("file", [file for file, known in published().items() if "scottish_quota" in known])
def test_the_scottish_quota_stages_and_order_of_election_are_those_published(file: str) -> None:
    known = published()[file]
    count = counted(file, CountingMethod.SCOTTISH)

    assert report(count)["quota"] == f"{known['scottish_quota']}.00000"
    assert len(count.stages) == known["scottish_stage_count"]
    at_stage = {count.contest.names[each]: stage.number for stage in count.stages for each in stage.elected}
    order = known.get("scottish_elected_at_stage", at_stage)
    assert at_stage == order
    assert [order[count.contest.names[each]] for each in count.elected] == sorted(order.values())


def test_the_printed_example_of_the_ers97_booklet() -> None:
    told = report(counted("ers97_model.blt", CountingMethod.ERS97))

    first, surplus = told["stages"][:2]
    assert first["quota"] == "107.58"
    assert {each["value"] for each in surplus["transfers"] if each["target"]} == {"0.21"}
    assert surplus["lost"] == "0.59"
    assert told["elected"] == ["Smith", "Duke", "Carpenter", "Prince", "Vicar", "Freeman"]
    assert told["stages"][2]["sentence"].startswith(
        "Monk had the fewest votes and was excluded; 14 papers went to Vicar, 5 to Abbot, 2 to Duke and 2 to Freeman."
    )


def test_what_is_said_of_a_surplus_is_all_of_it() -> None:
    sentences = [stage["sentence"] for stage in report(counted("ers97_model.blt", CountingMethod.ERS97))["stages"]]

    assert sentences[1].startswith("Smith had 26.42 votes more than the quota; 35 papers went to Carpenter")
    assert sentences[1].endswith("11 named nobody else who is left; 0.59 was lost in rounding or had nowhere to go.")
    assert sentences[6].startswith("Carpenter had 14.77 votes more than the quota; 5 papers went to Freeman")
    assert "6.77 was lost in rounding or had nowhere to go" in sentences[6]


def test_meek_settles_where_the_reference_count_does() -> None:
    known = published()["ers97_model.blt"]["meek_reference"]

    count = counted("ers97_model.blt", CountingMethod.MEEK)

    quotas = [rounded(stage.quota or 0) for stage in count.stages]
    positions = [quotas.index(quota) for quota in known["quota"].values()]
    assert positions == sorted(positions), "its stages are numbered otherwise, but come in this order"
    last = count.stages[-1]
    votes = {name: rounded(last.votes[each]) for each, name in enumerate(count.contest.names) if last.votes[each]}
    assert votes == known["final_votes"]
    assert last.exhausted == 753 * 10**9 - sum(last.votes)  # the reference adds up rounded figures to 242.01


def rounded(votes: int) -> str:
    return f"{votes / 10**9:.2f}"


def test_one_seat_of_stv_is_the_alternative_vote() -> None:
    file = "aberdeenshire_2016_by_election_banff_and_district.blt"
    stv, alternative = counted(file, CountingMethod.SCOTTISH), counted(file, CountingMethod.ALTERNATIVE_VOTE)

    assert stv.elected == alternative.elected
    assert [each // 10**5 for each in stv.stages[-1].votes] == list(alternative.stages[-1].votes)
