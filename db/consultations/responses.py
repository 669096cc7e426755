"""Responses to consultations and their totals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.consultations.consultation import (
    IS_PUBLISHED,
    Answer,
)
from domain.membership.lifecycle import CURRENT

from ..fragments.conditions import columns, predicate
from ..fragments.people import is_somebody
from ..transactions import Transaction


@dataclass(frozen=True, slots=True)
class Respondent:
    """Who answers, and the constituency they are a member of; of several, where they were registered first."""

    constituency_id: UUID | None


async def respondent(transaction: Transaction, person_id: UUID) -> Respondent | None:
    """None where the record is nobody's any more."""
    row = await transaction.row(
        "select (select m.constituency_id from membership m where m.trust_id = $1 and m.person_id = $2"
        " and m.status = any($3) order by m.number limit 1) as constituency_id"
        f" from person p where p.trust_id = $1 and p.id = $2 and {is_somebody('p')}",
        transaction.trust_id,
        person_id,
        [status.value for status in CURRENT],
    )
    return None if row is None else Respondent(row["constituency_id"])


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


# of one person's two answers, given under two records, one counts: that of the record under which they go on
_COUNTS = (
    "not exists (select from person p where p.trust_id = $1 and p.id = r.person_id and p.merged_into_id is not null)"
)


async def hold_answers(transaction: Transaction) -> None:
    """Nobody answers, and nothing is closed, until the transaction ends."""
    await transaction.rows(
        f"select id from consultation where trust_id = $1 and {predicate(IS_PUBLISHED, columns('', 'status'))}"
        " order by id for update",
        transaction.trust_id,
    )


async def count_again(transaction: Transaction, person_id: UUID, step: int) -> None:
    """Adds `step` to the counts of the questions that somebody answered, of consultations that are open and held."""
    await transaction.run(
        "update consultation_question q set response_count = response_count + $3 from consultation c,"
        " consultation_response r, consultation_answer a where q.trust_id = $1 and c.trust_id = $1"
        f" and {predicate(IS_PUBLISHED, columns('c', 'status'))} and c.id = q.consultation_id"
        " and r.trust_id = $1 and r.consultation_id = c.id and r.person_id = $2 and a.trust_id = $1"
        " and a.response_id = r.id and a.question_id = q.id",
        transaction.trust_id,
        person_id,
        step,
    )


async def respondents(transaction: Transaction, consultation_id: UUID) -> dict[UUID | None, int]:
    """How many people answered, by constituency; None for those in none."""
    rows = await transaction.rows(
        "select constituency_id, count(*) as people from consultation_response r where trust_id = $1"
        f" and consultation_id = $2 and {_COUNTS} group by 1",
        transaction.trust_id,
        consultation_id,
    )
    return {row["constituency_id"]: row["people"] for row in rows}


async def choices_made(transaction: Transaction, question_id: UUID) -> dict[UUID | None, dict[str, int]]:
    """How often each choice was made, by constituency."""
    rows = await transaction.rows(
        "select r.constituency_id, a.choice, count(*) as answers from consultation_answer a"
        " join consultation_response r on r.trust_id = $1 and r.id = a.response_id"
        " where a.trust_id = $1 and a.question_id = $2 and a.choice is not null"
        f" and {_COUNTS} group by 1, 2",
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
