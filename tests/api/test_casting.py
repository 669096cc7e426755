"""Casting votes: one each, while the poll is open, by those on its roll."""

import asyncio

from tests.api.polls import voters
from tests.conftest import Scenario
from tests.mutations import CAST
from tests.world import WESSEX, World


def test_one_vote_per_person_even_when_cast_twice_at_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 3)
        poll = await world.open_poll()

        answers = await asyncio.gather(
            *(
                world.ask(CAST, voter, **world.paper(poll, choice))
                for voter in people
                for choice in ("FOR", "AGAINST") * 3
            )
        )

        errors = [answer["castVote"]["errors"] for answer in answers]
        assert errors.count([]) == 3
        assert {error[0]["code"] for error in errors if error} == {"ALREADY_VOTED"}
        assert await world.value("select count(*) from ballot_inbox where store = 'PAPER'") == 3
        assert await world.value("select count(*) from credential where spent_on is not null") == 3
        assert await world.refused(CAST, people[0], **world.paper(poll, "FOR")) == "ALREADY_VOTED"

    in_a_world(story)


def test_the_same_request_twice_is_one_paper_and_one_receipt(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.open_poll()

        answers = await asyncio.gather(
            *(world.do(CAST, voter, **world.paper(poll, "FOR", key="retry")) for _ in range(4))
        )

        assert len({answer["receipt"] for answer in answers}) == 1
        assert await world.value("select count(*) from ballot_inbox where store = 'PAPER'") == 1

    in_a_world(story)


def test_a_key_used_for_another_poll_does_not_swallow_the_vote(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        one, other = await world.open_poll(), await world.open_poll()
        await world.do(CAST, voter, **world.paper(one, "FOR", key="k"))

        assert await world.refused(CAST, voter, **world.paper(other, "FOR", key="k")) == "IDEMPOTENCY_KEY_REUSED"
        stored = await world.value("select mutation || answer::text || used_at::text from idempotency_key")
        assert "00:00:00" in stored, "no time finer than the day"

    in_a_world(story)


def test_a_paper_is_refused_outside_its_time_and_off_the_roll(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.frozen_poll()
        later, _ = await world.member()
        vote = world.paper(poll, "FOR")

        assert await world.refused(CAST, voter, **vote) == "POLL_NOT_OPEN_YET"
        await world.set_clock(await world.moment_of("poll", poll, "opens_at"))
        assert await world.refused(CAST, None, **vote) == "NOT_SIGNED_IN"
        assert await world.refused(CAST, later, **vote) == "NOT_ON_THE_ROLL"
        assert await world.refused(CAST, (await world.member(WESSEX))[0], **vote) == "NOT_FOUND"
        assert await world.refused(CAST, voter, **(vote | {"contest": "cts_garbage"})) == "NOT_FOUND"
        assert await world.refused(CAST, voter, **world.paper(await world.drafted_poll(), "FOR")) == "NOT_FOUND"
        await world.close_poll(poll)
        assert await world.refused(CAST, voter, **vote) == "POLL_CLOSED"
        mine = "query ($id: ID!) { poll(id: $id) { status viewerMayVote viewerHasVoted } }"
        assert (await world.ask(mine, voter, id=poll))["poll"] == {
            "status": "CLOSED",
            "viewerMayVote": False,
            "viewerHasVoted": False,
        }

    in_a_world(story)
