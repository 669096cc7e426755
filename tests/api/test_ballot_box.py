"""The ballot box: nothing is read from it too early, and no paper is lost in it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from db.polls import ballot_box
from db.polls.ballot_box import SealedVote
from db.transactions import Transaction, Transactions
from domain.identity.viewer import Role
from tests.api.polls import COUNT, DECLARATION, DECLARE, voters
from tests.conftest import Scenario
from tests.mutations import CAST
from tests.world import CARE, World


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


@pytest.mark.parametrize("recorded", [False, True])
def test_of_a_group_only_papers_whose_credential_nobody_spent_meanwhile_are_taken(
    in_a_world: Scenario, recorded: bool
) -> None:
    async def story(world: World) -> None:
        await voters(world, 3)
        contest = world.contests[await world.open_poll(secrecy="RECORDED" if recorded else "CONFIDENTIAL")][0]
        key = UUID(contest.removeprefix("cts_"))
        on_the_roll = await world.owner.fetch("select voter_id from credential where contest_id = $1", key)
        votes = [SealedVote(key, row["voter_id"], "1 FOR", f"{place:032x}") for place, row in enumerate(on_the_roll)]
        transactions, trust = Transactions(world.app.pool), await world.trust_id(CARE)

        async def cast(together: list[SealedVote]) -> set[tuple[UUID, UUID]]:
            async def act(transaction: Transaction) -> set[tuple[UUID, UUID]]:
                return await ballot_box.cast(transaction, together, recorded=recorded)

            return await transactions.run(trust, act)

        assert await cast(votes[:1]) == {(key, votes[0].voter_id)}
        assert await cast(votes) == {(key, each.voter_id) for each in votes[1:]}
        assert await cast(votes) == set()

        stored = "select array_agg(content order by content) from ballot_inbox where store = $1"
        assert await world.value(stored, "RECEIPT") == [each.receipt for each in votes]
        assert await world.value(stored, "PAPER") == (None if recorded else ["1 FOR"] * 3)
        assert await world.value("select count(*) from recorded_vote") == (3 if recorded else 0)
        assert await world.value("select count(*) from credential where spent_on is not null") == 3
        noted = "select count(*) from audit_event where action = 'polls:paper:received'"
        assert await world.value(noted) == 3

    in_a_world(story)
