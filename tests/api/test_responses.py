"""Answers to a consultation."""

import asyncio
from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ANSWER
from tests.world import Known, World

SUSPEND = 'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "x"}) { member { id } errors { code } } }'


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


UNKNOWN = "que_00000000-0000-0000-0000-000000000000"
MISSING = ("ANSWER_MISSING", "answers")


@pytest.mark.parametrize(
    ("answers", "refusals"),
    [
        (lambda ids: [{"questionId": ids[0], "choice": "PERHAPS"}], [("ANSWER_INVALID", "answers.0.choice")]),
        (
            lambda ids: [{"questionId": ids[0], "choice": "YES"}, {"questionId": ids[0], "choice": "NO"}],
            [("ANSWER_INVALID", "answers.1.questionId")],
        ),
        (lambda ids: [{"questionId": UNKNOWN, "choice": "YES"}], [("ANSWER_INVALID", "answers.0.questionId"), MISSING]),
        (
            lambda ids: [{"questionId": "que_garbage", "choice": "YES"}, {"questionId": ids[0], "comment": " "}],
            [("NOT_FOUND", "answers.0.questionId"), ("INPUT_INVALID", "answers.1.comment")],
        ),
        (lambda ids: [{"questionId": ids[1], "comment": "Only words"}], [MISSING]),
        (lambda ids: [], [MISSING]),
        (lambda ids: [{"questionId": ids[0]}], [MISSING]),
        (
            lambda ids: [{"questionId": ids[0], "choice": "YES"}, {"questionId": ids[1], "choice": "YES"}],
            [("ANSWER_INVALID", "answers.1.choice")],
        ),
    ],
)
def test_answers_must_fit_their_questions(in_a_world: Scenario, answers: Any, refusals: list[tuple[str, str]]) -> None:
    async def story(world: World) -> None:
        consultation = await world.open_consultation()
        known, _ = await world.member()
        given = answers([question["id"] for question in consultation["questions"]])

        errors = await world.refusals(ANSWER, known, input={"consultationId": consultation["id"], "answers": given})

        assert [(error["code"], error["path"]) for error in errors] == refusals

    in_a_world(story)
