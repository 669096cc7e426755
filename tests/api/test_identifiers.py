"""What schools' systems call people, and what deltas end by it: rule 22."""

from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.api.uploads import applied, checked, delta
from tests.conftest import Scenario
from tests.mutations import APPLY
from tests.world import CARE, Known, World

SCHOOLS = {118365: "S1,active,2026-01-01,Aldington,school,118365\n", 0: ""}
VERIFY = """mutation ($id: ID!) { verifyRelationship(input: {id: $id, evidence: "Seen"}) {
  person { id } errors { code } } }"""
ON_RECORD = """select string_agg(concat_ws(':', r.kind, s.urn, case when r.until is not null then 'ended' end), ' '
  order by r.kind, s.urn) from relationship r join person p on p.id = r.person_id left join school s on s.id = r.school_id
  where p.id = $1"""


def org(name: str, urn: int) -> str:
    return f"{name},active,2026-01-01,A school,school,{urn}\n"


async def told(
    world: World, officer: Known, users: str, enrolments: str = "", urn: int = 118365, **asked: str
) -> tuple[dict[int, Any], str]:
    """The rows of a delta of one school, S1, as the dry run has them; it is applied."""
    job, lines, _ = await checked(world, officer, delta(users, enrolments, org("S1", urn)), kind="ONEROSTER", **asked)
    await applied(world, officer, job)
    return lines, job


async def person_named(world: World, given: str, family: str = "Delta") -> list[Any]:
    rows = await world.owner.fetch(
        "select id from person where given_name = $1 and family_name = $2 order by id", given, family
    )
    return [row["id"] for row in rows]


USER = "{},{},2026-01-01,S1,{},{},Delta,{},\n"


def user(identifier: str, given: str, role: str = "student", status: str = "active", email: str = "") -> str:
    return USER.format(identifier, status, role, given, email)


def test_an_identifier_of_two_schools_means_two_people(in_a_world: Scenario) -> None:
    """Rule 3d: two schools' systems may both count from one."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, second = await world.two_schools()

        await told(world, officer, user("1", "Ada"), urn=first)
        lines, _ = await told(world, officer, user("1", "Bo"), urn=second)
        assert lines[3]["outcome"] == "NEW", "whoever the other school calls so"
        lines, _ = await told(world, officer, user("1", "Ada"), urn=second)
        assert (lines[3]["outcome"], "IDENTIFIER_OF_ANOTHER" in lines[3]["findings"]) == ("NEEDS_HUMAN", True)
        lines, _ = await told(world, officer, user("1", "Bo", status="tobedeleted"), urn=second)

        (ada,), (bo,) = await person_named(world, "Ada"), await person_named(world, "Bo")
        assert await world.value(ON_RECORD, ada) == f"LEARNER:{first}"
        assert await world.value(ON_RECORD, bo) == f"LEARNER:{second}:ended"

    in_a_world(story)


def test_the_same_name_under_one_identifier_of_two_schools_is_merged_by_nobody(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, second = await world.two_schools()
        await told(world, officer, user("1", "Ada"), urn=first)

        lines, _ = await told(world, officer, user("1", "Ada"), urn=second)

        assert (lines[3]["outcome"], lines[3]["findings"]) == (
            "NEEDS_HUMAN",
            ["LEARNER", "BIRTH_DATE_NOT_COMPARED", "MAYBE_THE_SAME"],
        )

    in_a_world(story)


def test_an_identifier_that_a_school_uses_twice_is_doubtful(in_a_world: Scenario) -> None:
    """In one file, and against what is on record; the very row again is none."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        twice = user("1", "Ada") + user("1", "Bo") + user("2", "Cy") + user("2", "Cy")

        lines, _ = await told(world, officer, twice)

        assert [lines[line]["outcome"] for line in (3, 4, 5, 6)] == ["NEEDS_HUMAN", "NEEDS_HUMAN", "NEW", "DUPLICATE"]
        assert all("IDENTIFIER_OF_ANOTHER" in lines[line]["findings"] for line in (3, 4))
        lines, _ = await told(world, officer, user("2", "Di"))
        assert (lines[3]["outcome"], lines[3]["findings"]) == (
            "NEEDS_HUMAN",
            ["LEARNER", "NAME_CONTRADICTS", "IDENTIFIER_OF_ANOTHER"],
        )
        lines, _ = await told(world, officer, user("2", "C.", "teacher"))
        assert lines[3]["outcome"] == "NEEDS_HUMAN"
        assert {"KIND_CONTRADICTS", "IDENTIFIER_OF_ANOTHER"} <= set(lines[3]["findings"])
        (cy,) = await person_named(world, "Cy")
        assert await world.value(ON_RECORD, cy) == "LEARNER:118365"

    in_a_world(story)


def test_whom_a_file_finds_on_record_is_known_by_the_identifier_from_then_on(in_a_world: Scenario) -> None:
    """Rule 22a: otherwise nobody sees it when they leave."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await told(world, officer, user("1", "Bob", "teacher", email="bob@example.org"))
        (bob,) = await person_named(world, "Bob")
        # as officers bring together whom a system calls anew
        await world.owner.execute("update person_identifier set identifier = 'old' where person_id = $1", bob)
        await world.owner.execute("update person set phone = '+447700900123' where id = $1", bob)
        same = user("1", "Bob", "teacher", email="bob@example.org")

        job, lines, _ = await checked(world, officer, delta(same, "", org("S1", 118365)), kind="ONEROSTER")
        assert lines[3]["outcome"] == "UPDATE"
        assert "IDENTIFIER_LEARNED" in lines[3]["findings"]
        await applied(world, officer, job)
        again, _ = await told(world, officer, user("1", "Bob", "teacher", email="bob@example.org"))
        gone, _ = await told(world, officer, "", "E1,tobedeleted,2026-01-01,S1,1,teacher,\n")

        assert again[3]["outcome"] == "UNCHANGED"
        assert gone[3]["outcome"] == "UPDATE"
        assert await world.value(ON_RECORD, bob) == "STAFF:118365:ended"

    in_a_world(story)


def test_a_removal_of_somebody_nobody_knows_puts_nobody_on_record(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        lines, _ = await told(world, officer, user("1", "Ada", status="tobedeleted"))

        assert (lines[3]["outcome"], lines[3]["findings"]) == ("REFUSED", ["USER_REMOVED", "USER_UNKNOWN"])
        assert await person_named(world, "Ada") == []

    in_a_world(story)


@pytest.mark.parametrize("role", ["teacher", ""])
def test_leaving_one_school_ends_nothing_at_another(in_a_world: Scenario, role: str) -> None:
    """Rule 22a: a teacher who leaves stays the parent of a learner elsewhere."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, second = await world.two_schools()
        await told(world, officer, user("1", "Bob", "teacher"), urn=first)
        (bob,) = await person_named(world, "Bob")
        known = await world.session(CARE, "bob@example.org", bob)
        declared = [{"kind": "PARENT_CARER", "schoolUrn": urn} for urn in (first, second)]
        await world.do(
            APPLY, known, input=world.application(givenName="Bob", familyName="Delta", relationships=declared)
        )

        lines, _ = await told(world, officer, user("1", "Bob", role, "tobedeleted"), urn=first)

        assert lines[3]["outcome"] == "UPDATE"
        family = f"PARENT_CARER:{first}{'' if role else ':ended'} PARENT_CARER:{second}"
        assert await world.value(ON_RECORD, bob) == f"{family} STAFF:{first}:ended"

    in_a_world(story)


@pytest.mark.parametrize("is_verified", [False, True])
def test_what_somebody_declared_and_an_officer_verified_ends_when_the_school_says_so(
    in_a_world: Scenario, is_verified: bool
) -> None:
    """Rule 22a: what is known to be so, and from whom, are two things."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        member, _ = await world.member(constituency="STAFF", givenName="Bob", familyName="Delta")
        key = await world.value("select id from relationship where person_id = $1", member.person_id)
        if is_verified:
            await world.do(VERIFY, officer, id=f"rel_{key}")
        # as an officer would resolve it, who sees that the school means the member
        await world.owner.execute(
            "insert into person_identifier (trust_id, system, school_id, identifier, person_id) select trust_id,"
            " 'oneroster', school_id, '1', person_id from relationship where id = $1",
            key,
        )
        urn = await world.value(
            "select s.urn from relationship r join school s on s.id = r.school_id where r.id = $1", key
        )

        await told(world, officer, user("1", "Bob", "teacher", "tobedeleted"), urn=urn)

        assert await world.value(ON_RECORD, member.person_id) == f"STAFF:{urn}:ended"
        assert (await world.keep_register())["lapsing"] == 1

    in_a_world(story)


def test_an_older_delta_changes_nothing_that_a_newer_one_told(in_a_world: Scenario) -> None:
    """Rule 22h: neither where the newer one said nothing new, nor where it was checked later than the older."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await told(world, officer, user("1", "Ada") + user("2", "Bo"))
        await world.pass_time(days=20)
        gone = user("1", "Ada", status="tobedeleted") + user("2", "Bo", status="tobedeleted")
        older = await world.day(-5)
        before, lines, _ = await checked(
            world, officer, delta(gone, "", org("S1", 118365)), kind="ONEROSTER", exportedOn=older
        )
        assert lines[3]["outcome"] == lines[4]["outcome"] == "UPDATE"
        await told(world, officer, user("1", "Ada"))

        await applied(world, officer, before)
        lines, _ = await told(world, officer, gone, exportedOn=older)

        assert (lines[3]["outcome"], lines[3]["findings"][-1]) == ("NEEDS_HUMAN", "OLDER_THAN_KNOWN")
        (ada,), (bo,) = await person_named(world, "Ada"), await person_named(world, "Bo")
        assert await world.value(ON_RECORD, ada) == "LEARNER:118365"
        assert await world.value(ON_RECORD, bo) == "LEARNER:118365:ended", "of whom the newer one did not tell"

    in_a_world(story)


def test_staff_and_pupils_who_move_within_the_trust_keep_what_is_theirs(in_a_world: Scenario) -> None:
    """Rules 22d and 22f."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, second = await world.two_schools()
        await told(world, officer, user("1", "Bob", "teacher", email="bob@example.org"), urn=first)
        (bob,) = await person_named(world, "Bob")
        known = await world.session(CARE, "bob@example.org", bob)
        named: dict[str, Any] = {"givenName": "Bob", "familyName": "Delta", "constituency": "STAFF"}
        named["relationships"] = [{"kind": "STAFF", "schoolUrn": first}]
        membership = (await world.do(APPLY, known, input=world.application(**named)))["member"]["id"]
        await world.do(
            "mutation ($id: ID!) { admitMember(input: {id: $id}) { errors { code } } }", officer, id=membership
        )
        # one system of the trust tells of both
        both = org("S1", first) + org("S2", second)
        moved = '1,active,2026-01-01,"S1,S2",teacher,Bob,Delta,bob@example.org,\n'
        job, _, _ = await checked(
            world, officer, delta(moved, "E1,inactive,2026-01-01,S1,1,teacher,\n", both), kind="ONEROSTER"
        )
        await applied(world, officer, job)

        assert await world.value(ON_RECORD, bob) == f"STAFF:{first}:ended STAFF:{second}"
        assert (await world.keep_register())["lapsing"] == 0

    in_a_world(story)
