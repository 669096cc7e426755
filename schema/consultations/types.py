"""Consultations and what came of them."""

from datetime import date, datetime

import strawberry

from db.consultations.reads import (
    IS_OPEN,
    IS_PUBLIC,
    OF_OWN_RESPONSE,
    OF_PUBLIC,
    OWN_RESPONSE,
    VIEWERS_RESPONSE,
)
from db.consultations.tables import (
    ConsultationActionRow,
    ConsultationAnswerRow,
    ConsultationQuestionRow,
    ConsultationResponseRow,
    ConsultationRow,
    ConsultationSchoolRow,
    ConsultationTotalRow,
)
from domain.consultations.consultation import ConsultationStatus, QuestionKind
from domain.governance.consultations import ConsultationKind
from domain.identity.viewer import Role, Scope
from planner import Node, Order, column, everybody, expression, many, one, planned

from ..access import BOARD, P0, P2, PUBLIC, holders_of, holders_or_own, scoped, unless_holders
from ..governance.types import Constituency
from ..trusts.types import School

RESPONSE_READERS = (Role.CLERK,)
TEXT_CLASSES = {P0: everybody, P2: holders_of(*BOARD)}


@planned(ConsultationTotalRow, row_policy=everybody, field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="A published total: one choice, of one constituency or of everybody.")
class ConsultationTotal:
    constituency: Constituency | None = one(
        ConsultationTotalRow.constituency_id, description="Whose answers; null for everybody's."
    )
    choice: str = column(ConsultationTotalRow.choice, description="The choice counted.")
    answers: int | None = column(
        ConsultationTotalRow.answers, description="How many; null where the group is too small."
    )


@planned(
    ConsultationQuestionRow,
    row_policy=scoped(Scope.CONSULTATIONS_READ, unless_holders(BOARD, OF_PUBLIC)),
    prefix="que",
    field_policies=TEXT_CLASSES,
    sensitivity=P0,
)
@strawberry.type(description="One question of a consultation.")
class ConsultationQuestion(Node):
    id: strawberry.ID = column(ConsultationQuestionRow.id, description="Opaque id.")
    position: int = column(ConsultationQuestionRow.position, description="Its place, from 1.")
    prompt: str = column(ConsultationQuestionRow.prompt, description="The question as put.")
    kind: QuestionKind = column(ConsultationQuestionRow.kind, description="The form of an answer.")
    required: bool = column(ConsultationQuestionRow.required, description="Whether it must be answered.")
    options: list[str] = column(ConsultationQuestionRow.options, description="What may be chosen, for a choice.")
    guidance: list[str] = column(ConsultationQuestionRow.guidance, description="Notes printed with the question.")
    response_count: int | None = column(
        ConsultationQuestionRow.response_count,
        description="How many have answered so far; for the board.",
        sensitivity=P2,
    )
    totals: list[ConsultationTotal] = many(
        ConsultationTotalRow.question_id,
        order=[Order("position"), Order("id")],
        description="The published totals, once closed.",
    )


@planned(ConsultationSchoolRow, row_policy=everybody, key="school_id", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="What a proposal means for one school.")
class ConsultationSchool:
    school: School | None = one(ConsultationSchoolRow.school_id, description="The school.")
    effect: str = column(ConsultationSchoolRow.effect, description="The effect, as the proposal names it.")


@planned(ConsultationActionRow, row_policy=everybody, field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="You said, we did.")
class ConsultationAction:
    you_said: str = column(ConsultationActionRow.you_said, description="What was heard.")
    we_did: str = column(ConsultationActionRow.we_did, description="What is done about it, or why nothing is.")
    owner: str | None = column(ConsultationActionRow.owner, description="Who sees to it, by office.")
    due_on: date | None = column(ConsultationActionRow.due_on, description="By when.")


@planned(
    ConsultationAnswerRow,
    row_policy=holders_or_own(RESPONSE_READERS, OF_OWN_RESPONSE),
    key="question_id",
    field_policies={P2: holders_or_own(RESPONSE_READERS, OF_OWN_RESPONSE)},
    sensitivity=P2,
)
@strawberry.type(description="What one person said to one question.")
class ConsultationAnswer:
    question: ConsultationQuestion | None = one(ConsultationAnswerRow.question_id, description="The question.")
    choice: str | None = column(ConsultationAnswerRow.choice, description="What was chosen.")
    comment: str | None = column(ConsultationAnswerRow.comment, description="What was said in words.")


@planned(
    ConsultationResponseRow,
    row_policy=holders_or_own(RESPONSE_READERS, OWN_RESPONSE),
    prefix="rsp",
    field_policies={P2: holders_or_own(RESPONSE_READERS, OWN_RESPONSE)},
    sensitivity=P2,
)
@strawberry.type(description="What one person said; editable until the consultation closes.")
class ConsultationResponse(Node):
    id: strawberry.ID = column(ConsultationResponseRow.id, description="Opaque id.")
    submitted_at: datetime | None = column(ConsultationResponseRow.submitted_at, description="When first sent.")
    updated_at: datetime | None = column(ConsultationResponseRow.updated_at, description="When last changed.")
    answers: list[ConsultationAnswer] = many(
        ConsultationAnswerRow.response_id, order=[Order("question_id")], description="The answers."
    )


@planned(
    ConsultationRow,
    row_policy=scoped(Scope.CONSULTATIONS_READ, unless_holders(BOARD, IS_PUBLIC)),
    prefix="con",
    field_policies=TEXT_CLASSES,
    sensitivity=P0,
)
@strawberry.type(description="A question the trust puts to the people around it. Its totals are opinions, not votes.")
class Consultation(Node):
    id: strawberry.ID = column(ConsultationRow.id, description="Opaque id.")
    title: str = column(ConsultationRow.title, description="What it is about.")
    purpose: str = column(ConsultationRow.purpose, description="Why it is asked and what is open to change.")
    kind: ConsultationKind = column(ConsultationRow.kind, description="What is consulted on.")
    proposer: str = column(ConsultationRow.proposer, description="Who proposes.")
    decision_maker: str = column(ConsultationRow.decision_maker, description="Who decides afterwards.")
    audience: list[str] = column(ConsultationRow.audience, description="Whom it is addressed to.")
    status: ConsultationStatus = column(ConsultationRow.status, description="Where it stands.")
    is_open: bool = expression(IS_OPEN, nullable=False, description="Whether answers are taken at this moment.")
    opens_at: datetime | None = column(ConsultationRow.opens_at, description="When answers are first taken.")
    closes_at: datetime | None = column(ConsultationRow.closes_at, description="When answers are no longer taken.")
    respondents: int | None = column(
        ConsultationRow.respondents,
        description="How many people answered, once closed; null where the members among them are a small group.",
    )
    outcome: str | None = column(ConsultationRow.outcome, description="What was decided and why.")
    outcome_published_at: datetime | None = column(
        ConsultationRow.outcome_published_at, description="When the outcome was published."
    )
    questions: list[ConsultationQuestion] = many(
        ConsultationQuestionRow.consultation_id, order=[Order("position")], description="The questions."
    )
    schools: list[ConsultationSchool] = many(
        ConsultationSchoolRow.consultation_id, order=[Order("school_id")], description="The schools it touches."
    )
    actions: list[ConsultationAction] = many(
        ConsultationActionRow.consultation_id, order=[Order("position")], description="You said, we did."
    )
    viewer_response: ConsultationResponse | None = one(VIEWERS_RESPONSE, description="What you said.")
