"""Declarations of lists: short ones, and connections that are read by pages."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from .bindings import DEFAULT_PAGE, LARGEST_PAGE, Filter, Order, Paged, ToMany
from .fields import planned_argument, planned_field
from .templates import ALWAYS, Template, column_of


def _condition(attribute: Any) -> Template:
    return attribute if isinstance(attribute, str) else f"{column_of(attribute, '{other}')} = {{row}}.id"


def many(
    attribute: Any,
    *,
    order: Sequence[Order],
    description: str,
    longest: int = LARGEST_PAGE,
    exists: Template = ALWAYS,
    weight: int = 0,
    sensitivity: Hashable = None,
) -> Any:
    """The rows whose column points here: for lists that cannot grow beyond `longest`. Null where no row of the target is for
    this sort of caller, and where `exists` does not hold of {row}."""
    return planned_field(ToMany(_condition(attribute), tuple(order), longest, exists, weight), description, sensitivity)


def connection(
    attribute: Any = ALWAYS,
    *,
    description: str,
    orders: Mapping[str, Order] | None = None,
    default_order: Order | None = None,
    order_type: Any = None,
    filters: Mapping[str, Filter] | None = None,
    filter_type: Any = None,
    arguments: Mapping[str, tuple[Any, Filter, str]] | None = None,
    weight: int = 0,
    sensitivity: Hashable = None,
) -> Any:
    """A keyset connection over the rows whose column points here (at the root: over every visible row)."""
    declared = [
        planned_argument("first", int | None, f"How many, 1 to {LARGEST_PAGE}; {DEFAULT_PAGE} when left out."),
        planned_argument("after", str | None, "The cursor of the last one seen: only what comes after."),
        planned_argument(
            "last", int | None, f"How many from the end of the list, 1 to {LARGEST_PAGE}; not with `first`."
        ),
        planned_argument("before", str | None, "The cursor of the first one seen: only what comes before."),
    ]
    if filter_type is not None:
        declared.append(
            planned_argument("filter", filter_type | None, "Only those that satisfy every condition given.")
        )
    if order_type is not None:
        declared.append(planned_argument("order_by", order_type | None, "The order of the list."))
    for name, (kind, _, text) in (arguments or {}).items():
        declared.append(planned_argument(name, kind | None, text))
    binding = Paged(
        _condition(attribute),
        orders or {},
        default_order,
        filters or {},
        {name: condition for name, (_, condition, _) in (arguments or {}).items()},
        weight,
    )
    return planned_field(binding, description, sensitivity, declared)
