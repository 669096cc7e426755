"""Casting votes: one each, while the poll is open, by those on its roll."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from actions.polls.casting import Vote, cast_votes
from db.connection import connect
from db.transactions import Transaction, Transactions
from domain.refusals import Refusal, RefusalCode
from tests.api.polls import voters
from tests.conftest import Scenario
from tests.mutations import CAST
from tests.world import CARE, WESSEX, World


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


def test_who_floods_the_box_does_not_keep_the_others_waiting(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        flooding, voting = await voters(world, 2)
        poll = await world.open_poll()
        answered: list[str] = []

        async def cast(voter: Any, who: str) -> None:
            await world.ask(CAST, voter, **world.paper(poll, "FOR"))
            answered.append(who)

        await asyncio.gather(*(cast(flooding, "flooding") for _ in range(400)), cast(voting, "voting"))

        assert answered.index("voting") < 200

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


def test_papers_in_two_contests_at_once_are_both_taken_and_each_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 2)
        poll = await world.open_poll(contests=[world.contest_draft(), world.contest_draft(title="Uniform")])

        answers = await asyncio.gather(
            *(
                world.ask(CAST, voter, **world.paper(poll, "FOR", contest=contest))
                for voter in people
                for contest in (0, 1) * 3
            )
        )

        assert [answer["castVote"]["errors"] for answer in answers].count([]) == 4
        by_contest = await world.owner.fetch("select count(*) as papers from ballot_inbox group by contest_id, store")
        assert [row["papers"] for row in by_contest] == [2] * 4

    in_a_world(story)


@pytest.mark.parametrize("secrecy", ["CONFIDENTIAL", "RECORDED"])
def test_a_paper_that_could_not_be_counted_is_refused_and_spends_nothing(in_a_world: Scenario, secrecy: str) -> None:
    told = CAST.replace("errors { code path }", "errors { code path message parameters { name value } }")

    async def story(world: World) -> None:
        voter, stranger = (await voters(world, 1))[0], (await world.applicant())[0]
        poll = await world.open_poll(secrecy=secrecy)
        good = world.paper(poll, "FOR")

        for paper in ("", "FOR", "1 CANARY", "1 FOR ", "1 FOR " + "x" * 50_000, "7 FOR"):
            (refused,) = await world.refusals(told, voter, **(good | {"paper": paper}))
            assert (refused["code"], refused["path"]) == ("PAPER_INVALID", "paper")
            assert "CANARY" not in f"{refused}"
        assert refused["parameters"] == [{"name": "version", "value": "1"}]
        assert await world.refused(CAST, stranger, **(good | {"paper": "7 FOR"})) == "NOT_ON_THE_ROLL"
        await world.do(CAST, voter, **good)

    in_a_world(story)


def test_the_application_cannot_change_a_roll(in_a_world: Scenario) -> None:
    """Rule 8a: only the credential is spent."""

    async def story(world: World) -> None:
        await voters(world, 1)
        await world.frozen_poll()

        for statement in (
            "update roll_entry set member_number = 2",
            "delete from roll_entry",
            "delete from credential",
        ):
            async with world.owner.transaction():
                await world.owner.execute("set local role folkmoot_app")
                with pytest.raises(Exception, match="permission denied"):
                    await world.owner.execute(statement)

    in_a_world(story)


def test_votes_wait_for_no_poll_that_is_frozen_or_counted(in_a_world: Scenario) -> None:
    """An officer's transaction over a large roll takes seconds; whoever names its poll meanwhile holds up nobody."""

    async def story(world: World) -> None:
        people = await voters(world, 6)
        closed = await world.open_poll()
        await world.close_poll(closed)
        poll, later = await world.open_poll(), await world.frozen_poll()
        stranger, _ = await world.applicant()
        refused = {closed: "POLL_CLOSED", later: "POLL_NOT_OPEN_YET"}

        async with world.owner.transaction():  # as freezing and counting hold a poll
            await world.owner.fetch(
                "select from poll where id = any($1) for update", [UUID(each[4:]) for each in refused]
            )
            answers = await asyncio.gather(
                *(world.ask(CAST, stranger, **world.paper(each, "FOR")) for each in refused for _ in range(8)),
                *(world.ask(CAST, voter, **world.paper(poll, "FOR")) for voter in people),
            )

        codes = [[error["code"] for error in answer["castVote"]["errors"]] for answer in answers]
        assert codes == [[refused[each]] for each in refused for _ in range(8)] + [[]] * len(people)

    in_a_world(story)


def test_a_vote_that_waited_for_its_poll_to_be_counted_is_late(in_a_world: Scenario) -> None:
    """Its transaction began before the poll closed, and got as far as the poll when it was being counted."""

    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.open_poll()
        vote = Vote(UUID(world.contests[poll][0][4:]), voter.person_id, voter.person_id, "1 FOR")
        counting = await connect(world.url)
        began = asyncio.Event()

        async def cast(transaction: Transaction) -> Any:
            await transaction.now()
            began.set()
            await asyncio.sleep(0.2)  # the count begins
            return await cast_votes(transaction, [vote])

        casting = asyncio.create_task(Transactions(world.app.pool).run(await world.trust_id(CARE), cast))
        await began.wait()
        async with counting.transaction():
            await counting.fetch("select from poll where id = $1 for update", UUID(poll[4:]))
            await asyncio.sleep(0.5)
            await counting.execute("update poll set status = 'COUNTED' where id = $1", UUID(poll[4:]))
        await counting.close()

        (answer,) = await casting
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.POLL_CLOSED
        assert await world.value("select count(*) from credential where spent_on is not null") == 0

    in_a_world(story)
