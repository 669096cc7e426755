"""Opaque typed ids: a prefix that names the type and the row's key. A cursor is the id of the last node seen."""

from uuid import UUID

from .errors import PlanRefused


def decode_id(prefix: str | None, text: object) -> UUID | None:
    """The key behind an id of this type, or None: an id of another type, and garbage, name nothing."""
    if prefix is None or not isinstance(text, str):
        return None
    head, _, tail = text.partition("_")
    if head != prefix or len(tail) != 36:
        return None
    try:
        return UUID(tail)
    except ValueError:
        return None


def decode_reference(prefix: str, text: object) -> UUID:
    """The same, of what has to be an id of this type, as a condition of a list has. Raises ValueError."""
    key = decode_id(prefix, text)
    if key is None:
        raise ValueError(f"an id that begins with {prefix}_")
    return key


def decode_cursor(argument: str, prefix: str | None, text: object) -> UUID:
    """Raises PlanRefused for what is no cursor of this list."""
    key = decode_id(prefix, text)
    if key is None:
        raise PlanRefused(f"`{argument}` is no cursor of this list.", "INVALID_CURSOR")
    return key
