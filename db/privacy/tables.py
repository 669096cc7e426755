"""Requests about one's own data."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Index, Text

from domain.governance.rulesets import RecordType
from domain.privacy.requests import DataRequestKind, DataRequestStatus

from ..access import READ_WRITE, Access
from ..columns import JSON, Row, column, identifier, key, moment, one_of, points_to, reference, tenant
from ..personal import Personal, Stays, Time

_ANSWERED = "What was asked and answered can be shown until its time is over."


class DataRequestRow(Row, table=True):
    """What a person asked about their data, and the answer. `kept` says what an erasure left, why and until when."""

    __tablename__ = "data_request"
    __access__ = Access(app=READ_WRITE, worker="select (trust_id, answered_on), delete")
    __personal__ = Personal(
        {"person_id": Stays(_ANSWERED)},
        columns=("kind", "status", "detail", "asked_at", "due_on", "answered_on", "answer", "kept"),
        why="To show that a request was answered, and rightly (rule 26a).",
        times=(Time(RecordType.DATA_REQUEST, "after its answer", "t.answered_on < {day}"),),
        officers=("asked_by_id", "answered_by_id"),
    )
    __table_args__ = (
        key(),
        points_to("person", "person_id"),
        points_to("person", "asked_by_id"),
        points_to("person", "answered_by_id"),
        one_of("kind", DataRequestKind),
        one_of("status", DataRequestStatus),
        Index(None, "trust_id", "person_id"),
    )
    trust_id: UUID = tenant()
    id: UUID = identifier()
    person_id: UUID = reference()
    asked_by_id: UUID = reference()
    kind: str = column(Text)
    status: str = column(Text)
    detail: str | None = column(Text, null=True)
    asked_at: datetime = moment(default="app_now()")
    due_on: date = column(Date)
    answered_on: date | None = column(Date, null=True)
    answered_by_id: UUID | None = reference(null=True)
    answer: str | None = column(Text, null=True)
    kept: list[dict[str, Any]] = column(JSON, default="'[]'")
