"""The end of the school year: rule 22."""

from typing import Any

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.uploads import JOB, applied, checked, delta
from tests.conftest import Scenario
from tests.mutations import END_RELATIONSHIP
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


OF_ADA = (
    "from relationship r join person p on p.id = r.person_id where p.given_name = 'Ada' and p.family_name = 'Delta'"
)
PUPIL = "U1,active,2026-01-01,S1,student,Ada,Delta,,{}\n"


def test_no_older_file_undoes_the_end_of_a_school_year(in_a_world: Scenario) -> None:
    """Rule 22h: neither one checked since nor one checked before, whatever day it says it is of."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        async def read(year_group: int) -> tuple[str, str, list[str]]:
            job, lines, _ = await checked(world, officer, delta(PUPIL.format(year_group), ""), kind="ONEROSTER")
            return job, lines[3]["outcome"], lines[3]["findings"]

        async def on_record() -> str:
            found: str = await world.value(f"select string_agg(r.year_group::text, ' ' order by r.id) {OF_ADA}")
            return found

        job, outcome, _ = await read(3)
        await applied(world, officer, job)
        await world.pass_time(days=10)
        before, outcome, _ = await read(4)
        assert outcome == "UPDATE"
        await world.owner.execute(f"update relationship set year_group = 5 where id in (select r.id {OF_ADA})")
        await applied(world, officer, before)
        row = (await world.ask(JOB, officer, id=before))["node"]["lines"]["nodes"][1]
        assert (row["outcome"], row["findings"][-1]) == ("NEEDS_HUMAN", "YEAR_GROUP_LOWER")
        run = {"leaving": [{"schoolUrn": 118365, "yearGroup": 6}], "day": await world.day(), "dry": False}
        assert (await world.do(YEAR_END, officer, **run))["schools"][0]["movedUp"] == 1
        assert await on_record() == "6"

        job, outcome, findings = await read(5)
        assert (outcome, findings[-1]) == ("NEEDS_HUMAN", "YEAR_GROUP_LOWER")
        await applied(world, officer, job)
        assert await on_record() == "6"

        await world.do(
            END_RELATIONSHIP, officer, id=f"rel_{await world.value(f'select r.id {OF_ADA}')}", until=run["day"]
        )
        job, outcome, _ = await read(5)
        await applied(world, officer, job)
        assert (outcome, await on_record()) == ("UPDATE", "6 5"), "it was right after all"

    in_a_world(story)
