"""Organisations as members, through the API: rule 7."""

import asyncio
from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, APPLY_FOR_ORGANISATION, CAST, act
from tests.world import World


def test_an_organisation_has_one_vote_beside_its_representatives_own(in_a_world: Scenario) -> None:
    """Rules 7, 28h and 28i: representative of two organisations, organisation merged."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership, organisation = await world.organisation()
        own = (await world.do(APPLY, known, input=await world.application_of(known)))["member"]["id"]
        second = {
            "name": "Canary Parish Council",
            "kind": "council",
            "constituency": "PARTNER",
            "serviceAddress": "Hall",
            "document": "Minute 1",
            "acceptsArticles": True,
        }
        assert (
            await world.refused(APPLY_FOR_ORGANISATION, known, input=second | {"constituency": "STAFF"})
            == "NOT_ELIGIBLE"
        )
        assert (
            await world.refused(APPLY_FOR_ORGANISATION, known, input=second | {"acceptsArticles": False})
            == "CONSENT_REQUIRED"
        )
        council = (await world.do(APPLY_FOR_ORGANISATION, known, input=second))["member"]
        assert await world.refused(APPLY_FOR_ORGANISATION, known, input=second) == "ALREADY_A_MEMBER"
        for each in (membership, own, council["id"]):
            await world.do(ADMIT, officer, id=each)
        poll = await world.open_poll(contests=[world.contest_draft(constituencies=["PARENT_CARER", "PARTNER"])])
        own = world.paper(poll, "FOR")
        theirs, of_council = (
            world.paper(poll, "FOR", on_behalf_of=each) for each in (organisation, council["organisation"]["id"])
        )
        stranger, _ = await world.applicant()

        assert await world.value("select count(*) from roll_entry") == 3
        await world.do(CAST, known, **own)
        await world.do(CAST, known, **theirs)
        assert await world.refused(CAST, known, **theirs) == "ALREADY_VOTED"
        assert await world.refused(CAST, stranger, **of_council) == "NOT_AUTHORISED"
        assert await world.refused(CAST, known, **own) == "ALREADY_VOTED"

        # revoked before the close: what was not used is void
        authorisations = "query ($id: ID!) { node(id: $id) { ... on Organisation { representatives { id } } } }"
        (representative,) = (await world.ask(authorisations, known, id=council["organisation"]["id"]))["node"][
            "representatives"
        ]
        revoke = "mutation ($id: ID!) { revokeAuthorisation(input: {id: $id}) { organisation { id } errors { code } } }"
        assert await world.refused(revoke, stranger, id=representative["id"]) == "NOT_FOUND", "hidden is as absent"
        await world.do(revoke, officer, id=representative["id"])
        assert await world.refused(revoke, officer, id=representative["id"]) == "AUTHORISATION_ENDED"
        assert await world.refused(CAST, known, **of_council) == "NOT_AUTHORISED"

        dissolve = 'mutation ($id: ID!) { dissolveOrganisation(input: {organisationId: $id, dissolvedOn: "2026-01-01", reason: "Merged"}) { organisation { memberships { status } representatives { until } } errors { code } } }'
        gone = (await world.do(dissolve, officer, id=organisation))["organisation"]
        assert gone["memberships"] == [{"status": "DISSOLVED"}]
        assert gone["representatives"][0]["until"] is not None

    in_a_world(story)


def test_an_organisation_that_ceased_is_on_the_trail_though_it_was_no_member(in_a_world: Scenario) -> None:
    """Rule 25a."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership, organisation = await world.organisation()
        await world.do(act("withdrawApplication", "member"), known, id=membership)
        dissolve = 'mutation ($id: ID!, $on: Date!) { dissolveOrganisation(input: {organisationId: $id, dissolvedOn: $on, reason: "Merged"}) { organisation { dissolvedOn } errors { code } } }'

        day = await world.day(-1)
        await world.do(dissolve, officer, id=organisation, on=day)

        (event,) = await world.owner.fetch(
            "select subject_id, actor_id, details->>'dissolved_on' as day from audit_event where action = 'people:organisation:dissolved'"
        )
        assert (f"org_{event['subject_id']}", event["actor_id"], event["day"]) == (organisation, officer.person_id, day)
        assert await world.refused(dissolve, officer, id=organisation, on=day) == "NOT_FOUND"

    in_a_world(story)


def mill(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Friends of the Mill",
        "kind": "charity",
        "constituency": "PARTNER",
        "serviceAddress": "The Old Mill",
        "document": "Minute 1",
        "acceptsArticles": True,
        "registeredNumber": "1123456",
    } | changes


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({"name": "FRIENDS OF THÉ MILL", "registeredNumber": None}, "name"),
        ({"name": "Mill Society", "registeredNumber": "112 34-56"}, "registeredNumber"),
    ],
)
def test_an_organisation_is_on_record_once_however_it_is_written(
    in_a_world: Scenario, written: dict[str, Any], path: str
) -> None:
    """Rules 3a and 7d: who doesn't represent it is told, and who does gets no second vote."""

    async def story(world: World) -> None:
        known, _, organisation = await world.organisation(**mill())
        stranger, _ = await world.applicant()

        (refused,) = await world.refusals(APPLY_FOR_ORGANISATION, stranger, input=mill(**written))
        assert (refused["code"], refused["path"]) == ("ALREADY_A_MEMBER", path)
        assert await world.refused(APPLY_FOR_ORGANISATION, known, input=mill(**written)) == "ALREADY_A_MEMBER"

        await world.set_rules(constituenciesPerPerson="SEVERAL")
        await world.set_constituency_rule("COMMUNITY", takesOrganisations=True)
        second = mill(**written, constituency="COMMUNITY")
        member = (await world.do(APPLY_FOR_ORGANISATION, known, input=second))["member"]
        assert member["organisation"]["id"] == organisation
        names = await world.value("select array_agg(distinct name) from membership where organisation_id is not null")
        assert names == ["Friends of the Mill"], "by the name on record"

    in_a_world(story)


@pytest.mark.parametrize("approval", ["OFFICER", "AUTOMATIC"])
def test_an_organisation_that_may_be_on_record_is_looked_at_first(in_a_world: Scenario, approval: str) -> None:
    async def story(world: World) -> None:
        await world.set_constituency_rule("PARTNER", approval=approval)
        await world.organisation(**mill())
        stranger, _ = await world.applicant()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        like = mill(name="The Friends of the Mill Ltd.", registeredNumber=None)

        held = (await world.do(APPLY_FOR_ORGANISATION, stranger, input=like))["member"]["id"]

        query = "query ($id: ID!) { member(id: $id) { status history { reason } } }"
        told = (await world.ask(query, officer, id=held))["member"]
        assert told["status"] == "UNDER_REVIEW"
        assert (
            told["history"][-1]["reason"] == "perhaps Friends of the Mill, which is on record: compare before admitting"
        )
        other = await world.do(APPLY_FOR_ORGANISATION, stranger, input=mill(name="Mill Lane", registeredNumber="77"))
        status = (await world.ask(query, officer, id=other["member"]["id"]))["member"]["status"]
        assert status == "SUBMITTED", "nobody but the applicant says so (rule 4j)"

    in_a_world(story)


def test_the_name_and_number_of_a_dissolved_organisation_are_free(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        _, _, gone = await world.organisation(**mill())
        stranger, _ = await world.applicant()
        dissolve = 'mutation ($id: ID!, $on: Date!) { dissolveOrganisation(input: {organisationId: $id, dissolvedOn: $on, reason: "Merged"}) { organisation { id } errors { code } } }'
        await world.do(dissolve, await world.officer(Role.MEMBERSHIP_OFFICER), id=gone, on=await world.day())

        successor = (await world.do(APPLY_FOR_ORGANISATION, stranger, input=mill()))["member"]

        assert successor["organisation"]["id"] != gone
        assert successor["status"] == "SUBMITTED"

    in_a_world(story)


def test_of_two_who_apply_for_one_organisation_at_once_one_is_told(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (one, _), (other, _) = await world.applicant(), await world.applicant()
        answers = await asyncio.gather(
            world.ask(APPLY_FOR_ORGANISATION, one, input=mill()),
            world.ask(APPLY_FOR_ORGANISATION, other, input=mill(name="FRIENDS OF THE MILL")),
        )

        codes = [each["code"] for answer in answers for each in answer["applyForOrganisation"]["errors"]]
        assert codes == ["ALREADY_A_MEMBER"]
        assert await world.value("select count(*) from organisation") == 1

    in_a_world(story)
