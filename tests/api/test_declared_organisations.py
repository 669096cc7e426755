"""What somebody says of an organisation they apply for gives them nothing before it is admitted: rule 7a."""

import pytest

from domain.identity.viewer import Role
from tests.api.test_representatives import AUTHORISE
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY_FOR_ORGANISATION, CAST, REFUSE, act
from tests.world import Known, World

REVOKE = "mutation ($id: ID!) { revokeAuthorisation(input: {id: $id}) { organisation { id } errors { code } } }"
RESIGN = act("resignMembership", "member")
WITHDRAW = act("withdrawApplication", "member")
SEEN = """query ($id: ID!) { node(id: $id) { ... on Organisation { name memberships { id }
  representatives { id document person { id } } } } }"""
APPLICATION = "query ($id: ID!) { node(id: $id) { ... on Member { status serviceAddress } } }"
COUNCIL = {
    "name": "Leek Town Council",
    "kind": "council",
    "constituency": "PARTNER",
    "serviceAddress": "The Old Mill",
    "document": "I say so",
    "acceptsArticles": True,
}


async def person(world: World) -> Known:
    """Somebody on record who is no member."""
    known, membership = await world.applicant()
    await world.do(WITHDRAW, known, id=membership)
    return known


def authorised(organisation: str, who: Known) -> dict[str, str]:
    return {"organisationId": organisation, "personId": f"per_{who.person_id}", "document": "Minute 8"}


async def admitted_with_its_clerk(world: World, organisation: str | None) -> tuple[Known, str, str]:
    """The clerk, whom the officer has authorised where the organisation is on record, and who applied for it."""
    officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await person(world)
    if organisation is not None:
        await world.do(AUTHORISE, officer, input=authorised(organisation, clerk))
    application = COUNCIL | {"serviceAddress": "Town Hall", "document": "Minute 3", "kind": "town council"}
    member = (await world.do(APPLY_FOR_ORGANISATION, clerk, input=application))["member"]
    await world.do(ADMIT, officer, id=member["id"])
    return clerk, member["id"], member["organisation"]["id"]


@pytest.mark.parametrize("ends_it", ["the officer", "the applicant"])
@pytest.mark.parametrize("is_known", [True, False])
def test_who_was_refused_does_not_act_for_the_organisation_they_named(
    in_a_world: Scenario, ends_it: str, is_known: bool
) -> None:
    async def story(world: World) -> None:
        officer, stranger = await world.officer(Role.MEMBERSHIP_OFFICER), await person(world)
        applied = (await world.do(APPLY_FOR_ORGANISATION, stranger, input=COUNCIL))["member"]
        organisation = applied["organisation"]["id"]
        if ends_it == "the officer":
            await world.do(REFUSE, officer, id=applied["id"], reason="Not of the council")
        else:
            await world.do(WITHDRAW, stranger, id=applied["id"])

        clerk, membership, admitted = await admitted_with_its_clerk(world, organisation if is_known else None)
        assert admitted == organisation, "the name stays with one record"
        assert await world.value("select kind from organisation where id::text = $1", organisation[4:]) == (
            "council" if is_known else "town council"
        ), "what the stranger said of it is not kept for whom nobody vouched"
        (own,) = (await world.ask(SEEN, clerk, id=organisation))["node"]["representatives"][-1:]
        poll = await world.open_poll(contests=[world.contest_draft(constituencies=["PARTNER"])])

        paper = world.paper(poll, "AGAINST", on_behalf_of=organisation)
        assert await world.refused(CAST, stranger, **paper) == "NOT_AUTHORISED"
        assert await world.refused(REVOKE, stranger, id=own["id"]) == "NOT_FOUND"
        assert await world.refused(RESIGN, stranger, id=membership) == "NOT_FOUND"
        assert (await world.ask(SEEN, stranger, id=organisation))["node"] is None
        assert (await world.ask(APPLICATION, stranger, id=membership))["node"] is None
        await world.do(CAST, clerk, **paper)

    in_a_world(story)


def test_who_applies_for_an_organisation_does_nothing_else_for_it_until_it_is_admitted(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, stranger, clerk = (
            await world.officer(Role.MEMBERSHIP_OFFICER),
            await person(world),
            await person(world),
        )
        applied = (await world.do(APPLY_FOR_ORGANISATION, stranger, input=COUNCIL))["member"]
        organisation = applied["organisation"]["id"]
        await world.do(AUTHORISE, officer, input=authorised(organisation, clerk))

        friend = authorised(organisation, await person(world))
        assert await world.refused(AUTHORISE, stranger, input=friend) == "NOT_FOUND"
        of_clerk = (await world.ask(SEEN, officer, id=organisation))["node"]["representatives"][1]
        assert await world.refused(REVOKE, stranger, id=of_clerk["id"]) == "NOT_FOUND"
        seen = (await world.ask(SEEN, stranger, id=organisation))["node"]
        assert (seen["name"], seen["memberships"]) == (COUNCIL["name"], [{"id": applied["id"]}])
        assert [each["document"] for each in seen["representatives"]] == ["I say so"], "what they said, and no more"
        state = (await world.ask(APPLICATION, stranger, id=applied["id"]))["node"]
        assert state == {"status": "SUBMITTED", "serviceAddress": "The Old Mill"}

        await world.do(ADMIT, officer, id=applied["id"])
        await world.do(AUTHORISE, stranger, input=friend)
        assert len((await world.ask(SEEN, stranger, id=organisation))["node"]["representatives"]) == 3

    in_a_world(story)


def test_who_applied_sees_what_became_of_it_and_may_apply_again(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await person(world)
        first = (await world.do(APPLY_FOR_ORGANISATION, clerk, input=COUNCIL))["member"]["id"]
        await world.do(REFUSE, officer, id=first, reason="No minute")
        assert (await world.ask(APPLICATION, clerk, id=first))["node"]["status"] == "REFUSED"
        assert await world.value("select count(*) from notice where kind = 'REFUSED'") == 1

        second = (await world.do(APPLY_FOR_ORGANISATION, clerk, input=COUNCIL | {"document": "Minute 9"}))["member"]
        assert await world.refused(APPLY_FOR_ORGANISATION, clerk, input=COUNCIL) == "ALREADY_A_MEMBER"
        await world.do(ADMIT, officer, id=second["id"])
        assert await world.refused(APPLY_FOR_ORGANISATION, await person(world), input=COUNCIL) == "ALREADY_A_MEMBER"
        await world.do(RESIGN, clerk, id=second["id"])
        assert await world.refused(APPLY_FOR_ORGANISATION, await person(world), input=COUNCIL) == "ALREADY_A_MEMBER"

    in_a_world(story)


def test_nobody_is_admitted_at_once_by_an_applicants_word_that_they_act_for_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.set_constituency_rule("PARTNER", approval="AUTOMATIC")
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await person(world)
        member = (await world.do(APPLY_FOR_ORGANISATION, clerk, input=COUNCIL))["member"]
        assert member["status"] == "SUBMITTED"
        await world.do(AUTHORISE, officer, input=authorised(member["organisation"]["id"], clerk))
        await world.do(WITHDRAW, clerk, id=member["id"])
        again = (await world.do(APPLY_FOR_ORGANISATION, clerk, input=COUNCIL))["member"]
        assert again["status"] == "ADMITTED", "an officer has seen that they represent it"
        await world.do(RESIGN, clerk, id=again["id"])

    in_a_world(story)


def test_whom_an_officer_authorised_acts_whatever_becomes_of_their_application(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, clerk, deputy = await world.officer(Role.MEMBERSHIP_OFFICER), await person(world), await person(world)
        applied = (await world.do(APPLY_FOR_ORGANISATION, clerk, input=COUNCIL))["member"]
        organisation = applied["organisation"]["id"]
        await world.do(AUTHORISE, officer, input=authorised(organisation, clerk))
        await world.do(REFUSE, officer, id=applied["id"], reason="The other constituency")

        await world.do(AUTHORISE, clerk, input=authorised(organisation, deputy))
        assert await world.refused(APPLY_FOR_ORGANISATION, await person(world), input=COUNCIL) == "ALREADY_A_MEMBER"
        again = (await world.do(APPLY_FOR_ORGANISATION, clerk, input=COUNCIL))["member"]
        assert again["organisation"]["id"] == organisation

    in_a_world(story)


def test_an_officer_decides_on_nothing_they_applied_for(in_a_world: Scenario) -> None:
    """Rule 17d."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        applied = (await world.do(APPLY_FOR_ORGANISATION, officer, input=COUNCIL))["member"]["id"]
        assert await world.refused(ADMIT, officer, id=applied) == "OWN_APPLICATION"
        assert await world.refused(REFUSE, officer, id=applied, reason="No") == "OWN_APPLICATION"

    in_a_world(story)
