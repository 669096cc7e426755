"""How long a page is, from which end of the list, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .bindings import DEFAULT_PAGE, LARGEST_PAGE, Order, Paged
from .errors import PlanRefused
from .reading import DocumentReader
from .request import plain
from .selected import SelectedField
from .types import PlannedType


@dataclass(frozen=True, slots=True)
class PageSize:
    """At most so many rows, from the beginning of the list or from its end."""

    rows: int
    from_end: bool = False


def page_size(document: DocumentReader, field: SelectedField) -> PageSize:
    first, last = (document.known(document.argument(field, name)) for name in ("first", "last"))
    if first is not None and last is not None:
        raise PlanRefused("Ask for `first` or for `last`, not for both.")
    name, size = ("first", first) if last is None else ("last", last)
    if size is None:
        return PageSize(DEFAULT_PAGE)
    if not 1 <= size <= LARGEST_PAGE:
        raise PlanRefused(f"`{name}` must be 1 to {LARGEST_PAGE}.")
    return PageSize(int(size), name == "last")


def page_order(document: DocumentReader, field: SelectedField, binding: Paged, target: PlannedType) -> list[Order]:
    chosen = document.chosen_order(field)
    order = binding.default_order
    if chosen is not None:
        chosen = {key: plain(value) for key, value in (chosen if isinstance(chosen, dict) else vars(chosen)).items()}
        declared = binding.orders[chosen["field"]]
        order = Order(declared.column, chosen.get("direction") == "DESC")
    key = Order(target.key, order.descending if order else False)
    return [key] if order is None or order.column == target.key else [order, key]


def reversed_order(order: Sequence[Order]) -> list[Order]:
    return [replace(each, descending=not each.descending) for each in order]
