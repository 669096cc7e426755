"""Requests about one's own data, and what is kept too long."""

from datetime import date, datetime

import strawberry

from db.people.reads import OF_OWN_OR_IN_CARE
from db.privacy.reads import KEPT_RECORDS, OVERDUE_COUNTS
from db.privacy.tables import DataRequestRow
from domain.governance.rulesets import RecordType
from domain.identity.viewer import Role
from domain.privacy.requests import DataRequestKind, DataRequestStatus
from planner import Node, Order, column, expression, many, one, planned

from ..access import P2, holders_of, holders_or_own
from ..references import AnyPerson

# whoever asked for somebody else reads on only while they may ask: what is answered tells of that person
OF_DATA_REQUESTS = holders_or_own((Role.DATA_PROTECTION_OFFICER,), OF_OWN_OR_IN_CARE)
OF_WATCHERS = holders_of(Role.DATA_PROTECTION_OFFICER, Role.CLERK)


@planned(KEPT_RECORDS, row_policy=OF_DATA_REQUESTS, key="key", field_policies={P2: OF_DATA_REQUESTS}, sensitivity=P2)
@strawberry.type(description="Something that an erasure left.")
class KeptRecord:
    record: str = expression(
        "{row}.document->>'record'",
        nullable=False,
        description="What: AUDIT_TRAIL, REGISTER, DATE_OF_BIRTH, ROLLS, GUARDIAN_CONSENTS, AUTHORISATIONS or RESPONSES.",
    )
    reason: str = expression("{row}.document->>'reason'", nullable=False, description="Why, for people.")
    until: date | None = expression("{row}.document->>'until'", description="The day it goes; null where none is set.")


@planned(
    DataRequestRow, row_policy=OF_DATA_REQUESTS, prefix="dat", field_policies={P2: OF_DATA_REQUESTS}, sensitivity=P2
)
@strawberry.type(description="What a person asked about their own data, and the answer.")
class DataRequest(Node):
    id: strawberry.ID = column(
        DataRequestRow.id, description="Opaque id; a copy is at /{trust}/data-requests/{id}.json and .html."
    )
    kind: DataRequestKind = column(DataRequestRow.kind, description="What is asked.")
    status: DataRequestStatus = column(DataRequestRow.status, description="Where it stands.")
    person: AnyPerson | None = one(DataRequestRow.person_id, description="Whose data it is about.")
    detail: str | None = column(DataRequestRow.detail, description="What was said with it.")
    asked_at: datetime = column(DataRequestRow.asked_at, description="When it was asked.")
    due_on: date = column(DataRequestRow.due_on, description="The last day for an answer.")
    answered_on: date | None = column(DataRequestRow.answered_on, description="The day of the answer.")
    answer: str | None = column(DataRequestRow.answer, description="The answer.")
    kept: list[KeptRecord] = many(
        "{other}.request_id = {row}.id", order=[Order("place")], description="What an erasure left, why and until when."
    )


@planned(OVERDUE_COUNTS, row_policy=OF_WATCHERS, field_policies={P2: OF_WATCHERS}, sensitivity=P2)
@strawberry.type(
    description="How many records of a type are kept longer than the rules say; the nightly job takes them."
)
class OverdueRecords:
    kind: RecordType = expression("{row}.kind", nullable=False, description="The type of record.")
    days: int = expression("{row}.days", nullable=False, description="How many days it is kept.")
    overdue: int = expression("{row}.overdue", nullable=False, description="How many are overdue.")
