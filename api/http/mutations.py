"""Mutations without graphql-core's executor. Both give the same JSON: tests/api/test_mutation_execution.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    get_argument_values,
    get_variable_values,
    located_error,
)
from graphql.execution.values import VariableValues, VariableValueSource

from planner import DocumentRefused, are_plain

from .context import Context
from .mutation_steps import Shape, Step
from .operations import Operation

MOST_COERCION_ERRORS = 50  # as graphql-core's


def read_variables(schema: GraphQLSchema, operation: Operation, given: Mapping[str, Any]) -> VariableValues:
    """The variables as the executor would take them. Raises DocumentRefused."""
    if are_plain(operation.plain, given):
        signed = operation.signatures.items()
        return VariableValues({name: VariableValueSource(each, given[name]) for name, each in signed}, dict(given))
    variables = get_variable_values(
        schema,
        operation.node.variable_definitions or (),
        dict(given),
        max_errors=MOST_COERCION_ERRORS,
        hide_suggestions=True,
    )
    if isinstance(variables, list):
        raise DocumentRefused(variables, "BAD_USER_INPUT")
    return variables


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
    for key, give in shape.plain:
        found[key] = give(payload)
    for field, declared in shape.planned:
        try:
            read = await context.planned(declared, payload, field)
        except Exception as error:
            errors.append(located_error(error, field.field_nodes, [*path, field.key]))
        else:
            found[field.key] = None if read is None else read.fragment
    return found
