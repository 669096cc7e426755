"""Fields of types that are read from a stored document: rows with a column `document` (docs/adr/0017-a-count-is-one-document.md)."""

from typing import Any

from planner import expression


def fact(name: str, description: str, *, nullable: bool = False) -> Any:
    """A value of the stored document, as JSON."""
    sql = f"{{row}}.document->'{name}'"
    return expression(f"nullif({sql}, 'null')" if nullable else sql, nullable=nullable, description=description)


def text(name: str, description: str, *, nullable: bool = False) -> Any:
    """A text of the stored document: an exact decimal, a name, a value of a closed list."""
    return expression(f"{{row}}.document->>'{name}'", nullable=nullable, description=description)
