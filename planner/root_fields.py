"""Declarations of where a read begins: one row, any object by its id, what a mutation wrote."""

from collections.abc import Hashable
from typing import Any

import strawberry

from .bindings import AnyNode, Lookup, PayloadNode
from .fields import planned_argument, planned_field
from .templates import Template


def lookup(
    condition: Template,
    *,
    description: str,
    argument: tuple[str, Any, str, str] | None = None,
    sensitivity: Hashable = None,
) -> Any:
    """A root field for one row; `argument` is (name, type, SQL type, description), `{value}` its value in `condition`."""
    if argument is None:
        return planned_field(Lookup(condition), description, sensitivity)
    name, kind, sql_type, text = argument
    declared = [planned_argument(name, kind, text)]
    return planned_field(Lookup(condition, name, sql_type), description, sensitivity, declared)


def any_node(*, description: str, sensitivity: Hashable = None) -> Any:
    declared = [planned_argument("id", strawberry.ID, "An id this API gave out.")]
    return planned_field(AnyNode(), description, sensitivity, declared)


def payload_node(*, description: str) -> Any:
    """A payload's object: set it to the key of the row that was written."""
    return planned_field(PayloadNode(), description)
