"""Rule 1c: a poll is held under the rules in force when its notice is given; rule 28r: and goes on under them."""

from typing import Any

from domain.identity.viewer import Role
from tests.api.polls import declared, voters
from tests.api.test_closing_constituencies import adopt, rules_without
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.mutations import CAST, act
from tests.world import World

NOTICE = act("giveNotice", "poll").replace("code path", "code path parameters { name value }")
FREEZE = act("freezeRoll", "poll")
CHANGE = """mutation ($input: ChangePollInput!) { changePoll(input: $input) { poll { id contests { id } }
  errors { code path } } }"""
VERSION = "query ($id: ID!) { poll(id: $id) { rulesetVersion } }"
STRICTER: dict[str, Any] = {"resolutionNoticeDays": 21, "resolutionQuorum": {"papers": 10, "share": "1/2"}}


async def version_of(world: World, poll: str) -> int:
    found: int = (await world.ask(VERSION, await world.officer(Role.RETURNING_OFFICER), id=poll))["poll"][
        "rulesetVersion"
    ]
    return found


def test_a_draft_of_before_is_noticed_held_and_counted_under_the_rules_of_its_notice(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, (voter, *_) = await world.officer(Role.RETURNING_OFFICER), await voters(world, 12)
        late, early = [
            await world.drafted_poll(opensAt=await world.later(days=days), closesAt=await world.later(days=days + 1))
            for days in (100, 122)
        ]
        await adopt(world, stated_rules(**STRICTER), await world.day())

        await world.pass_time(days=99, hours=23)
        assert await world.refused(NOTICE, officer, id=late) == "NOTICE_TOO_SHORT"
        assert await version_of(world, early) == 1
        await world.do(NOTICE, officer, id=early)
        assert await version_of(world, early) == 2
        await world.do(FREEZE, officer, id=early)
        await world.set_clock(await world.moment_of("poll", early, "opens_at"))
        await world.do(CAST, voter, **world.paper(early, "FOR"))
        assert (await declared(world, early))["declaration"]["outcome"] == "NOT_PASSED"

    in_a_world(story)


def test_rules_adopted_after_the_notice_change_nothing_of_the_poll(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, (voter, *_) = await world.officer(Role.RETURNING_OFFICER), await voters(world, 12)
        poll = await world.drafted_poll(opensAt=await world.later(days=100), closesAt=await world.later(days=101))
        await world.do(NOTICE, officer, id=poll)

        await adopt(world, stated_rules(**STRICTER), await world.day())
        await world.do(FREEZE, officer, id=poll)
        await world.set_clock(await world.moment_of("poll", poll, "opens_at"))
        await world.do(CAST, voter, **world.paper(poll, "FOR"))
        assert (await declared(world, poll))["declaration"]["outcome"] == "PASSED"
        assert await version_of(world, poll) == 1

    in_a_world(story)


def test_no_notice_is_given_of_a_vote_of_constituencies_the_rules_no_longer_have(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.RETURNING_OFFICER)
        contests = [world.contest_draft(constituencies=each) for each in (["PARENT_CARER", "STAFF"], ["PARTNER"])]
        poll = await world.drafted_poll(contests=contests)
        await adopt(world, rules_without("STAFF", "PARTNER"), await world.day())

        refused = await world.refusals(NOTICE, officer, id=poll)
        assert [(each["code"], each["path"], each["parameters"]) for each in refused] == [
            ("INPUT_INVALID", "id", [{"name": "constituency", "value": code}]) for code in ("PARTNER", "STAFF")
        ]
        kept = world.poll_draft(contests=[world.contest_draft(constituencies=["PARENT_CARER"])])
        await world.do(CHANGE, officer, input=kept | {"id": poll})
        await world.do(NOTICE, officer, id=poll)
        assert await version_of(world, poll) == 2

    in_a_world(story)
