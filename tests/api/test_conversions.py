"""Conversion to another constituency, through the API."""

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.removals import CONVERT
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import World


def test_a_conversion_closes_one_entry_and_opens_another_linked(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, old = await world.member()
        community = [{"kind": "COMMUNITY"}]

        assert await world.refused(CONVERT, known, id=old, to="PARENT_CARER", relationships=[]) == "NOT_ELIGIBLE"
        assert await world.refused(CONVERT, known, id=old, to="STAFF", relationships=[]) == "NOT_ELIGIBLE"
        asked = await world.do(CONVERT, known, id=old, to="COMMUNITY", relationships=community)
        new = asked["member"]["id"]
        assert asked["member"]["convertedFrom"]["id"] == old
        assert (await member_of(world, known, old))["status"] == "ADMITTED", "until it is approved"
        assert await world.refused(CONVERT, known, id=old, to="COMMUNITY", relationships=[]) == "ALREADY_A_MEMBER"
        await world.do(ADMIT, officer, id=new)

        before, after = await member_of(world, known, old), await member_of(world, known, new)
        assert (before["status"], before["ceasedOn"]) == ("CONVERTED", await world.day())
        assert (after["status"], after["number"]) == ("ADMITTED", before["number"] + 1)
        assert [entry["change"] for entry in before["registerLines"]] == ["ENTERED", "CEASED"]
        assert await world.refused(CONVERT, known, id=old, to="STAFF", relationships=[]) == "MEMBERSHIP_NOT_OPEN"

    in_a_world(story)


def test_a_conversion_asked_for_in_time_outlasts_the_days_of_grace(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, old = await world.member()
        await world.pass_time(days=10)
        await world.lose_ground(known)
        await world.keep_register()
        new = (await world.do(CONVERT, known, id=old, to="COMMUNITY", relationships=[{"kind": "COMMUNITY"}]))["member"][
            "id"
        ]
        await world.pass_time(days=56)

        assert (await world.keep_register())["lapsed"] == 0
        await world.do(ADMIT, officer, id=new)
        assert [(await member_of(world, officer, each))["status"] for each in (old, new)] == ["CONVERTED", "ADMITTED"]

    in_a_world(story)
