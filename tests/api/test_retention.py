"""Retention: what is overdue is reported and taken."""

from typing import Any

from domain.governance.rulesets import RecordType
from domain.identity.viewer import Role
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
