"""From a GraphQL selection to one SQL statement whose value is the JSON of `data`.

To-one relations are joins of the enclosing FROM, short lists aggregated sub-selects, connections keyset pages. Every
table carries the tenant predicate and the row policy of its type for this access profile; every field its sensitivity.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    SelectionSetNode,
    get_named_type,
)

from . import identifiers
from .connections import paged
from .declarations import (
    ALWAYS,
    NEVER,
    AnyNode,
    Lookup,
    Order,
    Paged,
    PayloadNode,
    PlannedType,
    Scalar,
    Template,
    ToMany,
    ToOne,
    quoted,
)
from .errors import NotPlannable, PlanRefused
from .reading import DocumentReader, FromVariable, Given, Parameter, Request, plain
from .registry import Registry
from .text import JsonText, Sql, json_object
from .variables import Variables

MOST_NODES = 10_000  # a query may imply
NODES_OF_A_SHORT_LIST = 10  # what a list without `first` is reckoned at
NULL = Sql("'null'")
_PLACEHOLDER = re.compile(r"\{(row|other|trust|value|viewer\.(\w+))\}")
_PLAIN_JSON = {"Int", "Float", "Boolean", "JSON"}  # their SQL text is their JSON


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement. `nodes` is how many objects its `first` arguments imply."""

    sql: str
    parameters: tuple[Parameter, ...]
    nodes: int

    def arguments(self, request: Request) -> list[Any]:
        return [parameter(request) for parameter in self.parameters]


class Compiler:
    """Compiles one statement and is thrown away."""

    def __init__(
        self, registry: Registry, fragments: Mapping[str, FragmentDefinitionNode], profile: Any, variables: Variables
    ) -> None:
        self._registry = registry
        self.document = DocumentReader(fragments, variables)
        self._profile = profile
        self._parameters: list[Parameter] = [lambda request: request.trust_id]
        self._bound: dict[object, str] = {}
        self._aliases = 0
        self._nodes = 0
        self.factor = 1

    # -- the statement ------------------------------------------------------------------------------------------

    def operation(self, selection_set: SelectionSetNode) -> Plan:
        """The plan of a whole query."""
        query = cast(GraphQLObjectType, self._registry.schema.query_type)
        members: list[tuple[str, str | Sql | JsonText]] = [
            (key, self.root_field(query, nodes)) for key, nodes in self.document.collect(query, [selection_set]).items()
        ]
        return self._statement(json_object(members))

    def field(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> Plan:
        """The plan of one root field or of one object of a payload."""
        value = self.root_field(parent, nodes)
        return self._statement(value if isinstance(value, JsonText) else JsonText().add(value))

    def _statement(self, text: JsonText) -> Plan:
        # set_config inside the statement keeps row-level security on without a second round trip; the outer row is
        # made before the sub-select is evaluated, and `is not null` makes a missing tenant an empty answer
        sql = (
            "with app as materialized (select set_config('app.trust', $1::uuid::text, true) as trust) "
            f"select convert_to({text.sql()}, 'UTF8') from app where app.trust is not null"
        )
        if self._nodes > MOST_NODES:
            raise PlanRefused(
                f"The query asks for up to {self._nodes} objects; {MOST_NODES} are allowed.", "QUERY_TOO_EXPENSIVE"
            )
        return Plan(sql, tuple(self._parameters), self._nodes)

    def root_field(self, parent: GraphQLObjectType, nodes: list[FieldNode]) -> str | Sql | JsonText:
        name = nodes[0].name.value
        if name == "__typename":
            return f'"{parent.name}"'
        declared = self._registry.fields.get((parent.name, name))
        if name.startswith("__") or declared is None:
            raise NotPlannable(name)
        binding, target = declared.binding, self.target(parent.fields[name])
        match binding:
            case Paged():
                return paged(self, binding, parent.fields[name], nodes, None)
            case Lookup():
                given = (
                    self.document.argument(parent.fields[name], nodes[0], binding.argument)
                    if binding.argument
                    else None
                )
                return self._single(target, nodes, binding.condition, self._lookup_value(binding, target, given))
            case AnyNode():
                return self._node(parent.fields[name], nodes)
            case PayloadNode():
                value = self._bind("written", "uuid", lambda request: request.key)
                return self._single(target, nodes, f"{{row}}.{quoted(self.declared(target).key)} = {{value}}", value)
            case _:
                raise NotPlannable(name)

    # -- objects ------------------------------------------------------------------------------------------------

    def _single(self, target: GraphQLObjectType, nodes: list[FieldNode], condition: Template, value: str | None) -> Sql:
        """One row of `target`, or null."""
        self.count(1)
        row, joins = self.alias(), list[str]()
        where = [self.template(condition, row=row, value=value), *self.visible(target, row)]
        text = self.object_text(target, self.document.selections(nodes), row, joins)
        source = self.source(target, row)
        return Sql(f"coalesce((select {text.sql()} from {source}{''.join(joins)} where {' and '.join(where)}),'null')")

    def _lookup_value(self, binding: Lookup, target: GraphQLObjectType, given: Given | None) -> str | None:
        if given is None:
            return None
        if binding.sql_type != "uuid":
            return self.parameter(given, binding.sql_type)
        prefix = self.declared(target).prefix
        return self.parameter(given, "uuid", lambda text: identifiers.decode(prefix, text))

    def _node(self, field: GraphQLField, nodes: list[FieldNode]) -> Sql:
        given = self.document.argument(field, nodes[0], "id")
        if isinstance(given, FromVariable):
            prefix = self.document.prefix(given)
        else:
            prefix = str(given.value).partition("_")[0] if given else None
        name = self._registry.prefixes.get(prefix)
        if name is None:
            return NULL
        target = cast(GraphQLObjectType, self._registry.schema.type_map[name])
        value = self.parameter(cast(Given, given), "uuid", lambda text: identifiers.decode(prefix, text))
        return self._single(target, nodes, f"{{row}}.{quoted(self.declared(target).key)} = {{value}}", value)

    def object_text(
        self, parent: GraphQLObjectType, selections: list[SelectionSetNode], row: str, joins: list[str]
    ) -> JsonText:
        members: list[tuple[str, str | Sql | JsonText]] = [
            (key, self._member(parent, nodes, row, joins))
            for key, nodes in self.document.collect(parent, selections).items()
        ]
        return json_object(members)

    def _member(
        self, parent: GraphQLObjectType, nodes: list[FieldNode], row: str, joins: list[str]
    ) -> str | Sql | JsonText:
        name = nodes[0].name.value
        if name == "__typename":
            return f'"{parent.name}"'
        declared = self._registry.fields.get((parent.name, name))
        if declared is None:
            raise NotPlannable(f"{parent.name}.{name}")
        permitted = self.template(self.declared(parent).may_read(declared.sensitivity, self._profile), row=row)
        if permitted == NEVER:
            return NULL
        value = self._value(parent, parent.fields[name], declared.binding, nodes, row, joins)
        if permitted == ALWAYS:
            return value
        text = value.text if isinstance(value, Sql) else JsonText().add(value).sql()
        return Sql(f"case when {permitted} then {text} else 'null' end")

    def _value(
        self,
        parent: GraphQLObjectType,
        field: GraphQLField,
        binding: Any,
        nodes: list[FieldNode],
        row: str,
        joins: list[str],
    ) -> str | Sql | JsonText:
        match binding:
            case Scalar():
                return self._scalar(parent, field, binding, row)
            case ToOne():
                return self._to_one(self.target(field), binding, nodes, row, joins)
            case ToMany():
                return self._to_many(self.target(field), binding, nodes, row)
            case Paged():
                return paged(self, binding, field, nodes, row)
            case _:
                raise NotPlannable(nodes[0].name.value)

    def _scalar(self, parent: GraphQLObjectType, field: GraphQLField, binding: Scalar, row: str) -> JsonText | Sql:
        self.count(binding.weight)
        sql = self.template(binding.sql, row=row)
        kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        named = get_named_type(kind)
        if isinstance(kind, GraphQLList) or not (
            isinstance(named, GraphQLEnumType) or named.name in _PLAIN_JSON or named.name == "ID"
        ):
            text = f"to_json({sql})::text"
        elif named.name in _PLAIN_JSON:
            text = f"{sql}::text"
        else:
            before = f"{self.declared(parent).prefix}_" if named.name == "ID" else ""
            if not binding.nullable:
                return JsonText().add(f'"{before}', Sql(f"{sql}::text"), '"')
            text = f"'\"{before}'||{sql}||'\"'"
        return Sql(f"coalesce({text},'null')" if binding.nullable else text)

    def _to_one(
        self, target: GraphQLObjectType, binding: ToOne, nodes: list[FieldNode], row: str, joins: list[str]
    ) -> Sql:
        if self._is_never_seen(target):
            return NULL  # no join
        other, declared = self.alias(), self.declared(target)
        key = f"{other}.{quoted(binding.target_key or declared.key)}"
        condition = [f"{key} = {self.template(binding.sql, row=row)}", *self.visible(target, other)]
        joins.append(f" left join {self.source(target, other)} on {' and '.join(condition)}")
        text = self.object_text(target, self.document.selections(nodes), other, joins)
        return Sql(f"case when {key} is null then 'null' else {text.sql()} end")

    def _to_many(self, target: GraphQLObjectType, binding: ToMany, nodes: list[FieldNode], row: str) -> Sql:
        if self._is_never_seen(target):
            return NULL  # an empty list would be an answer
        other, joins = self.alias(), list[str]()
        where = [self.template(binding.condition, row=row, other=other), *self.visible(target, other)]
        order = self.order_by(binding.order, other)
        with_factor = self.factor
        self.count(NODES_OF_A_SHORT_LIST)
        self.factor *= NODES_OF_A_SHORT_LIST
        text = self.object_text(target, self.document.selections(nodes), other, joins)
        self.factor = with_factor
        return Sql(
            f"(select coalesce('['||string_agg({text.sql()},',' order by {order})||']','[]') from (select {other}.* "
            f"from {self.source(target, other)} where {' and '.join(where)} order by {order} limit {binding.longest}) "
            f"{other}{''.join(joins)})"
        )

    def _is_never_seen(self, target: GraphQLObjectType) -> bool:
        """Whether no row of it is for this caller."""
        return self.declared(target).row_policy(self._profile) == NEVER

    # -- pieces -------------------------------------------------------------------------------------------------

    def target(self, field: GraphQLField) -> GraphQLObjectType:
        return cast(GraphQLObjectType, get_named_type(field.type))

    def declared(self, target: GraphQLObjectType) -> PlannedType:
        declared = self._registry.types.get(target.name)
        if declared is None:
            raise NotPlannable(target.name)
        return declared

    def source(self, target: GraphQLObjectType, alias: str) -> str:
        return f"{self.template(self.declared(target).source)} {alias}"

    def tenant(self, target: GraphQLObjectType, row: str) -> str:
        return f"{row}.{quoted(self.declared(target).tenant)} = $1"

    def visible(self, target: GraphQLObjectType, row: str) -> list[str]:
        predicate = self.template(self.declared(target).row_policy(self._profile), row=row)
        return [self.tenant(target, row), *([] if predicate == ALWAYS else [f"({predicate})"])]

    def order_by(self, order: Sequence[Order], row: str) -> str:
        return ", ".join(f"{row}.{quoted(each.column)}{' desc' if each.descending else ''}" for each in order)

    def alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    def count(self, nodes: int) -> None:
        self._nodes += self.factor * nodes

    def _bind(self, identity: object, sql_type: str, parameter: Parameter) -> str:
        if identity not in self._bound:
            self._parameters.append(parameter)
            self._bound[identity] = f"${len(self._parameters)}::{sql_type}"
        return self._bound[identity]

    def parameter(self, given: Given, sql_type: str, decode: Callable[[Any], Any] | None = None) -> str:
        convert = decode or plain
        if isinstance(given, FromVariable):
            return self._bind((given, sql_type, id(decode)), sql_type, lambda request: convert(given.read(request)))
        constant = convert(given.value)
        # bound once however often it is rendered; the parameter keeps `given` alive, so its id stays its own
        return self._bind(id(given), sql_type, lambda _, kept=given: constant)  # type: ignore[misc]  # noqa: ARG005

    def template(
        self, template: Template, row: str | None = None, other: str | None = None, value: str | None = None
    ) -> str:
        def fill(match: re.Match[str]) -> str:
            name, fact = match.group(1), match.group(2)
            if fact is not None:
                sql_type = self._registry.viewer_facts[fact]
                return self._bind(("viewer", fact), sql_type, lambda request: getattr(request.viewer, fact))
            filled = {"row": row, "other": other, "trust": "$1", "value": value}[name]
            assert filled is not None, f"{{{name}}} has no meaning in {template!r}"
            return filled

        return _PLACEHOLDER.sub(fill, template)
