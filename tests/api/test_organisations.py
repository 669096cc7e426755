"""Organisations as members, through the API: rule 7."""

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, APPLY_FOR_ORGANISATION, CAST, act
from tests.world import World


def test_an_organisation_has_one_vote_beside_its_representatives_own(in_a_world: Scenario) -> None:
    """Rules 7, 28h and 28i: representative of two organisations, organisation merged."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership, organisation = await world.organisation()
        own = (await world.do(APPLY, known, input=world.application()))["member"]["id"]
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
