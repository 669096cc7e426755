"""One person has one open membership, whatever happens at once: rules 3a and 28b."""

import asyncio

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, act
from tests.world import World

RESIGN = act("resignMembership", "member")


def test_a_person_has_one_open_membership(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()

        assert await world.refused(APPLY, known, input=world.application()) == "ALREADY_A_MEMBER"
        await world.do(RESIGN, known, id=membership)
        again = await world.do(APPLY, known, input=world.application())
        number = (await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=again["member"]["id"]))[
            "member"
        ]["number"]
        assert number == 2, "a new number; the old entry stays"

    in_a_world(story)


def test_two_applications_at_once_leave_one(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()
        await world.do(RESIGN, known, id=membership)

        answers = await asyncio.gather(*(world.ask(APPLY, known, input=world.application()) for _ in range(6)))

        codes = [answer["applyForMembership"]["errors"] for answer in answers]
        assert codes.count([]) == 1
        assert all(errors[0]["code"] == "ALREADY_A_MEMBER" for errors in codes if errors)
        assert await world.value("select count(*) from membership where status = 'SUBMITTED'") == 1

    in_a_world(story)


def test_a_newcomer_who_sends_the_form_twice_at_once_is_one_person(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        newcomer = await world.newcomer()

        answers = await asyncio.gather(*(world.ask(APPLY, newcomer, input=world.application()) for _ in range(5)))

        assert [answer["applyForMembership"]["errors"] for answer in answers].count([]) == 1
        assert await world.value("select count(*) from person where given_name = 'Amina'") == 1

    in_a_world(story)


def test_two_parents_of_one_mailbox_are_two_members(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        numbers = set()
        for name in ("Ann", "Ben"):
            parent = await world.session("care-foundation-trust", "both@example.org", None)
            applied = await world.do(APPLY, parent, input=world.application(givenName=name))
            numbers.add((await world.do(ADMIT, officer, id=applied["member"]["id"]))["member"]["number"])

        assert numbers == {1, 2}
        assert await world.value("select count(*) from person where email = 'both@example.org'") == 2

    in_a_world(story)
