"""Answers given under an idempotency key."""

import json
from collections.abc import Mapping
from typing import Any

from ..transactions import Transaction


async def earlier_answer(transaction: Transaction, caller: str, key: str) -> tuple[str, Mapping[str, Any]] | None:
    """Which mutation was done under this key, and its answer. Holds the key until commit, so that twins wait."""
    await transaction.hold(f"key {caller} {key}")
    row = await transaction.row(
        "select mutation, answer from idempotency_key where trust_id = $1 and caller = $2 and idempotency_key = $3",
        transaction.trust_id,
        caller,
        key,
    )
    return None if row is None else (row["mutation"], json.loads(row["answer"]))


async def remember_answer(
    transaction: Transaction, caller: str, key: str, mutation: str, answer: Mapping[str, Any]
) -> None:
    await transaction.run(
        "insert into idempotency_key (trust_id, caller, idempotency_key, mutation, answer) values ($1, $2, $3, $4, $5)",
        transaction.trust_id,
        caller,
        key,
        mutation,
        json.dumps(answer, default=str),
    )
