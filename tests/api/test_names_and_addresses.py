"""Names and addresses on the register change by new lines: rule 5."""

import asyncio

import pytest

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import act
from tests.world import WESSEX, World

MOVE = "mutation ($id: ID!, $address: String!, $on: Date) { changeServiceAddress(input: {id: $id, serviceAddress: $address, changedOn: $on}) { member { serviceAddress } errors { code } } }"
RENAME = 'mutation ($id: ID!, $on: Date) { changeName(input: {personId: $id, givenName: "Amina", familyName: "Newname", changedOn: $on}) { person { familyName } errors { code } } }'
REGISTER = "query ($asAt: DateTime) { register(asAt: $asAt) { totalCount nodes { number line change name serviceAddress isCompanyMember guaranteePence sharePence registeredOn ceasedOn changedOn enteredAt } } }"


def test_names_and_addresses_change_by_new_lines_and_the_old_ones_stay(in_a_world: Scenario) -> None:
    """Rule 5b: old value kept, day of change and moment of entry noted."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member()
        other, _ = await world.member()
        await world.pass_time(days=100)
        entered = await world.now()
        moved_on = await world.day(-30)

        assert await world.refused(MOVE, other, id=membership, address="Elsewhere") == "NOT_FOUND"
        assert (
            await world.refused(MOVE, known, id=membership, address="Elsewhere", on="2100-01-01") == "DATES_CONTRADICT"
        )
        assert (
            await world.refused(MOVE, known, id=membership, address="Elsewhere", on="1999-01-01") == "DATES_CONTRADICT"
        )
        await world.do(MOVE, known, id=membership, address="2 New Row", on=moved_on)
        assert await world.refused(RENAME, known, id=f"per_{known.person_id}") == "NOT_PERMITTED"
        await world.do(RENAME, officer, id=f"per_{known.person_id}")

        now = (await world.ask(REGISTER, officer))["register"]
        first = next(entry for entry in now["nodes"] if entry["number"] == 1)
        assert (first["line"], first["change"]) == (3, "NAME_CHANGED")
        assert (first["name"], first["serviceAddress"]) == ("Amina Newname", "2 New Row")
        assert (first["isCompanyMember"], first["guaranteePence"], first["sharePence"]) == (True, 100, 0)
        then = (await world.ask(REGISTER, officer, asAt=entered.isoformat()))["register"]
        assert [entry["serviceAddress"] for entry in then["nodes"]] == ["1 Canary Row, Aldington"] * 2
        assert now["totalCount"] == then["totalCount"] == 2
        assert (await world.ask(REGISTER, officer, asAt="2020-01-01T00:00:00Z"))["register"]["nodes"] == []
        assert [entry["number"] for entry in (await world.ask(REGISTER, known))["register"]["nodes"]] == [1]
        assert (await world.ask(REGISTER, None))["register"]["totalCount"] == 0

    in_a_world(story)


def test_two_officers_and_a_hundred_changes_at_once_leave_every_line_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member()

        await asyncio.gather(
            *(
                world.do(MOVE, who, id=membership, address=f"{n} Race Row")
                for n in range(10)
                for who in (known, officer)
            )
        )

        lines = [row["line"] for row in await world.owner.fetch("select line from register_line order by line")]
        assert lines == list(range(1, 22))

    in_a_world(story)


def test_people_of_another_trust_do_not_exist(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()
        elsewhere = await world.officer(Role.MEMBERSHIP_OFFICER, WESSEX)
        clerk = await world.officer(Role.CLERK, WESSEX)

        assert await world.refused(MOVE, elsewhere, id=membership, address="Theirs") == "NOT_FOUND"
        assert await world.refused(RENAME, elsewhere, id=f"per_{known.person_id}") == "NOT_FOUND"
        propose = (
            'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "x"}) { removal { id } errors { code } } }'
        )
        assert await world.refused(propose, clerk, id=membership) == "NOT_FOUND"
        assert await world.refused(act("resignMembership", "member"), elsewhere, id=membership) == "NOT_FOUND"

    in_a_world(story)


@pytest.mark.parametrize(
    ("day", "said"), [("2100-01-01", "That day has not come yet."), ("1999-01-01", "It was not on the register before")]
)
def test_a_day_of_change_that_can_not_be_is_refused_for_what_it_is(in_a_world: Scenario, day: str, said: str) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member()
        person = f"per_{known.person_id}"

        for text, asked in ((RENAME, {"id": person}), (MOVE, {"id": membership, "address": "Elsewhere"})):
            told = text.replace("errors { code }", "errors { code message path }")
            (error,) = await world.refusals(told, officer, on=day, **asked)
            assert (error["code"], error["path"]) == ("DATES_CONTRADICT", "changedOn")
            assert error["message"].startswith(said)

    in_a_world(story)
