"""Relationships that are declared and verified."""

import pytest

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import APPLY, END_RELATIONSHIP
from tests.world import World


def test_evidence_is_seen_by_the_officer_and_not_of_their_own(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant()
        verify = 'mutation ($id: ID!) { verifyRelationship(input: {id: $id, evidence: "Child benefit letter"}) { person { relationships { source verifiedOn evidence } } errors { code } } }'
        declare = "mutation ($kind: RelationshipKind!) { declareRelationship(input: {relationship: {kind: $kind}}) { person { relationships { id } } errors { code } } }"
        own = (await world.do(declare, officer, kind="COMMUNITY"))["person"]["relationships"][0]["id"]
        query = "query ($id: ID!) { node(id: $id) { ... on Member { person { relationships { id } } } } }"
        theirs = (await world.ask(query, known, id=membership))["node"]["person"]["relationships"][0]["id"]

        assert await world.refused(declare, await world.newcomer(), kind="COMMUNITY") == "PERSON_NEEDED"
        assert await world.refused(verify, known, id=theirs) == "NOT_PERMITTED"
        assert await world.refused(verify, officer, id=own) == "OWN_APPLICATION"
        seen = (await world.do(verify, officer, id=theirs))["person"]["relationships"]
        assert seen == [{"source": "DECLARED", "verifiedOn": await world.day(), "evidence": "Child benefit letter"}]

    in_a_world(story)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_means_for_ever_is_refused(in_a_world: Scenario, day: str) -> None:
    async def story(world: World) -> None:
        known, membership = await world.applicant()
        query = "query ($id: ID!) { node(id: $id) { ... on Member { person { relationships { id } } } } }"
        (theirs,) = (await world.ask(query, known, id=membership))["node"]["person"]["relationships"]
        new = world.application(relationships=[{"kind": "PARENT_CARER", "schoolUrn": 118365, "since": day}])

        (since,) = await world.refusals(APPLY, await world.newcomer(), input=new)
        (until,) = await world.refusals(END_RELATIONSHIP, known, id=theirs["id"], until=day)

        assert (since["code"], since["path"]) == ("INPUT_INVALID", "relationships.0.since")
        assert (until["code"], until["path"]) == ("INPUT_INVALID", "until")

    in_a_world(story)


def test_an_end_that_was_announced_is_brought_forward_until_it_has_come(in_a_world: Scenario) -> None:
    """Rules 2a and 4b: a member who names a day far off keeps no ground by it that is gone."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member()
        query = "query ($id: ID!) { node(id: $id) { ... on Member { person { relationships { id until } } } } }"
        (ground,) = (await world.ask(query, known, id=membership))["node"]["person"]["relationships"]
        await world.do(END_RELATIONSHIP, known, id=ground["id"], until=await world.day(3650))
        await world.pass_time(days=30)

        later = {"id": ground["id"], "until": await world.day(3650)}
        assert await world.refused(END_RELATIONSHIP, known, **later) == "RELATIONSHIP_ENDED"
        await world.do(END_RELATIONSHIP, officer, id=ground["id"], until=await world.day(10))
        assert (await world.keep_register())["lapsing"] == 0
        await world.do(END_RELATIONSHIP, officer, id=ground["id"], until=await world.day())
        assert (await world.keep_register())["lapsing"] == 1
        gone = {"id": ground["id"], "until": await world.day(-5)}
        assert await world.refused(END_RELATIONSHIP, officer, **gone) == "RELATIONSHIP_ENDED", "it has come"
        (ended,) = (await world.ask(query, known, id=membership))["node"]["person"]["relationships"]
        assert ended["until"] == await world.day()

    in_a_world(story)
