"""Removing a member, through the API: rule 4."""

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.removals import APPEAL, DECIDE, DECIDE_APPEAL, PROPOSE, STATE_CASE
from tests.conftest import Scenario
from tests.mutations import act
from tests.world import World


def test_a_removal_takes_notice_a_hearing_a_vote_and_time_to_appeal(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.member()
        stranger, _ = await world.member()

        removal = (await world.do(PROPOSE, clerk, id=membership))["removal"]["id"]
        assert await world.refused(PROPOSE, clerk, id=membership) == "REMOVAL_OPEN"
        assert await world.refused(STATE_CASE, stranger, id=removal) == "NOT_FOUND"
        await world.do(STATE_CASE, known, id=removal)
        assert await world.refused(DECIDE, clerk, id=removal, yes=5, no=1) == "NOTICE_TOO_SHORT"
        await world.pass_time(days=14)
        decided = await world.do(DECIDE, clerk, id=removal, yes=5, no=1)
        assert decided["removal"]["stage"] == "DECIDED"
        assert (await member_of(world, known, membership))["status"] == "SUSPENDED"
        assert await world.refused(STATE_CASE, known, id=removal) == "REMOVAL_WRONG_STAGE"

        await world.keep_register()
        assert (await member_of(world, known, membership))["status"] == "SUSPENDED", "there is time to appeal"
        await world.pass_time(days=28)
        assert await world.refused(APPEAL, known, id=removal) == "APPEAL_TOO_LATE"
        assert (await world.keep_register())["removed"] == 1
        assert (await world.keep_register())["removed"] == 0

        assert (await member_of(world, known, membership))["status"] == "REMOVED"
        to_member = [body for recipient, body in await world.mails() if "removed from the membership" in body]
        assert len(to_member) == 1

    in_a_world(story)


def test_an_appeal_is_decided_by_somebody_else_and_can_keep_the_member(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk, trustee = await world.officer(Role.CLERK), await world.officer(Role.TRUSTEE)
        for upheld, status in ((True, "ADMITTED"), (False, "REMOVED")):
            known, membership = await world.member()
            removal = (await world.do(PROPOSE, clerk, id=membership))["removal"]["id"]
            await world.pass_time(days=14)
            await world.do(DECIDE, clerk, id=removal, yes=5, no=1)
            await world.do(APPEAL, known, id=removal)

            assert await world.refused(DECIDE_APPEAL, clerk, id=removal, upheld=upheld) == "OWN_PROPOSAL"
            await world.do(DECIDE_APPEAL, trustee, id=removal, upheld=upheld)

            assert (await member_of(world, known, membership))["status"] == status
            assert await world.refused(APPEAL, known, id=removal) == "REMOVAL_WRONG_STAGE"

    in_a_world(story)


def test_who_leaves_while_a_removal_is_open_is_not_removed_as_well(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.member()
        removal = (await world.do(PROPOSE, clerk, id=membership))["removal"]["id"]
        await world.pass_time(days=14)
        await world.do(DECIDE, clerk, id=removal, yes=5, no=1)
        await world.do(act("resignMembership", "member"), known, id=membership)
        await world.pass_time(days=28)

        assert (await world.keep_register())["removed"] == 0
        assert (await member_of(world, clerk, membership))["status"] == "RESIGNED"
        assert await world.value("select stage from removal") == "DISCONTINUED"

    in_a_world(story)
