"""Schools joining, leaving and converting (rules 22e and 23), and extracts of Get Information About Schools."""

import asyncio
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from api.cli.gias import update_from_gias
from api.cli.load import DataError
from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.test_school_year import YEAR_END
from tests.conftest import Scenario
from tests.world import CARE, World

JOIN = 'mutation ($id: ID!, $since: Date!) { affiliateSchool(input: {schoolId: $id, kind: FOUNDATION, since: $since, cohort: "Wave 3"}) { school { affiliations { kind since until cohort } } errors { code } } }'
LEAVE = "mutation ($id: ID!, $until: Date!) { endAffiliation(input: {schoolId: $id, until: $until}) { school { affiliations { since until } } errors { code path } } }"
CONVERT = 'mutation ($id: ID!, $urn: Int!, $on: Date! = "2026-09-01") { convertSchool(input: {schoolId: $id, urn: $urn, convertedOn: $on}) { school { id urn name links { kind urn } } errors { code path } } }'
SCHOOL = (
    "query ($urn: Int!) { school(urn: $urn) { id name establishmentStatus closedOn diocese affiliations { kind } } }"
)
COLUMNS = "URN,EstablishmentName,PhaseOfEducation (name),LA (name),EstablishmentStatus (name),OpenDate,CloseDate,Diocese (name)"


def test_a_school_leaves_and_rejoins_and_members_follow(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk, keeper = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        await world.member(relationships=[{"kind": "PARENT_CARER", "schoolUrn": 118365}])
        await world.pass_time(days=10)
        today = await world.day()

        assert await world.refused(LEAVE, keeper, id=school, until=today) == "NOT_PERMITTED"
        assert await world.refused(JOIN, clerk, id=school, since=today) == "AFFILIATION_EXISTS"
        (left,) = (await world.do(LEAVE, clerk, id=school, until=today))["school"]["affiliations"]
        assert left["until"] == today
        assert await world.refused(LEAVE, clerk, id=school, until=today) == "NOT_FOUND"
        assert (await world.keep_register())["lapsing"] == 1
        assert await world.refused(JOIN, clerk, id=school, since=await world.day(-1)) == "AFFILIATION_EXISTS"
        before, again = (await world.do(JOIN, clerk, id=school, since=today))["school"]["affiliations"]
        assert (before["since"], before["until"]) == (left["since"], today), "the years before stay on record"
        assert (again["since"], again["until"], again["cohort"]) == (today, None, "Wave 3")
        assert (await world.keep_register())["kept"] == 1

    in_a_world(story)


def test_a_school_that_converts_keeps_everything(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        _, membership = await world.member(relationships=[{"kind": "PARENT_CARER", "schoolUrn": 118365}])

        assert await world.refused(CONVERT, clerk, id=school, urn=99) == "INPUT_INVALID"
        assert await world.refused(CONVERT, clerk, id=school, urn=118373) == "SCHOOL_KNOWN"
        assert await world.refused(CONVERT, clerk, id=school, urn=118365) == "SCHOOL_KNOWN"
        converted = (await world.do(CONVERT, clerk, id=school, urn=150001))["school"]

        assert (converted["id"], converted["name"]) == (school, "Aldington Primary School")
        assert {"kind": "PREDECESSOR", "urn": 118365} in converted["links"]
        assert await world.value("select school_id from membership where id = $1", UUID(membership[4:])) == UUID(
            school[4:]
        )
        assert (await world.keep_register())["lapsing"] == 0

    in_a_world(story)


def test_a_school_that_is_to_leave_and_rejoin_belongs_until_then(in_a_world: Scenario) -> None:
    """Rule 22e: what is said of days to come takes nothing away today."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        await world.member(relationships=[{"kind": "PARENT_CARER", "schoolUrn": 118365}])
        await world.pass_time(days=10)
        leaves, rejoins = await world.day(270), await world.day(271)

        await world.do(LEAVE, clerk, id=school, until=leaves)
        assert await world.refused(JOIN, clerk, id=school, since=await world.day(269)) == "AFFILIATION_EXISTS"
        first, second = (await world.do(JOIN, clerk, id=school, since=rejoins))["school"]["affiliations"]

        assert (first["until"], second["since"], second["until"]) == (leaves, rejoins, None)
        assert (await world.keep_register())["lapsing"] == 0
        await world.set_clock(datetime.fromisoformat(f"{leaves}T12:00:00+00:00"))
        assert (await world.keep_register())["lapsing"] == 1, "one day apart"
        await world.set_clock(datetime.fromisoformat(f"{rejoins}T12:00:00+00:00"))
        assert (await world.keep_register())["kept"] == 1

    in_a_world(story)


def test_an_end_to_come_moves_and_a_first_day_that_was_wrong_is_withdrawn(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        soon, later, latest = [await world.day(days) for days in (10, 20, 30)]

        async def ended(until: str) -> list[str | None]:
            payload = await world.do(LEAVE, clerk, id=school, until=until)
            return [each["until"] for each in payload["school"]["affiliations"]]

        assert await ended(later) == [later]
        assert await world.refused(LEAVE, clerk, id=school, until=later) == "NOT_FOUND", "nothing ends that did not"
        assert await ended(latest) == [latest]
        assert await ended(soon) == [soon]
        await world.do(JOIN, clerk, id=school, since=latest)
        assert await ended(latest) == [soon, latest], "never held"
        assert len((await world.do(JOIN, clerk, id=school, since=later))["school"]["affiliations"]) == 3
        assert await ended(later) == [soon, later, latest]
        again = (await world.do(JOIN, clerk, id=school, since=latest))["school"]["affiliations"]
        assert [each["until"] for each in again] == [soon, later, None], "the slip has become true"
        assert await ended(later) == [later, later, None], "of what went on at that time"
        await world.pass_time(days=20)
        (early,) = await world.refusals(LEAVE, clerk, id=school, until=later)
        assert (early["code"], early["path"]) == ("DATES_CONTRADICT", "until")

    in_a_world(story)


def test_a_school_leaves_in_every_way_in_which_it_belongs(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        await world.do(JOIN.replace("FOUNDATION", "ASSOCIATE"), clerk, id=school, since=await world.day())

        left = (await world.do(LEAVE, clerk, id=school, until=await world.day(5)))["school"]["affiliations"]

        assert [each["until"] for each in left] == [await world.day(5)] * 2

    in_a_world(story)


def test_two_who_let_a_school_join_at_once_let_it_join_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        await world.do(LEAVE, clerk, id=school, until=await world.day())
        both = [world.ask(JOIN, clerk, id=school, since=await world.day(days)) for days in (1, 2)]

        answers = [answer["affiliateSchool"]["errors"] for answer in await asyncio.gather(*both)]

        assert sorted(answers, key=len) == [[], [{"code": "AFFILIATION_EXISTS"}]]

    in_a_world(story)


def test_a_school_converts_on_its_day_and_goes_back_to_the_number_just_left(in_a_world: Scenario) -> None:
    """Rule 23a: whatever was done by a slip, no school is its own predecessor or successor."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        other = (await world.ask(SCHOOL, urn=118373))["school"]["id"]
        await world.owner.execute(
            "insert into school_link (trust_id, school_id, kind, linked_urn, linked_name)"
            " select trust_id, id, 'SUCCESSOR', 150001, 'Aldington Academy' from school where urn = 118365"
        )
        (early,) = await world.refusals(CONVERT, clerk, id=school, urn=150001, on=await world.day(1))
        assert (early["code"], early["path"]) == ("DATES_CONTRADICT", "convertedOn")

        converted = (await world.do(CONVERT, clerk, id=school, urn=150001, on=await world.day()))["school"]
        assert converted["links"] == [{"kind": "PREDECESSOR", "urn": 118365}]
        assert await world.refused(CONVERT, clerk, id=other, urn=118365) == "SCHOOL_KNOWN", "files may still name it"
        await world.do(CONVERT, clerk, id=school, urn=150002)
        assert await world.refused(CONVERT, clerk, id=school, urn=118365) == "SCHOOL_KNOWN", "one step at a time"
        back = (await world.do(CONVERT, clerk, id=school, urn=150001))["school"]
        assert (back["urn"], back["links"]) == (150001, [{"kind": "PREDECESSOR", "urn": 118365}])
        back = (await world.do(CONVERT, clerk, id=school, urn=118365))["school"]
        assert (back["urn"], back["links"]) == (118365, [])
        again = (await world.do(CONVERT, clerk, id=school, urn=150001))["school"]
        assert again["links"] == [{"kind": "PREDECESSOR", "urn": 118365}]

    in_a_world(story)


def test_two_schools_that_convert_to_one_number_at_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        both = [(await world.ask(SCHOOL, urn=urn))["school"]["id"] for urn in (118365, 118373)]

        answers = await asyncio.gather(*(world.ask(CONVERT, clerk, id=school, urn=150001) for school in both))

        errors = [answer["convertSchool"]["errors"] for answer in answers]
        assert sorted(errors, key=len) == [[], [{"code": "SCHOOL_KNOWN", "path": "urn"}]]

    in_a_world(story)


def test_a_school_leaves_converts_and_ends_its_year_while_the_night_passes(in_a_world: Scenario) -> None:
    """Rules 22c, 22e and 23a: in whichever order they come, each is done, and a member is told once."""

    async def story(world: World) -> None:
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        _, membership = await world.member(relationships=[{"kind": "PARENT_CARER", "schoolUrn": 118365}])
        await world.pass_time(days=10)
        today = await world.day()

        left, converted, year, night = await asyncio.gather(
            world.do(LEAVE, clerk, id=school, until=today),
            world.do(CONVERT, clerk, id=school, urn=150001, on=today),
            world.ask(YEAR_END, officer, leaving=[{"schoolUrn": 118365, "yearGroup": 6}], day=today, dry=False),
            world.keep_register(),
        )

        assert (left["school"]["affiliations"][0]["until"], converted["school"]["urn"]) == (today, 150001)
        assert [each["code"] for each in year["endSchoolYear"]["errors"]] in ([], ["INPUT_INVALID"])
        assert night["lapsing"] + (await world.keep_register())["lapsing"] == 1
        assert (await member_of(world, officer, membership))["status"] == "LAPSING"
        assert await world.value("select count(*) from notice where kind = 'LAPSING'") == 1

    in_a_world(story)


@pytest.mark.parametrize(("late", "step"), [(0, "kept"), (1, "lapsed")])
def test_a_school_that_rejoins_as_grace_ends(in_a_world: Scenario, late: int, step: str) -> None:
    """Rule 22b: on the last morning the ground is there again; a day later the membership has ceased."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        school = (await world.ask(SCHOOL, urn=118365))["school"]["id"]
        await world.member(relationships=[{"kind": "PARENT_CARER", "schoolUrn": 118365}])
        await world.pass_time(days=10)
        await world.do(LEAVE, clerk, id=school, until=await world.day())
        await world.keep_register()
        lapses_on: date = await world.value("select lapses_on from membership where lapses_on is not null")
        grace = (lapses_on - await world.today()).days
        await world.do(JOIN, clerk, id=school, since=await world.day(grace + late))

        await world.pass_time(days=grace)

        done = await world.keep_register()
        assert {each: done[each] for each in ("kept", "lapsed")} == {"kept": 0, "lapsed": 0} | {step: 1}

    in_a_world(story)


def extract(path: Path, *rows: str, encoding: str = "cp1252", columns: str = COLUMNS) -> Path:
    path.write_text("\r\n".join([columns, *rows, ""]), encoding=encoding, newline="")
    return path


def test_an_extract_of_gias_updates_adds_and_says_who_has_closed(in_a_world: Scenario, tmp_path: Path) -> None:
    """Real column names, Windows-1252 as it is published."""
    schools = extract(
        tmp_path / "edubasealldata.csv",
        "118365,Aldington – Ysgol Fach,Primary,Kent,Open,01-01-1900,,Diocese of Canterbury",
        "118373,Brook Community Primary School,Primary,Kent,Closed,,31-08-2026,",
        "150002,New Village Primary,Primary,Kent,Open,01-09-2026,,",
        "100000,Nobody's School,Primary,Kent,Open,,,",
        "118374,Challock Primary School,Nowhere,Kent,Open,,,",
    )
    links = extract(
        tmp_path / "links.csv", "118373,150003,Brook Academy,Successor,01-09-2026", "9,10,x,Successor,",
        columns="URN,LinkURN,LinkName,LinkType,LinkEstablishedDate",
    )  # fmt: skip

    async def story(world: World) -> None:
        await update_from_gias(world.url, schools, links, CARE, 150002)
        contents = await world.contents()
        await update_from_gias(world.url, schools, links, None, None)

        assert await world.contents() == contents, "the same again changes nothing"
        aldington = (await world.ask(SCHOOL, urn=118365))["school"]
        assert (aldington["name"], aldington["diocese"]) == ("Aldington – Ysgol Fach", "Diocese of Canterbury")
        closed = (await world.ask(SCHOOL, urn=118373))["school"]
        assert (closed["establishmentStatus"], closed["closedOn"]) == ("Closed", "2026-08-31")
        added = (await world.ask(SCHOOL, urn=150002))["school"]
        assert (added["name"], added["affiliations"]) == ("New Village Primary", []), "it has not joined yet"
        assert (await world.ask(SCHOOL, urn=118374))["school"]["name"] == "Challock Primary School"
        assert (await world.ask(SCHOOL, urn=100000))["school"] is None

    in_a_world(story)


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"URN,Name\r\n1,x\r\n", "lacks the columns"), (b"", "lacks the columns"), (b'URN,"a\r\n', "can't be read|lacks")],
)
def test_a_file_that_is_no_extract(database: str, tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "wrong.csv"
    path.write_bytes(content)

    with pytest.raises(DataError, match=what):
        asyncio.run(update_from_gias(database, path, None, None, None))


def test_the_structures_of_the_five_trusts_are_complete(in_a_world: Scenario) -> None:
    """Rule 23 and data/README.md: 56 schools, their kinds of belonging, cohorts and dioceses."""

    async def story(world: World) -> None:
        rows = await world.owner.fetch(
            "select t.slug, count(distinct s.id) as schools, count(distinct s.id) filter (where a.kind <> 'ASSOCIATE') as members,"
            " count(distinct a.cohort) as cohorts, count(distinct s.diocese) as dioceses from trust t join school s on s.trust_id = t.id"
            " left join affiliation a on a.trust_id = t.id and a.school_id = s.id group by 1"
        )
        found = {row["slug"]: (row["schools"], row["members"]) for row in rows}

        assert found == {
            "leek-learning-trust": (10, 9),
            "collegiate-trust": (7, 7),
            "uttoxeter-learning-trust": (11, 8),
            "care-foundation-trust": (10, 10),
            "wessex-learning-trust": (18, 18),
        }
        assert sum(row["cohorts"] for row in rows) > 0
        assert sum(row["dioceses"] for row in rows) == 2
        assert (
            await world.value(
                "select count(*) from school where not exists (select from affiliation a where a.school_id = school.id)"
            )
            == 0
        )
        assert await world.value("select count(*) from school_link where kind = 'PREDECESSOR'") > 20

    in_a_world(story)
