"""The ballot box: nothing is read from it too early, and no paper is lost in it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.api.polls import COUNT, DECLARATION, DECLARE, voters
from tests.conftest import Scenario
from tests.mutations import CAST
from tests.world import World


def test_nothing_is_readable_before_the_poll_closes(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 3)
        officer = await world.officer(Role.RETURNING_OFFICER)
        for secrecy in ("CONFIDENTIAL", "RECORDED"):
            poll = await world.open_poll(secrecy=secrecy)
            await world.do(CAST, people[0], **world.paper(poll, "AGAINST"))
            everything = """query ($id: ID!) { node(id: $id) { ... on Contest { poll { status } declaration { pack } recordedVotes { totalCount nodes { paper voter } } } } }"""
            for caller in (officer, people[0], people[1], await world.officer(Role.TRUSTEE)):
                node = (await world.ask(everything, caller, id=world.contests[poll][0]))["node"]
                assert node["poll"] == {"status": "OPEN"}
                assert node["declaration"] is None
                assert node["recordedVotes"] == {"totalCount": 0, "nodes": []}
            assert await world.refused(COUNT, officer, id=poll) == "POLL_WRONG_STAGE"
            assert await world.refused(DECLARE, officer, id=poll) == "POLL_WRONG_STAGE"

    in_a_world(story)


def test_the_app_itself_cannot_read_a_waiting_paper(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.open_poll()
        await world.do(CAST, voter, **world.paper(poll, "FOR"))

        async with world.owner.transaction():
            await world.owner.execute("set local role folkmoot_app")
            with pytest.raises(Exception, match="permission denied for table ballot_inbox"):
                await world.owner.fetch("select content from ballot_inbox")

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
            answer = (await world.ask(CAST, voter, **world.paper(poll, "FOR")))["castVote"]
            return None if answer["errors"] else str(answer["receipt"])

        async def count() -> None:
            while (await world.ask(COUNT, officer, id=poll))["countPoll"]["errors"]:
                await world.seal()
                await asyncio.sleep(0.01)

        *receipts, _ = await asyncio.gather(*(vote(v, seconds / 8 * n) for n, v in enumerate(people)), count())

        given = {receipt for receipt in receipts if receipt}
        await world.do(DECLARE, officer, id=poll)
        declaration = (await world.ask(DECLARATION, id=world.contests[poll][0]))["contest"]["declaration"]
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
        await world.do(CAST, voter, **world.paper(poll, "FOR"))
        await world.set_clock(await world.moment_of("poll", poll, "closes_at"))

        told = COUNT.replace("errors { code", "errors { code parameters { name value }")
        (refused,) = await world.refusals(told, officer, id=poll)
        assert refused["code"] == "PAPERS_NOT_SEALED"
        assert refused["parameters"] == [{"name": "retryAfter", "value": "1"}]
        assert await world.seal() == 2
        await world.do(COUNT, officer, id=poll)

    in_a_world(story)
