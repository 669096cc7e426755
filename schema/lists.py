"""How a list may be narrowed and ordered: declared once, read as the arguments of its connection."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, cast

import strawberry
from strawberry.utils.str_converters import to_camel_case

from planner import Filter, Order, decode_reference

from .vocabulary import OrderDirection

NEWEST_FIRST = Order("id", descending=True)  # ids are given out in the order of time


@dataclass(frozen=True, slots=True)
class Condition:
    """One that a client may set: what it gives, what that means, and how it is read."""

    kind: Any
    description: str
    filter: Filter


def condition(
    kind: Any,
    description: str,
    predicate: str,
    sql_type: str = "text",
    of_visible: str | None = None,
    *,
    alone: bool = False,
) -> Condition:
    return Condition(kind, description, Filter(predicate, sql_type, of_visible=of_visible, alone=alone))


def equal(kind: Any, description: str, column: str, sql_type: str = "text") -> Condition:
    """That a column has this value."""
    return condition(kind, description, f"{{row}}.{column} = {{value}}", sql_type)


def pointing_to(prefix: str, description: str, column: str) -> Condition:
    """That a column points to the object with this id; what is no id of such an object is refused."""
    decode = partial(decode_reference, prefix)
    return Condition(strawberry.ID, description, Filter(f"{{row}}.{column} = {{value}}", "uuid", decode))


def listed(
    name: str,
    plural: str,
    *,
    conditions: Mapping[str, Condition] | None = None,
    orders: Mapping[str, tuple[str, str]] | None = None,
    first: Order | None = None,
) -> dict[str, Any]:
    """Of lists of a type: its conditions by name, its orders (a column that is never null, a description) by value of
    their enum, and the order when none is asked for."""
    arguments: dict[str, Any] = {"default_order": first}
    if conditions:
        arguments["filters"] = {to_camel_case(each): declared.filter for each, declared in conditions.items()}
        arguments["filter_type"] = _filter_type(name, plural, conditions)
    if orders:
        arguments["orders"] = {each: Order(column) for each, (column, _) in orders.items()}
        arguments["order_type"] = _order_type(name, plural, {each: text for each, (_, text) in orders.items()})
    return arguments


def _filter_type(name: str, plural: str, conditions: Mapping[str, Condition]) -> type:
    namespace: dict[str, Any] = {"__annotations__": {each: made.kind | None for each, made in conditions.items()}}
    for each, made in conditions.items():
        namespace[each] = strawberry.field(default=None, description=made.description)
    return strawberry.input(type(f"{name}Filter", (), namespace), description=f"Which {plural}.")


def _order_type(name: str, plural: str, descriptions: Mapping[str, str]) -> type:
    values = {each: strawberry.enum_value(each, description=text) for each, text in descriptions.items()}
    field = strawberry.enum(cast(Any, Enum)(f"{name}OrderField", values), description=f"What {plural} are ordered by.")
    namespace = {
        "__annotations__": {"field": field, "direction": OrderDirection},
        "field": strawberry.field(description="What to order by."),
        "direction": strawberry.field(default=OrderDirection.ASC, description="Which end first."),
    }
    return strawberry.input(type(f"{name}Order", (), namespace), description=f"The order of {plural}.")
