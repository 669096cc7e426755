"""The end of the school year: rule 22."""

from typing import Any

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.conftest import Scenario
from tests.world import World

YEAR_END = """mutation ($leaving: [LeavingYearInput!]!, $day: Date!, $dry: Boolean!) { endSchoolYear(input: {leaving: $leaving,
  day: $day, dryRun: $dry}) { schools { schoolUrn learners families movedUp } errors { code } } }"""


def test_the_end_of_the_year_is_rehearsed_done_once_and_takes_families_along(in_a_world: Scenario) -> None:
    """Rule 22c: bulk year-end run with dry run."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        parent, membership = await world.member()
        await world.child(parent)
        await world.pass_time(days=10)
        await world.owner.execute("update relationship set year_group = 6 where kind = 'LEARNER'")
        await world.owner.execute(
            "update relationship r set learner_id = l.person_id from relationship l where l.kind = 'LEARNER' and r.kind = 'PARENT_CARER'"
        )
        urn = await world.value(
            "select s.urn from relationship r join school s on s.id = r.school_id where kind = 'LEARNER'"
        )
        run: dict[str, Any] = {"leaving": [{"schoolUrn": urn, "yearGroup": 6}], "day": await world.day()}

        assert await world.refused(YEAR_END, parent, dry=False, **run) == "NOT_PERMITTED"
        assert await world.refused(YEAR_END, officer, dry=False, **(run | {"leaving": []})) == "INPUT_INVALID"
        before = await world.contents()
        rehearsed = (await world.do(YEAR_END, officer, dry=True, **run))["schools"]
        assert await world.contents() == before
        done = (await world.do(YEAR_END, officer, dry=False, **run))["schools"]

        assert rehearsed == done == [{"schoolUrn": urn, "learners": 1, "families": 1, "movedUp": 0}]
        assert await world.refused(YEAR_END, officer, dry=False, **run) == "YEAR_ENDED"
        assert (await world.keep_register())["lapsing"] == 1, "the parent; the child was only an applicant"
        assert (await member_of(world, parent, membership))["status"] == "LAPSING"

    in_a_world(story)
