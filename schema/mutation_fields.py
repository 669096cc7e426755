"""A mutation from an action: input, payload, permission, idempotency and errors follow from its declaration."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import strawberry
from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField

from actions.action import Action
from actions.idempotency import idempotent
from domain.refusals import Refusal

from .context import Context, Info
from .inputs import input_of, read, request_fingerprint
from .payloads import object_name, payload_of, user_errors

DECLARED = "mutation"  # under which a field keeps what it does
Answer = Mapping[str, Any]
Run = Callable[[Context, Any, str | None], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Mutation:
    """What a mutation does, whatever runs it.

    `payload` makes what is answered, of the names that `parts` makes of the action's answer, or of `errors`.
    """

    action: Action[Any, Any, Any]
    payload: Callable[..., Any]
    parts: Callable[[Answer], Answer]
    run: Run | None
    command: type[Any] | None  # of the action, read from its annotations: once, not at every request

    @property
    def has_key(self) -> bool:
        """Whether the same request may be sent again under a key."""
        return self.command is not None and not self.action.tells_secret

    async def answer(self, context: Context, given: Mapping[str, Any]) -> Any:
        """The payload for the input, by the names of GraphQL."""
        await context.refresh_ended_viewer()  # by the mutation before; its own payload was still theirs to read
        try:
            self.action.caller.check(context.viewer)
            command = None if self.command is None else read(self.command, given)
            key = given.get("idempotencyKey") if self.has_key else None
            if self.run is not None:
                result = await self.run(context, command, key)
            else:
                result = await in_one_transaction(self.action, context, command, key)
        except Refusal as refusal:
            return self.payload(errors=user_errors(refusal))
        if self.action.changes_caller:
            await context.refresh_viewer()
        return self.payload(**self.parts(result))


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
    if returns is not None:
        written = name or object_name(returns)
        answered: Any = payload_of(returns, written)
        declared = Mutation(action, answered, lambda result: {written: result["key"]}, run, action.command)
    else:
        answered = payload
        declared = Mutation(action, answered, lambda result: result, run, action.command)

    async def resolve(info: Info, input: Any) -> Any:
        return await declared.answer(info.context, input)

    async def resolve_without_input(info: Info) -> Any:
        return await declared.answer(info.context, {})

    resolver: Any = resolve_without_input
    if declared.command is not None:
        resolver = resolve
        resolver.__annotations__["input"] = input_of(declared.command, has_key=declared.has_key)
    resolver.__name__ = action.name
    resolver.__annotations__["return"] = answered
    return strawberry.mutation(resolver, description=action.description, metadata={DECLARED: declared})


def mutation_of(field: GraphQLField) -> Mutation | None:
    """What the field of the mutation type does."""
    declared: Mutation | None = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].metadata.get(DECLARED)
    return declared


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
