"""Suspension, resignation and death, through the API: rule 4."""

from uuid import UUID

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, act
from tests.world import CARE, World

SUSPEND = 'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "Conduct"}) { member { id status } errors { code } } }'


def test_a_suspended_member_keeps_the_entry_and_does_not_vote(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.member()
        await world.member()

        assert (
            await world.refused(SUSPEND, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership) == "NOT_PERMITTED"
        )
        await world.do(SUSPEND, clerk, id=membership)
        await world.open_poll()

        assert await world.value("select count(*) from roll_entry") == 1
        suspended = await member_of(world, known, membership)
        assert (suspended["status"], suspended["ceasedOn"], len(suspended["registerLines"])) == ("SUSPENDED", None, 1)
        await world.do(act("endSuspension", "member"), clerk, id=membership)
        assert await world.refused(act("endSuspension", "member"), clerk, id=membership) == "MEMBERSHIP_NOT_OPEN"

    in_a_world(story)


def test_death_ends_every_membership_and_resigning_then_applying_gives_a_new_number(in_a_world: Scenario) -> None:
    """Rule 28o: member resigns, then reapplies: new number, old history kept."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, first = await world.member()
        await world.do(act("resignMembership", "member"), known, id=first)
        again = (await world.do(APPLY, known, input=await world.application_of(known)))["member"]["id"]
        await world.do(ADMIT, officer, id=again)
        record = "mutation ($id: ID!, $on: Date!) { recordDeath(input: {personId: $id, diedOn: $on}) { person { id } errors { code } } }"
        person = f"per_{known.person_id}"

        assert await world.refused(record, known, id=person, on=await world.day()) == "NOT_PERMITTED"
        assert await world.refused(record, officer, id=person, on="2100-01-01") == "DATES_CONTRADICT"
        await world.do(record, officer, id=person, on=await world.day())

        late = await world.session(CARE, "late@example.org", known.person_id)
        assert await world.refused(APPLY, late, input=await world.application_of(late)) == "NOT_ELIGIBLE", (
            "nobody joins after death"
        )
        found = [await member_of(world, officer, each) for each in (first, again)]
        assert [(each["status"], each["number"]) for each in found] == [("RESIGNED", 1), ("DECEASED", 2)]
        assert (
            await world.value("select count(*) from membership_transition where membership_id = $1", UUID(first[4:]))
            == 3
        )

    in_a_world(story)
