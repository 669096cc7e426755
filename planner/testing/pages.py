"""A connection, from all of its rows."""

from typing import Any

from graphql import GraphQLObjectType, get_named_type
from strawberry.utils.str_converters import to_camel_case

from ..bindings import DEFAULT_PAGE, Filter, Order, Paged
from ..templates import quoted
from ..types import PlannedType
from .rows import Row, Rows, literal


async def page(
    rows: Rows, source: Row | None, binding: Paged, connection: GraphQLObjectType, arguments: dict[str, Any]
) -> dict[str, Any]:
    type_name = get_named_type(connection.fields["nodes"].type).name
    declared = rows.registry.types[type_name]
    order = _order(binding, declared.key, arguments.get("orderBy"))
    listed = await rows.related(source, type_name, binding.condition, order)
    for condition in _conditions(rows, binding, arguments):
        satisfying = await rows.where(type_name, condition)
        listed = [row for row in listed if row in satisfying]
    cursors = await _cursors(rows, declared, listed)
    start = await _start(rows, type_name, order, cursors, arguments.get("after"))
    end = start + (arguments.get("first") or DEFAULT_PAGE)
    on_page = list(zip(cursors, listed, strict=True))[start:end]
    return {
        "totalCount": len(listed),
        "nodes": [row for _, row in on_page],
        "edges": [{"cursor": cursor, "node": row} for cursor, row in on_page],
        "pageInfo": {
            "hasNextPage": len(listed) > end,
            "startCursor": on_page[0][0] if on_page else None,
            "endCursor": on_page[-1][0] if on_page else None,
        },
    }


def _order(binding: Paged, key: str, chosen: dict[str, Any] | None) -> list[Order]:
    order = binding.default_order
    if chosen:
        order = Order(binding.orders[chosen["field"]].column, chosen.get("direction") == "DESC")
    keys = [Order(key, bool(order and order.descending))]
    return [order, *keys] if order and order.column != key else keys


def _conditions(rows: Rows, binding: Paged, arguments: dict[str, Any]) -> list[str]:
    """What filters and arguments say of `theirs`."""

    def filled(declared: Filter, value: Any) -> str:
        decoded = declared.decode(value) if declared.decode else value
        return rows.fill(declared.predicate, row="theirs", value=literal(decoded, declared.sql_type))

    chosen = (arguments.get("filter") or {}).items()
    found = [filled(binding.filters[name], value) for name, value in chosen if value is not None]
    for name, declared in binding.arguments.items():
        value = arguments.get(to_camel_case(name))
        if value is not None:
            found.append(filled(declared, value))
        elif declared.absent is not None:
            found.append(rows.fill(declared.absent, row="theirs"))
    return found


async def _cursors(rows: Rows, declared: PlannedType, listed: list[Row]) -> list[str]:
    return [f"{declared.prefix}_{await rows.value(row, f'mine.{quoted(declared.key)}')}" for row in listed]


async def _start(rows: Rows, type_name: str, order: list[Order], cursors: list[str], after: str | None) -> int:
    """How many of the list come before the page.

    A row that is not in the list has its place there nevertheless if it is visible, or if its key alone says where.
    """
    if after is None:
        return 0
    if len(order) == 1:
        return sum((cursor >= after) if order[0].descending else (cursor <= after) for cursor in cursors)
    everything = await rows.related(None, type_name, "true", order)
    places = await _cursors(rows, rows.registry.types[type_name], everything)
    if after not in places:
        return len(cursors)
    before = places[: places.index(after) + 1]
    return sum(cursor in before for cursor in cursors)
