"""How long a page is, in which order, and where it begins."""

from collections.abc import Sequence

from graphql import GraphQLObjectType

from .bindings import DEFAULT_PAGE, LARGEST_PAGE, Order, Paged
from .errors import PlanRefused
from .identifiers import decode_cursor
from .reading import DocumentReader
from .request import plain
from .selected import SelectedField
from .statement import Statement
from .templates import quoted
from .types import PlannedType


def page_size(document: DocumentReader, field: SelectedField) -> int:
    size = document.known(document.argument(field, "first"))
    if size is None:
        return DEFAULT_PAGE
    if not 1 <= size <= LARGEST_PAGE:
        raise PlanRefused(f"`first` must be 1 to {LARGEST_PAGE}.")
    return int(size)


def page_order(document: DocumentReader, field: SelectedField, binding: Paged, target: PlannedType) -> list[Order]:
    chosen = document.chosen_order(field)
    order = binding.default_order
    if chosen is not None:
        chosen = {key: plain(value) for key, value in (chosen if isinstance(chosen, dict) else vars(chosen)).items()}
        declared = binding.orders[chosen["field"]]
        order = Order(declared.column, chosen.get("direction") == "DESC")
    key = Order(target.key, order.descending if order else False)
    return [key] if order is None or order.column == target.key else [order, key]


def keyset(
    statement: Statement,
    document: DocumentReader,
    field: SelectedField,
    target: GraphQLObjectType,
    order: Sequence[Order],
    alias: str,
) -> list[str]:
    """The condition that a row comes after the cursor, if one is given."""
    given = document.argument(field, "after")
    if given is None or not document.is_given(given):
        return []
    prefix, key = statement.declared(target).prefix, statement.key(target, alias)
    cursor = statement.parameter(given, "uuid", lambda text: decode_cursor(prefix, text))
    beyond = "<" if order[0].descending else ">"
    if len(order) == 1:
        return [f"{key} {beyond} {cursor}"]
    last, name = statement.alias(), quoted(order[0].column)
    visible = " and ".join(statement.visible(target, last))  # a hidden row is no place in the list
    there = f"{visible} and {statement.key(target, last)} = {cursor}"
    seen = f"(select {last}.{name} from {statement.source(target, last)} where {there})"
    return [f"({alias}.{name}, {key}) {beyond} ({seen}, {cursor})"]
