"""No file of people brings back a former member who was erased: rules 22h and 26b."""

from uuid import UUID

from domain.identity.viewer import Role
from tests.api.test_data_requests import ANSWER
from tests.api.uploads import JOB, applied, checked, people
from tests.conftest import Scenario
from tests.mutations import ADMIT, REQUEST_ABOUT_DATA, act
from tests.world import CARE, Known, World

RESIGN = act("resignMembership", "member")
YES = "Im,Port,Parent,118365,,02/06/1979,im@example.org,07700 900001,TN25 6AA,English,Y"


async def member_by_a_file(world: World, officer: Known) -> UUID:
    """Whom the row is of; a member by it."""
    job, _, _ = await checked(world, officer, people(YES))
    await applied(world, officer, job)
    await world.do(
        ADMIT, officer, id=f"mem_{await world.value('select id from membership where name = $1', 'Im Port')}"
    )
    person: UUID = await world.value("select person_id from membership where name = 'Im Port'")
    return person


async def erase(world: World, person: UUID) -> None:
    """They leave and ask for it."""
    known = await world.session(CARE, "im@example.org", person)
    membership = await world.value("select id from membership where person_id = $1", person)
    await world.do(RESIGN, known, id=f"mem_{membership}")
    asked = await world.do(REQUEST_ABOUT_DATA, known, id=f"per_{person}", kind="ERASURE")
    officer = await world.officer(Role.DATA_PROTECTION_OFFICER)
    await world.do(ANSWER, officer, id=asked["dataRequest"]["id"], granted=True)


async def names(world: World) -> int:
    found: int = await world.value(
        "select (select count(*) from person where family_name = 'Port') + (select count(*) from membership where name = 'Im Port')"
    )
    return found


def test_a_former_member_who_was_erased_is_left_to_a_human(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        person = await member_by_a_file(world, officer)
        await world.pass_time(days=10)
        await erase(world, person)
        assert await names(world) == 1, "the register keeps the name"

        for days in (-20, -1, 0):
            job, lines, _ = await checked(
                world, officer, people(YES, YES.replace("Im,Port", "Ím,PORT")), exportedOn=await world.day(days)
            )
            assert [lines[line]["outcome"] for line in (2, 3)] == ["NEEDS_HUMAN", "NEEDS_HUMAN"]
            assert "MEMBER_ERASED" in lines[2]["findings"]
            await applied(world, officer, job)
        _, lines, _ = await checked(world, officer, people(YES.replace("Port", "Ported")))
        assert lines[2]["outcome"] == "NEW"
        assert await names(world) == 1

    in_a_world(story)


def test_who_is_erased_after_the_check_of_a_file_stays_so(in_a_world: Scenario) -> None:
    """Though it told of them as of somebody new, as who had another name than the register at the time."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        person = await member_by_a_file(world, officer)
        await world.owner.execute("update person set family_name = 'Porter' where id = $1", person)
        job, lines, _ = await checked(world, officer, people(YES.replace("English", "Polish")))
        assert lines[2]["outcome"] == "NEW"
        await erase(world, person)

        await applied(world, officer, job)

        row = (await world.ask(JOB, officer, id=job))["node"]["lines"]["nodes"][0]
        assert (row["outcome"], row["findings"][-1]) == ("NEEDS_HUMAN", "MEMBER_ERASED")
        assert await names(world) == 1

    in_a_world(story)
