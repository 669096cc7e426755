"""A no in a file: no other row, and no file that may be older, undoes it (rules 4a and 22h)."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.api.uploads import APPLY_IMPORT, JOB, applied, checked, people, work_off
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import CARE, Known, World

YES = "Im,Port,Parent,118365,,02/06/1979,im@example.org,07700 900001,TN25 6AA,English,Y"
NO = YES.removesuffix("Y") + "N"
FACTS: dict[str, Any] = {
    "born": "02/06/1979",
    "email": "im@example.org",
    "phone": "07700 900001",
    "postcode": "TN25 6AA",
}


def row(answer: str, urn: int = 118365, **facts: str) -> str:
    told = [facts.get(name, "") for name in FACTS]
    return f"Im,Port,Parent,{urn},,{','.join(told)},English,{answer}"


def some(*names: str) -> dict[str, Any]:
    return {name: FACTS[name] for name in names}


async def applications(world: World) -> int:
    found: int = await world.value("select count(*) from membership where name = 'Im Port'")
    return found


async def outcome(world: World, officer: Known, answer: str, **asked: str) -> tuple[str, Any]:
    """The import of a file with this one row, and what its dry run says."""
    job, lines, _ = await checked(world, officer, people(answer), **asked)
    return job, (lines[2]["outcome"], lines[2]["findings"][-1])


@pytest.mark.parametrize("batch", [1, 1_000])
def test_one_no_leaves_every_row_of_the_person_to_a_human(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """In whatever order they stand, and though one of them has nothing in common with the no."""

    async def story(world: World) -> None:
        monkeypatch.setattr("actions.intake.applying.BATCH", batch)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        schools = await world.two_schools()
        rows = [
            row("Y", schools[0], **some("email", "phone")),
            row("Y", schools[1], **FACTS),
            row("N", schools[0], **some("born", "postcode")),
        ]

        for order in permutations(rows):
            job, lines, _ = await checked(world, officer, people(*order))
            said = [lines[line]["outcome"] for line in range(2, 5)]
            assert said == ["REFUSED" if each.endswith("N") else "NEEDS_HUMAN" for each in order]
        assert any("CONSENT_CONTRADICTS" in each["findings"] for each in lines.values())
        await applied(world, officer, job)

        assert await applications(world) == 0

    in_a_world(story)


def test_no_file_that_may_be_older_undoes_a_no(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, today = await world.officer(Role.MEMBERSHIP_OFFICER), await world.today()
        day, before, after = (str(today - timedelta(days=days)) for days in (10, 20, 9))
        older, said = await outcome(world, officer, YES, exportedOn=before)
        assert said[0] == "NEW"
        refused, _ = await outcome(world, officer, NO, exportedOn=day)
        _, said = await outcome(world, officer, YES, exportedOn=before)
        assert said[0] == "NEW", "who only tried a file has said nothing by it"
        await applied(world, officer, refused)

        for asked in (before, day):
            job, said = await outcome(world, officer, YES, exportedOn=asked)
            assert said == ("NEEDS_HUMAN", "CONSENT_REFUSED_SINCE")
            await applied(world, officer, job)
        await applied(world, officer, older)
        node = (await world.ask(JOB, officer, id=older))["node"]["lines"]["nodes"][0]
        assert (node["outcome"], node["findings"][-1]) == ("NEEDS_HUMAN", "CONSENT_REFUSED_SINCE")
        assert await applications(world) == 0

        job, said = await outcome(world, officer, YES, exportedOn=after)
        await applied(world, officer, job)
        assert (said[0], await applications(world)) == ("NEW", 1), "who says yes later has thought better of it"

    in_a_world(story)


def test_a_no_that_was_a_slip_is_mended_before_it_is_applied_or_the_day_after(in_a_world: Scenario) -> None:
    """As docs/importing.md says."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        slip, _ = await outcome(world, officer, NO)
        assert (await outcome(world, officer, YES))[1][0] == "NEW"

        await applied(world, officer, slip)
        assert (await outcome(world, officer, YES))[1] == ("NEEDS_HUMAN", "CONSENT_REFUSED_SINCE")
        await world.pass_time(days=1)
        job, said = await outcome(world, officer, YES)
        await applied(world, officer, job)
        assert (said[0], await applications(world)) == ("NEW", 1)

    in_a_world(story)


def test_a_no_is_kept_as_long_as_the_rows_of_its_file(in_a_world: Scenario) -> None:
    """Rule 26c: whoever said no is not put on record by it."""

    async def story(world: World) -> None:
        officer, day = await world.officer(Role.MEMBERSHIP_OFFICER), str(await world.today())
        job, _ = await outcome(world, officer, NO)
        await applied(world, officer, job)
        assert await world.value("select count(*) from person where family_name = 'Port'") == 0

        await world.pass_time(days=90)
        assert (await outcome(world, officer, YES, exportedOn=day))[1][0] == "NEEDS_HUMAN"
        await world.pass_time(days=1)
        await world.forget_overdue()
        assert (await outcome(world, officer, YES, exportedOn=day))[1][0] == "NEW"

    in_a_world(story)


@pytest.mark.parametrize("batch", [1, 1_000])
def test_who_would_come_on_record_by_a_row_in_doubt_waits_for_a_human_with_all_their_rows(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    """Though the no is certainly not of whom the second row tells: by the birth date that the first lacks."""

    async def story(world: World) -> None:
        monkeypatch.setattr("actions.intake.applying.BATCH", batch)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        rows = [
            row("Y", **some("email", "phone", "postcode")),
            row("Y", (await world.two_schools())[1], **FACTS),
            row("N", born="03/06/1979", postcode="TN25 6AA"),
        ]

        job, lines, _ = await checked(world, officer, people(*rows))
        assert [lines[line]["outcome"] for line in (2, 3, 4)] == ["NEEDS_HUMAN", "NEEDS_HUMAN", "REFUSED"]
        assert lines[3]["ofLine"] == 2
        await applied(world, officer, job)
        assert await world.value("select count(*) from person where given_name = 'Im'") == 0

    in_a_world(story)


def test_nobody_applies_of_whom_another_row_is_in_doubt(in_a_world: Scenario) -> None:
    """Though a row of theirs, that has nothing in common with the no, tells something new."""

    async def story(world: World) -> None:
        officer, trust = await world.officer(Role.MEMBERSHIP_OFFICER), await world.trust_id(CARE)
        job, _ = await outcome(world, officer, row("N", **some("email", "phone"), postcode="TN25 6ZZ"))
        await applied(world, officer, job)
        await world.owner.execute(
            "insert into person (trust_id, given_name, family_name, email, phone, contact_address, date_of_birth)"
            " values ($1, 'Im', 'Port', 'im@example.org', '+447700900001', 'TN25 6AA', '1979-06-02')",
            trust,
        )
        rows = [
            row("Y", **some("born", "postcode"), email="other@example.org"),
            row("Y", **some("born", "email", "phone")),
        ]

        job, lines, _ = await checked(world, officer, people(*rows))
        assert [lines[line]["outcome"] for line in (2, 3)] == ["UPDATE", "NEEDS_HUMAN"]
        await world.do(APPLY_IMPORT, officer, id=job)
        await work_off(world)

        assert await applications(world) == 0

    in_a_world(story)


async def told(world: World, officer: Known, job: str) -> list[str]:
    """What was found of the first row of the import."""
    findings: list[str] = (await world.ask(JOB, officer, id=job))["node"]["lines"]["nodes"][0]["findings"]
    return findings


STATUS = "select string_agg(status, ' ') from membership where name = 'Im Port'"


@pytest.mark.parametrize("is_checked_first", [False, True])
def test_a_newer_no_has_an_application_by_a_file_looked_into(in_a_world: Scenario, is_checked_first: bool) -> None:
    """Rules 4a and 22h: also where the no was checked before there was an application."""

    async def story(world: World) -> None:
        officer, day = await world.officer(Role.MEMBERSHIP_OFFICER), await world.day(-10)
        refused, _ = await outcome(world, officer, NO, exportedOn=day)
        job, _ = await outcome(world, officer, YES, exportedOn=await world.day(-20))
        await applied(world, officer, job)
        if not is_checked_first:
            refused, said = await outcome(world, officer, NO, exportedOn=day)
            assert said == ("REFUSED", "APPLICANT_REFUSES")
            assert await world.value(STATUS) == "SUBMITTED", "nothing but a dry run"

        await applied(world, officer, refused)

        assert "APPLICANT_REFUSES" in await told(world, officer, refused)
        assert await world.value(STATUS) == "UNDER_REVIEW"
        reason = await world.value("select reason from membership_transition where status = 'UNDER_REVIEW'")
        assert reason == f"A file of {day} says no."
        again, _ = await outcome(world, officer, NO, exportedOn=day)
        await applied(world, officer, again)
        membership = await world.value("select id from membership where name = 'Im Port'")
        await world.do(ADMIT, officer, id=f"mem_{membership}")
        _, said = await outcome(world, officer, NO, exportedOn=day)
        assert said == ("REFUSED", "MEMBER_REFUSES")
        assert await world.value("select count(*) from membership_transition where status = 'UNDER_REVIEW'") == 1

    in_a_world(story)


@pytest.mark.parametrize(("days", "status"), [(-1, "SUBMITTED"), (0, "UNDER_REVIEW")])
def test_a_no_before_somebody_applied_themself_is_outdone_by_it(in_a_world: Scenario, days: int, status: str) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await world.applicant(givenName="Im", familyName="Port", dateOfBirth="1979-06-02")
        no = row("N", born="02/06/1979", email=await world.value("select email from person where family_name = 'Port'"))

        job, _ = await outcome(world, officer, no, exportedOn=await world.day(days))
        await applied(world, officer, job)

        assert ("APPLICANT_REFUSES" in await told(world, officer, job)) is (status == "UNDER_REVIEW")
        assert await world.value(STATUS) == status

    in_a_world(story)


def test_a_no_is_outdone_by_a_yes_of_a_later_file(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        for days in (-20, -9):  # the second says nothing new
            job, _ = await outcome(world, officer, YES, exportedOn=await world.day(days))
            await applied(world, officer, job)

        job, said = await outcome(world, officer, NO, exportedOn=await world.day(-10))
        await applied(world, officer, job)

        assert said[0] == "REFUSED"
        assert "APPLICANT_REFUSES" not in await told(world, officer, job)
        assert await world.value(STATUS) == "SUBMITTED"

    in_a_world(story)
