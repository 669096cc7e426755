"""Loading again, as `make run` does at every start: what officers did since stays."""

from pathlib import Path
from typing import Any

from api.cli.gias import update_from_gias
from api.cli.load import load
from domain.identity.viewer import Role
from domain.trusts.loading import Change
from tests.api.test_schools import CONVERT, JOIN, LEAVE, SCHOOL, extract
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.world import World

ADOPT = 'mutation ($rules: JSON!, $on: Date!) { adoptRuleset(input: {rules: $rules, effectiveFrom: $on, resolution: "Minute"}) { ruleset { version } errors { code } } }'
END_ROLE = "mutation ($person: ID!, $role: Role!) { endRole(input: {personId: $person, role: $role}) { person { id } errors { code } } }"


async def changes_nothing(world: World) -> None:
    """Loads again, demo people included."""
    before = await world.contents()
    report = await load(world.url, with_people=True)

    assert {change for _, change in report.changes} == {Change.UNCHANGED}
    assert await world.contents() == before


def test_what_officers_did_stays(in_a_world: Scenario) -> None:
    """Rules adopted, a school that converted, belonging that began and ended."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        converts = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        leaves = (await world.ask(SCHOOL, urn=118373))["school"]["id"]
        rules: dict[str, Any] = stated_rules()
        rules["constituencies"][0]["name"] = "Friends and neighbours"
        rules["constituencies"].reverse()
        await world.do(ADOPT, clerk, rules=rules, on=await world.day())
        await world.do(CONVERT, clerk, id=converts, urn=151999)
        await world.do(LEAVE, clerk, id=converts, until=await world.day(-1))
        await world.do(JOIN, clerk, id=converts, since=await world.day())
        await world.do(LEAVE, clerk, id=leaves, until=await world.day())

        await changes_nothing(world)

        named = (await world.ask("{ trust { constituencies { name } } }"))["trust"]["constituencies"]
        assert named[-1]["name"] == "Friends and neighbours"
        assert (await world.ask("{ schools { totalCount } }"))["schools"]["totalCount"] == 10

    in_a_world(story)


def test_a_school_that_went_back_to_its_number_is_found_by_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        await world.do(CONVERT, clerk, id=school, urn=151999)
        await world.do(CONVERT, clerk, id=school, urn=118365)

        await changes_nothing(world)

    in_a_world(story)


def test_who_left_a_demo_office_is_not_followed_by_a_copy(in_a_world: Scenario) -> None:
    """Neither the office nor the mailbox it was loaded with."""

    async def story(world: World) -> None:
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        trustee = await world.officer(Role.TRUSTEE)
        email = 'mutation ($id: ID!) { correctPerson(input: {personId: $id, email: "canary@example.org", evidence: "A letter"}) { person { id } errors { code } } }'
        await world.do(END_ROLE, clerk, person=f"per_{trustee.person_id}", role="TRUSTEE")
        await world.do(email, officer, id=f"per_{trustee.person_id}")

        await changes_nothing(world)

    in_a_world(story)


def test_what_an_extract_of_gias_told_is_not_undone_by_older_files(in_a_world: Scenario, tmp_path: Path) -> None:
    async def story(world: World) -> None:
        schools = extract(
            tmp_path / "edubasealldata.csv",
            "118365,Aldington Academy,Primary,Kent,Closed,01-01-1900,31-08-2026,Canterbury",
        )
        await update_from_gias(world.url, schools, None, None, None)

        await changes_nothing(world)

    in_a_world(story)


def test_the_former_number_of_a_school_is_no_other_school(in_a_world: Scenario, tmp_path: Path) -> None:
    """Not of an extract of GIAS either, whoever asks for it to be added."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        await world.do(CONVERT, clerk, id=school, urn=151999)
        row = "118365,Aldington Primary School,Primary,Kent,Closed,01-01-1900,31-08-2026,"
        schools = extract(tmp_path / "edubasealldata.csv", row)
        before = await world.contents()

        await update_from_gias(world.url, schools, None, clerk.trust, 118365)

        assert await world.contents() == before

    in_a_world(story)
