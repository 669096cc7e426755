"""Birth dates in a delta: rules 6b and 22a."""

import io
import zipfile
from typing import Any

from domain.identity.viewer import Role
from tests.api.uploads import applied, checked, delta, upload
from tests.conftest import Scenario
from tests.world import World

HEADER = "sourcedId,status,dateLastModified,birthDate,sex,countryOfBirthCode\n"
USER = "{},active,2026-01-01,S1,{},{},Delta,,{}\n"


def with_demographics(users: str, demographics: str, header: str = HEADER) -> bytes:
    stored = io.BytesIO(delta(users, ""))
    with zipfile.ZipFile(stored, "a") as archive:
        archive.writestr("demographics.csv", header + demographics)
    return stored.getvalue()


def born(identifier: str, day: str, status: str = "active") -> str:
    return f"{identifier},{status},2026-01-01,{day},female,GBR\n"


def test_birth_dates_are_read_of_learners_alone_and_nothing_else(in_a_world: Scenario) -> None:
    """Rule 6b: as little as is enough is stored, in the rows of the file, too."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        users = USER.format("1", "student", "Ada", 5) + USER.format("2", "teacher", "Bo", "")
        users += USER.format("3", "student", "Cy", 5) + USER.format("4", "student", "Di", 5)
        users += USER.format("5", "student", "Eve", 5)
        year = (await world.today()).year - 10
        told = born("1", f"{year}-02-03") + born("2", "1980-01-01") + born("3", "1980-01-01") + born("4", "03/02/0001")
        told += born("5", f"{year}-01-01", "tobedeleted") + born("9", f"{year}-01-01")

        job, lines, _ = await checked(world, officer, with_demographics(users, told), kind="ONEROSTER")

        assert [lines[line]["outcome"] for line in range(3, 8)] == ["NEW", "NEW", "NEEDS_HUMAN", "NEEDS_HUMAN", "NEW"]
        assert "BELOW_DIGITAL_CONSENT" in lines[3]["findings"]
        assert (lines[5]["findings"][-1], lines[6]["findings"][-1]) == ("AGE_CONTRADICTS", "BIRTH_DATE_UNUSABLE")
        stored = str(await world.value("select json_agg(cells)::text from import_row"))
        assert f"{year}-02-03" in stored
        assert not any(each in stored for each in ("female", "GBR", f"{year}-01-01")), "nothing else of anybody"
        assert lines[4]["cells"] == {**lines[4]["cells"], "role": "teacher"}
        assert "birthDate" not in lines[4]["cells"]
        await applied(world, officer, job)
        days: Any = await world.owner.fetch(
            "select given_name, date_of_birth::text as born from person where family_name = 'Delta' order by 1"
        )
        assert [tuple(each) for each in days] == [("Ada", f"{year}-02-03"), ("Bo", None), ("Eve", None)]

    in_a_world(story)


def test_whom_an_identifier_names_and_another_birth_date_is_doubtful(in_a_world: Scenario) -> None:
    """Rule 3d; one that was lacking is filled in."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        user, year = USER.format("1", "student", "Ada", 5), (await world.today()).year - 10
        found = []
        for day in ("", f"{year}-02-03", f"{year}-02-03", f"{year}-02-04"):
            job, lines, _ = await checked(world, officer, with_demographics(user, born("1", day)), kind="ONEROSTER")
            await applied(world, officer, job)
            found.append(lines[3]["outcome"])

        assert found == ["NEW", "UPDATE", "UNCHANGED", "NEEDS_HUMAN"]
        assert "IDENTIFIER_OF_ANOTHER" in lines[3]["findings"]

    in_a_world(story)


def test_demographics_without_birth_dates_are_told_so(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        odd = with_demographics(USER.format("1", "student", "Ada", 5), "1,active\n", "sourcedId,status\n")
        answer = await upload(world, await world.officer(Role.MEMBERSHIP_OFFICER), odd, kind="ONEROSTER")

        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "FILE_HEADER_WRONG"
        assert "demographics.csv lacks birthDate" in error["message"]

    in_a_world(story)
