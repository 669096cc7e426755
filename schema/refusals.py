"""Refusals as data, and the one way a mutation does its work."""

from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import strawberry

from actions.idempotency import idempotent
from domain.identity.viewer import Viewer
from domain.refusals import NotFound, Refusal
from planner.identifiers import decode

from .context import Info
from .payloads import UserError as UserError
from .payloads import user_errors


def user_error(refusal: Refusal) -> UserError:
    return user_errors(refusal)[0]


def idempotency_key() -> Any:
    return strawberry.field(
        default=None, description="Anything unique to this act: sent again, it gives the same answer and does nothing."
    )


@strawberry.input(description="One object to act on.")
class ActInput:
    id: strawberry.ID = strawberry.field(description="The object.")
    idempotency_key: str | None = idempotency_key()


def key_of(prefix: str, identifier: str, field: str = "id") -> UUID:
    """The key behind an id of this type. Refusals: NOT_FOUND, also for ids of another type and for garbage."""
    key = decode(prefix, identifier)
    if key is None:
        raise NotFound(field)
    return key


Answer = Mapping[str, Any]


async def run_mutation(
    info: Info, idempotency_key: str | None, action: Callable[[Any], Awaitable[Answer]], about: object
) -> tuple[Answer, list[UserError]]:
    """Runs `action` in a transaction of its own; its answer, or empty with the refusal.

    With an idempotency key the answer is stored beside what was done, and the same key gives the same answer again, if
    it comes with the same `about`: the input, or as much of it as may leave a trace.
    """
    request_fingerprint = f"{info.field_name} {sha256(repr(about).encode()).hexdigest()}"
    caller = info.context.viewer.credential
    try:
        return await info.context.run(
            lambda transaction: idempotent(transaction, caller, idempotency_key, request_fingerprint, action)
        ), []
    except Refusal as refusal:
        return {}, [user_error(refusal)]


class Keyed(Protocol):
    idempotency_key: str | None


async def run_mutation_for_key(
    info: Info, input: Keyed, action: Callable[[Any, Viewer], Awaitable[UUID]]
) -> tuple[Any, list[UserError]]:
    """Runs an action that gives the key of what it wrote; the key for a `written` field, or none with the refusal."""

    async def act(transaction: Any) -> Answer:
        return {"key": await action(transaction, info.context.viewer)}

    answer, errors = await run_mutation(info, input.idempotency_key, act, input)
    return answer.get("key"), errors
