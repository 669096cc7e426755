"""From a GraphQL selection to one SQL statement whose value is the JSON of `data`.

To-one relations are joins of the enclosing FROM, short lists aggregated sub-selects, connections keyset pages. Every
table carries the tenant predicate and the row policy of its type for this access profile; every field its sensitivity.
"""

from collections.abc import Mapping
from typing import Any, cast

from graphql import FieldNode, FragmentDefinitionNode, GraphQLObjectType, SelectionSetNode

from .bindings import AnyNode, Lookup, Paged, PayloadNode
from .errors import NotPlannable
from .identifiers import decode_id
from .objects import Objects
from .reading import DocumentReader
from .registry import Registry
from .request import FromVariable, Given
from .selected import SelectedField
from .statement import Plan, Statement
from .text import NULL, JsonText, JsonValue, Sql, json_object
from .variables import Variables


class Compiler:
    """Compiles one statement and is thrown away."""

    def __init__(
        self, registry: Registry, fragments: Mapping[str, FragmentDefinitionNode], profile: Any, variables: Variables
    ) -> None:
        self._registry = registry
        self._statement = Statement(registry, profile)
        self._document = DocumentReader(fragments, variables)
        self._objects = Objects(self._statement, self._document)

    def operation(self, selection_set: SelectionSetNode) -> Plan:
        """The plan of a whole query."""
        query = cast(GraphQLObjectType, self._registry.schema.query_type)
        collected = self._document.collect(query, [selection_set])
        return self._statement.plan(json_object([(key, self._root(field)) for key, field in collected.items()]))

    def field(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> Plan:
        """The plan of one root field or of one object of a payload."""
        value = self._root(SelectedField(parent, nodes))
        return self._statement.plan(value if isinstance(value, JsonText) else JsonText().add(value))

    def _root(self, field: SelectedField) -> JsonValue:
        if field.name == "__typename":
            return f'"{field.parent.name}"'
        declared = self._registry.fields.get((field.parent.name, field.name))
        if declared is None:
            raise NotPlannable(field.name)
        match declared.binding:
            case Paged() as binding:
                return self._objects.connections.paged(field, binding, None)
            case Lookup() as binding:
                return self._objects.single(field, field.target, binding.condition, self._looked_up(field, binding))
            case AnyNode():
                return self._node(field)
            case PayloadNode():
                return self._by_key(
                    field, field.target, self._statement.bind("written", "uuid", lambda request: request.key)
                )
            case _:
                raise NotPlannable(field.name)

    def _by_key(self, field: SelectedField, target: GraphQLObjectType, value: str) -> Sql:
        return self._objects.single(field, target, f"{self._statement.key(target, '{row}')} = {{value}}", value)

    def _looked_up(self, field: SelectedField, binding: Lookup) -> str | None:
        given = self._document.argument(field, binding.argument) if binding.argument else None
        if given is None:
            return None
        if binding.sql_type != "uuid":
            return self._statement.parameter(given, binding.sql_type)
        prefix = self._statement.declared(field.target).prefix
        return self._statement.parameter(given, "uuid", lambda text: decode_id(prefix, text))

    def _node(self, field: SelectedField) -> Sql:
        given = self._document.argument(field, "id")
        if isinstance(given, FromVariable):
            prefix = self._document.prefix(given)
        else:
            prefix = str(given.value).partition("_")[0] if given else None
        name = self._registry.prefixes.get(prefix)
        if name is None:
            return NULL
        target = cast(GraphQLObjectType, self._registry.schema.type_map[name])
        value = self._statement.parameter(cast(Given, given), "uuid", lambda text: decode_id(prefix, text))
        return self._by_key(field, target, value)
