"""Variables of a request, checked against the operation's declarations."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLSchema, NamedTypeNode, NonNullTypeNode, OperationDefinitionNode
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

from .query_documents import DocumentRefused

MOST_ERRORS = 50  # as graphql-core's executor
_LARGEST_INT = 2**31
_SCALARS: Mapping[str, Callable[[Any], bool]] = {
    "ID": lambda value: type(value) is str,
    "String": lambda value: type(value) is str,
    "Boolean": lambda value: type(value) is bool,
    "Int": lambda value: type(value) is int and -_LARGEST_INT <= value < _LARGEST_INT,
}


class OperationVariables:
    """The variables that an operation of a valid document defines."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._schema, self._definitions = schema, operation.variable_definitions or ()
        self._checks = self._checks_of_scalars()
        self._signatures: Mapping[str, Any] = {
            each.variable.name.value: get_variable_signature(schema, each) for each in self._definitions
        }

    def coerce(self, given: Mapping[str, Any]) -> VariableValues:
        """What was given for them, as graphql-core's executor takes it. Raises DocumentRefused.

        Scalars that are what they should be, as nearly all are, need no second look; the rest is graphql-core's to judge.
        """
        if self._checks is not None and all(name in given and fits(given[name]) for name, fits in self._checks.items()):
            return VariableValues(
                {name: VariableValueSource(each, given[name]) for name, each in self._signatures.items()},
                {name: given[name] for name in self._signatures},
            )
        found = get_variable_values(
            self._schema, self._definitions, dict(given), max_errors=MOST_ERRORS, hide_suggestions=True
        )
        if isinstance(found, list):
            raise DocumentRefused(found, "BAD_USER_INPUT")
        return found

    def _checks_of_scalars(self) -> Mapping[str, Callable[[Any], bool]] | None:
        """The check of each variable, where all are scalars without defaults; None where more is needed."""
        checks = {}
        for definition in self._definitions:
            kind = definition.type.type if isinstance(definition.type, NonNullTypeNode) else definition.type
            if definition.default_value is not None or not isinstance(kind, NamedTypeNode):
                return None
            check = _SCALARS.get(kind.name.value)
            if check is None:
                return None
            checks[definition.variable.name.value] = check
        return checks
