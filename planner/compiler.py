"""From a GraphQL selection to one SQL statement whose value is the JSON of `data`.

To-one relations are joins of the enclosing FROM, short lists aggregated sub-selects, connections keyset pages. Every
table carries the tenant predicate and the visibility of its type for this shape of caller; every field its class.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    NullValueNode,
    ObjectValueNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    value_from_ast,
)

from . import identifiers
from .declarations import (
    ALWAYS,
    DEFAULT_PAGE,
    LARGEST_PAGE,
    NEVER,
    AnyNode,
    Filter,
    Lookup,
    Order,
    Paged,
    PlannedType,
    Scalar,
    Template,
    ToMany,
    ToOne,
    Written,
    quoted,
)
from .errors import NotPlannable, PlanRefused
from .registry import Registry
from .text import JsonText, Sql, json_object
from .variables import Variables

MOST_NODES = 10_000  # a query may imply
NODES_OF_A_SHORT_LIST = 10  # what a list without `first` is reckoned at
NULL = Sql("'null'")
_PLACEHOLDER = re.compile(r"\{(row|other|trust|value|viewer\.(\w+))\}")
_PLAIN_JSON = {"Int", "Float", "Boolean", "JSON"}  # their SQL text is their JSON


@dataclass(slots=True)
class Request:
    """What bind parameters are taken from."""

    trust_id: Any
    variables: Mapping[str, Any]
    viewer: Any
    key: Any = None  # of the row a mutation wrote


Parameter = Callable[[Request], Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement. `nodes` is how many objects its `first` arguments imply."""

    sql: str
    parameters: tuple[Parameter, ...]
    nodes: int

    def arguments(self, request: Request) -> list[Any]:
        return [parameter(request) for parameter in self.parameters]


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class FromVariable:
    name: str
    key: str | None = None

    def read(self, request: Request) -> Any:
        value = request.variables.get(self.name)
        return value.get(self.key) if self.key is not None and value is not None else value


Given = Constant | FromVariable


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


class Compiler:
    """Compiles one statement and is thrown away."""

    def __init__(
        self, registry: Registry, fragments: Mapping[str, FragmentDefinitionNode], shape: Any, variables: Variables
    ) -> None:
        self._registry = registry
        self._fragments = fragments
        self._shape = shape
        self._variables = variables
        self._parameters: list[Parameter] = [lambda request: request.trust_id]
        self._bound: dict[object, str] = {}
        self._aliases = 0
        self._nodes = 0
        self._factor = 1

    # -- the statement ------------------------------------------------------------------------------------------

    def operation(self, selection_set: SelectionSetNode) -> Plan:
        """The plan of a whole query."""
        query = cast(GraphQLObjectType, self._registry.schema.query_type)
        members: list[tuple[str, str | Sql | JsonText]] = [
            (key, self.root_field(query, nodes)) for key, nodes in self._collect(query, [selection_set]).items()
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
        binding, target = declared.binding, self._target(parent.fields[name])
        match binding:
            case Paged():
                return self._paged(binding, target, parent.fields[name], nodes, None)
            case Lookup():
                given = self._argument(parent.fields[name], nodes[0], binding.argument) if binding.argument else None
                return self._single(target, nodes, binding.condition, self._lookup_value(binding, target, given))
            case AnyNode():
                return self._node(parent.fields[name], nodes)
            case Written():
                value = self._bind("written", "uuid", lambda request: request.key)
                return self._single(target, nodes, f"{{row}}.{quoted(self._declared(target).key)} = {{value}}", value)
            case _:
                raise NotPlannable(name)

    # -- objects ------------------------------------------------------------------------------------------------

    def _single(self, target: GraphQLObjectType, nodes: list[FieldNode], condition: Template, value: str | None) -> Sql:
        """One row of `target`, or null."""
        self._count(1)
        row, joins = self._alias(), list[str]()
        where = [self._template(condition, row=row, value=value), *self._visible(target, row)]
        text = self._object(target, self._selections(nodes), row, joins)
        source = self._source(target, row)
        return Sql(f"coalesce((select {text.sql()} from {source}{''.join(joins)} where {' and '.join(where)}),'null')")

    def _lookup_value(self, binding: Lookup, target: GraphQLObjectType, given: Given | None) -> str | None:
        if given is None:
            return None
        if binding.sql_type != "uuid":
            return self._parameter(given, binding.sql_type)
        prefix = self._declared(target).prefix
        return self._parameter(given, "uuid", lambda text: identifiers.decode(prefix, text))

    def _node(self, field: GraphQLField, nodes: list[FieldNode]) -> Sql:
        given = self._argument(field, nodes[0], "id")
        if isinstance(given, FromVariable):
            prefix = self._variables.project(given.name, "prefix")
        else:
            prefix = str(given.value).partition("_")[0] if given else None
        name = self._registry.prefixes.get(prefix)
        if name is None:
            return NULL
        target = cast(GraphQLObjectType, self._registry.schema.type_map[name])
        value = self._parameter(cast(Given, given), "uuid", lambda text: identifiers.decode(prefix, text))
        return self._single(target, nodes, f"{{row}}.{quoted(self._declared(target).key)} = {{value}}", value)

    def _object(
        self, parent: GraphQLObjectType, selections: list[SelectionSetNode], row: str, joins: list[str]
    ) -> JsonText:
        members: list[tuple[str, str | Sql | JsonText]] = [
            (key, self._member(parent, nodes, row, joins)) for key, nodes in self._collect(parent, selections).items()
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
        permitted = self._template(self._declared(parent).may_read(declared.field_class, self._shape), row=row)
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
                return self._to_one(self._target(field), binding, nodes, row, joins)
            case ToMany():
                return self._to_many(self._target(field), binding, nodes, row)
            case Paged():
                return self._paged(binding, self._target(field), field, nodes, row)
            case _:
                raise NotPlannable(nodes[0].name.value)

    def _scalar(self, parent: GraphQLObjectType, field: GraphQLField, binding: Scalar, row: str) -> JsonText | Sql:
        self._count(binding.weight)
        sql = self._template(binding.sql, row=row)
        kind = field.type.of_type if isinstance(field.type, GraphQLNonNull) else field.type
        named = get_named_type(kind)
        if isinstance(kind, GraphQLList) or not (
            isinstance(named, GraphQLEnumType) or named.name in _PLAIN_JSON or named.name == "ID"
        ):
            text = f"to_json({sql})::text"
        elif named.name in _PLAIN_JSON:
            text = f"{sql}::text"
        else:
            before = f"{self._declared(parent).prefix}_" if named.name == "ID" else ""
            if not binding.nullable:
                return JsonText().add(f'"{before}', Sql(f"{sql}::text"), '"')
            text = f"'\"{before}'||{sql}||'\"'"
        return Sql(f"coalesce({text},'null')" if binding.nullable else text)

    def _to_one(
        self, target: GraphQLObjectType, binding: ToOne, nodes: list[FieldNode], row: str, joins: list[str]
    ) -> Sql:
        other, declared = self._alias(), self._declared(target)
        key = f"{other}.{quoted(binding.target_key or declared.key)}"
        condition = [f"{key} = {self._template(binding.sql, row=row)}", *self._visible(target, other)]
        joins.append(f" left join {self._source(target, other)} on {' and '.join(condition)}")
        text = self._object(target, self._selections(nodes), other, joins)
        return Sql(f"case when {key} is null then 'null' else {text.sql()} end")

    def _to_many(self, target: GraphQLObjectType, binding: ToMany, nodes: list[FieldNode], row: str) -> Sql:
        other, joins = self._alias(), list[str]()
        where = [self._template(binding.condition, row=row, other=other), *self._visible(target, other)]
        order = self._order_by(binding.order, other)
        with_factor = self._factor
        self._count(NODES_OF_A_SHORT_LIST)
        self._factor *= NODES_OF_A_SHORT_LIST
        text = self._object(target, self._selections(nodes), other, joins)
        self._factor = with_factor
        return Sql(
            f"(select coalesce('['||string_agg({text.sql()},',' order by {order})||']','[]') from (select {other}.* "
            f"from {self._source(target, other)} where {' and '.join(where)} order by {order} limit {LARGEST_PAGE}) "
            f"{other}{''.join(joins)})"
        )

    # -- connections --------------------------------------------------------------------------------------------

    def _paged(
        self,
        binding: Paged,
        connection: GraphQLObjectType,
        field: GraphQLField,
        nodes: list[FieldNode],
        row: str | None,
    ) -> Sql | JsonText:
        target = cast(GraphQLObjectType, get_named_type(connection.fields["nodes"].type))
        wanted = self._collect(connection, self._selections(nodes))
        size = self._page_size(field, nodes[0])
        order = self._chosen_order(binding, field, nodes[0], self._declared(target))
        conditions = self._page_conditions(binding, field, nodes[0], row)

        def where(alias: str) -> list[str]:
            return [*(render(alias) for render in conditions), *self._visible(target, alias)]

        other, joins, with_factor = self._alias(), list[str](), self._factor
        self._count(size)
        self._factor *= size
        by = self._order_by(order, other)
        page = _Page(self, target, other, size, joins, by, looks_ahead=self._looks_ahead(connection, wanted))
        members: list[tuple[str, str | Sql | JsonText]] = []
        for key, inner in wanted.items():
            name = inner[0].name.value
            if name == "totalCount":
                counted = self._alias()
                source = self._source(target, counted)
                members.append(
                    (key, Sql(f"(select count(*) from {source} where {' and '.join(where(counted))})::text"))
                )
            else:
                members.append((key, page.part(connection, name, inner)))
        self._factor = with_factor
        text = json_object(members)
        if not page.used:
            return text
        inside = [*where(other), *self._keyset(target, order, field, nodes[0], other)]
        # numbering the rows costs a third of a long page; it is needed only to tell the one row too many apart
        numbered = f", row_number() over (order by {by}) as page_row" if page.looks_ahead else ""
        return Sql(
            f"(select {text.sql()} from (select {other}.*{numbered} "
            f"from {self._source(target, other)} where {' and '.join(inside)} order by {by} "
            f"limit {size + page.looks_ahead}) {other}{''.join(joins)})"
        )

    def _looks_ahead(self, connection: GraphQLObjectType, wanted: Mapping[str, list[FieldNode]]) -> bool:
        """Whether it is asked if there is more after the page."""
        for nodes in wanted.values():
            if nodes[0].name.value == "pageInfo":
                page_info = self._target(connection.fields["pageInfo"])
                inner = self._collect(page_info, self._selections(nodes))
                if any(found[0].name.value == "hasNextPage" for found in inner.values()):
                    return True
        return False

    def _page_size(self, field: GraphQLField, node: FieldNode) -> int:
        size = self._known(self._argument(field, node, "first"))
        if size is None:
            return DEFAULT_PAGE
        if not 1 <= size <= LARGEST_PAGE:
            raise PlanRefused(f"`first` must be 1 to {LARGEST_PAGE}.")
        return int(size)

    def _chosen_order(self, binding: Paged, field: GraphQLField, node: FieldNode, target: PlannedType) -> list[Order]:
        chosen = self._chosen(field, node) if "orderBy" in field.args else None
        order = binding.default_order
        if chosen is not None:
            chosen = {
                key: _plain(value) for key, value in (chosen if isinstance(chosen, dict) else vars(chosen)).items()
            }
            declared = binding.orders[chosen["field"]]
            order = Order(declared.column, chosen.get("direction") == "DESC")
        key = Order(target.key, order.descending if order else False)
        return [key] if order is None or order.column == target.key else [order, key]

    def _page_conditions(
        self, binding: Paged, field: GraphQLField, node: FieldNode, row: str | None
    ) -> list[Callable[[str], str]]:
        """Each renders, for an alias, one condition of the list; what is not rendered binds nothing."""
        renderers: list[Callable[[str], str]] = []
        if binding.condition != ALWAYS:
            condition = binding.condition
            if row is None:  # at the root {row} is the listed row itself
                renderers.append(lambda alias: self._template(condition, row=alias))
            else:
                renderers.append(lambda alias: self._template(condition, row=row, other=alias))
        chosen = [(binding.filters[name], given) for name, given in self._filter_values(field, node).items()]
        for name, declared in binding.arguments.items():
            argument = next(key for key in field.args if key.lower() == name.replace("_", "").lower())
            given = self._argument(field, node, argument)
            if given is not None and self._is_given(given):
                chosen.append((declared, given))

        def renderer(declared: Filter, given: Given) -> Callable[[str], str]:
            return lambda alias: self._template(
                declared.predicate, row=alias, value=self._parameter(given, declared.sql_type, declared.decode)
            )

        return [*renderers, *(renderer(declared, given) for declared, given in chosen)]

    def _filter_values(self, field: GraphQLField, node: FieldNode) -> dict[str, Given]:
        if "filter" not in field.args:
            return {}
        argument = next((a for a in node.arguments or () if a.name.value == "filter"), None)
        kind = cast(Any, get_named_type(field.args["filter"].type))
        if argument is None or isinstance(argument.value, NullValueNode):
            return {}
        if isinstance(argument.value, VariableNode):
            variable = argument.value.name.value
            return {key: FromVariable(variable, key) for key in self._variables.project(variable, "keys")}
        literal = cast(ObjectValueNode, argument.value)
        found = {f.name.value: self._given(f.value, kind.fields[f.name.value].type) for f in literal.fields}
        return {name: given for name, given in found.items() if given is not None and self._is_given(given)}

    def _keyset(
        self, target: GraphQLObjectType, order: Sequence[Order], field: GraphQLField, node: FieldNode, row: str
    ) -> list[str]:
        given = self._argument(field, node, "after")
        if given is None or not self._is_given(given):
            return []
        prefix, key = self._declared(target).prefix, quoted(self._declared(target).key)
        cursor = self._parameter(given, "uuid", lambda text: identifiers.decode_cursor(prefix, text))
        beyond = "<" if order[0].descending else ">"
        if len(order) == 1:
            return [f"{row}.{key} {beyond} {cursor}"]
        last, name = self._alias(), quoted(order[0].column)
        visible = " and ".join(self._visible(target, last))  # a hidden row is no place in the list
        seen = f"(select {last}.{name} from {self._source(target, last)} where {visible} and {last}.{key} = {cursor})"
        return [f"({row}.{name}, {row}.{key}) {beyond} ({seen}, {cursor})"]

    # -- pieces -------------------------------------------------------------------------------------------------

    def _target(self, field: GraphQLField) -> GraphQLObjectType:
        return cast(GraphQLObjectType, get_named_type(field.type))

    def _declared(self, target: GraphQLObjectType) -> PlannedType:
        declared = self._registry.types.get(target.name)
        if declared is None:
            raise NotPlannable(target.name)
        return declared

    def _source(self, target: GraphQLObjectType, alias: str) -> str:
        return f"{self._template(self._declared(target).source)} {alias}"

    def _tenant(self, target: GraphQLObjectType, row: str) -> str:
        return f"{row}.{quoted(self._declared(target).tenant)} = $1"

    def _visible(self, target: GraphQLObjectType, row: str) -> list[str]:
        predicate = self._template(self._declared(target).rows(self._shape), row=row)
        return [self._tenant(target, row), *([] if predicate == ALWAYS else [f"({predicate})"])]

    def _order_by(self, order: Sequence[Order], row: str) -> str:
        return ", ".join(f"{row}.{quoted(each.column)}{' desc' if each.descending else ''}" for each in order)

    def _alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    def _count(self, nodes: int) -> None:
        self._nodes += self._factor * nodes

    def _bind(self, identity: object, sql_type: str, parameter: Parameter) -> str:
        if identity not in self._bound:
            self._parameters.append(parameter)
            self._bound[identity] = f"${len(self._parameters)}::{sql_type}"
        return self._bound[identity]

    def _parameter(self, given: Given, sql_type: str, decode: Callable[[Any], Any] | None = None) -> str:
        convert = decode or _plain
        if isinstance(given, FromVariable):
            return self._bind((given, sql_type, id(decode)), sql_type, lambda request: convert(given.read(request)))
        constant = convert(given.value)
        # bound once however often it is rendered; the parameter keeps `given` alive, so its id stays its own
        return self._bind(id(given), sql_type, lambda _, kept=given: constant)  # type: ignore[misc]  # noqa: ARG005

    def _template(
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

    # -- the document -------------------------------------------------------------------------------------------

    def _argument(self, field: GraphQLField, node: FieldNode, name: str) -> Given | None:
        """What the document says of an argument; None where it says nothing."""
        found = next((a.value for a in node.arguments or () if a.name.value == name), None)
        return None if found is None else self._given(found, field.args[name].type)

    def _given(self, node: ValueNode, kind: Any) -> Given:
        if isinstance(node, VariableNode):
            return FromVariable(node.name.value)
        return Constant(value_from_ast(node, kind))

    def _chosen(self, field: GraphQLField, node: FieldNode) -> Any:
        """The value of `orderBy`, whose parts may be variables."""
        found = next((a.value for a in node.arguments or () if a.name.value == "orderBy"), None)
        if not isinstance(found, ObjectValueNode):
            return self._known(self._argument(field, node, "orderBy"))
        kind = cast(Any, get_named_type(field.args["orderBy"].type))
        return {
            part.name.value: self._known(self._given(part.value, kind.fields[part.name.value].type))
            for part in found.fields
        }

    def _known(self, given: Given | None) -> Any:
        """The value itself, which becomes part of the statement and so of the plan's key."""
        return self._variables.value(given.name) if isinstance(given, FromVariable) else given and given.value

    def _is_given(self, given: Given) -> bool:
        if isinstance(given, Constant):
            return given.value is not None
        return given.key is not None or bool(self._variables.project(given.name, "given"))

    def _selections(self, nodes: list[FieldNode]) -> list[SelectionSetNode]:
        return [node.selection_set for node in nodes if node.selection_set]

    def _collect(self, parent: GraphQLObjectType, selections: Sequence[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """The fields selected on `parent`, by response key, fragments expanded and directives applied."""
        collected: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()

        def gather(selection_set: SelectionSetNode) -> None:
            for node in selection_set.selections:
                if not self._included(node):
                    continue
                if isinstance(node, FieldNode):
                    collected.setdefault((node.alias or node.name).value, []).append(node)
                elif isinstance(node, InlineFragmentNode):
                    if node.type_condition is None or self._applies(parent, node.type_condition.name.value):
                        gather(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                    visited.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    if self._applies(parent, fragment.type_condition.name.value):
                        gather(fragment.selection_set)

        for selection_set in selections:
            gather(selection_set)
        return collected

    def _applies(self, parent: GraphQLObjectType, condition: str) -> bool:
        return condition == parent.name or any(interface.name == condition for interface in parent.interfaces)

    def _included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in ("skip", "include"):
                value = next(iter(directive.arguments or ())).value
                if isinstance(value, VariableNode):
                    answer = bool(self._variables.value(value.name.value))
                else:
                    answer = cast(BooleanValueNode, value).value
                if answer is (name == "skip"):
                    return False
        return True


class _Page:
    """The parts of a connection that are aggregated from its page, which holds one row too many if it looks ahead."""

    def __init__(
        self,
        compiler: Compiler,
        target: GraphQLObjectType,
        row: str,
        size: int,
        joins: list[str],
        order: str,
        looks_ahead: bool,
    ) -> None:
        self._compiler, self._target, self._row, self._size, self._joins = compiler, target, row, size, joins
        self._order = f"{row}.page_row" if looks_ahead else order
        self._within = f" filter (where {row}.page_row<={size})" if looks_ahead else ""
        self.looks_ahead = looks_ahead
        self.used = False

    def part(self, connection: GraphQLObjectType, name: str, nodes: list[FieldNode]) -> str | Sql | JsonText:
        if name == "__typename":
            return f'"{connection.name}"'
        selections = self._compiler._selections(nodes)
        if name == "nodes":
            return self._list(self._compiler._object(self._target, selections, self._row, self._joins))
        inner = cast(GraphQLObjectType, get_named_type(connection.fields[name].type))
        wanted = self._compiler._collect(inner, selections)
        if name == "edges":
            return self._list(json_object([(key, self._edge(inner, found)) for key, found in wanted.items()]))
        return json_object([(key, self._page_info(inner, found)) for key, found in wanted.items()])

    def _aggregate(self, sql: str) -> Sql:
        self.used = True
        return Sql(sql)

    def _list(self, text: JsonText) -> Sql:
        return self._aggregate(
            f"coalesce('['||string_agg({text.sql()},',' order by {self._order}){self._within}||']','[]')"
        )

    def _cursor(self) -> str:
        declared = self._compiler._declared(self._target)
        return f"'\"{declared.prefix}_'||{self._row}.{quoted(declared.key)}||'\"'"

    def _edge(self, edge: GraphQLObjectType, nodes: list[FieldNode]) -> str | Sql | JsonText:
        match nodes[0].name.value:
            case "cursor":
                return Sql(self._cursor())
            case "node":
                return self._compiler._object(self._target, self._compiler._selections(nodes), self._row, self._joins)
            case _:
                return f'"{edge.name}"'

    def _page_info(self, page_info: GraphQLObjectType, nodes: list[FieldNode]) -> str | Sql:
        cursors = f"array_agg({self._cursor()} order by {self._order}){self._within}"
        match nodes[0].name.value:
            case "hasNextPage":
                return self._aggregate(f"(count(*)>{self._size})::text")
            case "startCursor":
                return self._aggregate(f"coalesce(({cursors})[1],'null')")
            case "endCursor":
                return self._aggregate(f"coalesce(({cursors})[least(count(*),{self._size})],'null')")
            case _:
                return f'"{page_info.name}"'
