"""Who sees which members, now and as at a day."""

from datetime import timedelta

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import act
from tests.world import CARE, WESSEX, World

RESIGN = act("resignMembership", "member")
MEMBERS = "query ($asAt: Date) { members(asAt: $asAt) { totalCount nodes { id number status person { familyName } } } }"


def test_officers_see_the_register_members_themselves_and_others_nobody(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (one, own), (_, other) = await world.member(), await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        assert (await world.ask(MEMBERS, officer))["members"]["totalCount"] == 2
        assert [m["id"] for m in (await world.ask(MEMBERS, one))["members"]["nodes"]] == [own]
        for nobody in (
            None,
            await world.newcomer(),
            await world.officer(Role.MEMBERSHIP_OFFICER, WESSEX),
            await world.officer(Role.TRUSTEE),
        ):
            assert (await world.ask(MEMBERS, nobody))["members"] == {"totalCount": 0, "nodes": []}
        node = "query ($id: ID!) { node(id: $id) { id } }"
        assert (await world.ask(node, one, id=other))["node"] is None
        assert (await world.ask(node, one, id=own))["node"] == {"id": own}
        assert (await world.ask(node, await world.officer(Role.CLERK, WESSEX), id=own))["node"] is None

    in_a_world(story)


def test_the_register_as_at_a_day(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        start = await world.today()
        first, membership = await world.member()
        await world.pass_time(days=150)
        await world.member()
        await world.pass_time(days=215)
        await world.do(RESIGN, first, id=membership)
        await world.pass_time(days=365)
        await world.member()

        for day, count in {-1: 0, 0: 1, 364: 2, 365: 1, 729: 1, 730: 2}.items():
            as_at = str(start + timedelta(days=day))
            assert (await world.ask(MEMBERS, officer, asAt=as_at))["members"]["totalCount"] == count, day

    in_a_world(story)


def test_row_level_security_holds_where_a_predicate_is_forgotten(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.member(WESSEX)
        care = await world.trust_id(CARE)

        async with world.owner.transaction():
            await world.owner.execute("set local role folkmoot_app")
            assert await world.value("select count(*) from membership") == 0, "without a trust nothing is seen"
            await world.value("select set_config('app.trust', $1, true)", str(care))
            assert await world.value("select count(*) from membership") == 0
            assert await world.value("select count(*) from school") == 10

    in_a_world(story)
