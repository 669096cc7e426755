"""The end of a school year, again, late, by several leaving years, and undone: rule 22."""

import asyncio
from typing import Any

from domain.identity.viewer import Role
from tests.api.test_school_year import YEAR_END
from tests.api.uploads import applied, checked, delta
from tests.conftest import Scenario
from tests.world import Known, World

URN = 118365
UNDO = """mutation ($urns: [Int!]!, $day: Date!) { undoSchoolYear(input: {schoolUrns: $urns, day: $day}) {
  restored errors { code path } } }"""
ORG = "{},active,2026-01-01,A school,school,{}\n"
YEARS = """select string_agg(concat_ws(':', p.given_name, r.year_group, case when r.until is not null then 'left' end), ' '
  order by p.given_name, r.id) from relationship r join person p on p.id = r.person_id join school s on s.id = r.school_id
  where r.kind = 'LEARNER' and s.urn = $1"""


async def pupils(world: World, officer: Known, urn: int = URN, **years: int | str) -> None:
    """A delta tells of learners, by name and year group."""
    users = "".join(
        f"{name},active,2026-01-01,S1,student,{name},Pupil,,{year}\n" for name, year in sorted(years.items())
    )
    job, _, _ = await checked(world, officer, delta(users, "", ORG.format("S1", urn)), kind="ONEROSTER")
    await applied(world, officer, job)


def run(day: str, *leaving: int, urn: int = URN, dry: bool = False) -> dict[str, Any]:
    return {"leaving": [{"schoolUrn": urn, "yearGroup": each} for each in leaving], "day": day, "dry": dry}


def test_several_leaving_years_and_the_last_year_there_is(in_a_world: Scenario) -> None:
    """Rule 22c: nobody is in year 14."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await pupils(world, officer, Al=10, Bo=11, Cy=12, Di=13)
        await world.pass_time(days=10)
        day = await world.day()

        (rehearsed,) = (await world.do(YEAR_END, officer, **run(day, 11, dry=True)))["schools"]
        assert rehearsed == {"schoolUrn": URN, "learners": 1, "families": 0, "movedUp": 2, "stayed": 1}
        assert await world.refused(YEAR_END, officer, **run(day, 11, 11)) == "INPUT_INVALID"
        assert await world.refused(YEAR_END, officer, **run(day, 14)) == "INPUT_INVALID"
        (done,) = (await world.do(YEAR_END, officer, **run(day, 11, 13)))["schools"]

        assert done == {"schoolUrn": URN, "learners": 2, "families": 0, "movedUp": 2, "stayed": 0}
        assert await world.value(YEARS, URN) == "Al:11 Bo:11:left Cy:13 Di:13:left"

    in_a_world(story)


def test_a_leaving_year_that_was_forgotten_is_added_and_nobody_moves_twice(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await pupils(world, officer, Cy=12, Di=13)
        await world.pass_time(days=10)
        day = await world.day()
        await world.do(YEAR_END, officer, **run(day, 11))

        (more,) = (await world.do(YEAR_END, officer, **run(day, 13)))["schools"]

        assert (more["learners"], more["movedUp"]) == (1, 0)
        assert await world.value(YEARS, URN) == "Cy:13 Di:13:left"
        (again,) = (await world.do(YEAR_END, officer, **run(day, 11, 13)))["schools"]
        assert again == {"schoolUrn": URN, "learners": 0, "families": 0, "movedUp": 0, "stayed": 0}

    in_a_world(story)


def test_entered_late_it_moves_nobody_whose_new_year_a_file_told_already(in_a_world: Scenario) -> None:
    """Rules 22c and 22h: each moves up once, whatever the day."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await pupils(world, officer, Al=4, Bo=5, Cy=6)
        await world.pass_time(days=20)
        await pupils(world, officer, Bo=6, Di=6)  # in the new year, whose file of Al and Cy is yet to come
        await world.pass_time(days=10)

        (done,) = (await world.do(YEAR_END, officer, **run(await world.day(-15), 6)))["schools"]

        assert (done["learners"], done["movedUp"]) == (1, 1)
        assert await world.value(YEARS, URN) == "Al:5 Bo:6 Cy:6:left Di:6"

    in_a_world(story)


def test_a_school_year_is_undone_as_a_whole(in_a_world: Scenario) -> None:
    """Rule 22c; a member who lapses by it is one as before (rule 22b), and the year can be ended rightly."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        parent, membership = await world.member()
        await world.child(parent, schoolUrn=URN)
        await pupils(world, officer, Al=5)
        await world.owner.execute(
            "update relationship set year_group = 6 where kind = 'LEARNER' and year_group is null"
        )
        await world.pass_time(days=10)
        day = await world.day()
        before = await world.contents()
        asked: dict[str, Any] = {"urns": [URN], "day": day}
        assert await world.refused(UNDO, officer, **asked) == "YEAR_NOT_ENDED"
        (done,) = (await world.do(YEAR_END, officer, **run(day, 6)))["schools"]
        assert (done["learners"], done["families"], done["movedUp"]) == (1, 1, 1)
        assert (await world.keep_register())["lapsing"] == 1

        assert await world.refused(UNDO, parent, **asked) == "NOT_PERMITTED"
        assert await world.refused(UNDO, officer, **(asked | {"urns": [URN, 1]})) == "INPUT_INVALID"
        assert await world.refused(UNDO, officer, **(asked | {"day": await world.day(-1)})) == "YEAR_NOT_ENDED"
        assert (await world.do(UNDO, officer, **asked))["restored"] == 3

        after = await world.contents()
        assert [after[each] for each in ("relationship", "school_year_end", "school_year_change")] == [
            before[each] for each in ("relationship", "school_year_end", "school_year_change")
        ]
        await world.keep_register()
        status = await world.value("select status from membership where id::text = $1", membership.removeprefix("mem_"))
        assert status == "ADMITTED"
        assert await world.refused(UNDO, officer, **asked) == "YEAR_NOT_ENDED"
        assert (await world.do(YEAR_END, officer, **run(day, 5)))["schools"][0]["learners"] == 1

    in_a_world(story)


def test_what_somebody_acted_on_is_undone_no_more(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, second = await world.two_schools()
        for urn in (first, second):
            await pupils(world, officer, urn, **{f"A{urn}": 5, f"B{urn}": 6})
        await world.pass_time(days=10)
        day = await world.day()
        for urn in (first, second):
            await world.do(YEAR_END, officer, **run(day, 6, urn=urn))
        await world.pass_time(days=5)
        await pupils(world, officer, second, **{f"B{second}": 6})  # is there after all, as a file tells

        both = await world.refusals(UNDO, officer, urns=[first, second], day=day)
        assert [(each["code"], each["path"]) for each in both] == [("YEAR_ACTED_ON", "schoolUrns.1")]
        assert (await world.do(UNDO, officer, urns=[first], day=day))["restored"] == 2

    in_a_world(story)


def test_a_leaver_who_left_for_good_is_not_brought_back(in_a_world: Scenario) -> None:
    """Rule 4b: nothing that has ended begins again."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        parent, membership = await world.member()
        await world.child(parent, schoolUrn=URN)
        await world.owner.execute("update relationship set year_group = 6 where kind = 'LEARNER'")
        await world.pass_time(days=10)
        day = await world.day()
        await world.do(YEAR_END, officer, **run(day, 6))
        resign = "mutation ($id: ID!) { resignMembership(input: {id: $id}) { errors { code } } }"
        await world.do(resign, parent, id=membership)

        assert await world.refused(UNDO, officer, urns=[URN], day=day) == "YEAR_ACTED_ON"

    in_a_world(story)


def test_ended_and_undone_by_several_at_once_it_happens_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await pupils(world, officer, Al=5, Bo=6)
        await world.pass_time(days=10)
        day = await world.day()

        answers = await asyncio.gather(*(world.ask(YEAR_END, officer, **run(day, 6)) for _ in range(5)))
        done = [each["endSchoolYear"]["schools"][0] for each in answers]
        assert sorted((each["learners"], each["movedUp"]) for each in done) == [*[(0, 0)] * 4, (1, 1)]
        assert await world.value(YEARS, URN) == "Al:6 Bo:6:left"

        answers = await asyncio.gather(*(world.ask(UNDO, officer, urns=[URN], day=day) for _ in range(5)))
        undone = [each["undoSchoolYear"] for each in answers]
        assert sorted(each["restored"] or 0 for each in undone) == [0, 0, 0, 0, 2]
        assert {error["code"] for each in undone for error in each["errors"]} == {"YEAR_NOT_ENDED"}
        assert await world.value(YEARS, URN) == "Al:5 Bo:6"

    in_a_world(story)
