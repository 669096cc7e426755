"""A case of the nightly job that fails keeps no other from it: rule 4."""

import json
import logging
from uuid import UUID

import pytest

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.removals import TO_APPEAL, decided
from tests.conftest import Scenario
from tests.mutations import REFUSE
from tests.world import CARE, WESSEX, World

FAILED = "{ failedDuties(first: 10) { nodes { duty member { id } person { id } since triedAt code } } }"


async def trouble(world: World, table: str, when: str, tells: str) -> str:
    """Whatever a case of the nightly job does to this table fails, for rows of which `when` holds. How to end it."""
    await world.owner.execute(
        "create or replace function trouble() returns trigger language plpgsql as"
        " $$ begin raise exception 'Amina Canary' using errcode = 'check_violation'; end $$"
    )
    await world.owner.execute(
        f"create trigger trouble before {tells} on {table} for each row when ({when}) execute function trouble()"
    )
    return f"drop trigger trouble on {table}"


def test_one_case_that_fails_is_listed_and_the_rest_goes_on(
    in_a_world: Scenario, caplog: pytest.LogCaptureFixture
) -> None:
    """Rules 4c and 22b: every duty, for everybody else, and the next day for this one."""

    async def story(world: World) -> None:
        removed = [await world.member() for _ in range(3)]
        lapsing = [await world.member() for _ in range(3)]
        await world.pass_time(days=1)
        for _, membership in removed:
            await decided(world, membership)
        await world.pass_time(days=TO_APPEAL)
        for known, _ in lapsing:
            await world.lose_ground(known)
        wrong = [removed[1][1], lapsing[1][1]]
        ids = ", ".join(f"'{UUID(each[4:])}'" for each in wrong)
        end = await trouble(world, "membership", f"old.id in ({ids})", "update")
        day = await world.day()

        with caplog.at_level(logging.ERROR, "folkmoot.worker"):
            done = await world.keep_register()
        assert (done["removed"], done["lapsing"], done["failed"]) == (2, 2, 2)
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.CLERK)
        told = (await world.ask(FAILED, clerk))["failedDuties"]["nodes"]
        assert [(each["duty"], each["member"]["id"], each["person"], each["code"]) for each in told] == [
            ("REMOVED", wrong[0], None, "CheckViolationError"),
            ("LAPSING", wrong[1], None, "CheckViolationError"),
        ]
        assert all(each["since"] == each["triedAt"] and each["since"].startswith(day) for each in told)
        assert (await world.ask(FAILED, officer))["failedDuties"]["nodes"] == told
        elsewhere = await world.officer(Role.CLERK, WESSEX)
        for other in (
            removed[0][0],
            await world.officer(Role.TRUSTEE),
            await world.officer(Role.DATA_PROTECTION_OFFICER),
        ):
            assert (await world.ask(FAILED, other))["failedDuties"]["nodes"] == []
        for stranger, trust in ((elsewhere, WESSEX), (None, CARE)):
            assert (await world.ask(FAILED, stranger, trust=trust))["failedDuties"]["nodes"] == []
        logged = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
        assert [(each["duty"], each["case"], each["failure"]) for each in logged] == [
            (each["duty"], each["member"]["id"][4:], each["code"]) for each in told
        ]
        assert "Amina" not in json.dumps(logged)

        await world.pass_time(days=1)
        assert (await world.keep_register())["failed"] == 2
        again = (await world.ask(FAILED, clerk))["failedDuties"]["nodes"]
        assert [each["since"] for each in again] == [each["since"] for each in told]
        assert all(each["triedAt"] > each["since"] for each in again)
        await world.owner.execute(end)
        done = await world.keep_register()
        assert (done["removed"], done["lapsing"], done["failed"]) == (1, 1, 0)
        assert (await world.ask(FAILED, clerk))["failedDuties"]["nodes"] == []
        assert [(await member_of(world, clerk, each))["status"] for each in wrong] == ["REMOVED", "LAPSING"]

    in_a_world(story)


def test_a_duty_that_cannot_even_begin_keeps_no_other_from_being_done(in_a_world: Scenario) -> None:
    """Rules 6d and 22b: the hand-over waits, what lapses does not."""

    async def story(world: World) -> None:
        parent, _ = await world.member()
        await world.child(parent)
        await world.pass_time(days=10)
        await world.lose_ground(parent)
        await world.owner.execute("revoke select on guardianship from folkmoot_app")
        broken = await world.keep_register()
        await world.owner.execute("grant select on guardianship to folkmoot_app")
        listed = (await world.ask(FAILED, await world.officer(Role.CLERK)))["failedDuties"]["nodes"]

        assert ("HANDED_OVER", None, None, "InsufficientPrivilegeError") in [
            (each["duty"], each["member"], each["person"], each["code"]) for each in listed
        ]
        assert broken["failed"] == len(listed)
        assert (await world.keep_register())["failed"] == 0
        assert (await world.ask(FAILED, await world.officer(Role.CLERK)))["failedDuties"]["nodes"] == []

    in_a_world(story)


def test_each_young_person_is_handed_over_by_themself(in_a_world: Scenario) -> None:
    """Rule 6d: one whose notice can't be written keeps no other from being told, and is told when it can."""

    async def story(world: World) -> None:
        parent, _ = await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        born = str((await world.today()).replace(day=1, year=(await world.today()).year - 12))
        children = [await world.child(parent, dateOfBirth=born) for _ in range(3)]
        for membership, _ in children:
            await world.do(
                "mutation ($id: ID!) { admitMember(input: {id: $id}) { errors { code } } }", officer, id=membership
            )
        age = json.loads(
            await world.value("select rules::text from ruleset where trust_id = $1", await world.trust_id(CARE))
        )
        await world.pass_time(days=366 * (age["guardianConsentAge"] - 12) + 1)
        wrong = children[1][1]
        end = await trouble(
            world, "notice", f"new.kind = 'HANDED_OVER' and new.person_id = '{UUID(wrong[4:])}'", "insert"
        )

        done = await world.keep_register()
        listed = (await world.ask(FAILED, officer))["failedDuties"]["nodes"]
        assert (done["handed_over"], done["failed"]) == (2, 1)
        assert [(each["duty"], each["person"]["id"], each["member"]) for each in listed] == [
            ("HANDED_OVER", wrong, None)
        ]
        await world.owner.execute(end)
        assert (await world.keep_register())["handed_over"] == 1
        assert (await world.ask(FAILED, officer))["failedDuties"]["nodes"] == []

    in_a_world(story)


def test_what_cannot_be_forgotten_of_one_sort_keeps_no_other(in_a_world: Scenario) -> None:
    """Rule 26c: a refused application whose time is over goes when it can, whatever else could not be taken."""

    async def story(world: World) -> None:
        _, refused = await world.applicant()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await world.do(REFUSE, officer, id=refused, reason="No")
        await world.mails()
        await world.pass_time(days=3700)
        forgotten = "select (select count(*) from notice where body is not null), (select count(*) from membership where name <> '')"
        end = await trouble(world, "membership", "true", "update")
        with pytest.raises(Exception, match="Amina Canary"):
            await world.forget_overdue()
        assert tuple(await world.owner.fetchrow(forgotten)) == (0, 1), "letters are forgotten"
        await world.owner.execute(end)
        end = await trouble(world, "notice", "true", "update")
        await world.forget_overdue()
        assert tuple(await world.owner.fetchrow(forgotten)) == (0, 0)
        await world.owner.execute(end)

    in_a_world(story)
