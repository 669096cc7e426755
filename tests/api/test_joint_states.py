"""A removal, a conversion and a suspension know each other: rule 4."""

import asyncio
from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.removals import (
    APPEAL,
    COMMUNITY,
    CONVERT,
    DECIDE,
    DECIDE_APPEAL,
    NOTICE,
    SUSPEND,
    TO_APPEAL,
    appealed,
    decided,
    proposed,
)
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, REFUSE, act
from tests.world import Known, World

END_SUSPENSION = act("endSuspension", "member")
RESIGN = act("resignMembership", "member")
EARLIER = "query ($id: ID!) { member(id: $id) { status history { status reason } earlierRemovals { stage ground } } }"


async def stage_of(world: World, removal: str) -> str:
    asked = "query ($id: ID!) { node(id: $id) { ... on Removal { stage } } }"
    stage = (await world.ask(asked, await world.officer(Role.CLERK), id=removal))["node"]["stage"]
    return str(stage)


async def status_of(world: World, membership: str) -> str:
    return str((await member_of(world, await world.officer(Role.CLERK), membership))["status"])


async def asked_to_convert(world: World, known: Known, membership: str) -> str:
    payload = await world.do(CONVERT, known, id=membership, **COMMUNITY)
    return str(payload["member"]["id"])


@pytest.mark.parametrize("approval", ["OFFICER", "AUTOMATIC"])
def test_nobody_converts_out_of_a_removal(in_a_world: Scenario, approval: str) -> None:
    """Rules 4f and 4g, whatever the approval of the constituency they would go to."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("COMMUNITY", approval=approval)
        known, membership = await world.member()
        removal = await proposed(world, membership)
        assert await world.refused(CONVERT, known, id=membership, **COMMUNITY) == "REMOVAL_UNDER_WAY"
        await world.pass_time(days=NOTICE)
        await world.do(DECIDE, await world.officer(Role.CLERK), id=removal, yes=5, no=1)
        assert await world.refused(CONVERT, known, id=membership, **COMMUNITY) == "REMOVAL_UNDER_WAY"
        await world.do(APPEAL, known, id=removal)
        assert await world.refused(CONVERT, known, id=membership, **COMMUNITY) == "REMOVAL_UNDER_WAY"
        await world.do(DECIDE_APPEAL, await world.officer(Role.TRUSTEE), id=removal, upheld=True)
        assert await status_of(world, await asked_to_convert(world, known, membership)) == "SUBMITTED"

    in_a_world(story)


def test_a_conversion_waits_for_the_removal_and_goes_on_when_it_is_dismissed(in_a_world: Scenario) -> None:
    """Rules 4f and 4g: a pending conversion closes no membership whose removal is open; it may be refused."""

    async def story(world: World) -> None:
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.CLERK)
        members = [await world.member() for _ in range(2)]
        conversions = [await asked_to_convert(world, known, membership) for known, membership in members]
        removals = [await proposed(world, membership) for _, membership in members]
        for each in conversions:
            assert await world.refused(ADMIT, officer, id=each) == "REMOVAL_UNDER_WAY"
        await world.do(REFUSE, officer, id=conversions[1], reason="No")
        await world.pass_time(days=NOTICE)
        for each in removals:
            await world.do(DECIDE, clerk, id=each, yes=1, no=5)

        await world.do(ADMIT, officer, id=conversions[0])
        assert [await status_of(world, each) for _, each in members] == ["CONVERTED", "ADMITTED"]

    in_a_world(story)


@pytest.mark.parametrize("by", ["vote", "clock", "appeal"])
def test_a_removal_withdraws_the_conversion_that_was_asked_for(in_a_world: Scenario, by: str) -> None:
    """Rules 4f and 4g: in the same transaction, and the member is told."""

    async def story(world: World) -> None:
        if by == "vote":
            await world.set_rules(removalAppealDays=0)
        known, membership = await world.member()
        conversion = await asked_to_convert(world, known, membership)
        removal = await decided(world, membership)
        if by == "clock":
            await world.pass_time(days=TO_APPEAL)
            assert (await world.keep_register())["removed"] == 1
        if by == "appeal":
            await world.do(APPEAL, known, id=removal)
            await world.do(DECIDE_APPEAL, await world.officer(Role.TRUSTEE), id=removal, upheld=False)

        assert [await status_of(world, each) for each in (membership, conversion)] == ["REMOVED", "WITHDRAWN"]
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        assert await world.refused(ADMIT, officer, id=conversion) == "CONSENT_WITHDRAWN"
        (told,) = [body for _, body in await world.mails() if "removed from the membership" in body]
        assert "to move to another constituency is withdrawn" in told

    in_a_world(story)


def test_a_suspension_lasts_while_a_decided_removal_does(in_a_world: Scenario) -> None:
    """Rules 4g and 4h: rights rest until the appeal is settled; before a decision the clerk may end a suspension."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.member()
        await world.do(SUSPEND, clerk, id=membership)
        removal = await proposed(world, membership)
        await world.do(END_SUSPENSION, clerk, id=membership)
        await world.pass_time(days=NOTICE)
        await world.do(DECIDE, clerk, id=removal, yes=5, no=1)
        assert await world.refused(END_SUSPENSION, clerk, id=membership) == "REMOVAL_UNDER_WAY"
        await world.do(APPEAL, known, id=removal)
        assert await world.refused(END_SUSPENSION, clerk, id=membership) == "REMOVAL_UNDER_WAY"
        await world.do(DECIDE_APPEAL, await world.officer(Role.TRUSTEE), id=removal, upheld=True)

        assert await status_of(world, membership) == "ADMITTED"

    in_a_world(story)


@pytest.mark.parametrize("by", ["vote", "appeal"])
def test_a_dismissed_removal_ends_an_earlier_suspension_too(in_a_world: Scenario, by: str) -> None:
    """Rules 4g and 4h: the member stays, in full."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.member()
        await world.do(SUSPEND, clerk, id=membership)
        if by == "vote":
            removal = await proposed(world, membership)
            await world.pass_time(days=NOTICE)
            await world.do(DECIDE, clerk, id=removal, yes=2, no=2)
        else:
            removal = await appealed(world, known, membership)
            await world.do(DECIDE_APPEAL, await world.officer(Role.TRUSTEE), id=removal, upheld=True)

        assert (await status_of(world, membership), await stage_of(world, removal)) == ("ADMITTED", "DISMISSED")
        assert await world.refused(END_SUSPENSION, clerk, id=membership) == "MEMBERSHIP_NOT_OPEN"

    in_a_world(story)


async def without_ground(world: World, known: Known) -> None:
    await world.pass_time(days=10)
    await world.lose_ground(known)


def test_a_suspended_member_loses_their_ground_like_others(in_a_world: Scenario) -> None:
    """Rules 4h and 22b: told, with days of grace, and it ceases when they are over."""

    async def story(world: World) -> None:
        known, membership = await world.member()
        await world.do(SUSPEND, await world.officer(Role.CLERK), id=membership)
        await without_ground(world, known)
        assert (await world.keep_register())["lapsing"] == 1
        assert (await world.keep_register())["lapsing"] == 0
        found = await member_of(world, known, membership)
        assert (found["status"], found["eligibleUntil"]) == ("SUSPENDED", await world.day(56))
        assert [body for _, body in await world.mails() if "no longer has the relationship" in body]

        await world.pass_time(days=55)
        assert (await world.keep_register())["lapsed"] == 0
        await world.pass_time(days=1)
        assert (await world.keep_register())["lapsed"] == 1
        assert await status_of(world, membership) == "LAPSED"

    in_a_world(story)


def test_a_lapsing_member_who_is_suspended_goes_on_lapsing_afterwards(in_a_world: Scenario) -> None:
    """Rules 4b and 22b: a suspension stops no days of grace; a ground that comes back keeps the member, suspended or not."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.member()
        await without_ground(world, known)
        await world.keep_register()
        lapses_on = await world.day(56)
        await world.do(SUSPEND, clerk, id=membership)
        await world.do(END_SUSPENSION, clerk, id=membership)
        found = await member_of(world, known, membership)
        assert (found["status"], found["eligibleUntil"]) == ("LAPSING", lapses_on)

        await world.do(SUSPEND, clerk, id=membership)
        declare = "mutation ($urn: Int!) { declareRelationship(input: {relationship: {kind: PARENT_CARER, schoolUrn: $urn}}) { errors { code } } }"
        await world.do(declare, known, urn=(await world.two_schools())[0])
        assert (await world.keep_register())["kept"] == 1
        found = await member_of(world, known, membership)
        assert (found["status"], found["eligibleUntil"]) == ("SUSPENDED", None)
        assert [body for _, body in await world.mails() if "there after all" in body]
        await world.do(END_SUSPENSION, clerk, id=membership)
        assert await status_of(world, membership) == "ADMITTED"

    in_a_world(story)


def test_nobody_lapses_out_of_a_removal(in_a_world: Scenario) -> None:
    """Rules 4g and 22b: it is settled first; upheld in their favour, what is left of the grace runs on."""

    async def story(world: World) -> None:
        clerk, trustee = await world.officer(Role.CLERK), await world.officer(Role.TRUSTEE)
        members = [await world.member() for _ in range(2)]
        removals = []
        for known, _ in members:
            await world.lose_ground(known)
        await world.keep_register()
        await world.pass_time(days=50)
        for _, membership in members:
            removals.append(await proposed(world, membership))
        await world.pass_time(days=NOTICE)
        assert (await world.keep_register())["lapsed"] == 0
        for (known, _), removal in zip(members, removals, strict=True):
            await world.do(DECIDE, clerk, id=removal, yes=5, no=1)
            await world.do(APPEAL, known, id=removal)
        assert (await world.keep_register())["lapsed"] == 0
        for removal, upheld in zip(removals, (True, False), strict=True):
            await world.do(DECIDE_APPEAL, trustee, id=removal, upheld=upheld)
        assert [await status_of(world, each) for _, each in members] == ["LAPSING", "REMOVED"]

        assert (await world.keep_register())["lapsed"] == 1
        assert [await status_of(world, each) for _, each in members] == ["LAPSED", "REMOVED"]

    in_a_world(story)


@pytest.mark.parametrize("ending", ["resigned", "removed"])
@pytest.mark.parametrize("draft", [False, True])
def test_whoever_comes_back_from_a_removal_is_seen(in_a_world: Scenario, ending: str, draft: bool) -> None:
    """Rules 4g and 4i: resigning stays possible, but nobody is admitted again, not even automatically, before somebody has
    seen that a removal was open or carried out."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("PARENT_CARER", approval="AUTOMATIC")
        await world.set_rules(removalAppealDays=0)
        known, membership = await world.member()
        await world.told_by_school(known)
        removal = await proposed(world, membership)
        if ending == "resigned":
            await world.do(RESIGN, known, id=membership)
        else:
            await world.pass_time(days=NOTICE)
            await world.do(DECIDE, await world.officer(Role.CLERK), id=removal, yes=5, no=1)
        stage = {"resigned": "DISCONTINUED", "removed": "REMOVED"}[ending]
        assert await stage_of(world, removal) == stage
        urn = (await world.two_schools())[0]
        facts = {"relationships": [{"kind": "PARENT_CARER", "schoolUrn": urn}]}
        again = (await world.do(APPLY, known, input=await world.application_of(known, draft=draft, **facts)))["member"][
            "id"
        ]
        if draft:
            submit = "mutation ($id: ID!) { submitApplication(input: {id: $id, acceptsArticles: true}) { member { id } errors { code } } }"
            await world.do(submit, known, id=again)

        found = (await world.ask(EARLIER, await world.officer(Role.MEMBERSHIP_OFFICER), id=again))["member"]
        assert found["status"] == "UNDER_REVIEW"
        assert "removal" in found["history"][-1]["reason"]
        assert found["earlierRemovals"] == [{"stage": stage, "ground": "Never seen"}]
        _, other = await world.applicant()
        other_found = (await world.ask(EARLIER, await world.officer(Role.MEMBERSHIP_OFFICER), id=other))["member"]
        assert (other_found["status"], other_found["earlierRemovals"]) == ("SUBMITTED", [])

    in_a_world(story)


def test_a_dismissed_removal_is_held_against_nobody(in_a_world: Scenario) -> None:
    """Rule 4g: who was kept, left and comes back is admitted as anybody."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("PARENT_CARER", approval="AUTOMATIC")
        known, membership = await world.member()
        await world.told_by_school(known)
        removal = await proposed(world, membership)
        await world.pass_time(days=NOTICE)
        await world.do(DECIDE, await world.officer(Role.CLERK), id=removal, yes=1, no=5)
        await world.do(RESIGN, known, id=membership)
        again = (await world.do(APPLY, known, input=await world.application_of(known)))["member"]["id"]

        found = (await world.ask(EARLIER, await world.officer(Role.MEMBERSHIP_OFFICER), id=again))["member"]
        assert (found["status"], found["earlierRemovals"]) == ("ADMITTED", [])

    in_a_world(story)


def test_death_and_dissolution_end_a_removal_and_an_erasure_waits_for_it(in_a_world: Scenario) -> None:
    """Rules 4b, 4i and 26b."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        death = "mutation ($id: ID!, $on: Date!) { recordDeath(input: {personId: $id, diedOn: $on}) { person { id } errors { code } } }"
        dissolve = 'mutation ($id: ID!, $on: Date!) { dissolveOrganisation(input: {organisationId: $id, dissolvedOn: $on, reason: "Merged"}) { organisation { id } errors { code } } }'
        erase = "mutation ($id: ID!) { requestAboutData(input: {personId: $id, kind: ERASURE}) { dataRequest { id } errors { code } } }"
        answer = 'mutation ($id: ID!) { answerDataRequest(input: {id: $id, granted: true, answer: "Done"}) { dataRequest { id } errors { code } } }'
        known, membership = await world.member()
        _, of_organisation, organisation = await world.organisation()
        await world.do(ADMIT, officer, id=of_organisation)
        removals = [await appealed(world, known, membership), await proposed(world, of_organisation)]
        keeper = await world.officer(Role.DATA_PROTECTION_OFFICER)
        asked = (await world.do(erase, known, id=f"per_{known.person_id}"))["dataRequest"]["id"]
        assert await world.refused(answer, keeper, id=asked) == "MEMBERSHIP_OPEN"
        await world.do(death, officer, id=f"per_{known.person_id}", on=await world.day())
        await world.do(dissolve, officer, id=organisation, on=await world.day())

        assert [await stage_of(world, each) for each in removals] == ["DISCONTINUED"] * 2
        assert await world.refused(DECIDE_APPEAL, await world.officer(Role.TRUSTEE), id=removals[0], upheld=True) == (
            "REMOVAL_WRONG_STAGE"
        )
        await world.pass_time(days=TO_APPEAL)
        assert not any((await world.keep_register()).values())

    in_a_world(story)


def test_a_conversion_and_a_removal_at_once_leave_one_of_them(in_a_world: Scenario) -> None:
    """Rules 4f and 4g: admitted before, there is nobody left to remove; proposed before, it waits."""

    async def story(world: World) -> None:
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.CLERK)
        propose = 'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "Never seen"}) { removal { id } errors { code } } }'

        async def code_of(query: str, known: Known, **variables: Any) -> str | None:
            (payload,) = (await world.ask(query, known, **variables)).values()
            return payload["errors"][0]["code"] if payload["errors"] else None

        for _ in range(20):
            known, membership = await world.member()
            conversion = await asked_to_convert(world, known, membership)
            proposing, admitting = await asyncio.gather(
                code_of(propose, clerk, id=membership), code_of(ADMIT, officer, id=conversion)
            )
            assert (proposing, admitting) in ((None, "REMOVAL_UNDER_WAY"), ("MEMBERSHIP_NOT_OPEN", None))

    in_a_world(story)
