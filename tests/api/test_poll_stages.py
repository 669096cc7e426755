"""The stages of a poll, and what keeps one from being held: rule 9."""

from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.api.polls import COUNT, DECLARE
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.mutations import DRAFT_POLL, act
from tests.world import WESSEX, World

NOTICE, FREEZE = act("giveNotice", "poll"), act("freezeRoll", "poll")
ADOPT = 'mutation ($rules: JSON!, $on: Date!) { adoptRuleset(input: {rules: $rules, effectiveFrom: $on, resolution: "Minute"}) { ruleset { version } errors { code } } }'


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"secrecy": "SECRET"}, "SECRECY_NOT_AVAILABLE"),
        ({"closesAt": "2100-01-01T09:00:00Z"}, "DATES_CONTRADICT"),
        ({"opensAt": "2000-01-01T09:00:00Z", "closesAt": "2000-01-02T09:00:00Z"}, "DATES_CONTRADICT"),
        ({"contests": []}, "INPUT_INVALID"),
        ({"title": ""}, "INPUT_INVALID"),
        ({"opensAt": "2099-01-01T09:00:00"}, "INPUT_INVALID"),
        ({"closesAt": "9999-12-31T23:59:59-14:00"}, "INPUT_INVALID"),
        ({"opensAt": "0001-01-01T00:00:00+14:00"}, "INPUT_INVALID"),
    ],
)
def test_a_poll_that_cannot_be_held_is_refused(in_a_world: Scenario, change: dict[str, Any], code: str) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.RETURNING_OFFICER)

        assert await world.refused(DRAFT_POLL, officer, input=world.poll_draft(**change)) == code

    in_a_world(story)


def test_the_stages_come_in_their_order_and_by_the_returning_officer(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, trustee = await world.officer(Role.RETURNING_OFFICER), await world.officer(Role.TRUSTEE)
        poll = await world.drafted_poll()
        assert await world.refused(DRAFT_POLL, trustee, input=world.poll_draft()) == "NOT_PERMITTED"
        for step in (NOTICE, FREEZE, COUNT, DECLARE):
            assert await world.refused(step, trustee, id=poll) == "NOT_PERMITTED"
            assert (
                await world.refused(step, await world.officer(Role.RETURNING_OFFICER, WESSEX), id=poll) == "NOT_FOUND"
            )
            assert await world.refused(step, None, id=poll) == "NOT_SIGNED_IN"
        for step in (FREEZE, COUNT, DECLARE):
            assert await world.refused(step, officer, id=poll) == "POLL_WRONG_STAGE"
        await world.do(NOTICE, officer, id=poll)
        assert await world.refused(NOTICE, officer, id=poll) == "POLL_WRONG_STAGE"
        assert await world.refused(FREEZE, officer, id=poll) == "ROLL_EMPTY"
        await world.member()
        await world.do(FREEZE, officer, id=poll)
        assert await world.refused(FREEZE, officer, id=poll) == "POLL_WRONG_STAGE"

    in_a_world(story)


def test_notice_is_as_long_as_the_ruleset_in_force_asks(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.RETURNING_OFFICER)
        rules = stated_rules(resolutionNoticeDays=14)
        await world.do(ADOPT, await world.officer(Role.CLERK), rules=rules, on=await world.day())
        poll = await world.drafted_poll(opensAt=await world.later(days=15))

        await world.pass_time(days=1, hours=2)  # more than one, for clocks may change meanwhile
        assert await world.refused(NOTICE, officer, id=poll) == "NOTICE_TOO_SHORT"
        poll = await world.drafted_poll(opensAt=await world.later(days=15))
        await world.pass_time(hours=22)
        await world.do(NOTICE, officer, id=poll)

    in_a_world(story)
