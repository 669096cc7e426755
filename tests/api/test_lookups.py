"""One object by its id, at the root of its own type."""

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.world import CARE, WESSEX, World

LOOKUPS = """query ($member: ID!, $poll: ID!, $contest: ID!, $consultation: ID!) {
  member(id: $member) { id } poll(id: $poll) { id } contest(id: $contest) { id } consultation(id: $consultation) { id } }"""
NOTHING = {"member": None, "poll": None, "contest": None, "consultation": None}


def test_an_object_is_found_by_its_id_where_node_would_find_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        _, member = await world.member()
        clerk = await world.officer(Role.CLERK)
        poll = await world.drafted_poll()
        ids = {
            "member": member,
            "poll": poll,
            "contest": world.contests[poll][0],
            "consultation": (await world.drafted_consultation())["id"],
        }

        assert await world.ask(LOOKUPS, clerk, **ids) == {name: {"id": each} for name, each in ids.items()}
        for nobody in (None, await world.newcomer(), (await world.member())[0]):
            assert await world.ask(LOOKUPS, nobody, **ids) == NOTHING
        assert await world.ask(LOOKUPS, await world.officer(Role.CLERK, WESSEX), **ids) == NOTHING

    in_a_world(story)


def test_absent_hidden_and_of_another_type_are_the_same(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        _, member = await world.member()
        poll = await world.drafted_poll()
        clerk = await world.officer(Role.CLERK)
        absent = "00000000-0000-0000-0000-000000000000"

        for ids in (
            {
                "member": f"mem_{absent}",
                "poll": f"pol_{absent}",
                "contest": f"cts_{absent}",
                "consultation": f"con_{absent}",
            },
            {"member": poll, "poll": member, "contest": poll, "consultation": poll},
            {"member": "", "poll": "pol_", "contest": "cts_", "consultation": CARE},
        ):
            assert await world.ask(LOOKUPS, clerk, **ids) == NOTHING

    in_a_world(story)
