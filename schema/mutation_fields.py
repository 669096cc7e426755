"""A mutation from an action: input, payload, permission, idempotency and errors follow from its declaration."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from actions.action import Action
from actions.idempotency import idempotent
from domain.refusals import Refusal

from .context import Context, Info
from .inputs import input_of, read, request_fingerprint
from .payloads import object_name, payload_of, user_errors

Answer = Mapping[str, Any]
Run = Callable[[Context, Any, str | None], Awaitable[Answer]]


def mutation(
    action: Action[Any, Any, Any],
    returns: type[Any] | None = None,
    *,
    name: str | None = None,
    payload: type[Any] | None = None,
    run: Run | None = None,
) -> StrawberryField:
    """The field that does `action`: it answers with the object whose key the action gives, of the type `returns`.

    `name` is what the payload calls the object, where that is not the type's name: a keyword is none.
    `payload` instead of `returns` for an action whose result has several parts, by the names of the payload's fields.
    `run(context, command, key)` does what is more than one transaction; the caller is permitted and the command read.
    """
    command_type = action.command  # read from the action's annotations: once, not at every request
    written = name or (object_name(returns) if returns is not None else "")
    answered: Any = payload_of(returns, written) if returns is not None else payload

    async def answer(info: Info, input: Any) -> Any:
        context = info.context
        try:
            action.caller.check(context.viewer)
            command = None if command_type is None else read(command_type, input)
            key = None if command_type is None or action.tells_secret else input.idempotency_key
            if run is not None:
                result = await run(context, command, key)
            else:
                result = await in_one_transaction(action, context, command, key)
        except Refusal as refusal:
            return answered(errors=user_errors(refusal))
        if action.changes_caller:
            await context.refresh_viewer()
        return answered(**result) if returns is None else answered(**{written: result["key"]})

    async def resolve(info: Info, input: Any) -> Any:
        return await answer(info, input)

    async def resolve_without_input(info: Info) -> Any:
        return await answer(info, None)

    resolver: Any = resolve_without_input
    if command_type is not None:
        resolver = resolve
        resolver.__annotations__["input"] = input_of(command_type, has_key=not action.tells_secret)
    resolver.__name__ = action.name
    resolver.__annotations__["return"] = answered
    return strawberry.mutation(resolver, description=action.description, metadata={"action": action})


async def in_one_transaction(action: Action[Any, Any, Any], context: Context, command: Any, key: str | None) -> Answer:
    """What the action answers; with a key the same answer again, if it was done under that key before."""

    async def act(transaction: Any) -> Answer:
        result = await action(transaction, context.viewer, command)
        if result is None:
            return {}
        return {"key": result} if isinstance(result, UUID) else asdict(result)

    if key is None:
        return await context.run(act)
    about, caller = request_fingerprint(action.name, command), context.viewer.credential
    return await context.run(lambda transaction: idempotent(transaction, caller, key, about, act))
