"""Requests about one's own data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.privacy.erasure import Kept
from domain.privacy.requests import DataRequestKind, DataRequestStatus

from ..transactions import Transaction


@dataclass(frozen=True, slots=True)
class DataRequest:
    """Whose data, who asked, what is asked, and where it stands."""

    person_id: UUID
    asked_by: UUID
    kind: DataRequestKind
    status: DataRequestStatus


async def add_request(
    transaction: Transaction, person_id: UUID, asked_by: UUID, kind: DataRequestKind, detail: str | None, due_on: date
) -> UUID:
    request: UUID = await transaction.value(
        "insert into data_request (trust_id, person_id, asked_by_id, kind, status, detail, due_on)"
        f" values ($1, $2, $3, $4, '{DataRequestStatus.OPEN}', $5, $6) returning id",
        transaction.trust_id,
        person_id,
        asked_by,
        kind.value,
        detail,
        due_on,
    )
    return request


async def request_for_update(transaction: Transaction, request_id: UUID) -> DataRequest | None:
    """The request, locked."""
    row = await transaction.row(
        "select person_id, asked_by_id, kind, status from data_request where trust_id = $1 and id = $2 for update",
        transaction.trust_id,
        request_id,
    )
    if row is None:
        return None
    kind, status = DataRequestKind.named(row["kind"]), DataRequestStatus.named(row["status"])
    return DataRequest(row["person_id"], row["asked_by_id"], kind, status)


async def answer_request(
    transaction: Transaction,
    request_id: UUID,
    status: DataRequestStatus,
    answered_on: date,
    answered_by: UUID,
    answer: str | None,
    kept: Sequence[Kept],
) -> None:
    answered = {
        "status": status.value,
        "answered_on": answered_on,
        "answered_by_id": answered_by,
        "answer": answer,
        "kept": json.dumps([each.stored() for each in kept]),
    }
    await transaction.change("data_request", request_id, answered)
