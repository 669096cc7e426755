"""Drafting, publishing, answering, closing a consultation and publishing what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.consultations import consultations, responses
from db.consultations.consultations import Draft, DraftQuestion
from db.governance.rulesets import ruleset_in_force
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.consultations.consultation import (
    Answer,
    Consultation,
    ConsultationStatus,
    check_answers,
    check_closing,
    check_open,
    check_outcome,
    check_publication,
    check_question,
)
from domain.consultations.totals import publishable_totals
from domain.identity.viewer import Role, Viewer, must_be_signed_in, must_hold
from domain.refusals import Invalid, NotFound, RefusalCode
from domain.text import MAX_TEXT_LENGTH, required_text, sensible_moment

MOST_QUESTIONS = 50
MOST_LINES = 20  # of an audience, of options or of guidance
MOST_ACTIONS = 100


__all__ = ["Draft", "DraftQuestion"]


@dataclass(frozen=True, slots=True)
class YouSaidWeDid:
    you_said: str
    we_did: str
    owner: str | None
    due_on: date | None


async def draft_consultation(
    transaction: Transaction, viewer: Viewer, draft: Draft, questions: Sequence[DraftQuestion]
) -> UUID:
    """Refusals: as must_hold, INPUT_INVALID."""
    clerk = must_hold(viewer, Role.CLERK)
    for value, field in ((draft.title, "title"), (draft.proposer, "proposer"), (draft.decision_maker, "decisionMaker")):
        required_text(value, field, 300)
    required_text(draft.purpose, "purpose", MAX_TEXT_LENGTH)
    for moment, field in ((draft.opens_at, "opensAt"), (draft.closes_at, "closesAt")):
        if moment is not None:
            sensible_moment(moment, field)
    if len(questions) > MOST_QUESTIONS:
        raise Invalid(RefusalCode.INPUT_INVALID, f"At most {MOST_QUESTIONS} questions.", "questions")
    _check_lines(draft.audience, "audience")
    for question in questions:
        required_text(question.prompt, "prompt", 2_000)
        _check_lines(question.options, "options")
        _check_lines(question.guidance, "guidance")
        check_question(question.kind, question.options)
    consultation_id = await consultations.add_consultation(transaction, draft)
    for position, question in enumerate(questions, start=1):
        await consultations.add_question(transaction, consultation_id, position, question)
    await transaction.audit(AuditAction.CONSULTATION_DRAFTED, consultation_id, clerk)
    return consultation_id


async def publish_consultation(transaction: Transaction, viewer: Viewer, consultation_id: UUID) -> UUID:
    """Refusals: as must_hold, NOT_FOUND, and those of check_publication."""
    clerk = must_hold(viewer, Role.CLERK)
    consultation = _found(await consultations.consultation_for_update(transaction, consultation_id))
    ruleset = await ruleset_in_force(transaction)
    questions = await consultations.questions_of(transaction, consultation_id)
    opens_at = check_publication(consultation, len(questions), ruleset, await transaction.now())
    await consultations.publish(transaction, consultation_id, opens_at)
    await transaction.audit(AuditAction.CONSULTATION_PUBLISHED, consultation_id, clerk, ruleset=ruleset.version)
    return consultation_id


async def answer_consultation(
    transaction: Transaction, viewer: Viewer, consultation_id: UUID, answers: Sequence[Answer]
) -> UUID:
    """Stores the caller's response, replacing an earlier one.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, CONSULTATION_NOT_OPEN, ANSWER_INVALID, ANSWER_MISSING.
    """
    person_id = must_be_signed_in(viewer)
    consultation = _found(await consultations.consultation_for_update(transaction, consultation_id))
    if consultation.status is ConsultationStatus.DRAFT:
        raise NotFound("consultationId")
    check_open(consultation, await transaction.now())
    check_answers(await consultations.questions_of(transaction, consultation_id), answers)
    constituency_id = await responses.constituency_of_member(transaction, person_id)
    response_id = await responses.store_response(transaction, consultation_id, person_id, constituency_id, answers)
    await transaction.audit(AuditAction.CONSULTATION_ANSWERED, consultation_id, person_id)
    return response_id


async def close_consultation(transaction: Transaction, viewer: Viewer, consultation_id: UUID) -> UUID:
    """Counts the answers once the clock has ended the time for them.

    Refusals: as must_hold, NOT_FOUND, CONSULTATION_NOT_OPEN, CONSULTATION_NOT_CLOSED.
    """
    clerk = must_hold(viewer, Role.CLERK)
    consultation = _found(await consultations.consultation_for_update(transaction, consultation_id))
    check_closing(consultation, await transaction.now())
    ruleset = await ruleset_in_force(transaction)
    people = await responses.respondents(transaction, consultation_id)
    for question in await consultations.questions_of(transaction, consultation_id):
        made = await responses.choices_made(transaction, question.id)
        totals = publishable_totals(question.choices, people, made, ruleset.small_group)
        await responses.store_totals(transaction, question.id, None, totals.everybody)
        for constituency_id, answers in totals.by_group.items():
            if constituency_id is not None:
                await responses.store_totals(transaction, question.id, constituency_id, answers)
    await consultations.close(transaction, consultation_id, sum(people.values()))
    await transaction.audit(AuditAction.CONSULTATION_CLOSED, consultation_id, clerk, respondents=sum(people.values()))
    return consultation_id


async def publish_outcome(
    transaction: Transaction, viewer: Viewer, consultation_id: UUID, outcome: str, actions: Sequence[YouSaidWeDid]
) -> UUID:
    """Closes the loop. Refusals: as must_hold, NOT_FOUND, CONSULTATION_NOT_CLOSED, INPUT_INVALID."""
    clerk = must_hold(viewer, Role.CLERK)
    outcome = required_text(outcome, "outcome", MAX_TEXT_LENGTH)
    if len(actions) > MOST_ACTIONS:
        raise Invalid(RefusalCode.INPUT_INVALID, f"At most {MOST_ACTIONS} entries.", "actions")
    check_outcome(_found(await consultations.consultation_for_update(transaction, consultation_id)))
    for position, entry in enumerate(actions, start=1):
        you_said = required_text(entry.you_said, "youSaid", MAX_TEXT_LENGTH)
        we_did = required_text(entry.we_did, "weDid", MAX_TEXT_LENGTH)
        if entry.owner is not None:
            required_text(entry.owner, "owner")
        await consultations.add_action(
            transaction, consultation_id, position, you_said, we_did, entry.owner, entry.due_on
        )
    await consultations.publish_outcome(transaction, consultation_id, outcome)
    await transaction.audit(AuditAction.OUTCOME_PUBLISHED, consultation_id, clerk)
    return consultation_id


def _check_lines(lines: Sequence[str], field: str) -> None:
    if len(lines) > MOST_LINES:
        raise Invalid(RefusalCode.INPUT_INVALID, f"At most {MOST_LINES} entries in {field}.", field)
    for line in lines:
        required_text(line, field, 500)


def _found(consultation: Consultation | None) -> Consultation:
    if consultation is None:
        raise NotFound("id")
    return consultation
