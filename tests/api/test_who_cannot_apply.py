"""The dry run names every yes in writing that no application follows from (rules 2c, 3c and 6)."""

from datetime import timedelta

import pytest

from domain.identity.viewer import Role
from tests.api.resolutions import resolve, waiting
from tests.api.uploads import JOB, applied, checked, people
from tests.conftest import Scenario
from tests.world import World

COUNTS = "query ($id: ID!) { node(id: $id) { ... on Import { applications findings { finding rows } } } }"


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("Governor,118365,,,,,,,Y", ["CANNOT_APPLY", "DATE_OF_BIRTH_NEEDED"]),  # neighbours join at 16
        ("Ex-pupil,118365,,{young},,,,,Y", ["AGE_CONTRADICTS", "CANNOT_APPLY", "TOO_YOUNG"]),
        ("Pupil,118365,,{young},,,,,Y", ["CANNOT_APPLY", "GUARDIAN_CONSENT_NEEDED"]),
        ("Pupil,118365,,{infant},,,,,Y", ["CANNOT_APPLY", "GUARDIAN_CONSENT_NEEDED", "TOO_YOUNG"]),
        ("Governor,118365,,02/06/1979,,,,,Y", []),
        ("Parent,118365,,,,,,,Y", []),
    ],
)
def test_the_dry_run_names_the_yes_that_no_application_follows_from(
    in_a_world: Scenario, told: str, found: list[str]
) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        today = (await world.today()).replace(day=1)
        young, infant = (f"{today - timedelta(days=age * 366):%d/%m/%Y}" for age in (10, 5))
        job, lines, _ = await checked(world, officer, people(f"Im,Port,{told.format(young=young, infant=infant)}"))
        seen = {"AGE_CONTRADICTS", "CANNOT_APPLY", "DATE_OF_BIRTH_NEEDED", "TOO_YOUNG", "GUARDIAN_CONSENT_NEEDED"}
        assert sorted(seen & set(lines[2]["findings"])) == (found if lines[2]["outcome"] == "NEW" else found[:1])

        await applied(world, officer, job)

        assert (await world.ask(COUNTS, officer, id=job))["node"]["applications"] == (not found)

    in_a_world(story)


def test_who_may_apply_is_told_of_all_the_rows_of_a_person_and_of_what_is_on_record(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        governor, parent = "{},Governor,118365,,{},{},{},TN25 6AA,,Y", "{},Parent,118365,,{},{},{},TN25 6AA,,Y"
        await world.set_constituency_rule("COMMUNITY", joinAge=50, voteAge=50, standAge=50, officeAge=50)
        one, two = ("Im,Port", "im@example.org", "07700 900001"), ("An,Other", "an@example.org", "07700 900002")

        job, lines, node = await checked(
            world,
            officer,
            people(
                governor.format(one[0], "02/06/1990", *one[1:]),
                parent.format(one[0], "02/06/1990", *one[1:]),
                governor.format(two[0], "", *two[1:]),
            ),
        )
        assert ["CANNOT_APPLY" in lines[line]["findings"] for line in (2, 3, 4)] == [False, False, True]
        assert node["findings"]["CANNOT_APPLY"] == node["findings"]["DATE_OF_BIRTH_NEEDED"] == 1
        await applied(world, officer, job)
        assert (await world.ask(COUNTS, officer, id=job))["node"]["applications"] == 1

        again = people(governor.format(two[0], "", *two[1:]))  # nothing new but the yes
        _, lines, _ = await checked(world, officer, again)
        assert lines[2]["outcome"] == "UNCHANGED"
        assert "CANNOT_APPLY" in lines[2]["findings"]
        mended = people(governor.format(two[0], "02/06/1959", *two[1:]))
        job, _, _ = await checked(world, officer, mended)
        (row,) = (await waiting(world, officer, job)).values()
        await resolve(world, officer, row, sameAsPerson=row["alikePeople"][0]["id"])
        lines = {each["line"]: each for each in (await world.ask(JOB, officer, id=job))["node"]["lines"]["nodes"]}
        assert (lines[2]["outcome"], "CANNOT_APPLY" in lines[2]["findings"]) == ("UPDATE", False)
        await applied(world, officer, job)
        assert (await world.ask(COUNTS, officer, id=job))["node"]["applications"] == 1

    in_a_world(story)


def test_a_yes_that_nothing_follows_from_only_since_the_check_is_named_as_well(in_a_world: Scenario) -> None:
    """Rule 1: the rules of the day of applying decide."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, lines, _ = await checked(world, officer, people("Im,Port,Parent,118365,,,,,,,Y"))
        assert "CANNOT_APPLY" not in lines[2]["findings"]
        await world.set_constituency_rule("PARENT_CARER", joinAge=16, voteAge=16)

        await applied(world, officer, job)

        counts = (await world.ask(COUNTS, officer, id=job))["node"]
        assert counts["applications"] == 0
        assert {"finding": "CANNOT_APPLY", "rows": 1} in counts["findings"]

    in_a_world(story)
