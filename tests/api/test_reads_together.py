"""Reads that arrive at the same moment, those of troublemakers among them."""

import asyncio
from typing import Any

import pytest

from api.http import reads
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.world import CARE, WESSEX, Known, World

MEMBER = "query ($id: ID!) { node(id: $id) { id ... on Member { id number name person { id email } } } }"
IN_THE_WAY = (
    "pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%ordinality%'"
)


@pytest.fixture
def sizes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many requests each statement was sent for that was sent for several."""
    found: list[int] = []
    shared = reads.Reads._shared

    async def counted(self: reads.Reads, plan: Any, asked: Any) -> Any:
        found.append(len(asked))
        return await shared(self, plan, asked)

    monkeypatch.setattr(reads.Reads, "_shared", counted)
    monkeypatch.setattr("api.http.services.Reads", reads.Reads)
    return found


async def members(world: World, number: int) -> list[tuple[Known, str]]:
    return [await world.member() for _ in range(number)]


def test_each_of_many_callers_gets_their_own(in_a_world: Scenario, sizes: list[int]) -> None:
    async def story(world: World) -> None:
        known = await members(world, 5)
        stranger = await world.session(WESSEX, "stranger@example.org", None)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        asking = [(caller, read) for caller, _ in known for _, read in known] * 2
        mine = [world.ask(MEMBER, caller, id=read) for caller, read in asking]
        all_of_them = [world.ask(MEMBER, officer, id=read) for _, read in known]
        foreign = [world.ask(MEMBER, stranger, id=read) for _, read in known]
        nobodys = [world.ask(MEMBER, None, trust=CARE, id=read) for _, read in known]

        own, officers, theirs, nobody = await asyncio.gather(
            asyncio.gather(*mine), asyncio.gather(*all_of_them), asyncio.gather(*foreign), asyncio.gather(*nobodys)
        )

        for (caller, read), answer in zip(asking, own, strict=True):
            is_own = (caller, read) in known
            assert (answer["node"] is not None) is is_own
            assert not is_own or answer["node"]["person"]["id"] == f"per_{caller.person_id}"
        assert [answer["node"]["id"] for answer in officers] == [read for _, read in known]
        assert [answer["node"] for answer in (*theirs, *nobody)] == [None] * 10
        assert max(sizes) > 5

    in_a_world(story)


def test_who_asks_the_same_is_answered_once(in_a_world: Scenario, sizes: list[int]) -> None:
    async def story(world: World) -> None:
        (known, read), *_ = await members(world, 1)
        before = len(sizes)

        answers = await asyncio.gather(*(world.ask(MEMBER, known, id=read) for _ in range(20)))

        assert {answer["node"]["id"] for answer in answers} == {read}
        assert sizes[before:] == []

    in_a_world(story)


@pytest.mark.parametrize(
    "befalls",
    [
        f"select pg_sleep({reads.LONGEST_SHARED + 0.3})",
        f"select pg_terminate_backend(pid) from {IN_THE_WAY}",
        f"select pg_cancel_backend(pid) from {IN_THE_WAY}",
    ],
)
def test_what_befalls_a_shared_statement_is_tried_again_for_each_alone(
    in_a_world: Scenario, sizes: list[int], befalls: str
) -> None:
    async def story(world: World) -> None:
        known = await members(world, 6)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        async with world.owner.transaction():
            await world.owner.execute("lock table membership in access exclusive mode")
            lone, *asking = (asyncio.create_task(world.ask(MEMBER, officer, id=read)) for _, read in [known[0], *known])
            await asyncio.sleep(0.1)
            lone.cancel()
            while not await world.owner.fetchval(f"select count(*) from {IN_THE_WAY}"):
                await world.owner.execute("select pg_sleep(0.01), pg_stat_clear_snapshot()")
            await world.owner.execute(befalls)

        answers = await asyncio.gather(*asking)

        assert [answer["node"]["id"] for answer in answers] == [read for _, read in known]
        assert sizes[-1] == len(known)

    in_a_world(story)


def test_who_floods_a_plan_does_not_keep_the_others_waiting(in_a_world: Scenario, sizes: list[int]) -> None:
    async def story(world: World) -> None:
        known = await members(world, 40)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        other = await world.officer(Role.MEMBERSHIP_OFFICER)
        done: list[str] = []

        async def asked(who: Known, name: str, read: str) -> None:
            await world.ask(MEMBER, who, id=read)
            done.append(name)

        flood = [asyncio.create_task(asked(officer, "flood", known[n % 40][1])) for n in range(400)]
        await asyncio.sleep(0)
        await asked(other, "other", known[0][1])
        await asyncio.gather(*flood)

        assert done.index("other") < 200

    in_a_world(story)
