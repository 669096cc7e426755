"""The end of the school year: rule 22."""

from typing import Any

import pytest

from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.uploads import JOB, applied, checked, delta, people
from tests.conftest import Scenario
from tests.mutations import END_RELATIONSHIP
from tests.world import World

YEAR_END = """mutation ($leaving: [LeavingYearInput!]!, $day: Date!, $dry: Boolean!) { endSchoolYear(input: {leaving: $leaving,
  day: $day, dryRun: $dry}) { schools { schoolUrn learners families movedUp stayed } errors { code } } }"""


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

        assert rehearsed == done == [{"schoolUrn": urn, "learners": 1, "families": 1, "movedUp": 0, "stayed": 0}]
        (again,) = (await world.do(YEAR_END, officer, dry=False, **run))["schools"]
        assert again == {"schoolUrn": urn, "learners": 0, "families": 0, "movedUp": 0, "stayed": 0}
        await world.pass_time(days=1)
        another = run | {"day": await world.day()}
        assert await world.refused(YEAR_END, officer, dry=False, **another) == "YEAR_ENDED"
        assert (await world.keep_register())["lapsing"] == 1, "the parent; the child was only an applicant"
        assert (await member_of(world, parent, membership))["status"] == "LAPSING"

    in_a_world(story)


@pytest.mark.parametrize("by", ["year_group", "learner_id"])
def test_who_is_at_a_school_for_a_learner_leaves_with_them_and_nobody_else(in_a_world: Scenario, by: str) -> None:
    """Rule 22c: whether the file told their year group, or whose family they are is known."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, delta(PUPIL.format(6), ""), kind="ONEROSTER")
        await applied(world, officer, job)
        adult, _ = await world.member()
        await world.owner.execute(
            f"insert into relationship (trust_id, person_id, school_id, kind, since, source, {by}) select r.trust_id, $1,"
            f" r.school_id, k.name, r.since, 'DECLARED', {'6' if by == 'year_group' else 'r.person_id'}"
            f" from (select r.* {OF_ADA}) r, unnest($2::text[]) as k(name)",
            adult.person_id,
            RelationshipKind.values(),
        )
        await world.pass_time(days=10)
        run = {"leaving": [{"schoolUrn": 118365, "yearGroup": 6}], "day": await world.day(), "dry": False}

        await world.do(YEAR_END, officer, **run)

        ended = await world.owner.fetch(
            "select distinct kind from relationship where person_id = $1 and until is not null", adult.person_id
        )
        family = {"PARENT_CARER", "EXTENDED_FAMILY"}
        assert {row["kind"] for row in ended} == (family | {"LEARNER"} if by == "year_group" else family)

    in_a_world(story)


def test_an_end_announced_for_later_keeps_nobody_at_the_school_beyond_the_year(in_a_world: Scenario) -> None:
    """Nor does it keep a learner from moving up who stays until then."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        parent, _ = await world.member()
        for _ in range(2):
            await world.child(parent)
        await world.pass_time(days=10)
        await world.owner.execute(
            "update relationship r set year_group = 5 + (select count(*) from relationship o where o.kind = 'LEARNER' and o.id < r.id)"
            " where kind = 'LEARNER'"
        )
        await world.owner.execute(
            "update relationship r set learner_id = l.person_id from relationship l where l.year_group = 6 and r.kind = 'PARENT_CARER'"
        )
        announced = (
            "select id from relationship where person_id <> $1 order by kind desc"  # the parent before the learners
        )
        for each in await world.owner.fetch(announced, officer.person_id):
            await world.do(END_RELATIONSHIP, officer, id=f"rel_{each['id']}", until=await world.day(3650))
        urn = await world.value("select s.urn from relationship r join school s on s.id = r.school_id limit 1")
        run: dict[str, Any] = {"leaving": [{"schoolUrn": urn, "yearGroup": 6}], "day": await world.day()}

        rehearsed = (await world.do(YEAR_END, officer, dry=True, **run))["schools"]
        done = (await world.do(YEAR_END, officer, dry=False, **run))["schools"]

        assert rehearsed == done == [{"schoolUrn": urn, "learners": 1, "families": 0, "movedUp": 1, "stayed": 0}]
        left = await world.owner.fetch(
            "select kind, year_group from relationship where until > legal_today() order by 1"
        )
        assert [tuple(row) for row in left] == [("LEARNER", 6), ("PARENT_CARER", None)], "of two children one stays"

    in_a_world(story)


def test_a_year_is_rehearsed_ahead_and_ended_no_sooner_than_on_its_day(in_a_world: Scenario) -> None:
    """Rules 22c and 22h: until then the school's files tell the year groups that are, and they are none too low."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, delta(PUPIL.format(3), ""), kind="ONEROSTER")
        await applied(world, officer, job)
        await world.pass_time(days=10)
        run: dict[str, Any] = {"leaving": [{"schoolUrn": 118365, "yearGroup": 6}], "day": await world.day(1)}

        assert (await world.do(YEAR_END, officer, dry=True, **run))["schools"][0]["movedUp"] == 1
        assert await world.refused(YEAR_END, officer, dry=False, **run) == "DATES_CONTRADICT"
        _, lines, _ = await checked(world, officer, delta(PUPIL.format(3), ""), kind="ONEROSTER")
        assert lines[3]["outcome"] == "UNCHANGED"
        await world.pass_time(days=1)
        assert (await world.do(YEAR_END, officer, dry=False, **run))["schools"][0]["movedUp"] == 1

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
        job, outcome, findings = await read(5)
        assert (outcome, findings[-1]) == ("NEEDS_HUMAN", "RELATIONSHIP_ENDED_SINCE")
        await world.pass_time(days=1)
        job, outcome, _ = await read(5)
        await applied(world, officer, job)
        assert (outcome, await on_record()) == ("UPDATE", "6 5"), "it was right after all"

    in_a_world(story)


@pytest.mark.parametrize(
    ("ends", "exported", "outcome"),
    [
        (0, 0, "NEEDS_HUMAN"),
        (-9, -9, "NEEDS_HUMAN"),
        (-9, -5, "NEEDS_HUMAN"),
        (-9, 0, "NEEDS_HUMAN"),
        (-9, -10, "NEEDS_HUMAN"),  # as every year group of that school in a file of before its year was ended
        (-9, 1, "UPDATE"),
    ],
)
def test_no_leaver_begins_again_by_a_file_that_may_be_older(
    in_a_world: Scenario, ends: int, exported: int, outcome: str
) -> None:
    """Rule 22h: a year end entered today, of so many days from today; and a file of such a day, checked after it."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, delta(PUPIL.format(6), ""), kind="ONEROSTER")
        await applied(world, officer, job)
        await world.pass_time(days=40)
        day, of_file = await world.day(ends), await world.day(exported)
        leaving = [{"schoolUrn": 118365, "yearGroup": 6}]
        assert (await world.do(YEAR_END, officer, leaving=leaving, day=day, dry=False))["schools"][0]["learners"] == 1
        await world.pass_time(days=max(exported, 0))

        job, lines, _ = await checked(world, officer, delta(PUPIL.format(6), ""), kind="ONEROSTER", exportedOn=of_file)
        await applied(world, officer, job)

        assert lines[3]["outcome"] == outcome
        assert ("RELATIONSHIP_ENDED_SINCE" in lines[3]["findings"]) is (outcome == "NEEDS_HUMAN" and exported >= ends)
        assert await world.value(f"select count(*) {OF_ADA}") == (2 if outcome == "UPDATE" else 1)

    in_a_world(story)


def test_an_end_that_a_newer_file_told_stands_against_an_older_one_checked_before(in_a_world: Scenario) -> None:
    """Rule 22h: though it was of a day before either."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, delta(PUPIL.format(""), ""), kind="ONEROSTER")
        await applied(world, officer, job)
        await world.pass_time(days=10)
        pupil, of_file = delta(PUPIL.format(3), ""), await world.day(-3)
        older, lines, _ = await checked(world, officer, pupil, kind="ONEROSTER", exportedOn=of_file)
        assert lines[3]["outcome"] == "UPDATE"
        gone = delta("", f"E1,inactive,2026-01-01,S1,U1,student,{await world.day(-5)}\n")
        newer, _, _ = await checked(world, officer, gone, kind="ONEROSTER", exportedOn=await world.day(-2))
        await applied(world, officer, newer)

        await applied(world, officer, older)

        row = (await world.ask(JOB, officer, id=older))["node"]["lines"]["nodes"][1]
        assert (row["outcome"], row["findings"][-1]) == ("NEEDS_HUMAN", "RELATIONSHIP_ENDED_SINCE")
        assert await world.value(f"select count(r.until) from (select r.until {OF_ADA}) r") == 1
        assert await world.value(f"select count(*) {OF_ADA}") == 1

    in_a_world(story)


def test_a_file_of_before_the_year_was_ended_brings_no_leaver_as_a_learner(in_a_world: Scenario) -> None:
    """Nor anybody a year too low: of somebody not yet on record nothing else would tell it."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await world.pass_time(days=10)
        run = {"leaving": [{"schoolUrn": 118365, "yearGroup": 6}], "day": await world.day(0), "dry": False}
        await world.do(YEAR_END, officer, **run)
        row = "Ada,Delta,{},118365,{},,,,,English,Y"
        rows = [
            row.format("Pupil", 6),
            row.format("Parent", 6).replace("Ada", "Bea"),
            row.format("Parent", "").replace("Ada", "Cy"),
        ]

        _, old, _ = await checked(world, officer, people(*rows), exportedOn=await world.day(-5))
        _, new, _ = await checked(world, officer, people(*rows), exportedOn=await world.day(0))

        assert [old[line]["outcome"] for line in (2, 3, 4)] == ["NEEDS_HUMAN", "NEEDS_HUMAN", "NEW"]
        assert all("YEAR_ENDED_SINCE" in old[line]["findings"] for line in (2, 3))
        assert all("YEAR_ENDED_SINCE" not in each["findings"] for each in new.values())

    in_a_world(story)
