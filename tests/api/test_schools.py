"""Schools joining, leaving and converting (rules 22e and 23), and extracts of Get Information About Schools."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from api.cli.gias import update_from_gias
from api.cli.load import DataError
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.world import CARE, World

JOIN = 'mutation ($id: ID!, $since: Date!) { affiliateSchool(input: {schoolId: $id, kind: FOUNDATION, since: $since, cohort: "Wave 3"}) { school { affiliations { kind since until cohort } } errors { code } } }'
LEAVE = "mutation ($id: ID!, $until: Date!) { endAffiliation(input: {schoolId: $id, until: $until}) { school { affiliations { until } } errors { code } } }"
CONVERT = 'mutation ($id: ID!, $urn: Int!) { convertSchool(input: {schoolId: $id, urn: $urn, convertedOn: "2026-09-01"}) { school { id urn name links { kind urn } } errors { code } } }'
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
        assert (await world.do(LEAVE, clerk, id=school, until=today))["school"]["affiliations"] == [{"until": today}]
        assert await world.refused(LEAVE, clerk, id=school, until=today) == "NOT_FOUND"
        assert (await world.keep_register())["lapsing"] == 1
        (again,) = (await world.do(JOIN, clerk, id=school, since=await world.day(-1)))["school"]["affiliations"]
        assert (again["until"], again["cohort"]) == (None, "Wave 3")
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
