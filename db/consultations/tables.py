"""Consultations, their questions, the answers and what came of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, Index, Integer, Text, UniqueConstraint

from domain.consultations.consultation import ConsultationStatus, QuestionKind
from domain.governance.consultations import ConsultationKind

from ..access import READ_WRITE, WITH_DELETE, Access
from ..columns import (
    TEXTS,
    Row,
    belongs_to_trust,
    column,
    identifier,
    key,
    moment,
    one_of,
    points_to,
    reference,
    tenant,
)
from ..personal import NoPerson, Personal, Stays

_HEARD = "What was said in a consultation stays; it points at nobody named."


class ConsultationRow(Row, table=True):
    __tablename__ = "consultation"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("Published; who proposes and who decides are bodies.")
    __table_args__ = (
        key(),
        belongs_to_trust(),
        UniqueConstraint("trust_id", "source_key"),
        one_of("kind", ConsultationKind),
        one_of("status", ConsultationStatus),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    source_key: str | None = column(Text, null=True)
    title: str = column(Text)
    purpose: str = column(Text)
    kind: str = column(Text)
    proposer: str = column(Text)
    decision_maker: str = column(Text)
    audience: list[str] = column(TEXTS)
    status: str = column(Text)
    opens_at: datetime | None = moment(null=True)
    closes_at: datetime | None = moment(null=True)
    respondents: int | None = column(Integer, null=True)
    outcome: str | None = column(Text, null=True)
    outcome_published_at: datetime | None = moment(null=True)


class ConsultationSchoolRow(Row, table=True):
    """What a proposal means for one school."""

    __tablename__ = "consultation_school"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("Published with the consultation.")
    __table_args__ = (
        key("consultation_id", "school_id"),
        points_to("consultation", "consultation_id"),
        points_to("school", "school_id"),
    )
    trust_id: UUID = tenant()
    consultation_id: UUID = reference()
    school_id: UUID = reference()
    effect: str = column(Text)


class ConsultationQuestionRow(Row, table=True):
    __tablename__ = "consultation_question"
    __access__ = Access(app=WITH_DELETE)  # a draft's are replaced
    __personal__ = NoPerson("Published with the consultation.")
    __table_args__ = (
        key(),
        points_to("consultation", "consultation_id"),
        UniqueConstraint("trust_id", "consultation_id", "position"),
        one_of("kind", QuestionKind),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    consultation_id: UUID = reference()
    position: int = column(Integer)
    prompt: str = column(Text)
    kind: str = column(Text)
    required: bool = column(Boolean)
    options: list[str] = column(TEXTS)
    guidance: list[str] = column(TEXTS)
    response_count: int = column(Integer, default="0")  # kept by store_response; counting costs six times the list


class ConsultationResponseRow(Row, table=True):
    """What one person said; one per person and consultation, editable until it closes."""

    __tablename__ = "consultation_response"
    __access__ = Access(app=READ_WRITE)
    __personal__ = Personal(
        {"person_id": Stays(_HEARD)},
        columns=("submitted_at", "updated_at"),
        why="That people were heard is what a decision is judged by (rule 19i).",
    )
    __table_args__ = (
        key(),
        points_to("consultation", "consultation_id"),
        points_to("person", "person_id"),
        points_to("constituency", "constituency_id"),
        UniqueConstraint("trust_id", "consultation_id", "person_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    consultation_id: UUID = reference()
    person_id: UUID = reference()
    constituency_id: UUID | None = reference(null=True)
    submitted_at: datetime = moment(default="app_now()")
    updated_at: datetime = moment(default="app_now()")


class ConsultationAnswerRow(Row, table=True):
    __tablename__ = "consultation_answer"
    __access__ = Access(app=WITH_DELETE)
    __personal__ = Personal(
        {"response_id": Stays(_HEARD)},
        columns=("choice", "comment"),
        why="What people said is what a decision is judged by (rule 19i).",
    )
    __table_args__ = (
        key("question_id", "response_id"),
        points_to("consultation_response", "response_id"),
        points_to("consultation_question", "question_id"),
        Index(None, "trust_id", "response_id"),
    )
    trust_id: UUID = tenant()
    question_id: UUID = reference()
    response_id: UUID = reference()
    choice: str | None = column(Text, null=True)
    comment: str | None = column(Text, null=True)


class ConsultationTotalRow(Row, table=True):
    """A published total, small groups already suppressed. Without a constituency: everybody; without a number: hidden."""

    __tablename__ = "consultation_total"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("Totals, without small groups (rule 24b).")
    __table_args__ = (
        key(),
        points_to("consultation_question", "question_id"),
        points_to("constituency", "constituency_id"),
        UniqueConstraint("trust_id", "question_id", "constituency_id", "choice", postgresql_nulls_not_distinct=True),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    question_id: UUID = reference()
    constituency_id: UUID | None = reference(null=True)
    choice: str = column(Text)
    position: int = column(Integer)
    answers: int | None = column(Integer, null=True)


class ConsultationActionRow(Row, table=True):
    """You said, we did."""

    __tablename__ = "consultation_action"
    __access__ = Access(app=READ_WRITE)
    __personal__ = NoPerson("Published; who does it is an office or a body.")
    __table_args__ = (
        key(),
        points_to("consultation", "consultation_id"),
        UniqueConstraint("trust_id", "consultation_id", "position"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    consultation_id: UUID = reference()
    position: int = column(Integer)
    you_said: str = column(Text)
    we_did: str = column(Text)
    owner: str | None = column(Text, null=True)
    due_on: date | None = column(Date, null=True)
