"""Retention: what is overdue is reported and taken."""

from typing import Any

from domain.governance.rulesets import RecordType
from domain.identity.viewer import Role
from tests.api.uploads import APPLY_IMPORT, JOB, checked, people, work_off
from tests.conftest import Scenario
from tests.mutations import act
from tests.world import World


def test_what_is_overdue_is_reported_and_taken_by_the_nightly_job(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.DATA_PROTECTION_OFFICER)
        keeper = await world.officer(Role.MEMBERSHIP_OFFICER)
        report = "{ trust { overdueRecords { kind days overdue } } }"
        refuse = (
            'mutation ($id: ID!) { refuseMember(input: {id: $id, reason: "No"}) { member { id } errors { code } } }'
        )
        _, refused = await world.applicant()
        await world.do(refuse, keeper, id=refused)
        known, former = await world.member()
        await world.do(act("resignMembership", "member"), known, id=former)
        stays, _ = await world.member()
        await world.mails()

        def overdue(found: Any) -> dict[str, int]:
            return {each["kind"]: each["overdue"] for each in found["trust"]["overdueRecords"]}

        assert set(overdue(await world.ask(report, officer)).values()) == {0}
        assert set(overdue(await world.ask(report, officer))) == set(RecordType.values())
        assert (await world.ask(report, known))["trust"]["overdueRecords"] is None, "nothing overdue would be an answer"
        await world.pass_time(days=3700)
        counts = overdue(await world.ask(report, officer))
        assert (counts["REFUSED_APPLICATION"], counts["FORMER_MEMBER"]) == (1, 1)
        assert counts["NOTICE_TEXT"] > 3

        done = await world.forget_overdue()

        assert {kind: count for kind, count in done.items() if count} == {
            kind: count for kind, count in counts.items() if count
        }
        assert set(overdue(await world.ask(report, officer)).values()) == {0}
        names = [row["name"] for row in await world.owner.fetch("select name from register_line order by number, line")]
        assert names[:2] == ["", ""]
        assert names[2].startswith("Amina"), "who is still a member stays"
        assert await world.value("select count(*) from notice where body is not null") == 0
        assert (await world.forget_overdue())["FORMER_MEMBER"] == 0
        assert stays.person_id

    in_a_world(story)


AMINA = ",Parent,Aldington Primary School,,,amina.karim@example.org,,,,Y"


def test_the_rows_of_a_file_are_in_use_until_it_is_applied(in_a_world: Scenario) -> None:
    """Rule 26c: a file that waits is not forgotten under those who work on it; its rows are kept from the end of use."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, people(f"Amina,Karim{AMINA}"))
        await world.pass_time(days=80)
        await world.do(APPLY_IMPORT, officer, id=job)
        await world.pass_time(days=91)

        await world.abandon_imports()
        assert (await world.forget_overdue())["IMPORTED_ROW"] == 0
        await work_off(world)

        assert await world.value("select count(*) from person where given_name = 'Amina' and family_name = 'Karim'")
        node = (await world.ask(JOB, officer, id=job))["node"]
        assert (node["status"], node["applied"]) == ("APPLIED", 1)
        await world.pass_time(days=90)
        assert (await world.forget_overdue())["IMPORTED_ROW"] == 0, "it was applied ninety days ago, not uploaded"
        await world.pass_time(days=1)
        assert (await world.forget_overdue())["IMPORTED_ROW"] == 1

    in_a_world(story)


def test_a_checked_file_that_nobody_applies_is_abandoned_and_then_forgotten(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, people(f"Amina,Karim{AMINA}"))
        await world.pass_time(days=90)
        assert await world.abandon_imports() == {"abandoned": 0}
        await world.pass_time(days=1)
        assert (await world.forget_overdue())["IMPORTED_ROW"] == 0, "as long as it can be applied its rows are there"

        assert await world.abandon_imports() == {"abandoned": 1}
        assert (await world.forget_overdue())["IMPORTED_ROW"] == 1

        assert await world.refused(APPLY_IMPORT, officer, id=job) == "IMPORT_WRONG_STAGE"
        node = (await world.ask(JOB, officer, id=job))["node"]
        assert (node["status"], node["applied"], node["lines"]["nodes"]) == ("ABANDONED", 0, [])
        assert await world.value("select count(*) from audit_event where action = 'intake:import:abandoned'") == 1
        assert await world.abandon_imports() == {"abandoned": 0}

    in_a_world(story)
