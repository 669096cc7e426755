"""Consultations: formative, long enough, answered and closed in the loop (rules 19 and 20)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from ..conditions import NOW, Facts, OneOf, Reached, Unknown
from ..days import days_later
from ..described import DescribedEnum
from ..forms import Id, Text
from ..governance.consultations import ConsultationKind
from ..governance.rulesets import Ruleset
from ..refusals import Conflict, Invalid, Refusal, RefusalCode, refuse_all
from ..text import MAX_TEXT_LENGTH


class ConsultationStatus(DescribedEnum):
    """Where a consultation stands."""

    DRAFT = "DRAFT", "Being written; not public."
    PUBLISHED = "PUBLISHED", "Public; answers are taken between its opening and its closing."
    CLOSED = "CLOSED", "Answers are counted; the trust is considering them."
    OUTCOME_PUBLISHED = "OUTCOME_PUBLISHED", "The trust has said what it heard and what it does."


class QuestionKind(DescribedEnum):
    """The form of an answer."""

    OPINION = "OPINION", "How much one is for or against, on a scale of five."
    CHOICE = "CHOICE", "One of the options listed."
    YES_NO = "YES_NO", "Yes or no."
    TEXT = "TEXT", "Free words, never counted."


OPINION_SCALE = ("STRONGLY_FOR", "FOR", "NEITHER", "AGAINST", "STRONGLY_AGAINST")
YES_NO = ("YES", "NO")


@dataclass(frozen=True, slots=True)
class Question:
    id: UUID
    kind: QuestionKind
    required: bool
    options: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be chosen; empty where only words are asked for."""
        fixed: Mapping[QuestionKind, tuple[str, ...]] = {
            QuestionKind.OPINION: OPINION_SCALE,
            QuestionKind.YES_NO: YES_NO,
            QuestionKind.TEXT: (),
        }
        return fixed.get(self.kind, self.options)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person says to one question: a choice, words, or both."""

    question_id: Annotated[UUID, Id("que"), "The question."]
    choice: Annotated[str | None, "What is chosen."] = None
    comment: Annotated[str | None, Text(MAX_TEXT_LENGTH), "What is said in words."] = None


@dataclass(frozen=True, slots=True)
class Consultation:
    id: UUID
    kind: ConsultationKind
    status: ConsultationStatus
    opens_at: datetime | None
    closes_at: datetime | None


IS_PUBLIC = ~OneOf("status", frozenset({ConsultationStatus.DRAFT}))
IS_PUBLISHED = OneOf("status", frozenset({ConsultationStatus.PUBLISHED}))
IS_OVER = Reached("closes_at", NOW)
# what was published without a day opens at once, and without an end stays open until one is set
IS_OPEN = IS_PUBLISHED & (Unknown("opens_at") | Reached("opens_at", NOW)) & ~IS_OVER
MOST_OPTIONS = 10  # so that the totals of a question, by constituency, stay a short list


def check_question(kind: QuestionKind, options: Collection[str]) -> None:
    """Refusals: INPUT_INVALID where options are missing, doubled or out of place."""
    if (kind is QuestionKind.CHOICE) != bool(options) or len(set(options)) != len(options) or len(options) == 1:
        raise Invalid(RefusalCode.INPUT_INVALID, "A choice needs two or more different options.", "options")


def check_draft(consultation: Consultation) -> None:
    """Refusals: CONSULTATION_NOT_DRAFT."""
    if consultation.status is not ConsultationStatus.DRAFT:
        raise Conflict(RefusalCode.CONSULTATION_NOT_DRAFT)


def check_publication(consultation: Consultation, questions: int, ruleset: Ruleset, now: datetime) -> datetime:
    """Whether a draft may be published now, and when it then opens.

    Refusals: CONSULTATION_NOT_DRAFT, QUESTIONS_MISSING, DATES_CONTRADICT, CONSULTATION_TOO_SHORT (adequate time:
    the third of the Gunning principles; days per kind come from the ruleset).
    """
    check_draft(consultation)
    if questions == 0:
        raise Conflict(RefusalCode.QUESTIONS_MISSING)
    if consultation.closes_at is None or IS_OVER.evaluate(Facts(consultation, now=now)):
        raise Invalid(RefusalCode.DATES_CONTRADICT, "The consultation needs an end that is still to come.")
    opens_at = max(consultation.opens_at or now, now)
    if consultation.closes_at <= opens_at:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "The consultation would close before it opens.")
    least = ruleset.consultation_days.get(consultation.kind.value, 0)
    if consultation.closes_at < days_later(opens_at, least):
        raise Invalid(RefusalCode.CONSULTATION_TOO_SHORT, days=least)
    return opens_at


def check_open(consultation: Consultation, now: datetime) -> None:
    """Refusals: CONSULTATION_NOT_OPEN."""
    if not IS_OPEN.evaluate(Facts(consultation, now=now)):
        raise Conflict(RefusalCode.CONSULTATION_NOT_OPEN)


def check_answers(questions: Sequence[Question], answers: Sequence[Answer]) -> None:
    """Refusals, all at once: ANSWER_INVALID (unknown or doubled question, choice not offered), ANSWER_MISSING."""
    known = {question.id: question for question in questions}
    refusals: list[Refusal] = []
    answered: set[UUID] = set()
    for index, answer in enumerate(answers):
        question = known.get(answer.question_id)
        if question is None or question.id in answered:
            refusals.append(Invalid(RefusalCode.ANSWER_INVALID, field=f"answers.{index}.question_id"))
        elif answer.choice is not None and answer.choice not in question.choices:
            refusals.append(Invalid(RefusalCode.ANSWER_INVALID, field=f"answers.{index}.choice"))
        answered.add(answer.question_id)
    complete = {answer.question_id for answer in answers if answer.choice or answer.comment}
    for number, question in enumerate(questions, start=1):
        if question.required and question.id not in complete:
            refusals.append(Invalid(RefusalCode.ANSWER_MISSING, field="answers", question=number))
    refuse_all(refusals)


def check_closing(consultation: Consultation, now: datetime) -> None:
    """Closing counts the answers; the clock has ended them already. Refusals: CONSULTATION_NOT_CLOSED, …_NOT_OPEN."""
    facts = Facts(consultation, now=now)
    if not IS_PUBLISHED.evaluate(facts):
        raise Conflict(RefusalCode.CONSULTATION_NOT_OPEN)
    if not IS_OVER.evaluate(facts):
        raise Conflict(RefusalCode.CONSULTATION_NOT_CLOSED)


def check_outcome(consultation: Consultation) -> None:
    """No outcome before the answers are in: a closed mind is not lawful (Gunning 4). Refusals: CONSULTATION_NOT_CLOSED."""
    if consultation.status is ConsultationStatus.OUTCOME_PUBLISHED:
        raise Conflict(RefusalCode.CONSULTATION_NOT_CLOSED, "Its outcome is published already.")
    if consultation.status is not ConsultationStatus.CLOSED:
        raise Conflict(RefusalCode.CONSULTATION_NOT_CLOSED)
