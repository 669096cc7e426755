"""Outcomes of consultations, the CARE consultation of 2017 among them."""

import json
from pathlib import Path
from typing import Any

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ANSWER, PUBLISH_OUTCOME, act
from tests.world import World

CLOSE = act("closeConsultation", "consultation")
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
        await world.do(PUBLISH_OUTCOME, clerk, id=consultation["id"], outcome="We go ahead.", actions=[action])

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


def test_how_few_answered_is_not_published(in_a_world: Scenario) -> None:
    """Rule 24b."""

    async def story(world: World) -> None:
        consultation = await world.open_consultation()
        known, _ = await world.member()
        await world.do(ANSWER, known, input=world.answers(consultation, "YES"))
        await world.run_out(consultation)
        await world.do(CLOSE, await world.officer(Role.CLERK), id=consultation["id"])

        told = (await world.ask(TOTALS, id=consultation["id"]))["node"]
        assert (told["status"], told["respondents"]) == ("CLOSED", None)

    in_a_world(story)


async def closed(world: World, consultation: dict[str, Any]) -> tuple[Any, list[dict[tuple[Any, str], Any]]]:
    """How many are said to have answered, and of each question the totals by constituency and choice."""
    await world.run_out(consultation)
    await world.do(CLOSE, await world.officer(Role.CLERK), id=consultation["id"])
    told = (await world.ask(TOTALS, id=consultation["id"]))["node"]
    totals = [
        {(row["constituency"] and row["constituency"]["code"], row["choice"]): row["answers"] for row in each["totals"]}
        for each in told["questions"]
    ]
    return told["respondents"], totals


def test_a_stranger_with_many_mailboxes_is_no_cover_for_members(in_a_world: Scenario) -> None:
    """Who knows how the strangers answered takes that from what is published."""

    async def story(world: World) -> None:
        one, other = await world.open_consultation(), await world.open_consultation()
        for number in range(14):
            constituency = "STAFF" if number < 3 else "PARENT_CARER"
            known, _ = await world.member(constituency=constituency, relationships=[{"kind": constituency}])
            await world.do(ANSWER, known, input=world.answers(one, "YES"))
            if constituency == "STAFF":
                await world.do(ANSWER, known, input=world.answers(other, "YES"))
        for _ in range(11):
            stranger, _ = await world.applicant()
            for each in (one, other):
                await world.do(ANSWER, stranger, input=world.answers(each, "NO"))

        respondents, (totals, _) = await closed(world, one)
        assert (respondents, totals[None, "YES"], totals[None, "NO"]) == (25, 14, 11)
        assert totals["STAFF", "YES"] is totals["STAFF", "NO"] is None
        assert totals["PARENT_CARER", "YES"] is None, "or staff would be the difference"
        respondents, (totals, _) = await closed(world, other)
        assert respondents is totals[None, "YES"] is totals[None, "NO"] is totals["STAFF", "YES"] is None

    in_a_world(story)


def test_a_question_that_few_answered_is_not_published(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        optional = {"prompt": "And on Fridays?", "kind": "YES_NO"}
        consultation = await world.open_consultation(
            questions=[{"prompt": "Start at 8:30?", "kind": "YES_NO", "required": True}, optional]
        )
        for number in range(12):
            answers = world.answers(consultation, "YES")
            if number == 0:
                answers["answers"].append({"questionId": consultation["questions"][1]["id"], "choice": "NO"})
            await world.do(ANSWER, (await world.member())[0], input=answers)

        respondents, (asked_of_all, asked_of_some) = await closed(world, consultation)

        assert (respondents, asked_of_all[None, "YES"], asked_of_all["PARENT_CARER", "YES"]) == (12, 12, 12)
        assert set(asked_of_some.values()) == {None}

    in_a_world(story)
