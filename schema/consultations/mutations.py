"""Drafting, publishing, answering, closing a consultation and publishing what came of it."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from actions.consultations import consultations
from domain.consultations.consultation import Answer as GivenAnswer
from domain.consultations.consultation import ConsultationKind, QuestionKind
from planner import payload_node

from ..context import Info
from ..refusals import ActInput, UserError, idempotency_key, key_of, run_mutation_for_key
from .types import Consultation, ConsultationResponse


@strawberry.input(description="A question to ask.")
class QuestionInput:
    prompt: str = strawberry.field(description="The question.")
    kind: QuestionKind = strawberry.field(description="The form of an answer.")
    required: bool = strawberry.field(default=False, description="Whether it must be answered.")
    options: list[str] = strawberry.field(default_factory=list, description="What may be chosen, for a choice.")
    guidance: list[str] = strawberry.field(default_factory=list, description="Notes printed with the question.")


@strawberry.input(description="A consultation to draft.")
class DraftConsultationInput:
    title: str = strawberry.field(description="What it is about.")
    purpose: str = strawberry.field(description="Why it is asked and what is open to change.")
    kind: ConsultationKind = strawberry.field(description="What is consulted on.")
    proposer: str = strawberry.field(description="Who proposes.")
    decision_maker: str = strawberry.field(description="Who decides afterwards.")
    audience: list[str] = strawberry.field(default_factory=list, description="Whom it is addressed to.")
    opens_at: datetime | None = strawberry.field(default=None, description="When it opens; on publication by default.")
    closes_at: datetime | None = strawberry.field(default=None, description="When it closes.")
    questions: list[QuestionInput] = strawberry.field(description="The questions, in order.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An answer to one question.")
class AnswerInput:
    question_id: strawberry.ID = strawberry.field(description="The question.")
    choice: str | None = strawberry.field(default=None, description="What is chosen.")
    comment: str | None = strawberry.field(default=None, description="What is said in words.")


@strawberry.input(description="Answers to a consultation.")
class AnswerConsultationInput:
    consultation_id: strawberry.ID = strawberry.field(description="The consultation.")
    answers: list[AnswerInput] = strawberry.field(description="The answers; they replace earlier ones of yours.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="You said, we did.")
class ActionInput:
    you_said: str = strawberry.field(description="What was heard.")
    we_did: str = strawberry.field(description="What is done about it, or why nothing is.")
    owner: str | None = strawberry.field(default=None, description="Who sees to it, by office.")
    due_on: date | None = strawberry.field(default=None, description="By when.")


@strawberry.input(description="The outcome of a consultation.")
class PublishOutcomeInput:
    id: strawberry.ID = strawberry.field(description="The consultation.")
    outcome: str = strawberry.field(description="What was decided and why.")
    actions: list[ActionInput] = strawberry.field(default_factory=list, description="You said, we did.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A consultation that was written.")
class ConsultationPayload:
    consultation: Consultation | None = payload_node(description="The consultation.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="A response that was stored.")
class ConsultationResponsePayload:
    response: ConsultationResponse | None = payload_node(description="What you said.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class ConsultationsMutation:
    @strawberry.mutation(description="Drafts a consultation; for the clerk.")
    async def draft_consultation(self, info: Info, input: DraftConsultationInput) -> ConsultationPayload:
        draft = consultations.Draft(
            title=input.title,
            purpose=input.purpose,
            kind=input.kind,
            proposer=input.proposer,
            decision_maker=input.decision_maker,
            audience=input.audience,
            opens_at=input.opens_at,
            closes_at=input.closes_at,
        )
        questions = [
            consultations.DraftQuestion(each.prompt, each.kind, each.required, each.options, each.guidance)
            for each in input.questions
        ]

        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: consultations.draft_consultation(transaction, viewer, draft, questions),
        )
        return ConsultationPayload(consultation=key, errors=errors)

    @strawberry.mutation(description="Makes a draft public; for the clerk.")
    async def publish_consultation(self, info: Info, input: ActInput) -> ConsultationPayload:
        return await _act(info, input, consultations.publish_consultation)

    @strawberry.mutation(description="Stores what you say; you may change it until the consultation closes.")
    async def answer_consultation(self, info: Info, input: AnswerConsultationInput) -> ConsultationResponsePayload:
        async def answer(transaction: Any, viewer: Any) -> UUID:
            consultation = key_of("con", input.consultation_id, "consultationId")
            answers = [
                GivenAnswer(key_of("que", each.question_id, "questionId"), each.choice, each.comment)
                for each in input.answers
            ]
            return await consultations.answer_consultation(transaction, viewer, consultation, answers)

        key, errors = await run_mutation_for_key(info, input, answer)
        return ConsultationResponsePayload(response=key, errors=errors)

    @strawberry.mutation(description="Counts the answers once the time for them is over; for the clerk.")
    async def close_consultation(self, info: Info, input: ActInput) -> ConsultationPayload:
        return await _act(info, input, consultations.close_consultation)

    @strawberry.mutation(description="Publishes what was heard and what is done about it; for the clerk.")
    async def publish_outcome(self, info: Info, input: PublishOutcomeInput) -> ConsultationPayload:
        actions = [
            consultations.YouSaidWeDid(each.you_said, each.we_did, each.owner, each.due_on) for each in input.actions
        ]

        async def publish(transaction: Any, viewer: Any, key: UUID) -> UUID:
            return await consultations.publish_outcome(transaction, viewer, key, input.outcome, actions)

        return await _act(info, input, publish)


async def _act(
    info: Info, input: ActInput | PublishOutcomeInput, action: Callable[[Any, Any, UUID], Awaitable[UUID]]
) -> ConsultationPayload:
    key, errors = await run_mutation_for_key(
        info, input, lambda transaction, viewer: action(transaction, viewer, key_of("con", input.id))
    )
    return ConsultationPayload(consultation=key, errors=errors)
