"""Deltas of schools' systems (OneRoster): rule 22."""

import zipfile

import pytest

from domain.identity.viewer import Role
from tests.api.uploads import applied, checked, delta, people, upload, work_off
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, END_RELATIONSHIP
from tests.world import CARE, Known, World


@pytest.mark.parametrize("cell", ["\u00b2", "\0", "x" * 5_000])
def test_a_delta_with_an_odd_cell_is_answered_or_worked_off(in_a_world: Scenario, cell: str) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        odd = delta(f"{cell},active,2026-01-01,S1,student,Ada,Delta,,{cell}\n", "")

        answer = await upload(world, officer, odd, kind="ONEROSTER")
        if cell == "\0":
            assert answer.json()["errors"][0]["extensions"]["code"] == "FILE_ENCODING_WRONG"
            return
        await work_off(world)
        await applied(world, officer, answer.json()["import"])

    in_a_world(story)


def test_a_delta_of_the_schools_system_brings_people_and_takes_them_away(in_a_world: Scenario) -> None:
    """Rule 22a: OneRoster users, enrolments, orgs; leavers show up there, and their membership lapses."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        users = "U1,active,2026-01-01,S1,student,Ada,Delta,,6\nU2,active,2026-01-01,S1,teacher,Bob,Delta,bob@example.org,\nU3,active,2026-01-01,S9,teacher,Cy,Delta,,\nU4,active,2026-01-01,S1,robot,Di,Delta,,\n"
        first = delta(users, "E1,active,2026-01-01,S1,U1,student,\nE9,active,2026-01-01,S1,U9,student,\n")
        job, lines, node = await checked(world, officer, first, kind="ONEROSTER")

        assert [lines[line]["outcome"] for line in range(2, 9)] == [
            "UNCHANGED",
            "NEW",
            "NEW",
            "REFUSED",
            "NEEDS_HUMAN",
            "UPDATE",
            "REFUSED",
        ]
        assert node["findings"]["USER_UNKNOWN"] == 1
        await applied(world, officer, job)
        kinds = "select string_agg(p.given_name || ':' || r.kind || coalesce(':' || r.until, ''), ' ' order by p.given_name) from relationship r join person p on p.id = r.person_id where p.family_name = 'Delta'"
        assert await world.value(kinds) == "Ada:LEARNER Bob:STAFF"

        again, lines, node = await checked(world, officer, first, kind="ONEROSTER")
        assert not {"NEW", "UPDATE"} & set(node["outcomes"])
        await applied(world, officer, again)
        bob = await world.value("select id from person where given_name = 'Bob' and family_name = 'Delta'")
        known = await world.session(CARE, "bob@example.org", bob)
        membership = (
            await world.do(
                APPLY,
                known,
                input=await world.application_of(
                    known, constituency="STAFF", relationships=[{"kind": "STAFF", "schoolUrn": 118365}]
                ),
            )
        )["member"]["id"]
        await world.do(ADMIT, officer, id=membership)
        await world.pass_time(days=10)

        gone = delta(
            "U1,tobedeleted,2026-02-01,S1,student,Ada,Delta,,6\n", "E2,active,2026-02-01,S1,U2,teacher,2026-02-01\n"
        )
        job, lines, node = await checked(world, officer, gone, kind="ONEROSTER")
        assert (node["findings"]["USER_REMOVED"], node["findings"]["ENROLMENT_ENDED"]) == (1, 1)
        await applied(world, officer, job)
        assert "Ada:LEARNER:" in await world.value(kinds)
        assert (await world.keep_register())["lapsing"] == 1

    in_a_world(story)


def test_two_deltas_checked_before_either_is_applied_know_each_other_by_identifiers(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, _, _ = await checked(
            world, officer, delta("U1,active,2026-01-01,S1,student,Ada,Delta,,6\n", ""), kind="ONEROSTER"
        )
        second, lines, _ = await checked(
            world, officer, delta("U1,active,2026-02-01,S1,student,Ada,Delta,,6\n", ""), kind="ONEROSTER"
        )
        assert lines[3]["outcome"] == "NEW"
        await applied(world, officer, first)

        await applied(world, officer, second)

        line = "select outcome from import_row where line = 3 and job_id::text = $1"
        assert await world.value(line, second.removeprefix("imp_")) == "UNCHANGED", "the name alone would leave it open"
        assert await world.value("select count(*) from person where family_name = 'Delta'") == 1

    in_a_world(story)


def test_whom_an_identifier_names_is_known_by_an_initial_with_its_dot(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        found = []
        for given_name in ("Tomasz", "T.", "Tim"):
            user = f"U1,active,2026-01-01,S1,student,{given_name},Delta,,6\n"
            job, lines, _ = await checked(world, officer, delta(user, ""), kind="ONEROSTER")
            await applied(world, officer, job)
            found.append(lines[3]["outcome"])

        assert found == ["NEW", "UNCHANGED", "NEEDS_HUMAN"]

    in_a_world(story)


USER, ENROLMENT = "U1,{},2026-01-01,S1,student,Ada,Delta,,{}\n", "E1,{},2026-01-01,S1,U1,{},\n"
OF_ADA = (
    "from relationship r join person p on p.id = r.person_id where p.given_name = 'Ada' and p.family_name = 'Delta'"
)


async def told(world: World, officer: Known, users: str, enrolments: str = "") -> tuple[str, str]:
    """What the dry run says of the row after the school, and what is on record of Ada once it is applied."""
    content = delta(users, enrolments)
    job, lines, _ = await checked(world, officer, content, kind="ONEROSTER", exportedOn="2026-01-01")
    await applied(world, officer, job)
    assert "ANOTHER_RELATIONSHIP" not in lines[3]["findings"]
    on_record = f"select string_agg(concat_ws(':', r.kind, r.year_group, r.until), ' ') {OF_ADA}"
    return lines[3]["outcome"], await world.value(on_record)


def test_a_learner_told_without_a_year_group_is_unchanged_and_with_another_moves(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        assert await told(world, officer, USER.format("active", 5)) == ("NEW", "LEARNER:5")

        assert await told(world, officer, USER.format("active", "")) == ("UNCHANGED", "LEARNER:5")
        assert await told(world, officer, USER.format("active", 6)) == ("UPDATE", "LEARNER:6")
        for enrolment in (("active", "student"), ("inactive", "teacher")):
            assert await told(world, officer, "", ENROLMENT.format(*enrolment)) == ("UNCHANGED", "LEARNER:6")

    in_a_world(story)


@pytest.mark.parametrize(
    "removal", [(USER.format("tobedeleted", 5), ""), ("", ENROLMENT.format("inactive", "student"))]
)
def test_a_removal_ends_what_would_end_later(in_a_world: Scenario, removal: tuple[str, str]) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await told(world, officer, USER.format("active", 5))
        key = await world.value(f"select r.id {OF_ADA}")
        await world.do(END_RELATIONSHIP, officer, id=f"rel_{key}", until=await world.day(3650))

        assert await told(world, officer, *removal) == ("UPDATE", "LEARNER:5:2026-01-01")
        assert await told(world, officer, *removal) == ("UNCHANGED", "LEARNER:5:2026-01-01")

    in_a_world(story)


def damaged(packed: int) -> bytes:
    """Its first entry can't be unpacked."""
    content = bytearray(delta("", "", "S1,active,2026-01-01,Aldington,school,118365\n" * 500, packed))
    content[45:75] = bytes(byte ^ 0x5A for byte in content[45:75])
    return bytes(content)


def misnamed() -> bytes:
    """An entry is said to have a name in UTF-8, and has not."""
    content = bytearray(delta("", ""))
    entry = content.index(b"PK\x01\x02")
    content[entry + 9] |= 8
    content[entry + 46] = 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        b"no zip",
        people("Al,Bo,Parent,118365,,,,,,,Y"),
        *map(damaged, (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)),
        misnamed(),
    ],
    ids=("text", "csv", "deflate", "bzip2", "lzma", "name"),
)
def test_a_delta_that_is_no_zip_file(in_a_world: Scenario, content: bytes) -> None:
    async def story(world: World) -> None:
        answer = await upload(world, await world.officer(Role.MEMBERSHIP_OFFICER), content, kind="ONEROSTER")
        assert answer.json()["errors"][0]["extensions"]["code"] == "FILE_MALFORMED"

    in_a_world(story)


def test_an_enrolment_goes_as_the_row_of_its_user_goes(in_a_world: Scenario) -> None:
    """Two systems may both count from one: what is doubtful of the user is doubtful of the enrolment."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        user = "U1,active,2026-01-01,S1,student,{},Port,,5\n"
        job, _, _ = await checked(world, officer, delta(user.format("Al"), ""), kind="ONEROSTER")
        await applied(world, officer, job)
        ended = "E1,tobedeleted,2026-01-01,S1,U1,student,\n"

        _, lines, _ = await checked(world, officer, delta(user.format("Bo"), ended), kind="ONEROSTER")
        assert {lines[line]["outcome"] for line in (3, 4)} == {"NEEDS_HUMAN"}
        _, lines, _ = await checked(world, officer, delta(user.format("Al"), ended), kind="ONEROSTER")
        assert lines[4]["outcome"] == "UPDATE"

    in_a_world(story)


def test_a_name_in_a_delta_is_one_line_without_what_nobody_sees(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        users = '"U1",active,2026-01-01,S1,student,"Ann\nBcc: x@y.org","Ne\u202ew\r\nL\u0001ine",,5\n'

        job, lines, _ = await checked(world, officer, delta(users, ""), kind="ONEROSTER")
        assert "NAME_INVISIBLE" in lines[3]["findings"]
        await applied(world, officer, job)

        found = await world.owner.fetchrow("select given_name, family_name from person where given_name like 'Ann%'")
        assert tuple(found) == ("Ann Bcc: x@y.org", "New Line")

    in_a_world(story)
