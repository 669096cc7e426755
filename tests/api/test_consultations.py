"""Consultations from draft to close: what is lawful, and who may do it."""

from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ANSWER, DRAFT_CONSULTATION, PUBLISH_OUTCOME, act
from tests.world import WESSEX, World

PUBLISH, CLOSE = act("publishConsultation", "consultation"), act("closeConsultation", "consultation")


def test_a_draft_is_hidden_until_it_is_published(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        draft = await world.drafted_consultation()
        known, _ = await world.member()
        node = "query ($id: ID!) { node(id: $id) { id } }"

        for hidden in (draft["id"], draft["questions"][0]["id"]):
            assert (await world.ask(node, known, id=hidden))["node"] is None
            assert (await world.ask(node, await world.officer(Role.TRUSTEE), id=hidden))["node"] == {"id": hidden}
        assert await world.refused(ANSWER, known, input=world.answers(draft, "YES")) == "NOT_FOUND"
        assert await world.refused(ANSWER, None, input=world.answers(draft, "YES")) == "NOT_SIGNED_IN"

    in_a_world(story)


CHANGE = """mutation ($input: ChangeConsultationInput!) { changeConsultation(input: $input) {
  consultation { title audience closesAt questions { prompt } } errors { code path } } }"""


def test_a_draft_is_changed_as_a_whole_until_it_is_published(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        draft, clerk = await world.drafted_consultation(), await world.officer(Role.CLERK)
        question = {"prompt": "How many?", "kind": "TEXT"}
        changed = world.consultation(title="School lunches", audience=[], questions=[question]) | {"id": draft["id"]}

        (told,) = [(await world.do(CHANGE, clerk, input=changed))["consultation"]]
        assert (told["title"], told["audience"], told["questions"]) == ("School lunches", [], [{"prompt": "How many?"}])
        wrong = changed | {"questions": [question | {"options": ["a"]}, question | {"kind": "CHOICE"}]}
        refused = await world.refusals(CHANGE, clerk, input=wrong)
        assert [each["path"] for each in refused] == ["questions.0.options", "questions.1.options"]
        for other in (await world.officer(Role.TRUSTEE), await world.officer(Role.CLERK, WESSEX)):
            assert await world.refused(CHANGE, other, input=changed) in ("NOT_PERMITTED", "NOT_FOUND")
        await world.do(PUBLISH, clerk, id=draft["id"])
        assert await world.refused(CHANGE, clerk, input=changed) == "CONSULTATION_NOT_DRAFT"

    in_a_world(story)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"closesAt": None}, "DATES_CONTRADICT"),
        ({"closesAt": "2020-01-01T00:00:00Z"}, "DATES_CONTRADICT"),
        ({"opensAt": "2100-01-02T00:00:00Z"}, "DATES_CONTRADICT"),
        ({"questions": []}, "QUESTIONS_MISSING"),
        ({"kind": "STATUTORY_PROPOSAL", "opensAt": "2099-12-05T12:00:01Z"}, "CONSULTATION_TOO_SHORT"),
        ({"kind": "ADMISSIONS", "opensAt": "2099-11-21T12:00:01Z"}, "CONSULTATION_TOO_SHORT"),
    ],
)
def test_what_is_not_lawful_is_not_published(in_a_world: Scenario, change: dict[str, Any], code: str) -> None:
    async def story(world: World) -> None:
        draft = await world.drafted_consultation(**change)

        assert await world.refused(PUBLISH, await world.officer(Role.CLERK), id=draft["id"]) == code

    in_a_world(story)


def test_how_long_it_must_be_is_told(in_a_world: Scenario) -> None:
    publish = """mutation ($id: ID!) { publishConsultation(input: {id: $id}) {
      errors { code path parameters { name value } } } }"""

    async def story(world: World) -> None:
        draft = await world.drafted_consultation(kind="STATUTORY_PROPOSAL", opensAt="2099-12-05T12:00:01Z")

        (error,) = await world.refusals(publish, await world.officer(Role.CLERK), id=draft["id"])

        assert error == {
            "code": "CONSULTATION_TOO_SHORT",
            "path": None,
            "parameters": [{"name": "days", "value": "28"}],
        }

    in_a_world(story)


def test_every_wrong_question_is_refused_at_once(in_a_world: Scenario) -> None:
    one, twice, stray = {"options": ["one"]}, {"options": ["one", "one"]}, {"kind": "TEXT", "options": ["a", "b"]}
    choice = {"prompt": "Which?", "kind": "CHOICE"}

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)

        async def refused(*questions: dict[str, Any]) -> list[str]:
            draft = world.consultation(questions=[choice | each for each in questions])
            errors = await world.refusals(DRAFT_CONSULTATION, clerk, input=draft)
            assert {error["code"] for error in errors} == {"INPUT_INVALID"}
            return [error["path"] for error in errors]

        assert await refused(one, {"options": ["one", "two"]}, twice, stray, {}) == [
            f"questions.{index}.options" for index in (0, 2, 3, 4)
        ]
        too_many = {"options": [str(number) for number in range(11)]}
        assert await refused({"prompt": " "} | too_many, {"options": ["one", " "]}) == [
            "questions.0.prompt",
            "questions.0.options",
            "questions.1.options.1",
        ]

    in_a_world(story)


@pytest.mark.parametrize("moment", ["2099-01-01T09:00:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_without_a_zone_or_sense_is_refused(in_a_world: Scenario, moment: str) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)

        assert (
            await world.refused(DRAFT_CONSULTATION, clerk, input=world.consultation(closesAt=moment)) == "INPUT_INVALID"
        )

    in_a_world(story)


def test_the_stages_come_in_their_order_and_by_the_clerk(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk, trustee = await world.officer(Role.CLERK), await world.officer(Role.TRUSTEE)
        assert await world.refused(DRAFT_CONSULTATION, trustee, input=world.consultation()) == "NOT_PERMITTED"
        bad = [{"prompt": "Which?", "kind": "CHOICE", "options": ["one"]}]
        assert (
            await world.refused(DRAFT_CONSULTATION, clerk, input=world.consultation(questions=bad)) == "INPUT_INVALID"
        )
        consultation = await world.drafted_consultation(kind="STATUTORY_PROPOSAL")
        identifier = consultation["id"]

        assert await world.refused(PUBLISH, trustee, id=identifier) == "NOT_PERMITTED"
        assert await world.refused(PUBLISH, await world.officer(Role.CLERK, WESSEX), id=identifier) == "NOT_FOUND"
        assert await world.refused(CLOSE, clerk, id=identifier) == "CONSULTATION_NOT_OPEN"
        await world.do(PUBLISH, clerk, id=identifier)
        assert await world.refused(PUBLISH, clerk, id=identifier) == "CONSULTATION_NOT_DRAFT"
        assert await world.refused(CLOSE, clerk, id=identifier) == "CONSULTATION_NOT_CLOSED"
        assert (
            await world.refused(PUBLISH_OUTCOME, clerk, id=identifier, outcome="Decided.", actions=[])
            == "CONSULTATION_NOT_CLOSED"
        )
        await world.run_out(consultation)
        await world.do(CLOSE, clerk, id=identifier)
        assert await world.refused(CLOSE, clerk, id=identifier) == "CONSULTATION_NOT_OPEN"
        assert await world.refused(PUBLISH_OUTCOME, clerk, id=identifier, outcome=" ", actions=[]) == "INPUT_INVALID"
        await world.do(PUBLISH_OUTCOME, clerk, id=identifier, outcome="Decided.", actions=[])
        again = PUBLISH_OUTCOME.replace("errors { code path }", "errors { code message }")
        (error,) = await world.refusals(again, clerk, id=identifier, outcome="Again.", actions=[])
        assert error == {"code": "CONSULTATION_NOT_CLOSED", "message": "Its outcome is published already."}
        assert await world.value("select count(*) from audit_event where action like 'consultations:%'") == 4

    in_a_world(story)
