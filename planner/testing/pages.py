"""A connection, from all of its rows."""

from datetime import datetime
from typing import Any

from graphql import GraphQLObjectType, get_named_type
from strawberry.utils.str_converters import to_camel_case

from ..bindings import DEFAULT_PAGE, Filter, Order, Paged
from ..templates import ALWAYS, quoted
from ..types import PlannedType
from .rows import Row, Rows, literal


async def page(
    rows: Rows, source: Row | None, binding: Paged, connection: GraphQLObjectType, arguments: dict[str, Any]
) -> dict[str, Any]:
    type_name = get_named_type(connection.fields["nodes"].type).name
    declared = rows.registry.types[type_name]
    order = _order(binding, declared.key, arguments.get("orderBy"))
    listed = await rows.related(source, type_name, binding.condition, order)
    for condition in _conditions(rows, binding, declared, arguments):
        satisfying = await rows.where(type_name, condition)
        listed = [row for row in listed if row in satisfying]
    cursors = await _cursors(rows, declared, listed)
    after = await _places(rows, type_name, order, cursors, arguments.get("after"))
    before = await _places(rows, type_name, order, cursors, arguments.get("before"))
    inside = list(zip(cursors, listed, strict=True))
    if arguments.get("after") is not None:
        inside = [each for each in inside if after and after[cursors.index(each[0])] > 0]
    if arguments.get("before") is not None:
        inside = [each for each in inside if before and before[cursors.index(each[0])] < 0]
    first, last = arguments.get("first") or DEFAULT_PAGE, arguments.get("last")
    on_page = inside[-last:] if last else inside[:first]
    is_cut = len(on_page) < len(inside)
    return {
        "totalCount": len(listed),
        "nodes": [row for _, row in on_page],
        "edges": [{"cursor": cursor, "node": row} for cursor, row in on_page],
        "pageInfo": {
            "hasNextPage": (is_cut and not last) or any(place >= 0 for place in before),
            "hasPreviousPage": (is_cut and bool(last)) or any(place <= 0 for place in after),
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


def _conditions(rows: Rows, binding: Paged, target: PlannedType, arguments: dict[str, Any]) -> list[str]:
    """What filters and arguments say of `theirs`."""
    sees_all = target.row_policy(rows.profile) == ALWAYS

    def filled(declared: Filter, value: Any) -> str:
        if declared.sql_type == "timestamptz":  # the plain schema has a moment as it was sent
            value = datetime.fromisoformat(value)
        decoded = declared.decode(value) if declared.decode else value
        asked = declared.predicate if sees_all or declared.of_visible is None else declared.of_visible
        return rows.fill(asked, row="theirs", value=literal(decoded, declared.sql_type))

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
    return [f"{declared.cursor_prefix}_{await rows.value(row, f'mine.{quoted(declared.key)}')}" for row in listed]


async def _places(rows: Rows, type_name: str, order: list[Order], cursors: list[str], bound: str | None) -> list[int]:
    """Of each row of the list: -1 before the bound, 0 the bound itself, 1 after it; nothing where it is no place.

    A row that is not in the list has its place there nevertheless if it is visible, or if its key alone says where.
    """
    if bound is None:
        return []
    if len(order) == 1:
        sign = -1 if order[0].descending else 1
        return [sign * ((cursor > bound) - (cursor < bound)) for cursor in cursors]
    everything = await rows.related(None, type_name, "true", order)
    places = await _cursors(rows, rows.registry.types[type_name], everything)
    if bound not in places:
        return []
    place = places.index(bound)
    return [(places.index(cursor) > place) - (places.index(cursor) < place) for cursor in cursors]
