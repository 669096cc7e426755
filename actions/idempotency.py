"""The same request twice is done once and answered alike."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from db.identity.idempotency import earlier_answer, remember_answer
from db.transactions import Transaction
from domain.forms import Text
from domain.refusals import Conflict, RefusalCode

Answer = Mapping[str, Any]


async def idempotent(
    transaction: Transaction,
    caller: str,
    key: str,
    request_fingerprint: str,
    action: Callable[[Transaction], Awaitable[Answer]],
) -> Answer:
    """Does `action` unless this caller did it under this key before. Answers are ids and receipts, never secrets.

    `request_fingerprint` tells one request from another: the mutation and a hash of its input. Refusals:
    IDEMPOTENCY_KEY_REUSED for another request, and those of the action.
    """
    key = Text().check_field("idempotency_key", key)
    earlier = await earlier_answer(transaction, caller, key)
    if earlier is not None:
        if earlier[0] != request_fingerprint:
            raise Conflict(RefusalCode.IDEMPOTENCY_KEY_REUSED, field="idempotency_key")
        return earlier[1]
    answer = await action(transaction)
    await remember_answer(transaction, caller, key, request_fingerprint, answer)
    return answer
