"""Counts as the API shows them: majorities, quorum, every part of what was declared."""

import json
import re
from typing import Any

import pytest

from api.settings import ROOT
from counting import Contest, Count, CountingMethod, count_election, read_blt, report
from tests.api.polls import declared, voters
from tests.conftest import Scenario
from tests.mutations import CAST
from tests.world import World

FOLLOW_COUNT = (ROOT / "docs" / "operations" / "follow-count.graphql").read_text(encoding="utf-8")


def as_the_api_says(told: dict[str, Any]) -> dict[str, Any]:
    """The document of a count as GraphQL names its parts."""

    def part(fields: dict[str, Any]) -> dict[str, Any]:
        return {re.sub("_(.)", lambda letter: letter[1].upper(), name): value for name, value in fields.items()}

    def stage(fields: dict[str, Any]) -> dict[str, Any]:
        votes = [{"candidate": name, "votes": fields["votes"][name]} for name in told["candidates"]]
        ties = [part(tie) for tie in fields["ties"]]
        return part(fields) | {"votes": votes, "ties": ties}

    lot = told["lot"] or {"seed": None, "commitment": None}
    return {
        "method": told["rule"].upper(),
        **{name: told[name] for name in ("seats", "candidates", "withdrawn", "quota", "valid", "elected", "remark")},
        "rejected": [{"heading": heading, "papers": papers} for heading, papers in told["rejected"].items()],
        "seed": lot["seed"],
        "commitment": lot["commitment"],
        "stages": [stage(each) for each in told["stages"]],
        "comparisons": [part(each) for each in told["comparisons"]],
    }


def test_a_declared_resolution_shows_its_count(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 12)
        poll = await world.open_poll()
        for voter, choice in zip(people, ["FOR"] * 5 + ["AGAINST"] * 4 + ["ABSTAIN"] * 3, strict=True):
            await world.do(CAST, voter, **world.paper(poll, choice))
        await declared(world, poll)

        node = (await world.ask(FOLLOW_COUNT, id=world.contests[poll][0]))["contest"]

        (stage,) = node["declaration"]["count"]["stages"]
        assert (node["resolutionKind"], node["declaration"]["quorate"]) == ("ORDINARY", True)
        assert stage["votes"] == [
            {"candidate": "FOR", "votes": "5"},
            {"candidate": "AGAINST", "votes": "4"},
            {"candidate": "ABSTAIN", "votes": "3"},
        ]
        assert stage["sentence"] == "12 papers counted: 5 for, 4 against and 3 abstained; it needed 5 votes for."
        stored = json.loads(await world.value("select pack->'count' from declaration"))
        assert node["declaration"]["count"] == as_the_api_says(stored)

    in_a_world(story)


@pytest.mark.parametrize(
    ("kind", "outcome", "needed"),
    [("ORDINARY", "PASSED", "6"), ("SPECIAL", "NOT_PASSED", "9"), ("WRITTEN", "NOT_PASSED", "8")],
)
def test_a_resolution_needs_the_majority_of_its_kind(
    in_a_world: Scenario, kind: str, outcome: str, needed: str
) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 14)
        poll = await world.open_poll(contests=[world.contest_draft(resolutionKind=kind)])
        for voter, choice in zip(people, ["FOR"] * 7 + ["AGAINST"] * 4, strict=False):
            await world.do(CAST, voter, **world.paper(poll, choice))
        await declared(world, poll)

        node = (await world.ask(FOLLOW_COUNT, id=world.contests[poll][0]))["contest"]

        assert (node["resolutionKind"], node["declaration"]["outcome"]) == (kind, outcome)
        assert node["declaration"]["count"]["quota"] == needed

    in_a_world(story)


def test_too_few_papers_for_the_quorum_pass_nothing(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 14)
        await world.set_rules(resolutionQuorum={"papers": 0, "share": "1/2"})
        poll = await world.open_poll()
        for voter in people[:6]:
            await world.do(CAST, voter, **world.paper(poll, "FOR"))
        await declared(world, poll)

        declaration = (await world.ask(FOLLOW_COUNT, id=world.contests[poll][0]))["contest"]["declaration"]

        assert (declaration["outcome"], declaration["quorate"]) == ("NOT_PASSED", False)

    in_a_world(story)


def the_model_election(method: CountingMethod) -> Count:
    with (ROOT / "counting" / "elections" / "ers97_model.blt").open("rb") as lines:
        return count_election(read_blt(lines), method)


def a_tie() -> Count:
    contest = Contest("Forum", 1, ("A", "B", "C"), {(0, 2): 5, (1, 2): 5, (2,): 4, (): 2})
    return count_election(contest, CountingMethod.SCOTTISH, seed="a seed")


@pytest.mark.parametrize(
    "count",
    [
        the_model_election(CountingMethod.SCOTTISH),
        the_model_election(CountingMethod.SCHULZE),
        a_tie(),
    ],
    ids=["transfers", "comparisons", "lot"],
)
def test_every_part_of_a_count_can_be_read_and_is_what_was_declared(in_a_world: Scenario, count: Count) -> None:
    """No election is declared yet, so its count is put where declarations keep theirs."""
    told = report(count, "a seed")

    async def story(world: World) -> None:
        await voters(world, 12)
        poll = await world.open_poll()
        await declared(world, poll)
        await world.owner.execute(
            "update declaration set pack = pack || jsonb_build_object('count', $1::jsonb)", json.dumps(told)
        )

        declaration = (await world.ask(FOLLOW_COUNT, id=world.contests[poll][0]))["contest"]["declaration"]

        assert declaration["count"] == as_the_api_says(told)

    in_a_world(story)
