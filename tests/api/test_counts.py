"""Counts as the API shows them: majorities, quorum, every part of what was declared."""

import json
import re
from typing import Any
from uuid import UUID

import pytest

from api.settings import ROOT
from counting import Contest, Count, CountingMethod, count_election, read_blt, report
from domain.identity.viewer import Role
from tests.api.polls import COUNT, declared, voters
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


def test_a_large_roll_is_counted_that_postgresql_knows_nothing_of_yet(in_a_world: Scenario) -> None:
    """What it knows is of the roll of another poll."""

    async def story(world: World) -> None:
        await voters(world, 2)
        for table in ("roll_entry", "credential"):
            await world.owner.execute(f"alter table {table} set (autovacuum_enabled = false)")
        await frozen_with_many(world)
        await world.owner.execute("analyze roll_entry, credential")
        poll = await frozen_with_many(world)
        await world.close_poll(poll)

        await world.do(COUNT, await world.officer(Role.RETURNING_OFFICER), id=poll)

        (issued,) = await world.owner.fetch("select count->'issued' as issued from contest where count is not null")
        assert issued["issued"] == "20002"

    async def frozen_with_many(world: World) -> str:
        poll = await world.frozen_poll()
        contest = UUID(world.contests[poll][0][4:])
        await world.owner.execute("set session_replication_role = replica")  # their memberships are made up
        await world.owner.execute(
            "insert into roll_entry (trust_id, contest_id, voter_id, membership_id, member_number, constituency_id)"
            " select r.trust_id, r.contest_id, gen_random_uuid(), r.membership_id, 100 + n, r.constituency_id"
            " from (select * from roll_entry where contest_id = $1 limit 1) r, generate_series(1, 20000) n",
            contest,
        )
        await world.owner.execute(
            "insert into credential (trust_id, contest_id, voter_id) select trust_id, contest_id, voter_id"
            " from roll_entry where contest_id = $1 and member_number > 100",
            contest,
        )
        return poll

    in_a_world(story)
