"""Consultations, responses, totals and outcomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.consultations.consultation import (
    Answer,
    Consultation,
    ConsultationKind,
    ConsultationStatus,
    Question,
    QuestionKind,
)
from domain.members.membership import CURRENT

from ..work import Work


@dataclass(frozen=True, slots=True)
class Draft:
    """What a consultation says before anybody answers."""

    title: str
    purpose: str
    kind: ConsultationKind
    proposer: str
    decision_maker: str
    audience: Sequence[str]
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    prompt: str
    kind: QuestionKind
    required: bool
    options: Sequence[str]
    guidance: Sequence[str]


async def add_consultation(work: Work, draft: Draft) -> UUID:
    consultation: UUID = await work.value(
        "insert into consultation (trust_id, title, purpose, kind, proposer, decision_maker, audience, opens_at, closes_at, status)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'DRAFT') returning id",
        work.trust_id,
        draft.title,
        draft.purpose,
        draft.kind.value,
        draft.proposer,
        draft.decision_maker,
        list(draft.audience),
        draft.opens_at,
        draft.closes_at,
    )
    return consultation


async def add_question(work: Work, consultation_id: UUID, position: int, question: DraftQuestion) -> None:
    await work.run(
        "insert into consultation_question (trust_id, consultation_id, position, prompt, kind, required, options, guidance)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        work.trust_id,
        consultation_id,
        position,
        question.prompt,
        question.kind.value,
        question.required,
        list(question.options),
        list(question.guidance),
    )


async def add_school(work: Work, consultation_id: UUID, school_id: UUID, effect: str) -> None:
    await work.run(
        "insert into consultation_school (trust_id, consultation_id, school_id, effect) values ($1, $2, $3, $4)",
        work.trust_id,
        consultation_id,
        school_id,
        effect,
    )


async def consultation_for_update(work: Work, consultation_id: UUID) -> Consultation | None:
    """Locked: publishing, answering, closing and publishing the outcome come one after the other.

    So an answer is either before the count or refused, and the counts of questions are changed in turns.
    """
    row = await work.row(
        "select id, kind, status, opens_at, closes_at from consultation where trust_id = $1 and id = $2 for update",
        work.trust_id,
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


async def questions_of(work: Work, consultation_id: UUID) -> list[Question]:
    rows = await work.rows(
        "select id, kind, required, options from consultation_question where trust_id = $1 and consultation_id = $2"
        " order by position",
        work.trust_id,
        consultation_id,
    )
    return [Question(r["id"], QuestionKind.named(r["kind"]), r["required"], tuple(r["options"])) for r in rows]


async def publish(work: Work, consultation_id: UUID) -> None:
    await work.run(
        "update consultation set status = 'PUBLISHED', opens_at = greatest(coalesce(opens_at, now()), now())"
        " where trust_id = $1 and id = $2",
        work.trust_id,
        consultation_id,
    )


async def constituency_of_member(work: Work, person_id: UUID) -> UUID | None:
    """The constituency the person is a member of; of several, where they were registered first."""
    constituency: UUID | None = await work.value(
        "select constituency_id from membership where trust_id = $1 and person_id = $2 and status = any($3)"
        " order by number limit 1",
        work.trust_id,
        person_id,
        [status.value for status in CURRENT],
    )
    return constituency


async def store_response(
    work: Work, consultation_id: UUID, person_id: UUID, constituency_id: UUID | None, answers: Sequence[Answer]
) -> UUID:
    """One response per person: a second one replaces the first."""
    response: UUID = await work.value(
        "insert into consultation_response (trust_id, consultation_id, person_id, constituency_id) values ($1, $2, $3, $4)"
        " on conflict (trust_id, consultation_id, person_id)"
        " do update set updated_at = now(), constituency_id = excluded.constituency_id returning id",
        work.trust_id,
        consultation_id,
        person_id,
        constituency_id,
    )
    before = await work.rows(
        "delete from consultation_answer where trust_id = $1 and response_id = $2 returning question_id",
        work.trust_id,
        response,
    )
    await work.run_many(
        "insert into consultation_answer (trust_id, question_id, response_id, choice, comment) values ($1, $2, $3, $4, $5)",
        [(work.trust_id, answer.question_id, response, answer.choice, answer.comment) for answer in answers],
    )
    answered, had_answered = {answer.question_id for answer in answers}, {row["question_id"] for row in before}
    await work.run(
        "update consultation_question set response_count = response_count + case when id = any($2::uuid[]) then 1 else -1 end"
        " where trust_id = $1 and id = any($2::uuid[] || $3::uuid[])",
        work.trust_id,
        list(answered - had_answered),
        list(had_answered - answered),
    )
    return response


async def respondents(work: Work, consultation_id: UUID) -> dict[UUID | None, int]:
    """How many people answered, by constituency; None for those in none."""
    rows = await work.rows(
        "select constituency_id, count(*) as people from consultation_response where trust_id = $1"
        " and consultation_id = $2 group by 1",
        work.trust_id,
        consultation_id,
    )
    return {row["constituency_id"]: row["people"] for row in rows}


async def choices_made(work: Work, question_id: UUID) -> dict[UUID | None, dict[str, int]]:
    """How often each choice was made, by constituency."""
    rows = await work.rows(
        "select r.constituency_id, a.choice, count(*) as answers from consultation_answer a"
        " join consultation_response r on r.trust_id = $1 and r.id = a.response_id"
        " where a.trust_id = $1 and a.question_id = $2 and a.choice is not null group by 1, 2",
        work.trust_id,
        question_id,
    )
    found: dict[UUID | None, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["constituency_id"], {})[row["choice"]] = row["answers"]
    return found


async def store_totals(
    work: Work, question_id: UUID, constituency_id: UUID | None, totals: Mapping[str, int | None]
) -> None:
    await work.run_many(
        "insert into consultation_total (trust_id, question_id, constituency_id, choice, position, answers)"
        " values ($1, $2, $3, $4, $5, $6)",
        [
            (work.trust_id, question_id, constituency_id, choice, position, answers)
            for position, (choice, answers) in enumerate(totals.items(), start=1)
        ],
    )


async def close(work: Work, consultation_id: UUID, people: int) -> None:
    await work.run(
        "update consultation set status = 'CLOSED', respondents = $3 where trust_id = $1 and id = $2",
        work.trust_id,
        consultation_id,
        people,
    )


async def publish_outcome(work: Work, consultation_id: UUID, outcome: str) -> None:
    await work.run(
        "update consultation set status = 'OUTCOME_PUBLISHED', outcome = $3, outcome_published_at = now()"
        " where trust_id = $1 and id = $2",
        work.trust_id,
        consultation_id,
        outcome,
    )


async def add_action(
    work: Work, consultation_id: UUID, position: int, you_said: str, we_did: str, owner: str | None, due_on: date | None
) -> None:
    await work.run(
        "insert into consultation_action (trust_id, consultation_id, position, you_said, we_did, owner, due_on)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        work.trust_id,
        consultation_id,
        position,
        you_said,
        we_did,
        owner,
        due_on,
    )
