"""Polls from draft to declaration, through the API, races included."""

import asyncio
import hashlib
import json
from collections import Counter
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from domain.counting.methods.resolution import count_resolution
from domain.counting.report import report
from domain.governance.resolutions import Majority, Quorum
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import CAST, act
from tests.world import WESSEX, World

NOTICE, FREEZE = act("giveNotice", "poll"), act("freezeRoll", "poll")


COUNT, DECLARE = act("countPoll", "poll"), act("declarePoll", "poll")


DECLARATION = "query ($id: ID!) { node(id: $id) { ... on Poll { status rollHash rollCount declaration { outcome issued returned totals receipts papers pack rollHash } } } }"


async def declared(world: World, poll: str) -> dict[str, Any]:
    officer = await world.officer(Role.RETURNING_OFFICER)
    await world.close_poll(poll)
    for step in (COUNT, DECLARE):
        await world.do(step, officer, id=poll)
    node: dict[str, Any] = (await world.ask(DECLARATION, id=poll))["node"]
    return node


async def voters(world: World, number: int) -> list[Any]:
    return [(await world.member())[0] for _ in range(number)]


def test_a_resolution_is_voted_and_declared_and_anybody_can_recount_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 13)
        poll = await world.open_poll()
        choices = ["FOR"] * 7 + ["AGAINST"] * 3 + ["ABSTAIN"] * 2

        receipts = [
            (await world.do(CAST, voter, poll=poll, choice=choice, key=None))["receipt"]
            for voter, choice in zip(people, choices, strict=False)
        ]
        node = await declared(world, poll)

        declaration, pack = node["declaration"], node["declaration"]["pack"]
        assert (declaration["outcome"], declaration["issued"], declaration["returned"]) == ("PASSED", 13, 12)
        assert declaration["totals"] == dict(Counter(choices))
        assert set(receipts) == set(declaration["receipts"])
        assert len(declaration["papers"]) == len(declaration["receipts"]) == 12
        more_than_half = Majority(Fraction(1, 2), at_least=False, of_all_entitled=False)
        recount = count_resolution(pack["papers"], more_than_half, Quorum(0, Fraction(0)), 13, "Charter")
        assert recount.outcome.value == declaration["outcome"]
        assert report(recount.count) == pack["count"]
        assert hashlib.sha256("\n".join(pack["papers"]).encode()).hexdigest() == pack["ballotBoxHash"]
        numbers = await world.value(
            "select array_agg(member_number || ' PARENT_CARER' order by member_number) from roll_entry"
        )
        ballot_key = poll.removeprefix("pol_")
        assert hashlib.sha256("\n".join([f"roll {ballot_key}", *numbers]).encode()).hexdigest() == node["rollHash"]

    in_a_world(story)


def test_nothing_is_readable_before_the_poll_closes(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 3)
        officer = await world.officer(Role.RETURNING_OFFICER)
        for secrecy in ("CONFIDENTIAL", "RECORDED"):
            poll = await world.open_poll(secrecy=secrecy)
            await world.do(CAST, people[0], poll=poll, choice="AGAINST", key=None)
            everything = """query ($id: ID!) { node(id: $id) { ... on Poll { status declaration { pack } recordedVotes { totalCount nodes { choice voter } } } } }"""
            for caller in (officer, people[0], people[1], await world.officer(Role.TRUSTEE)):
                node = (await world.ask(everything, caller, id=poll))["node"]
                assert node == {"status": "OPEN", "declaration": None, "recordedVotes": {"totalCount": 0, "nodes": []}}
            assert await world.refused(COUNT, officer, id=poll) == "POLL_WRONG_STAGE"
            assert await world.refused(DECLARE, officer, id=poll) == "POLL_WRONG_STAGE"

    in_a_world(story)


def test_the_app_itself_cannot_read_a_waiting_paper(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.open_poll()
        await world.do(CAST, voter, poll=poll, choice="FOR", key=None)

        async with world.owner.transaction():
            await world.owner.execute("set local role folkmoot_app")
            with pytest.raises(Exception, match="permission denied for table ballot_inbox"):
                await world.owner.fetch("select content from ballot_inbox")

    in_a_world(story)


def test_one_ballot_per_person_even_when_cast_twice_at_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 3)
        poll = await world.open_poll()

        answers = await asyncio.gather(
            *(
                world.ask(CAST, voter, poll=poll, choice=choice, key=None)
                for voter in people
                for choice in ("FOR", "AGAINST") * 3
            )
        )

        errors = [answer["castVote"]["errors"] for answer in answers]
        assert errors.count([]) == 3
        assert {error[0]["code"] for error in errors if error} == {"ALREADY_VOTED"}
        assert await world.value("select count(*) from ballot_inbox where store = 'PAPER'") == 3
        assert await world.value("select count(*) from roll_entry where voted_on is not null") == 3
        assert await world.refused(CAST, people[0], poll=poll, choice="FOR", key=None) == "ALREADY_VOTED"

    in_a_world(story)


def test_the_same_request_twice_is_one_paper_and_one_receipt(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.open_poll()

        answers = await asyncio.gather(*(world.do(CAST, voter, poll=poll, choice="FOR", key="retry") for _ in range(4)))

        assert len({answer["receipt"] for answer in answers}) == 1
        assert await world.value("select count(*) from ballot_inbox where store = 'PAPER'") == 1

    in_a_world(story)


def test_a_key_used_for_another_poll_does_not_swallow_the_vote(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        one, other = await world.open_poll(), await world.open_poll()
        await world.do(CAST, voter, poll=one, choice="FOR", key="k")

        assert await world.refused(CAST, voter, poll=other, choice="FOR", key="k") == "IDEMPOTENCY_KEY_REUSED"
        stored = await world.value("select mutation || answer::text || used_at::text from idempotency_key")
        assert "FOR" not in stored.replace("FOREIGN", "")
        assert "00:00:00" in stored, "no time finer than the day"

    in_a_world(story)


def test_how_many_of_a_constituency_may_vote_is_for_officers(in_a_world: Scenario) -> None:
    query = "query ($id: ID!) { node(id: $id) { ... on Poll { rollCount constituencies { rollCount } } } }"

    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.open_poll()

        seen = (await world.ask(query, voter, id=poll))["node"]
        assert [row["rollCount"] for row in seen["constituencies"]] == [None, None]
        seen = (await world.ask(query, await world.officer(Role.RETURNING_OFFICER), id=poll))["node"]
        assert sorted(row["rollCount"] for row in seen["constituencies"]) == [0, 1]

    in_a_world(story)


def test_a_paper_is_refused_outside_its_time_and_off_the_roll(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.frozen_poll()
        later, _ = await world.member()
        vote = {"poll": poll, "choice": "FOR", "key": None}

        assert await world.refused(CAST, voter, **vote) == "POLL_NOT_OPEN_YET"
        await world.set_clock(await world.moment_of("poll", poll, "opens_at"))
        assert await world.refused(CAST, None, **vote) == "NOT_SIGNED_IN"
        assert await world.refused(CAST, later, **vote) == "NOT_ON_THE_ROLL"
        assert await world.refused(CAST, (await world.member(WESSEX))[0], **vote) == "NOT_FOUND"
        assert await world.refused(CAST, voter, poll="pol_garbage", choice="FOR", key=None) == "NOT_FOUND"
        assert await world.refused(CAST, voter, poll=await world.drafted_poll(), choice="FOR", key=None) == "NOT_FOUND"
        await world.close_poll(poll)
        assert await world.refused(CAST, voter, **vote) == "POLL_CLOSED"
        mine = "query ($id: ID!) { node(id: $id) { ... on Poll { status viewerMayVote viewerHasVoted } } }"
        assert (await world.ask(mine, voter, id=poll))["node"] == {
            "status": "CLOSED",
            "viewerMayVote": False,
            "viewerHasVoted": False,
        }

    in_a_world(story)


def test_leaving_after_the_roll_is_frozen_keeps_the_vote(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        voter, membership = await world.member()
        await world.member()
        poll = await world.open_poll()
        await world.do(act("resignMembership", "member"), voter, id=membership)

        await world.do(CAST, voter, poll=poll, choice="FOR", key=None)

    in_a_world(story)


def test_votes_and_count_at_once_lose_no_paper(in_a_world: Scenario) -> None:
    """Voters race the clock and the count; what was receipted is in the declaration."""

    async def race(world: World, people: list[Any], seconds: float) -> int:
        poll = await world.open_poll()
        officer = await world.officer(Role.RETURNING_OFFICER)
        closes_at = await world.moment_of("poll", poll, "closes_at")
        await world.set_clock(closes_at - timedelta(seconds=seconds))

        async def vote(voter: Any, delay: float) -> str | None:
            await asyncio.sleep(delay)
            answer = (await world.ask(CAST, voter, poll=poll, choice="FOR", key=None))["castVote"]
            return None if answer["errors"] else str(answer["receipt"])

        async def count() -> None:
            while (await world.ask(COUNT, officer, id=poll))["countPoll"]["errors"]:
                await world.seal()
                await asyncio.sleep(0.01)

        *receipts, _ = await asyncio.gather(*(vote(v, seconds / 8 * n) for n, v in enumerate(people)), count())

        given = {receipt for receipt in receipts if receipt}
        await world.do(DECLARE, officer, id=poll)
        declaration = (await world.ask(DECLARATION, id=poll))["node"]["declaration"]
        assert set(declaration["receipts"]) == given
        assert declaration["returned"] == len(given)
        return len(given)

    async def story(world: World) -> None:
        people = await voters(world, 12)
        for seconds in (0.15, 0.3, 0.6, 1.2, 2.4):  # a slow machine needs a longer race
            if 0 < await race(world, people, seconds) < len(people):
                return
        pytest.fail("the clock never came in between: the race was not run")

    in_a_world(story)


def test_counting_waits_for_the_last_papers_to_be_sealed(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.open_poll()
        officer = await world.officer(Role.RETURNING_OFFICER)
        await world.do(CAST, voter, poll=poll, choice="FOR", key=None)
        await world.set_clock(await world.moment_of("poll", poll, "closes_at"))

        assert await world.refused(COUNT, officer, id=poll) == "PAPERS_NOT_SEALED"
        assert await world.seal() == 2
        await world.do(COUNT, officer, id=poll)

    in_a_world(story)


def test_a_division_publishes_names_to_those_who_were_entitled(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 2)
        poll = await world.open_poll(secrecy="RECORDED")
        await world.do(CAST, people[0], poll=poll, choice="AGAINST", key=None)

        node = await declared(world, poll)

        assert node["declaration"]["outcome"] == "NOT_PASSED"
        assert node["declaration"]["totals"] == {"FOR": 0, "AGAINST": 1, "ABSTAIN": 0}
        votes = "query ($id: ID!) { node(id: $id) { ... on Poll { recordedVotes { nodes { voter choice } } } } }"
        ((seen,), outsider) = (
            (await world.ask(votes, people[1], id=poll))["node"]["recordedVotes"]["nodes"],
            (await world.member())[0],
        )
        assert seen["choice"] == "AGAINST"
        assert seen["voter"].startswith("Amina Canary")
        for nobody in (outsider, await world.officer(Role.TRUSTEE), None):
            assert (await world.ask(votes, nobody, id=poll))["node"]["recordedVotes"]["nodes"] == []

    in_a_world(story)


def test_a_tiny_roll_gets_an_outcome_without_figures(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 2)
        poll = await world.open_poll()
        for voter in people:
            await world.do(CAST, voter, poll=poll, choice="FOR", key=None)

        declaration = (await declared(world, poll))["declaration"]

        assert declaration["outcome"] == "PASSED"
        assert declaration["totals"] is None
        assert declaration["papers"] is None
        assert declaration["pack"]["smallRollWarning"] is True
        assert "FOR" not in json.dumps(declaration["pack"])

    in_a_world(story)
