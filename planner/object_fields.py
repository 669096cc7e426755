"""Declarations of the fields of a planned type: this field is this column, this expression, this other row."""

from collections.abc import Hashable
from typing import Any

from .bindings import Scalar, ToOne
from .fields import planned_field
from .templates import Template, column_of


def column(attribute: Any, *, description: str, weight: int = 0, sensitivity: Hashable = None) -> Any:
    """The value of a mapped column."""
    nullable = bool(attribute.__clause_element__().nullable)
    return planned_field(Scalar(column_of(attribute), nullable, weight), description, sensitivity)


def expression(
    sql: Template, *, description: str, nullable: bool = True, weight: int = 0, sensitivity: Hashable = None
) -> Any:
    """A value computed from the row, the caller and the clock."""
    return planned_field(Scalar(f"({sql})", nullable, weight), description, sensitivity)


def one(attribute: Any, *, description: str, target_key: str | None = None, sensitivity: Hashable = None) -> Any:
    """The row this column points to: a column, or a template. Null where there is none or it is hidden."""
    sql = attribute if isinstance(attribute, str) else column_of(attribute)
    return planned_field(ToOne(sql, target_key), description, sensitivity)
