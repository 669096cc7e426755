"""Children who join, through the API: rule 6."""

from typing import Any

from domain.identity.viewer import Role
from tests.api.memberships import CHILD
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, REGISTER_CHILD
from tests.world import World


def test_a_guardian_registers_a_child_who_is_admitted_and_stays_hidden(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        guardian, _ = await world.member()
        neighbour, _ = await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        membership, child = await world.child(guardian)
        await world.do(ADMIT, officer, id=membership)

        seen = (await world.ask(CHILD, guardian, id=child))["node"]
        assert (seen["givenName"], seen["ageBand"], len(seen["consents"])) == ("Cleo", "FROM_10_TO_12", 1)
        assert (await world.ask(CHILD, neighbour, id=child))["node"] is None
        for role in (Role.CLERK, Role.RETURNING_OFFICER):
            shown = (await world.ask(CHILD, await world.officer(role), id=child))["node"]
            safeguarded = [shown.pop(name) for name in ("dateOfBirth", "ageBand", "guardians", "consents")]
            assert (shown["givenName"], safeguarded) == ("Cleo", [None] * 4)
        children = (await world.ask("{ viewer { children { child { givenName } } } }", guardian))["viewer"]["children"]
        assert children == [{"child": {"givenName": "Cleo"}}]
        letters = [recipient for recipient, body in await world.mails() if "Cleo" in body]
        email = await world.value("select email from person where id = $1", guardian.person_id)
        assert letters == [email, email], "received and admitted, both through the guardian"

    in_a_world(story)


def test_what_keeps_a_child_out(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        guardian, _ = await world.member()
        child: dict[str, Any] = {
            "givenName": "Cleo", "familyName": "Canary", "dateOfBirth": "2016-05-01", "schoolUrn": 118365,
            "serviceAddress": "1 Canary Row",
        }  # fmt: skip

        for change, code in (
            ({"dateOfBirth": "2100-01-01"}, "DATES_CONTRADICT"),
            ({"dateOfBirth": "1990-01-01"}, "NO_CHILD"),
            ({"dateOfBirth": await world.day(-5 * 366)}, "TOO_YOUNG"),
            ({"schoolUrn": 100000}, "INPUT_INVALID"),
            ({"constituency": "STAFF"}, "NOT_ELIGIBLE"),
            ({"givenName": ""}, "INPUT_INVALID"),
        ):
            assert await world.refused(REGISTER_CHILD, guardian, input=child | change) == code
        assert await world.refused(REGISTER_CHILD, None, input=child) == "NOT_SIGNED_IN"
        learner = {"constituency": "LEARNER", "relationships": [{"kind": "LEARNER", "schoolUrn": 118365}]}
        alone = world.application(**learner, dateOfBirth="2014-05-01")
        assert await world.refused(APPLY, await world.newcomer(), input=alone) == "GUARDIAN_CONSENT_NEEDED"

    in_a_world(story)


def test_a_child_that_two_parents_register_is_looked_at_before_it_is_two(in_a_world: Scenario) -> None:
    """Rule 3f: children must not multiply votes."""

    async def story(world: World) -> None:
        mother, _ = await world.member()
        father, _ = await world.member()
        first, _ = await world.child(mother, familyName="Twice")
        second, _ = await world.child(father, familyName="Twicé")

        status = (
            "query ($id: ID!) { node(id: $id) { ... on Member { status person { givenName } history { reason } } } }"
        )
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        assert (await world.ask(status, officer, id=first))["node"]["status"] == "SUBMITTED"
        held = (await world.ask(status, officer, id=second))["node"]
        assert held["status"] == "UNDER_REVIEW"
        assert "perhaps on record" in held["history"][-1]["reason"]
        third, _ = await world.child(father, givenName=held["person"]["givenName"][0] + ".", familyName="Twice")
        assert (await world.ask(status, officer, id=third))["node"]["status"] == "UNDER_REVIEW", "an initial"

    in_a_world(story)
