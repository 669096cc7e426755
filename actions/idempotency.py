"""The same request twice is one deed and one answer."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from db.identity.writes import earlier_answer, remember_answer
from db.work import Work
from domain.refusals import Conflict, RefusalCode
from domain.text import required_text

Answer = Mapping[str, Any]


async def once(
    work: Work, caller: str, key: str | None, deed: str, action: Callable[[Work], Awaitable[Answer]]
) -> Answer:
    """Does `action` unless this caller did it under this key before. Answers are ids and receipts, never secrets.

    `deed` tells one request from another: the mutation and a hash of its input. Refusals: IDEMPOTENCY_KEY_REUSED for
    another deed, and those of the action.
    """
    if key is None:
        return await action(work)
    key = required_text(key, "idempotencyKey")
    earlier = await earlier_answer(work, caller, key)
    if earlier is not None:
        if earlier[0] != deed:
            raise Conflict(RefusalCode.IDEMPOTENCY_KEY_REUSED, field="idempotencyKey")
        return earlier[1]
    answer = await action(work)
    await remember_answer(work, caller, key, deed, answer)
    return answer
