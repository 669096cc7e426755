"""Drafting, publishing, answering, closing a consultation and publishing what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from db.consultations import consultations, responses
from db.governance.rulesets import ruleset_in_force
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.consultations.consultation import (
    MOST_OPTIONS,
    Answer,
    Consultation,
    ConsultationStatus,
    QuestionKind,
    check_answers,
    check_closing,
    check_draft,
    check_open,
    check_outcome,
    check_publication,
    check_question,
)
from domain.consultations.totals import publishable_respondents, publishable_totals
from domain.forms import Id, Many, Text
from domain.governance.consultations import ConsultationKind
from domain.identity.viewer import ANY_PERSON, Role, Viewer, holder_of
from domain.refusals import NotFound, NotPermitted, Refusal, RefusalCode, kept, refuse_all
from domain.text import MAX_TEXT_LENGTH, MAX_TITLE_LENGTH

from ..action import action

MOST_QUESTIONS = 50
MOST_LINES = 20  # of an audience or of guidance
MOST_ACTIONS = 100
MAX_PROMPT_LENGTH = 2_000
MAX_LINE_LENGTH = 500

Line = Annotated[str, Text(MAX_LINE_LENGTH)]


@dataclass(frozen=True, slots=True)
class DraftQuestion:
    """A question to ask."""

    prompt: Annotated[str, Text(MAX_PROMPT_LENGTH), "The question."]
    kind: Annotated[QuestionKind, "The form of an answer."]
    required: Annotated[bool, "Whether it must be answered."] = False
    options: Annotated[Sequence[Line], Many(0, MOST_OPTIONS), "What may be chosen, for a choice."] = ()
    guidance: Annotated[Sequence[Line], Many(0, MOST_LINES), "Notes printed with the question."] = ()


@dataclass(frozen=True, slots=True)
class DraftConsultation:
    """A consultation to draft."""

    title: Annotated[str, Text(MAX_TITLE_LENGTH), "What it is about."]
    purpose: Annotated[str, Text(MAX_TEXT_LENGTH), "Why it is asked and what is open to change."]
    kind: Annotated[ConsultationKind, "What is consulted on."]
    proposer: Annotated[str, Text(MAX_TITLE_LENGTH), "Who proposes."]
    decision_maker: Annotated[str, Text(MAX_TITLE_LENGTH), "Who decides afterwards."]
    questions: Annotated[Sequence[DraftQuestion], Many(0, MOST_QUESTIONS), "The questions, in order."]
    audience: Annotated[Sequence[Line], Many(0, MOST_LINES), "Whom it is addressed to."] = ()
    opens_at: Annotated[datetime | None, "When it opens; on publication by default."] = None
    closes_at: Annotated[datetime | None, "When it closes."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeConsultation(DraftConsultation):
    """A draft as it shall be from now on, questions and all: what is left out is none."""

    id: Annotated[UUID, Id("con"), "The consultation."]


@dataclass(frozen=True, slots=True)
class ConsultationById:
    """A consultation to act on."""

    id: Annotated[UUID, Id("con"), "The consultation."]


@dataclass(frozen=True, slots=True)
class AnswerConsultation:
    """Answers to a consultation."""

    consultation_id: Annotated[UUID, Id("con"), "The consultation."]
    answers: Annotated[Sequence[Answer], Many(0, MOST_QUESTIONS), "The answers; they replace earlier ones of yours."]


@dataclass(frozen=True, slots=True)
class YouSaidWeDid:
    """You said, we did."""

    you_said: Annotated[str, Text(MAX_TEXT_LENGTH), "What was heard."]
    we_did: Annotated[str, Text(MAX_TEXT_LENGTH), "What is done about it, or why nothing is."]
    owner: Annotated[str | None, Text(), "Who sees to it, by office."] = None
    due_on: Annotated[date | None, "By when."] = None


@dataclass(frozen=True, slots=True)
class PublishOutcome:
    """The outcome of a consultation."""

    id: Annotated[UUID, Id("con"), "The consultation."]
    outcome: Annotated[str, Text(MAX_TEXT_LENGTH), "What was decided and why."]
    actions: Annotated[Sequence[YouSaidWeDid], Many(0, MOST_ACTIONS), "You said, we did."] = ()


@action(holder_of(Role.CLERK))
async def draft_consultation(transaction: Transaction, viewer: Viewer, command: DraftConsultation) -> UUID:
    """Drafts a consultation.

    Refusals: INPUT_INVALID.
    """
    _check_questions(command.questions)
    values = {**_columns(command), "status": ConsultationStatus.DRAFT.value}
    consultation_id = await transaction.add("consultation", values)
    await _ask(transaction, consultation_id, command.questions)
    await transaction.audit(AuditAction.CONSULTATION_DRAFTED, consultation_id, viewer.person)
    return consultation_id


@action(holder_of(Role.CLERK))
async def change_consultation(transaction: Transaction, viewer: Viewer, command: ChangeConsultation) -> UUID:
    """Changes a draft of a consultation, as a whole.

    Refusals: NOT_FOUND, CONSULTATION_NOT_DRAFT, INPUT_INVALID.
    """
    check_draft(await _found(transaction, command.id))
    _check_questions(command.questions)
    await transaction.change("consultation", command.id, _columns(command))
    await consultations.remove_questions(transaction, command.id)
    await _ask(transaction, command.id, command.questions)
    await transaction.audit(AuditAction.CONSULTATION_CHANGED, command.id, viewer.person)
    return command.id


def _columns(draft: DraftConsultation) -> dict[str, object]:
    """What is stored of a draft, beside its questions."""
    return {
        "title": draft.title,
        "purpose": draft.purpose,
        "kind": draft.kind.value,
        "proposer": draft.proposer,
        "decision_maker": draft.decision_maker,
        "audience": list(draft.audience),
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
    }


async def _ask(transaction: Transaction, consultation_id: UUID, questions: Sequence[DraftQuestion]) -> None:
    for position, each in enumerate(questions, start=1):
        await consultations.add_question(
            transaction, consultation_id, position, each.prompt, each.kind, each.required, each.options, each.guidance
        )


@action(holder_of(Role.CLERK))
async def publish_consultation(transaction: Transaction, viewer: Viewer, command: ConsultationById) -> UUID:
    """Makes a draft public.

    Refusals: NOT_FOUND, and those of check_publication.
    """
    consultation = await _found(transaction, command.id)
    ruleset = await ruleset_in_force(transaction)
    questions = await consultations.questions_of(transaction, command.id)
    opens_at = check_publication(consultation, len(questions), ruleset, await transaction.now())
    await consultations.publish(transaction, command.id, opens_at)
    await transaction.audit(AuditAction.CONSULTATION_PUBLISHED, command.id, viewer.person, ruleset=ruleset.version)
    return command.id


@action(ANY_PERSON)
async def answer_consultation(transaction: Transaction, viewer: Viewer, command: AnswerConsultation) -> UUID:
    """Stores what you say; you may change it until the consultation closes.

    Refusals: as ANY_PERSON, NOT_FOUND, CONSULTATION_NOT_OPEN, and those of check_answers.
    """
    consultation = await _found(transaction, command.consultation_id, "consultation_id")
    if consultation.status is ConsultationStatus.DRAFT:
        raise NotFound("consultation_id")
    check_open(consultation, await transaction.now())
    check_answers(await consultations.questions_of(transaction, consultation.id), command.answers)
    who = await responses.respondent(transaction, viewer.person)
    if who is None:  # their record has become part of another, or was erased, at this very moment
        raise NotPermitted(RefusalCode.NOT_SIGNED_IN)
    response_id = await responses.store_response(
        transaction, consultation.id, viewer.person, who.constituency_id, command.answers
    )
    await transaction.audit(AuditAction.CONSULTATION_ANSWERED, consultation.id, viewer.person)
    return response_id


@action(holder_of(Role.CLERK))
async def close_consultation(transaction: Transaction, viewer: Viewer, command: ConsultationById) -> UUID:
    """Counts the answers once the time for them is over.

    Refusals: NOT_FOUND, CONSULTATION_NOT_OPEN, CONSULTATION_NOT_CLOSED.
    """
    consultation = await _found(transaction, command.id)
    check_closing(consultation, await transaction.now())
    ruleset = await ruleset_in_force(transaction)
    people = await responses.respondents(transaction, consultation.id)
    for question in await consultations.questions_of(transaction, consultation.id):
        made = await responses.choices_made(transaction, question.id)
        totals = publishable_totals(question.choices, made, ruleset.small_group)
        await responses.store_totals(transaction, question.id, None, totals.everybody)
        for constituency_id, answers in totals.by_group.items():
            await responses.store_totals(transaction, question.id, constituency_id, answers)
    published = publishable_respondents(people, ruleset.small_group)
    await consultations.close(transaction, consultation.id, published)
    await transaction.audit(
        AuditAction.CONSULTATION_CLOSED, consultation.id, viewer.person, respondents=sum(people.values())
    )
    return consultation.id


@action(holder_of(Role.CLERK))
async def publish_outcome(transaction: Transaction, viewer: Viewer, command: PublishOutcome) -> UUID:
    """Publishes what was heard and what is done about it.

    Refusals: NOT_FOUND, CONSULTATION_NOT_CLOSED.
    """
    check_outcome(await _found(transaction, command.id))
    for position, each in enumerate(command.actions, start=1):
        await consultations.add_action(
            transaction, command.id, position, each.you_said, each.we_did, each.owner, each.due_on
        )
    await consultations.publish_outcome(transaction, command.id, command.outcome)
    await transaction.audit(AuditAction.OUTCOME_PUBLISHED, command.id, viewer.person)
    return command.id


def _check_questions(questions: Sequence[DraftQuestion]) -> None:
    refusals: list[Refusal] = []
    for index, question in enumerate(questions):
        with kept(refusals, f"questions.{index}"):
            check_question(question.kind, question.options)
    refuse_all(refusals)


async def _found(transaction: Transaction, consultation_id: UUID, field: str = "id") -> Consultation:
    consultation = await consultations.consultation_for_update(transaction, consultation_id)
    if consultation is None:
        raise NotFound(field)
    return consultation
