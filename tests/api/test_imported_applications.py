"""Who consented in a file applies as one does who applies alone: the same decision, register, notices and trail."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from actions.membership import submission
from domain.identity.viewer import Role
from tests.api.test_guardians import CONSENT, RECORD_GUARDIAN
from tests.api.uploads import APPLY_IMPORT, JOB, applied, checked, people, work_off
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, act
from tests.world import CARE, Known, World

NAME = "Im Port"


def row(name: str = NAME, mailbox: str = "im@example.org", more: str = "07700 900001,TN25 6AA,English") -> str:
    given, family = name.split()
    return f"{given},{family},Parent,118365,,02/06/1979,{mailbox},{more},Y"


async def imported(world: World, *rows: str, officer: Known | None = None) -> UUID:
    """Applies a file of these rows; the import's id."""
    officer = officer or await world.officer(Role.MEMBERSHIP_OFFICER)
    job, _, _ = await checked(world, officer, people(*rows))
    await applied(world, officer, job)
    return UUID(job.removeprefix("imp_"))


async def traces(world: World, person_id: UUID) -> Mapping[str, Any]:
    """What applying has left of somebody, without ids and the names, numbers and actors that differ."""
    of_person = "in (select id from membership where person_id = $1)"
    statements = {
        "memberships": "select status, ruleset_version, registered_on, number is not null as is_numbered from membership"
        " where person_id = $1",
        "steps": f"select status, ruleset_version from membership_transition where membership_id {of_person} order by id",
        "lines": "select line, change, is_company_member, guarantee_pence, share_pence, registered_on, ceased_on, changed_on"
        f" from register_line where membership_id {of_person} order by line",
        "notices": "select kind, channel, language, subject, membership_id is not null from notice where person_id = $1",
        "mails": "select subject from outbox o where id in (select id from notice where person_id = $1)",
        "trail": "select action, (details - 'import' - 'number')::text as details from audit_event"
        f" where subject_id {of_person} order by at, action",
    }
    return {name: [dict(each) for each in await world.owner.fetch(sql, person_id)] for name, sql in statements.items()}


async def person_named(world: World, name: str = NAME) -> UUID:
    found: UUID = await world.value("select id from person where given_name || ' ' || family_name = $1", name)
    return found


@pytest.mark.parametrize("approval", ["AUTOMATIC", "OFFICER", "BOARD"])
def test_an_imported_applicant_and_one_who_applies_alone_leave_the_same(in_a_world: Scenario, approval: str) -> None:
    async def story(world: World) -> None:
        await world.set_constituency_rule("PARENT_CARER", approval=approval)
        alone, membership = await world.applicant()
        assert alone.person_id is not None
        if approval == "AUTOMATIC":  # but nobody by their own word (rule 4j)
            assert (await traces(world, alone.person_id))["lines"] == []
            await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)

        await imported(world, row())

        left = await traces(world, await person_named(world))
        if approval != "AUTOMATIC":
            assert left == await traces(world, alone.person_id)
        is_admitted = approval == "AUTOMATIC"
        assert [each["status"] for each in left["memberships"]] == ["ADMITTED" if is_admitted else "SUBMITTED"]
        assert [each["kind"] for each in left["notices"]] == ["ADMITTED" if is_admitted else "RECEIVED"]
        assert len(left["mails"]) == 1
        assert len(left["lines"]) == is_admitted

    in_a_world(story)


def test_the_trail_says_by_which_file_and_officer_somebody_applied(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job = await imported(world, row(), officer=officer)

        event = await world.owner.fetchrow(
            "select a.actor_id, a.details from audit_event a join membership m on m.id = a.subject_id"
            " where m.person_id = $1 and a.action = 'membership:membership:applied'",
            await person_named(world),
        )
        assert event["actor_id"] == officer.person_id
        assert json.loads(event["details"]) == {"constituency": "PARENT_CARER", "import": str(job)}

    in_a_world(story)


def test_many_are_admitted_in_the_order_of_the_file_and_told_in_their_language(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.set_constituency_rule("PARENT_CARER", approval="AUTOMATIC")
        _, before = await world.member()
        last = await world.value("select number from membership where id = $1", UUID(before[4:]))
        rows = [row(f"Al{n} Port", f"al{n}@example.org", more=",,Polish") for n in range(3)]

        await imported(world, *rows, row("Bo Port", "", more="07700 900009,TN25 6AB,English"))

        lines = await world.owner.fetch(
            "select name, number from register_line where number > $1 order by number", last
        )
        assert [(each["name"], each["number"] - last) for each in lines] == [
            ("Al0 Port", 1),
            ("Al1 Port", 2),
            ("Al2 Port", 3),
            ("Bo Port", 4),
        ]
        told = [body for to, body in await world.mails() if to == "al1@example.org"]
        assert len(told) == 1
        assert f"{last + 2}" in told[0]
        assert (
            await world.value(
                "select language from notice n join outbox o using (id) where o.recipient = 'al1@example.org'"
            )
            == "pl"
        )
        channel = "select channel from notice where person_id = $1"
        assert await world.value(channel, await person_named(world, "Bo Port")) == "PRINT"

    in_a_world(story)


def test_the_rules_of_the_day_of_applying_decide(in_a_world: Scenario) -> None:
    """Rule 1: not those of the day on which the file was checked."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, people(row()))
        await world.set_constituency_rule("PARENT_CARER", approval="AUTOMATIC")

        await applied(world, officer, job)

        assert (
            await world.value("select status from membership where person_id = $1", await person_named(world))
            == "ADMITTED"
        )

    in_a_world(story)


def test_who_has_an_open_membership_does_not_apply_again(in_a_world: Scenario) -> None:
    """Whether an application or a member, in whatever constituency; and nobody is told anything."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("COMMUNITY", approval="AUTOMATIC")
        await imported(world, row(more=",TN25 6AA,English"))
        person = await person_named(world)
        known = await world.session(CARE, "im@example.org", person)
        own = await world.value("select 'mem_' || id from membership where person_id = $1", person)
        before = await traces(world, person)

        await imported(world, row())  # with a telephone: an update
        assert await traces(world, person) == before

        await world.do(act("withdrawApplication", "member"), known, id=own)
        changes = {"constituency": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}]}
        await world.do(APPLY, known, input=await world.application_of(known, **changes))
        before = await traces(world, person)
        await imported(world, row().replace("Parent", "Staff"))
        assert await traces(world, person) == before

    in_a_world(story)


@pytest.mark.parametrize("approval", ["AUTOMATIC", "OFFICER"])
def test_a_file_brings_nobody_back_who_has_left(in_a_world: Scenario, approval: str) -> None:
    """Rule 4a: a consent that was taken back meanwhile, or is older than a removal, is none."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("PARENT_CARER", approval=approval)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await imported(world, row(more=",TN25 6AA,English"))
        person = await person_named(world)
        known = await world.session(CARE, "im@example.org", person)
        own = await world.value("select 'mem_' || id from membership where person_id = $1", person)
        exported = await world.day()
        await world.pass_time(days=3)
        leaving = "resignMembership" if approval == "AUTOMATIC" else "withdrawApplication"
        await world.do(act(leaving, "member"), known, id=own)
        before = await traces(world, person)

        job, lines, _ = await checked(world, officer, people(row()), exportedOn=exported)
        assert lines[2]["outcome"] == "UPDATE"
        await applied(world, officer, job)
        assert await traces(world, person) == before

        await world.pass_time(days=1)
        await imported(world, row().replace("900001", "900002").replace("Parent", "Staff"))
        assert len((await traces(world, person))["memberships"]) == 1, (
            "nor does a later one: it says the same yes again"
        )

    in_a_world(story)


def test_an_opt_out_keeps_back_nothing_that_is_owed(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.owner.execute(
            "insert into person (trust_id, given_name, family_name, email, date_of_birth, marketing_opt_out)"
            " values ($1, 'Im', 'Port', 'im@example.org', '1979-06-02', true)",
            await world.trust_id(CARE),
        )

        await imported(world, row())

        person = await person_named(world)
        assert [each["kind"] for each in (await traces(world, person))["notices"]] == ["RECEIVED"]

    in_a_world(story)


def test_a_child_applies_once_a_guardian_has_consented_and_the_guardian_is_told(in_a_world: Scenario) -> None:
    """Rules 6d and 6e."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("LEARNER", approval="AUTOMATIC")
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member()
        born = (await world.today()).replace(day=1) - timedelta(days=12 * 366)
        pupil = f"Ca,Port,Pupil,118365,{{}},{born:%d/%m/%Y},ca@example.org,,TN25 6AA,English,Y"
        await imported(world, pupil.format(""))
        child = await person_named(world, "Ca Port")
        assert (await traces(world, child))["memberships"] == []
        await world.do(RECORD_GUARDIAN, officer, child=f"per_{child}", guardian=f"per_{guardian.person_id}")
        await world.do(CONSENT, guardian, id=f"per_{child}")

        await imported(world, pupil.format(7))

        left = await traces(world, child)
        assert [each["status"] for each in left["memberships"]] == ["ADMITTED"]
        assert left["notices"] == []
        notice = "select n.person_id from notice n join membership m on m.id = n.membership_id where m.person_id = $1"
        assert await world.value(notice, child) == guardian.person_id
        assert "Ca Port" in (await world.mails())[-1][1]

    in_a_world(story)


def test_an_import_resumed_midway_admits_and_tells_nobody_twice(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(world: World) -> None:
        monkeypatch.setattr("actions.intake.applying.BATCH", 3)
        await world.set_constituency_rule("PARENT_CARER", approval="AUTOMATIC")
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, people(*(row(f"Al{n} Port", f"al{n}@example.org") for n in range(8))))
        await world.do(APPLY_IMPORT, officer, id=job)
        batches = iter(range(10))
        submit_many = submission.submit_many

        async def breaks(*arguments: Any, **named: Any) -> None:
            await submit_many(*arguments, **named)
            if next(batches) == 1:
                raise ConnectionResetError("the connection is cut when everything is written and nothing committed")

        monkeypatch.setattr("actions.intake.applicants.submit_many", breaks)
        with pytest.raises(ConnectionResetError):
            await work_off(world)
        await world.pass_time(minutes=2)
        await work_off(world)

        numbers = "select number from register_line where name like 'Al_ Port' order by number"
        found = [each["number"] for each in await world.owner.fetch(numbers)]
        assert found == list(range(found[0], found[0] + 8))
        assert await world.value("select count(*) from notice where kind = 'ADMITTED'") == 8
        assert sum("al" in recipient for recipient, _ in await world.mails()) == 8

    in_a_world(story)


async def waits_for_a_lock(world: World, task: asyncio.Task[None]) -> None:
    for _ in range(1_000):
        if task.done() or await world.value("select exists (select from pg_locks where not granted)"):
            return
        await asyncio.sleep(0.01)


def test_an_import_waits_for_who_applies_at_the_same_moment(in_a_world: Scenario) -> None:
    """Rule 3a: one open membership, whatever the constituency; and the file is applied all the same."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant()
        await world.do(act("withdrawApplication", "member"), known, id=membership)
        await world.pass_time(days=1)
        name = await world.value("select given_name || ' ' || family_name from person where id = $1", known.person_id)
        await world.owner.execute(
            "update person set email = 'im@example.org', contact_address = 'TN25 6AA' where id = $1", known.person_id
        )
        job, lines, _ = await checked(
            world,
            officer,
            people(row(name, more=",TN25 6AA,English").replace("02/06/1979", "01/05/1985").replace("Parent", "Staff")),
        )
        assert lines[2]["outcome"] == "UPDATE"
        await world.do(APPLY_IMPORT, officer, id=job)

        async with world.owner.transaction():
            await world.owner.execute("select from person where id = $1 for no key update", known.person_id)
            importing = asyncio.create_task(work_off(world))
            await waits_for_a_lock(world, importing)
            await world.owner.execute(
                "insert into membership (trust_id, person_id, constituency_id, name, service_address, status,"
                " ruleset_version) select p.trust_id, p.id, c.id, 'x', 'x', 'SUBMITTED', 1 from person p"
                " join constituency c on c.trust_id = p.trust_id and c.code = 'COMMUNITY' where p.id = $1",
                known.person_id,
            )
        await importing

        assert (await world.ask(JOB, officer, id=job))["node"]["status"] == "APPLIED"
        of_person = "select count(*) from membership where person_id = $1 and status = 'SUBMITTED'"
        assert await world.value(of_person, known.person_id) == 1

    in_a_world(story)


def test_two_files_checked_before_either_is_applied_make_one_of_each_person(in_a_world: Scenario) -> None:
    """Rules 3b and 3d: what was checked is judged again when its turn comes."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("PARENT_CARER", approval="AUTOMATIC")
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, _, _ = await checked(world, officer, people(row()))
        second, lines, _ = await checked(world, officer, people(row(), row("An Other", "an@example.org")))
        assert {line["outcome"] for line in lines.values()} == {"NEW"}

        await world.do(APPLY_IMPORT, officer, id=first)
        assert await world.refused(APPLY_IMPORT, officer, id=second) == "IMPORT_WAITS"
        await work_off(world)
        await applied(world, officer, second)

        assert await world.value("select count(*) from person where family_name in ('Port', 'Other')") == 2
        assert await world.value("select count(*) from membership where name in ('Im Port', 'An Other')") == 2

    in_a_world(story)
