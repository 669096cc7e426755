"""Nobody decides on their own case: rule 17."""

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, REFUSE
from tests.world import WESSEX, World


def test_nobody_decides_on_what_is_about_themself(in_a_world: Scenario) -> None:
    """Rule 17d: the clerk's own removal and suspension, the officer's own mailbox and authority."""

    async def story(world: World) -> None:
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        as_staff = {"constituency": "STAFF", "relationships": [{"kind": "STAFF", "schoolUrn": 118365}]}
        own = (await world.do(APPLY, clerk, input=await world.application_of(clerk, **as_staff)))["member"]["id"]
        await world.do(ADMIT, officer, id=own)
        propose = (
            'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "x"}) { removal { id } errors { code } } }'
        )
        suspend = (
            'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "x"}) { member { id } errors { code } } }'
        )
        authorise = 'mutation ($o: ID!, $p: ID!) { authoriseRepresentative(input: {organisationId: $o, personId: $p, document: "x"}) { organisation { id } errors { code } } }'
        _, _, organisation = await world.organisation()

        assert await world.refused(propose, clerk, id=own) == "OWN_CASE"
        assert await world.refused(suspend, clerk, id=own) == "OWN_CASE"
        assert await world.refused(authorise, officer, o=organisation, p=f"per_{officer.person_id}") == "NOT_AUTHORISED"

    in_a_world(story)


def test_only_the_membership_officer_decides_and_never_on_their_own(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.applicant()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        elsewhere = await world.officer(Role.MEMBERSHIP_OFFICER, WESSEX)

        assert await world.refused(ADMIT, None, id=membership) == "NOT_SIGNED_IN"
        assert await world.refused(ADMIT, known, id=membership) == "NOT_PERMITTED"
        for role in (Role.TRUSTEE, Role.RETURNING_OFFICER, Role.CLERK, Role.DATA_PROTECTION_OFFICER, Role.FORUM_MEMBER):
            assert await world.refused(ADMIT, await world.officer(role), id=membership) == "NOT_PERMITTED"
        assert await world.refused(ADMIT, elsewhere, id=membership) == "NOT_FOUND"
        for garbage in ("mem_garbage", "per_" + membership[4:], ""):
            assert await world.refused(ADMIT, officer, id=garbage) == "NOT_FOUND"
        own = await world.do(APPLY, officer, input=await world.application_of(officer))
        assert await world.refused(ADMIT, officer, id=own["member"]["id"]) == "OWN_APPLICATION"
        assert await world.refused(REFUSE, officer, id=own["member"]["id"], reason="x") == "OWN_APPLICATION"

    in_a_world(story)
