"""Variables of a request, checked against the operation's declarations."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, GraphQLSchema, NamedTypeNode, NonNullTypeNode, OperationDefinitionNode
from graphql.execution.values import get_variable_values

from .query_documents import DocumentRefused

_LARGEST_INT = 2**31

_PLAIN = {
    "ID": lambda value: type(value) is str,
    "String": lambda value: type(value) is str,
    "Boolean": lambda value: type(value) is bool,
    "Int": lambda value: type(value) is int and -_LARGEST_INT <= value < _LARGEST_INT,
}


def plain_variables(operation: OperationDefinitionNode) -> tuple[tuple[str, Any], ...] | None:
    """Name and check of each variable, where all are scalars without defaults; None where more is needed."""
    found = []
    for definition in operation.variable_definitions or ():
        kind = definition.type.type if isinstance(definition.type, NonNullTypeNode) else definition.type
        if definition.default_value is not None or not isinstance(kind, NamedTypeNode):
            return None
        check = _PLAIN.get(kind.name.value)
        if check is None:
            return None
        found.append((definition.variable.name.value, check))
    return tuple(found)


def are_plain(plain: tuple[tuple[str, Any], ...] | None, given: Mapping[str, Any]) -> bool:
    """Whether all variables are plain, and what was given for each needs no second look."""
    return plain is not None and all(name in given and check(given[name]) for name, check in plain)


def coerce_variables(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    plain: tuple[tuple[str, Any], ...] | None,
    given: Mapping[str, Any],
) -> Mapping[str, Any]:
    """The coerced variables. Raises DocumentRefused.

    Scalars that are what they should be, as nearly all are, need no second look; the rest is graphql-core's to judge.
    """
    if are_plain(plain, given):
        return given
    coerced = get_variable_values(
        schema, operation.variable_definitions or (), dict(given), max_errors=5, hide_suggestions=True
    )
    if isinstance(coerced, list):
        errors: list[GraphQLError] = coerced
        raise DocumentRefused(errors, "BAD_USER_INPUT")
    return coerced.coerced
