"""A consultation from draft to outcome, the CARE consultation of 2017 among them."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ANSWER, DRAFT_CONSULTATION, act
from tests.world import WESSEX, Known, World

PUBLISH, CLOSE = act("publishConsultation", "consultation"), act("closeConsultation", "consultation")
SUSPEND = 'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "x"}) { member { id } errors { code } } }'
OUTCOME = """mutation ($id: ID!, $outcome: String!, $actions: [ActionInput!]!) {
  publishOutcome(input: {id: $id, outcome: $outcome, actions: $actions}) { consultation { status } errors { code field } } }"""
TOTALS = """query ($id: ID!) { node(id: $id) { ... on Consultation { status respondents outcome
  questions { responseCount totals { constituency { code } choice answers } } actions { youSaid weDid owner dueOn } } } }"""
CARE_2017 = json.loads(
    (Path(__file__).parents[2] / "data" / "consultations" / "care-foundation-trust-2017.json").read_text()
)


def test_the_care_consultation_of_2017_is_published_with_its_outcome(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        query = "{ consultations { nodes { title status closesAt outcome questions { prompt kind } schools { effect school { urn } } } } }"

        (past,) = (await world.ask(query))["consultations"]["nodes"]

        assert past["status"] == "OUTCOME_PUBLISHED"
        assert past["closesAt"] == "2017-05-26T11:00:00+00:00", "noon in London was eleven in UTC"
        assert [question["prompt"] for question in past["questions"]] == [q["text"] for q in CARE_2017["questions"]]
        assert {(s["school"]["urn"], s["effect"]) for s in past["schools"]} == {
            (school["urn"], school["effect"]) for school in CARE_2017["schools"]
        }

    in_a_world(story)


def test_the_care_questions_asked_again_close_the_loop(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        questions = [
            {"prompt": q["text"], "kind": q["type"], "required": q["required"]} for q in CARE_2017["questions"]
        ]
        consultation = await world.open_consultation(questions=questions)
        parents = [(await world.member())[0] for _ in range(11)]
        staff = [(await world.member(constituency="STAFF", relationships=[{"kind": "STAFF"}]))[0] for _ in range(10)]
        for number, known in enumerate([*parents, *staff]):
            choice = "FOR" if number % 3 else "AGAINST"
            answers = [
                {"questionId": q["id"], "choice": choice, "comment": f"Canary {number}"}
                for q in consultation["questions"]
            ]
            await world.do(ANSWER, known, input={"consultationId": consultation["id"], "answers": answers})
        await world.run_out(consultation)
        clerk = await world.officer(Role.CLERK)

        await world.do(CLOSE, clerk, id=consultation["id"])
        action = {
            "youSaid": "Keep our character.",
            "weDid": "Each school keeps its own.",
            "owner": "The board",
            "dueOn": "2026-12-31",
        }
        await world.do(OUTCOME, clerk, id=consultation["id"], outcome="We go ahead.", actions=[action])

        told = (await world.ask(TOTALS, id=consultation["id"]))["node"]
        assert (told["status"], told["respondents"], told["outcome"]) == ("OUTCOME_PUBLISHED", 21, "We go ahead.")
        assert told["actions"] == [action]
        totals = {
            (row["constituency"] and row["constituency"]["code"], row["choice"]): row["answers"]
            for row in told["questions"][0]["totals"]
        }
        assert totals[None, "FOR"] + totals[None, "AGAINST"] == 21
        assert totals["PARENT_CARER", "FOR"] + totals["PARENT_CARER", "AGAINST"] == 11
        assert totals["STAFF", "FOR"] + totals["STAFF", "AGAINST"] == 10
        assert "Canary" not in json.dumps(told)

    in_a_world(story)


def test_a_small_constituency_is_not_published(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        consultation = await world.open_consultation()
        for number in range(14):
            constituency = "STAFF" if number < 3 else "PARENT_CARER"
            known, _ = await world.member(constituency=constituency, relationships=[{"kind": constituency}])
            await world.do(ANSWER, known, input=world.answers(consultation, "YES"))
        await world.run_out(consultation)

        await world.do(CLOSE, await world.officer(Role.CLERK), id=consultation["id"])

        totals = (await world.ask(TOTALS, id=consultation["id"]))["node"]["questions"][0]["totals"]
        by = {(row["constituency"] and row["constituency"]["code"], row["choice"]): row["answers"] for row in totals}
        assert by[None, "YES"] == 14
        assert by["STAFF", "YES"] is by["STAFF", "NO"] is None
        assert by["PARENT_CARER", "YES"] is None, "or staff would be the difference"

    in_a_world(story)


def test_one_response_per_person_editable_until_the_end(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        consultation = await world.open_consultation()
        known, _ = await world.member()

        await world.do(ANSWER, known, input=world.answers(consultation, "YES", "First thought"))
        await world.do(ANSWER, known, input=world.answers(consultation, "NO"))

        assert await world.value("select count(*) from consultation_response") == 1
        mine = "query ($id: ID!) { node(id: $id) { ... on Consultation { isOpen viewerResponse { answers { choice comment } } } } }"
        seen = (await world.ask(mine, known, id=consultation["id"]))["node"]
        assert seen == {"isOpen": True, "viewerResponse": {"answers": [{"choice": "NO", "comment": None}]}}
        other, _ = await world.member()
        assert (await world.ask(mine, other, id=consultation["id"]))["node"]["viewerResponse"] is None
        await world.run_out(consultation)
        assert await world.refused(ANSWER, known, input=world.answers(consultation, "YES")) == "CONSULTATION_NOT_OPEN"

    in_a_world(story)


@pytest.mark.parametrize("status", ["LAPSING", "SUSPENDED"])
def test_a_member_whose_membership_is_in_question_still_answers_as_a_member(in_a_world: Scenario, status: str) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()
        if status == "LAPSING":
            await world.lose_ground(known)
            await world.keep_register()
        else:
            await world.do(SUSPEND, await world.officer(Role.CLERK), id=membership)
        assert await world.value("select status from membership") == status
        consultation = await world.open_consultation()

        await world.do(ANSWER, known, input=world.answers(consultation, "YES"))

        assert (
            await world.value(
                "select c.code from consultation_response r join constituency c on c.id = r.constituency_id"
            )
            == "PARENT_CARER"
        )

    in_a_world(story)


def test_counts_kept_beside_questions_are_what_counting_gives(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        consultation = await world.open_consultation()
        members = [(await world.member())[0] for _ in range(6)]

        async def answer(known: Known, turn: int) -> None:
            comment = f"turn {turn}" if (turn + members.index(known)) % 2 else None
            await world.do(ANSWER, known, input=world.answers(consultation, "YES", comment))

        for turn in range(3):
            await asyncio.gather(*(answer(known, turn) for known in members))

        differing = await world.value(
            "select count(*) from consultation_question q where response_count <>"
            " (select count(*) from consultation_answer a where a.question_id = q.id)"
        )
        assert differing == 0
        counts = "query ($id: ID!) { node(id: $id) { ... on Consultation { questions { responseCount } } } }"
        clerk = await world.officer(Role.CLERK)
        assert (await world.ask(counts, clerk, id=consultation["id"]))["node"]["questions"] == [
            {"responseCount": 6},
            {"responseCount": 3},
        ]
        assert (await world.ask(counts, members[0], id=consultation["id"]))["node"]["questions"][0] == {
            "responseCount": None
        }

    in_a_world(story)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (lambda ids: [{"questionId": ids[0], "choice": "PERHAPS"}], "ANSWER_INVALID"),
        (
            lambda ids: [{"questionId": ids[0], "choice": "YES"}, {"questionId": ids[0], "choice": "NO"}],
            "ANSWER_INVALID",
        ),
        (lambda ids: [{"questionId": "que_00000000-0000-0000-0000-000000000000", "choice": "YES"}], "ANSWER_INVALID"),
        (lambda ids: [{"questionId": "que_garbage", "choice": "YES"}], "NOT_FOUND"),
        (lambda ids: [{"questionId": ids[1], "comment": "Only words"}], "ANSWER_MISSING"),
        (lambda ids: [], "ANSWER_MISSING"),
        (lambda ids: [{"questionId": ids[0]}], "ANSWER_MISSING"),
        (
            lambda ids: [{"questionId": ids[0], "choice": "YES"}, {"questionId": ids[1], "choice": "YES"}],
            "ANSWER_INVALID",
        ),
    ],
)
def test_answers_must_fit_their_questions(in_a_world: Scenario, answers: Any, code: str) -> None:
    async def story(world: World) -> None:
        consultation = await world.open_consultation()
        known, _ = await world.member()
        given = answers([question["id"] for question in consultation["questions"]])

        assert (
            await world.refused(ANSWER, known, input={"consultationId": consultation["id"], "answers": given}) == code
        )

    in_a_world(story)


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
            await world.refused(OUTCOME, clerk, id=identifier, outcome="Decided.", actions=[])
            == "CONSULTATION_NOT_CLOSED"
        )
        await world.run_out(consultation)
        await world.do(CLOSE, clerk, id=identifier)
        assert await world.refused(CLOSE, clerk, id=identifier) == "CONSULTATION_NOT_OPEN"
        assert await world.refused(OUTCOME, clerk, id=identifier, outcome=" ", actions=[]) == "INPUT_INVALID"
        await world.do(OUTCOME, clerk, id=identifier, outcome="Decided.", actions=[])
        assert await world.value("select count(*) from audit_event where action like 'consultations:%'") == 4

    in_a_world(story)
