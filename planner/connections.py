"""Connections: keyset pages, their order, their filters and the parts that are aggregated from them."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from graphql import FieldNode, GraphQLField, GraphQLObjectType, get_named_type

from . import identifiers
from .declarations import ALWAYS, DEFAULT_PAGE, LARGEST_PAGE, Filter, Order, Paged, PlannedType, Template, quoted
from .errors import PlanRefused
from .reading import Given, plain
from .text import JsonText, Sql, json_object

if TYPE_CHECKING:
    from .compiler import Compiler


def paged(
    compiler: "Compiler", binding: Paged, field: GraphQLField, nodes: list[FieldNode], row: str | None
) -> Sql | JsonText:
    """A page of the rows related to `row` (at the root: of all visible rows), as the parts of a connection asked for."""
    connection = compiler.target(field)
    target = cast(GraphQLObjectType, get_named_type(connection.fields["nodes"].type))
    wanted = compiler.document.collect(connection, compiler.document.selections(nodes))
    size = _page_size(compiler, field, nodes[0])
    order = _chosen_order(compiler, binding, field, nodes[0], compiler.declared(target))
    conditions = _page_conditions(compiler, binding, field, nodes[0], row)

    def where(alias: str) -> list[str]:
        return [*(render(alias) for render in conditions), *compiler.visible(target, alias)]

    other, joins, with_factor = compiler.alias(), list[str](), compiler.factor
    compiler.count(size)
    compiler.factor *= size
    by = compiler.order_by(order, other)
    page = _Page(compiler, target, other, size, joins, by, looks_ahead=_looks_ahead(compiler, connection, wanted))
    members: list[tuple[str, str | Sql | JsonText]] = []
    for key, inner in wanted.items():
        name = inner[0].name.value
        if name == "totalCount":
            counted = compiler.alias()
            source = compiler.source(target, counted)
            members.append((key, Sql(f"(select count(*) from {source} where {' and '.join(where(counted))})::text")))
        else:
            members.append((key, page.part(connection, name, inner)))
    compiler.factor = with_factor
    text = json_object(members)
    if not page.used:
        return text
    inside = [*where(other), *_keyset(compiler, target, order, field, nodes[0], other)]
    # numbering the rows costs a third of a long page; it is needed only to tell the one row too many apart
    numbered = f", row_number() over (order by {by}) as page_row" if page.looks_ahead else ""
    return Sql(
        f"(select {text.sql()} from (select {other}.*{numbered} "
        f"from {compiler.source(target, other)} where {' and '.join(inside)} order by {by} "
        f"limit {size + page.looks_ahead}) {other}{''.join(joins)})"
    )


def _looks_ahead(compiler: "Compiler", connection: GraphQLObjectType, wanted: Mapping[str, list[FieldNode]]) -> bool:
    """Whether it is asked if there is more after the page."""
    for nodes in wanted.values():
        if nodes[0].name.value == "pageInfo":
            page_info = compiler.target(connection.fields["pageInfo"])
            inner = compiler.document.collect(page_info, compiler.document.selections(nodes))
            if any(found[0].name.value == "hasNextPage" for found in inner.values()):
                return True
    return False


def _page_size(compiler: "Compiler", field: GraphQLField, node: FieldNode) -> int:
    size = compiler.document.known(compiler.document.argument(field, node, "first"))
    if size is None:
        return DEFAULT_PAGE
    if not 1 <= size <= LARGEST_PAGE:
        raise PlanRefused(f"`first` must be 1 to {LARGEST_PAGE}.")
    return int(size)


def _chosen_order(
    compiler: "Compiler", binding: Paged, field: GraphQLField, node: FieldNode, target: PlannedType
) -> list[Order]:
    chosen = compiler.document.chosen(field, node) if "orderBy" in field.args else None
    order = binding.default_order
    if chosen is not None:
        chosen = {key: plain(value) for key, value in (chosen if isinstance(chosen, dict) else vars(chosen)).items()}
        declared = binding.orders[chosen["field"]]
        order = Order(declared.column, chosen.get("direction") == "DESC")
    key = Order(target.key, order.descending if order else False)
    return [key] if order is None or order.column == target.key else [order, key]


def _page_conditions(
    compiler: "Compiler", binding: Paged, field: GraphQLField, node: FieldNode, row: str | None
) -> list[Callable[[str], str]]:
    """Each renders, for an alias, one condition of the list; what is not rendered binds nothing."""
    renderers: list[Callable[[str], str]] = []
    if binding.condition != ALWAYS:
        condition = binding.condition
        if row is None:  # at the root {row} is the listed row itself
            renderers.append(lambda alias: compiler.template(condition, row=alias))
        else:
            renderers.append(lambda alias: compiler.template(condition, row=row, other=alias))
    chosen = [(binding.filters[name], given) for name, given in compiler.document.filter_values(field, node).items()]
    for name, declared in binding.arguments.items():
        argument = next(key for key in field.args if key.lower() == name.replace("_", "").lower())
        given = compiler.document.argument(field, node, argument)
        if given is not None and compiler.document.is_given(given):
            chosen.append((declared, given))
        elif declared.absent is not None:
            renderers.append(partial(_of_row, compiler, declared.absent))

    def renderer(declared: Filter, given: Given) -> Callable[[str], str]:
        return lambda alias: compiler.template(
            declared.predicate, row=alias, value=compiler.parameter(given, declared.sql_type, declared.decode)
        )

    return [*renderers, *(renderer(declared, given) for declared, given in chosen)]


def _of_row(compiler: "Compiler", condition: Template, row: str) -> str:
    return compiler.template(condition, row=row)


def _keyset(
    compiler: "Compiler",
    target: GraphQLObjectType,
    order: Sequence[Order],
    field: GraphQLField,
    node: FieldNode,
    row: str,
) -> list[str]:
    given = compiler.document.argument(field, node, "after")
    if given is None or not compiler.document.is_given(given):
        return []
    prefix, key = compiler.declared(target).prefix, quoted(compiler.declared(target).key)
    cursor = compiler.parameter(given, "uuid", lambda text: identifiers.decode_cursor(prefix, text))
    beyond = "<" if order[0].descending else ">"
    if len(order) == 1:
        return [f"{row}.{key} {beyond} {cursor}"]
    last, name = compiler.alias(), quoted(order[0].column)
    visible = " and ".join(compiler.visible(target, last))  # a hidden row is no place in the list
    seen = f"(select {last}.{name} from {compiler.source(target, last)} where {visible} and {last}.{key} = {cursor})"
    return [f"({row}.{name}, {row}.{key}) {beyond} ({seen}, {cursor})"]


class _Page:
    """The parts of a connection that are aggregated from its page, which holds one row too many if it looks ahead."""

    def __init__(
        self,
        compiler: "Compiler",
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
        selections = self._compiler.document.selections(nodes)
        if name == "nodes":
            return self._list(self._compiler.object_text(self._target, selections, self._row, self._joins))
        inner = cast(GraphQLObjectType, get_named_type(connection.fields[name].type))
        wanted = self._compiler.document.collect(inner, selections)
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
        declared = self._compiler.declared(self._target)
        return f"'\"{declared.prefix}_'||{self._row}.{quoted(declared.key)}||'\"'"

    def _edge(self, edge: GraphQLObjectType, nodes: list[FieldNode]) -> str | Sql | JsonText:
        match nodes[0].name.value:
            case "cursor":
                return Sql(self._cursor())
            case "node":
                return self._compiler.object_text(
                    self._target, self._compiler.document.selections(nodes), self._row, self._joins
                )
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
