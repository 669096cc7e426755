"""Which school a membership is about: one at which somebody stands, on the day they apply, as their constituency asks."""

from typing import Any

from domain.identity.viewer import Role
from tests.api.test_applications import SUBMIT
from tests.api.test_schools import LEAVE
from tests.api.uploads import applied, checked, people
from tests.conftest import Scenario
from tests.mutations import APPLY
from tests.world import Known, World

DECLARE = """mutation ($kind: RelationshipKind!, $urn: Int) { declareRelationship(input:
  {relationship: {kind: $kind, schoolUrn: $urn}}) { person { id } errors { code } } }"""


async def apply(world: World, *relationships: dict[str, Any], **changes: Any) -> tuple[Known, str]:
    known = await world.newcomer()
    given = world.application(relationships=relationships, **changes)
    return known, (await world.do(APPLY, known, input=given))["member"]["id"]


async def school_of(world: World, membership: str) -> int | None:
    urn: int | None = await world.value(
        "select s.urn from membership m left join school s on s.id = m.school_id where 'mem_' || m.id = $1", membership
    )
    return urn


def parent(urn: int, **more: Any) -> dict[str, Any]:
    return {"kind": "PARENT_CARER", "schoolUrn": urn, **more}


def test_a_school_that_has_left_and_one_of_later_qualify_for_nothing_by_form_and_by_file(in_a_world: Scenario) -> None:
    """Rule 22e."""

    async def story(world: World) -> None:
        gone, stays = await world.two_schools()
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        key = await world.value("select 'sch_' || id from school where urn = $1", gone)
        await world.do(LEAVE, clerk, id=key, until=await world.day())

        _, eli = await apply(world, parent(gone), parent(stays))
        _, later = await apply(
            world, parent(stays, since=await world.day(-5)), parent(gone, since=await world.day(200))
        )
        rows = [
            f"Fay,Port,Parent,{urn},,02/06/1979,fay@example.org,07700 900001,TN25 6AA,English,Y"
            for urn in (gone, stays)
        ]
        job, _, _ = await checked(world, officer, people(*rows))
        await applied(world, officer, job)
        fay = await world.value("select 'mem_' || id from membership where name = 'Fay Port'")

        assert [await school_of(world, each) for each in (eli, later, fay)] == [stays] * 3

    in_a_world(story)


def test_a_draft_is_about_the_school_of_the_day_it_is_sent(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        first, second = await world.two_schools()
        known, draft = await apply(world, {"kind": "STAFF", "schoolUrn": first}, draft=True)
        assert await school_of(world, draft) is None, "nothing qualifies yet"
        await world.do(DECLARE, known, kind="PARENT_CARER", urn=second)

        await world.do(SUBMIT, known, id=draft, accepts=True)

        assert await school_of(world, draft) == second

    in_a_world(story)


def test_what_begins_later_does_not_hide_what_holds_today(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        urn, _ = await world.two_schools()
        known, draft = await apply(world, parent(urn, since=await world.day(200)), draft=True)
        assert await world.refused(SUBMIT, known, id=draft, accepts=True) == "NOT_ELIGIBLE"

        await world.do(DECLARE, known, kind="PARENT_CARER", urn=urn)

        assert (await world.do(SUBMIT, known, id=draft, accepts=True))["member"]["status"] == "SUBMITTED"
        assert await school_of(world, draft) == urn

    in_a_world(story)
