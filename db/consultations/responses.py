"""Responses to consultations and their totals."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from domain.consultations.consultation import (
    Answer,
)
from domain.membership.lifecycle import CURRENT

from ..transactions import Transaction


async def constituency_of_member(transaction: Transaction, person_id: UUID) -> UUID | None:
    """The constituency the person is a member of; of several, where they were registered first."""
    constituency: UUID | None = await transaction.value(
        "select constituency_id from membership where trust_id = $1 and person_id = $2 and status = any($3)"
        " order by number limit 1",
        transaction.trust_id,
        person_id,
        [status.value for status in CURRENT],
    )
    return constituency


async def store_response(
    transaction: Transaction,
    consultation_id: UUID,
    person_id: UUID,
    constituency_id: UUID | None,
    answers: Sequence[Answer],
) -> UUID:
    """One response per person: a second one replaces the first."""
    response: UUID = await transaction.value(
        "insert into consultation_response (trust_id, consultation_id, person_id, constituency_id, submitted_at, updated_at)"
        " values ($1, $2, $3, $4, $5, $5) on conflict (trust_id, consultation_id, person_id)"
        " do update set updated_at = excluded.updated_at, constituency_id = excluded.constituency_id returning id",
        transaction.trust_id,
        consultation_id,
        person_id,
        constituency_id,
        await transaction.now(),
    )
    before = await transaction.rows(
        "delete from consultation_answer where trust_id = $1 and response_id = $2 returning question_id",
        transaction.trust_id,
        response,
    )
    await transaction.run_many(
        "insert into consultation_answer (trust_id, question_id, response_id, choice, comment) values ($1, $2, $3, $4, $5)",
        [(transaction.trust_id, answer.question_id, response, answer.choice, answer.comment) for answer in answers],
    )
    answered, had_answered = {answer.question_id for answer in answers}, {row["question_id"] for row in before}
    await transaction.run(
        "update consultation_question set response_count = response_count + case when id = any($2::uuid[]) then 1 else -1 end"
        " where trust_id = $1 and id = any($2::uuid[] || $3::uuid[])",
        transaction.trust_id,
        list(answered - had_answered),
        list(had_answered - answered),
    )
    return response


async def respondents(transaction: Transaction, consultation_id: UUID) -> dict[UUID | None, int]:
    """How many people answered, by constituency; None for those in none."""
    rows = await transaction.rows(
        "select constituency_id, count(*) as people from consultation_response where trust_id = $1"
        " and consultation_id = $2 group by 1",
        transaction.trust_id,
        consultation_id,
    )
    return {row["constituency_id"]: row["people"] for row in rows}


async def choices_made(transaction: Transaction, question_id: UUID) -> dict[UUID | None, dict[str, int]]:
    """How often each choice was made, by constituency."""
    rows = await transaction.rows(
        "select r.constituency_id, a.choice, count(*) as answers from consultation_answer a"
        " join consultation_response r on r.trust_id = $1 and r.id = a.response_id"
        " where a.trust_id = $1 and a.question_id = $2 and a.choice is not null group by 1, 2",
        transaction.trust_id,
        question_id,
    )
    found: dict[UUID | None, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["constituency_id"], {})[row["choice"]] = row["answers"]
    return found


async def store_totals(
    transaction: Transaction, question_id: UUID, constituency_id: UUID | None, totals: Mapping[str, int | None]
) -> None:
    await transaction.run_many(
        "insert into consultation_total (trust_id, question_id, constituency_id, choice, position, answers)"
        " values ($1, $2, $3, $4, $5, $6)",
        [
            (transaction.trust_id, question_id, constituency_id, choice, position, answers)
            for position, (choice, answers) in enumerate(totals.items(), start=1)
        ],
    )
