"""Consultations and their outcomes."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from domain.consultations.consultation import Consultation, ConsultationStatus, Question, QuestionKind
from domain.governance.consultations import ConsultationKind

from ..transactions import Transaction


async def add_question(
    transaction: Transaction,
    consultation_id: UUID,
    position: int,
    prompt: str,
    kind: QuestionKind,
    required: bool,
    options: Sequence[str],
    guidance: Sequence[str],
) -> None:
    await transaction.run(
        "insert into consultation_question (trust_id, consultation_id, position, prompt, kind, required, options, guidance)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        transaction.trust_id,
        consultation_id,
        position,
        prompt,
        kind.value,
        required,
        list(options),
        list(guidance),
    )


async def remove_questions(transaction: Transaction, consultation_id: UUID) -> None:
    """Of a draft: nobody has answered them."""
    await transaction.run(
        "delete from consultation_question where trust_id = $1 and consultation_id = $2",
        transaction.trust_id,
        consultation_id,
    )


async def add_school(transaction: Transaction, consultation_id: UUID, school_id: UUID, effect: str) -> None:
    await transaction.run(
        "insert into consultation_school (trust_id, consultation_id, school_id, effect) values ($1, $2, $3, $4)",
        transaction.trust_id,
        consultation_id,
        school_id,
        effect,
    )


async def consultation_for_update(transaction: Transaction, consultation_id: UUID) -> Consultation | None:
    """Locked: publishing, answering, closing and publishing the outcome come one after the other.

    So an answer is either before the count or refused, and the counts of questions are changed in turns.
    """
    row = await transaction.row(
        "select id, kind, status, opens_at, closes_at from consultation where trust_id = $1 and id = $2 for update",
        transaction.trust_id,
        consultation_id,
    )
    if row is None:
        return None
    return Consultation(
        id=row["id"],
        kind=ConsultationKind.named(row["kind"]),
        status=ConsultationStatus.named(row["status"]),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
    )


async def questions_of(transaction: Transaction, consultation_id: UUID) -> list[Question]:
    rows = await transaction.rows(
        "select id, kind, required, options from consultation_question where trust_id = $1 and consultation_id = $2"
        " order by position",
        transaction.trust_id,
        consultation_id,
    )
    return [Question(r["id"], QuestionKind.named(r["kind"]), r["required"], tuple(r["options"])) for r in rows]


async def publish(transaction: Transaction, consultation_id: UUID, opens_at: datetime) -> None:
    await transaction.run(
        f"update consultation set status = '{ConsultationStatus.PUBLISHED}', opens_at = $3 where trust_id = $1 and id = $2",
        transaction.trust_id,
        consultation_id,
        opens_at,
    )


async def close(transaction: Transaction, consultation_id: UUID, published: int | None) -> None:
    await transaction.run(
        f"update consultation set status = '{ConsultationStatus.CLOSED}', respondents = $3 where trust_id = $1 and id = $2",
        transaction.trust_id,
        consultation_id,
        published,
    )


async def publish_outcome(transaction: Transaction, consultation_id: UUID, outcome: str) -> None:
    await transaction.run(
        f"update consultation set status = '{ConsultationStatus.OUTCOME_PUBLISHED}', outcome = $3, outcome_published_at = app_now()"
        " where trust_id = $1 and id = $2",
        transaction.trust_id,
        consultation_id,
        outcome,
    )


async def add_action(
    transaction: Transaction,
    consultation_id: UUID,
    position: int,
    you_said: str,
    we_did: str,
    owner: str | None,
    due_on: date | None,
) -> None:
    await transaction.run(
        "insert into consultation_action (trust_id, consultation_id, position, you_said, we_did, owner, due_on)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        transaction.trust_id,
        consultation_id,
        position,
        you_said,
        we_did,
        owner,
        due_on,
    )
