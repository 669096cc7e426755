"""Requests to inspect the register: rule 5."""

from datetime import date, timedelta
from typing import Any

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import REQUEST_ABOUT_DATA, act
from tests.world import CARE, Known, World

ASK = "mutation ($input: RequestInspectionInput!) { requestInspection(input: $input) { inspectionRequest { id askedOn dueOn decision } errors { code } } }"
SEEN = "{ inspectionRequests { nodes { id email dueOn decision } } }"
REQUEST = {
    "name": "A Reporter",
    "address": "Fleet Street",
    "purpose": "An article",
    "onwardDisclosure": "Readers",
}


def test_a_request_to_inspect_is_logged_due_and_answered_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        answer = 'mutation ($id: ID!) { answerInspection(input: {id: $id, decision: COMPLIED, note: "Copy sent"}) { inspectionRequest { decision answeredOn } errors { code } } }'
        anybody = await world.newcomer()

        assert await world.refused(ASK, None, input=REQUEST) == "NOT_SIGNED_IN"
        assert await world.refused(ASK, anybody, input=REQUEST | {"purpose": " "}) == "INPUT_INVALID"
        made = (await world.do(ASK, anybody, input=REQUEST))["inspectionRequest"]
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        (waiting,) = (await world.ask("{ inspectionRequests { nodes { id dueOn askedOn } } }", officer))[
            "inspectionRequests"
        ]["nodes"]
        assert waiting["id"] == made["id"]
        assert date.fromisoformat(waiting["dueOn"]) >= date.fromisoformat(waiting["askedOn"]) + timedelta(days=5)
        assert await world.refused(answer, anybody, id=waiting["id"]) == "PERSON_NEEDED"
        await world.do(answer, officer, id=waiting["id"])
        assert await world.refused(answer, officer, id=waiting["id"]) == "REQUEST_ANSWERED"

    in_a_world(story)


def test_a_mailbox_without_a_person_sees_its_request_and_is_told_when_it_is_due(in_a_world: Scenario) -> None:
    """Rule 5f: anybody may ask, and has to be answered."""

    async def story(world: World) -> None:
        address = "reporter@example.org"
        anybody, another = await world.session(CARE, address, None), await world.newcomer()
        member, _ = await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        made = (await world.do(ASK, anybody, input=REQUEST))["inspectionRequest"]
        await world.do(ASK, member, input=REQUEST)

        async def seen(known: Known | None) -> list[Any]:
            return list((await world.ask(SEEN, known))["inspectionRequests"]["nodes"])

        own = {"id": made["id"], "email": address, "dueOn": made["dueOn"], "decision": None}
        assert await seen(anybody) == [own]
        assert await seen(another) == []
        assert await seen(None) == []
        assert [each["id"] == made["id"] for each in await seen(member)] == [False]
        assert own in await seen(officer)
        due = date.fromisoformat(made["dueOn"])
        told = [body for recipient, body in await world.mails() if recipient == address]
        assert len(told) == 1
        assert f"{due.day} {due:%B %Y}" in told[0]

        # the same mailbox, when it belongs to somebody, and another session of it
        register = 'mutation { registerPerson(input: {givenName: "Rae", familyName: "Reporter", dateOfBirth: "1980-01-01"}) { person { id } errors { code } } }'
        await world.do(register, anybody)
        assert await seen(anybody) == [own]
        assert await seen(await world.session(CARE, address, None)) == [own]

    in_a_world(story)


def test_an_erasure_takes_the_mailbox_of_a_request(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, application = await world.applicant()
        await world.do(ASK, known, input=REQUEST)
        assert await world.value("select email from inspection_request") is not None
        await world.do(act("withdrawApplication", "member"), known, id=application)
        erasure = await world.do(REQUEST_ABOUT_DATA, known, id=f"per_{known.person_id}", kind="ERASURE")
        answer = 'mutation ($id: ID!) { answerDataRequest(input: {id: $id, granted: true, answer: "Done"}) { dataRequest { id } errors { code } } }'
        protection = await world.officer(Role.DATA_PROTECTION_OFFICER)
        await world.do(answer, protection, id=erasure["dataRequest"]["id"])

        assert await world.value("select (name, email) from inspection_request") == ("", None)

    in_a_world(story)
