"""Mutations without graphql-core's executor. Both give the same JSON: tests/api/test_mutation_execution.py."""

from collections.abc import Sequence
from typing import Any

from graphql import (
    GraphQLError,
    get_argument_values,
    located_error,
)
from graphql.execution.values import VariableValues

from .context import Context
from .mutation_steps import Shape, Step


async def run_steps(
    steps: Sequence[Step], context: Context, variables: VariableValues
) -> tuple[dict[str, Any] | None, Sequence[GraphQLError]]:
    """The data and the errors of the answer: one mutation after the other, and none after one that breaks."""
    data: dict[str, Any] = {}
    errors: list[GraphQLError] = []
    for step in steps:
        node, path = step.field.field_nodes[0], [step.field.key]
        try:
            sent = get_argument_values(step.definition, node, variables, hide_suggestions=True)
            payload = await step.mutation.answer(context, sent.get("input", {}))
            data[step.field.key] = await _completed(step.payload, context, payload, path, errors)
        except Exception as error:
            return None, [*errors, located_error(error, [node], path)]
    return data, errors


async def _completed(
    shape: Shape, context: Context, payload: Any, path: Sequence[str | int], errors: list[GraphQLError]
) -> dict[str, Any]:
    """A payload; of a sub-tree that can't be read, nothing, and why."""
    found: dict[str, Any] = dict.fromkeys(shape.keys)
    for key, give in shape.values:
        found[key] = give(payload)
    for field, declared in shape.planned:
        try:
            read = await context.planned(declared, payload, field)
        except Exception as error:
            errors.append(located_error(error, field.field_nodes, [*path, field.key]))
        else:
            found[field.key] = None if read is None else read.fragment
    return found
