"""A mailbox and a name are one person, however often they sign in."""

import asyncio

from tests.api.test_sign_in import SIGN_IN, request_code
from tests.conftest import Scenario
from tests.mutations import APPLY
from tests.world import CARE, Known, World


def test_whoever_signs_in_twice_is_one_person_however_they_do(in_a_world: Scenario) -> None:
    """Rules 3a and 3d: two sessions of one mailbox, and a claim to be another, bring nobody a second membership."""

    async def story(world: World) -> None:
        address = "twice@example.org"
        sessions = [await world.session(CARE, address, None) for _ in range(4)]
        told = world.application(givenName="Łucja", dateOfBirth="1985-05-01")
        neighbour = told | {"constituency": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}]}

        both = await asyncio.gather(
            world.ask(APPLY, sessions[0], input=told), world.ask(APPLY, sessions[1], input=neighbour)
        )
        refused = [[error["code"] for error in each["applyForMembership"]["errors"]] for each in both]
        assert sorted(refused) == [[], ["ALREADY_A_MEMBER"]]
        challenge, code = await request_code(world, address)
        another = Known(None, (await world.do(SIGN_IN, challenge=challenge, code=code, another=True))["token"], CARE)
        for known, given in ((another, "Lucja"), (sessions[2], "L.")):
            assert await world.refused(APPLY, known, input=told | {"givenName": given}) == "ALREADY_A_MEMBER"
        assert await world.value("select count(*) from person where email = $1", address) == 1

        child = told | {"dateOfBirth": "2008-05-01"}
        await world.do(APPLY, another, input=child)
        assert await world.value("select count(*) from person where email = $1", address) == 2
        unsaid = told | {"dateOfBirth": None}
        assert await world.refused(APPLY, sessions[3], input=unsaid) == "PERSON_CHOICE_NEEDED"

    in_a_world(story)
