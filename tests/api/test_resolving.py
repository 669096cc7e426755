"""An officer resolves the rows of a file that need a human: both sides shown, some rows today and others tomorrow, before
the file is applied and after (rule 3d)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from domain.identity.viewer import Role
from tests.api.resolutions import RESOLVE, refuses, resolve, waiting
from tests.api.test_data_requests import ANSWER
from tests.api.uploads import APPLY_IMPORT, applied, checked, people, work_off
from tests.conftest import Scenario
from tests.mutations import MERGE, REQUEST_ABOUT_DATA, act
from tests.world import CARE, WESSEX, Known, World

HOUSE = "salt@example.org,07700 900001,TN25 6AA,English"
FATHER = f"John,Salt,Parent,118365,6,,{HOUSE},Y"
STAFF = f"John,Salt,Staff,118365,,,{HOUSE},Y"  # the same, or his son of the same name


async def two_officers(world: World) -> tuple[Known, Known]:
    officer, (colleague, _) = await world.officer(Role.MEMBERSHIP_OFFICER), await world.member()
    await world.owner.execute(
        "insert into role_grant (trust_id, person_id, role) select trust_id, id, $2 from person where id = $1",
        colleague.person_id,
        Role.MEMBERSHIP_OFFICER.value,
    )
    return officer, colleague


async def salts(world: World) -> int:
    return int(await world.value("select count(*) from person where family_name = 'Salt'"))


@pytest.mark.parametrize("is_applied", [False, True])
def test_a_row_is_of_a_person_on_record_or_of_somebody_else(in_a_world: Scenario, is_applied: bool) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, _, _ = await checked(world, officer, people(FATHER))
        await applied(world, officer, first)
        job, _, _ = await checked(world, officer, people(STAFF, STAFF.replace("English,Y", "English,y")))
        if is_applied:
            await applied(world, officer, job)
        rows = await waiting(world, officer, job)
        assert list(rows) == [2, 3]
        assert rows[2]["reading"]["kinds"] == ["STAFF"]
        (john,) = rows[2]["alikePeople"]
        assert john["relationships"] == [{"kind": "PARENT_CARER", "yearGroup": 6}], "both sides are shown"

        same = await resolve(world, officer, rows[2], sameAsPerson=john["id"])
        assert (same["outcome"], same["person"], same["isApplied"]) == ("UPDATE", {"id": john["id"]}, is_applied)
        assert same["resolvedBy"] == {"id": f"per_{officer.person_id}"}
        another = await resolve(world, officer, rows[3], isSomebodyElse=True)
        assert (another["outcome"], another["resolution"]) == ("NEW", "SOMEBODY_ELSE")
        if not is_applied:
            assert await salts(world) == 1, "nothing is done before it is applied"
            await applied(world, officer, job)

        assert await salts(world) == 2
        kinds = await world.owner.fetch(
            "select p.id, array_agg(r.kind order by r.kind) as kinds from person p join relationship r on r.person_id = p.id"
            " where p.family_name = 'Salt' group by 1 order by 1"
        )
        assert [row["kinds"] for row in kinds] == [["PARENT_CARER", "STAFF"], ["STAFF"]]
        assert (
            await world.value(
                "select count(*) from membership m join person p on p.id = m.person_id where p.family_name = 'Salt'"
            )
            == 2
        )
        assert await waiting(world, officer, job) == {}
        _, _, node = await checked(world, officer, people(STAFF, STAFF.replace("English,Y", "English,y")))
        assert node["outcomes"] == {"UNCHANGED": 2}, "what was resolved is remembered"

    in_a_world(story)


def test_before_a_file_is_applied_a_row_is_of_another_row_above_or_below(in_a_world: Scenario) -> None:
    """An initial, and a corrected name: whichever row comes first puts the person on record, once."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        title = FATHER.replace("John", "Mr John")
        job, _, _ = await checked(world, officer, people(title, FATHER, FATHER.replace("John", "J.")))
        rows = await waiting(world, officer, job)
        assert list(rows) == [2, 4]
        assert [each["line"] for each in rows[4]["alikeRows"]] == [3]
        assert await refuses(world, officer, rows[4], sameAsRow=rows[2]["id"]) == "NOT_FOUND", "not one of those shown"

        mended = await resolve(world, officer, rows[2], corrected={"givenName": "John"})
        assert (mended["outcome"], mended["corrected"]) == ("NEEDS_HUMAN", ["given_name"])
        below, initial = (await waiting(world, officer, job))[2]["alikeRows"]
        assert (below["line"], initial["line"]) == (3, 4)
        assert (await resolve(world, officer, rows[2], sameAsRow=below["id"]))["outcome"] == "NEW"
        assert (await resolve(world, officer, rows[4], sameAsRow=below["id"]))["outcome"] == "DUPLICATE"
        assert await waiting(world, officer, job) == {}
        await applied(world, officer, job)

        assert await salts(world) == 1
        assert (
            await world.value("select count(distinct person_id) from import_row where job_id::text = $1", job[4:]) == 1
        )

    in_a_world(story)


def test_a_corrected_row_is_judged_again(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        born = FATHER.replace("6,,", "6,02/06/1979,")
        first, _, _ = await checked(world, officer, people(born))
        await applied(world, officer, first)
        unclear = FATHER.replace(",Y", ",tbc").replace("Parent", "Mum")
        job, _, _ = await checked(
            world, officer, people(FATHER, FATHER.replace("Parent", "???"), unclear, unclear.replace("John", "Ann"))
        )
        rows = await waiting(world, officer, job)

        known = await resolve(world, officer, rows[2], corrected={"dateOfBirth": "1979-06-02"})
        assert (known["outcome"], known["resolution"]) == ("UNCHANGED", "CORRECTED"), (
            "name and birth date say who it is"
        )
        assert await refuses(world, officer, rows[3], isSomebodyElse=True) == "ROW_NEEDS_CORRECTION"
        staff = await resolve(world, officer, rows[3], corrected={"kinds": ["STAFF"], "dateOfBirth": "1985-01-01"})
        assert (staff["outcome"], staff["corrected"]) == ("NEEDS_HUMAN", ["born", "kinds"]), "row 4 may be theirs"
        asked = await resolve(world, officer, rows[5], corrected={"consents": False, "email": ""})
        assert (asked["outcome"], asked["findings"][-1]) == ("REFUSED", "CONSENT_REFUSED")
        assert await refuses(world, officer, rows[4], corrected={"schoolUrns": [100000]}) == "NOT_FOUND"
        assert await refuses(world, officer, rows[4], corrected={"yearGroup": 14}) == "INPUT_INVALID"
        assert await refuses(world, officer, rows[4], corrected={}) == "INPUT_INVALID"
        assert list(await waiting(world, officer, job)) == [3, 4]

    in_a_world(story)


def test_what_cannot_be_resolved_is_refused_with_its_reason(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, colleague = await two_officers(world)
        first, _, _ = await checked(world, officer, people(FATHER))
        await applied(world, officer, first)
        job, _, _ = await checked(world, officer, people(STAFF, FATHER.replace("John", "Ann")))
        rows = await waiting(world, officer, job)
        (john,) = rows[2]["alikePeople"]
        ids = await world.ask(
            "query ($id: ID!) { node(id: $id) { ... on Import { lines { nodes { id line } } } } }", officer, id=job
        )
        ann = ids["node"]["lines"]["nodes"][1]

        assert await refuses(world, officer, ann, isSomebodyElse=True) == "ROW_NEEDS_NO_HUMAN"
        assert await refuses(world, officer, rows[2]) == "INPUT_INVALID"
        both = {"isSomebodyElse": True, "refusedBecause": "A slip."}
        assert await refuses(world, officer, rows[2], **both) == "INPUT_INVALID"
        stranger, _ = await world.member()
        assert await refuses(world, officer, rows[2], sameAsPerson=f"per_{stranger.person_id}") == "NOT_FOUND"
        clerk, other = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER, WESSEX)
        assert await refuses(world, clerk, rows[2], isSomebodyElse=True) == "NOT_PERMITTED"
        assert await refuses(world, other, rows[2], isSomebodyElse=True) == "NOT_FOUND"
        seen = await world.ask("query ($id: ID!) { node(id: $id) { id } }", clerk, id=rows[2]["id"])
        assert seen["node"] is None, "both sides are for those who may resolve"

        left = await resolve(world, officer, rows[2], refusedBecause="Entered twice by the office.")
        assert (left["outcome"], left["resolution"]) == ("REFUSED", "REFUSED")
        assert await refuses(world, colleague, rows[2], sameAsPerson=john["id"]) == "ROW_RESOLVED"
        trail = await world.owner.fetchrow(
            "select actor_id, details::text as details from audit_event where action = 'intake:row:resolved'"
        )
        assert trail["actor_id"] == officer.person_id
        assert "Salt" not in trail["details"]

    in_a_world(story)


def test_whom_a_row_was_thought_to_be_of_may_be_gone(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, _, _ = await checked(world, officer, people(FATHER.replace(",Y", ",Y")))
        await applied(world, officer, first)
        job, _, _ = await checked(world, officer, people(STAFF))
        rows = await waiting(world, officer, job)
        (john,) = rows[2]["alikePeople"]
        known = await world.session(CARE, "salt@example.org", UUID(john["id"][4:]))
        membership = await world.value("select id from membership where person_id = $1", known.person_id)
        await world.do(act("withdrawApplication", "member"), known, id=f"mem_{membership}")
        asked = await world.do(REQUEST_ABOUT_DATA, known, id=john["id"], kind="ERASURE")
        protection = await world.officer(Role.DATA_PROTECTION_OFFICER)
        await world.do(ANSWER, protection, id=asked["dataRequest"]["id"], granted=True)

        assert await refuses(world, officer, rows[2], sameAsPerson=john["id"]) == "CANDIDATE_GONE"
        assert (await waiting(world, officer, job))[2]["alikePeople"] == []
        await resolve(world, officer, rows[2], isSomebodyElse=True)
        await applied(world, officer, job)
        assert await salts(world) == 1

    in_a_world(story)


def test_whom_a_row_was_thought_to_be_of_may_go_on_under_another_record(in_a_world: Scenario) -> None:
    """Rules 3d and 3g: a row is never of a record that was merged, but of the one that was kept."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, _, _ = await checked(world, officer, people(FATHER))
        await applied(world, officer, first)
        job, _, _ = await checked(world, officer, people(STAFF))
        rows = await waiting(world, officer, job)
        (john,) = rows[2]["alikePeople"]
        other, _ = await world.applicant()
        await world.do(MERGE, officer, kept=f"per_{other.person_id}", merged=john["id"])

        (kept,) = (await waiting(world, officer, job))[2]["alikePeople"]
        assert kept["id"] == f"per_{other.person_id}"
        assert await refuses(world, officer, rows[2], sameAsPerson=john["id"]) == "NOT_FOUND"
        await resolve(world, officer, rows[2], sameAsPerson=kept["id"])
        await applied(world, officer, job)
        facts = "select array_agg(distinct person_id) from relationship where kind = 'STAFF'"
        assert other.person_id in await world.value(facts)
        assert UUID(john["id"][4:]) not in await world.value(facts)

    in_a_world(story)


@pytest.mark.parametrize("status", ["UPLOADED", "APPLYING", "FAILED", "ABANDONED"])
def test_an_import_at_another_stage_takes_no_resolution(in_a_world: Scenario, status: str) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, people(FATHER.replace("John", "Mr John")))
        (row,) = (await waiting(world, officer, job)).values()
        await world.owner.execute("update import_job set status = $1 where id::text = $2", status, job[4:])

        assert await refuses(world, officer, row, isSomebodyElse=True) == "IMPORT_WRONG_STAGE"

    in_a_world(story)


def test_while_another_import_is_applied_a_row_of_one_that_was_waits(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, people(FATHER.replace("John", "Mr John")))
        await applied(world, officer, job)
        (row,) = (await waiting(world, officer, job)).values()
        other, _, _ = await checked(world, officer, people(FATHER))
        await world.do(APPLY_IMPORT, officer, id=other)

        assert await refuses(world, officer, row, isSomebodyElse=True) == "IMPORT_WAITS"
        await work_off(world)
        asked = await resolve(world, officer, row, corrected={"givenName": "John"})
        assert asked["outcome"] == "NEEDS_HUMAN", "whom the other file put on record is compared"

    in_a_world(story)


def test_nobody_resolves_a_row_that_may_be_their_own_or_their_childs(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, colleague = await two_officers(world)
        await world.owner.execute(
            "update person set given_name = 'John', family_name = 'Salt', email = 'salt@example.org' where id = $1",
            officer.person_id,
        )
        job, _, _ = await checked(world, officer, people(STAFF, FATHER.replace("John", "Mr John")))
        rows = await waiting(world, officer, job)

        for said in (
            {"isSomebodyElse": True},
            {"refusedBecause": "Not I."},
            {"sameAsPerson": f"per_{officer.person_id}"},
        ):
            assert await refuses(world, officer, rows[2], **said) == "OWN_CASE"
        mended = {"givenName": "John", "email": "salt@example.org"}
        assert (await resolve(world, officer, rows[3], corrected=mended))["outcome"] == "NEEDS_HUMAN"
        assert await refuses(world, officer, rows[3], isSomebodyElse=True) == "OWN_CASE"
        same = await resolve(world, colleague, rows[2], sameAsPerson=f"per_{officer.person_id}")
        assert same["outcome"] == "UPDATE"

    in_a_world(story)


@pytest.mark.parametrize("is_applied", [False, True])
def test_of_two_officers_one_resolves_a_row(in_a_world: Scenario, is_applied: bool) -> None:
    """For real, over and over: one of them is told that the other was faster, and there is one person more."""

    async def story(world: World) -> None:
        officers = await two_officers(world)
        first, _, _ = await checked(world, officers[0], people(FATHER))
        await applied(world, officers[0], first)
        rounds = 10
        job, _, _ = await checked(
            world, officers[0], people(*(STAFF.replace("Staff,118365,", f"Staff,118365,{n}") for n in range(rounds)))
        )
        if is_applied:
            await applied(world, officers[0], job)
        rows = await waiting(world, officers[0], job)
        assert len(rows) == rounds
        for row in rows.values():
            said: list[dict[str, Any]] = [{"isSomebodyElse": True}, {"sameAsPerson": row["alikePeople"][0]["id"]}]
            answers = await asyncio.gather(
                *(
                    world.ask(RESOLVE, each, input={"id": row["id"], **what})
                    for each, what in zip(officers, said, strict=True)
                )
            )
            codes = sorted(code["code"] for each in answers for code in each["resolveImportRow"]["errors"])
            assert codes == ["ROW_RESOLVED"], codes
        if not is_applied:
            await applied(world, officers[0], job)
        others = await world.value("select count(*) from import_row where resolution = 'SOMEBODY_ELSE'")
        assert await salts(world) == 1 + others
        assert await world.value("select count(*) from audit_event where action = 'intake:row:resolved'") == rounds

    in_a_world(story)
