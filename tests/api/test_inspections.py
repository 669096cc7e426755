"""Requests to inspect the register: rule 5."""

from datetime import date, timedelta

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.world import World


def test_a_request_to_inspect_is_logged_due_and_answered_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        ask = "mutation ($input: RequestInspectionInput!) { requestInspection(input: $input) { inspectionRequest { id askedOn dueOn decision } errors { code } } }"
        answer = 'mutation ($id: ID!) { answerInspection(input: {id: $id, decision: COMPLIED, note: "Copy sent"}) { inspectionRequest { decision answeredOn } errors { code } } }'
        request = {
            "name": "A Reporter",
            "address": "Fleet Street",
            "purpose": "An article",
            "onwardDisclosure": "Readers",
        }
        anybody = await world.newcomer()

        assert await world.refused(ask, None, input=request) == "NOT_SIGNED_IN"
        assert await world.refused(ask, anybody, input=request | {"purpose": " "}) == "INPUT_INVALID"
        made = (await world.do(ask, anybody, input=request))["inspectionRequest"]
        assert made is None, "a mailbox without a person sees no request"
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        (waiting,) = (await world.ask("{ inspectionRequests { nodes { id dueOn askedOn } } }", officer))[
            "inspectionRequests"
        ]["nodes"]
        assert date.fromisoformat(waiting["dueOn"]) >= date.fromisoformat(waiting["askedOn"]) + timedelta(days=5)
        assert await world.refused(answer, anybody, id=waiting["id"]) == "PERSON_NEEDED"
        await world.do(answer, officer, id=waiting["id"])
        assert await world.refused(answer, officer, id=waiting["id"]) == "REQUEST_ANSWERED"

    in_a_world(story)
