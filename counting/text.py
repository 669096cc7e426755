"""Words and cells of what is published of a count."""

from collections.abc import Iterable


def listed(parts: Iterable[str]) -> str:
    """One, two and three."""
    *first, last = [*parts] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def neutralised(cell: str) -> str:
    """The cell of a CSV file as a spreadsheet takes it for text, never for a formula (OWASP, CSV injection)."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
