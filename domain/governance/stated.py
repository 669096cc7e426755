"""Values of a ruleset's stored JSON. ValueError, KeyError or TypeError for what is missing or of the wrong form."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

LONGEST_DESCRIPTION = 1_000  # characters


def fraction(text: str) -> Fraction:
    """A fraction such as 1/2."""
    if not re.fullmatch("[0-9]{1,6}/[0-9]{1,6}", text):
        raise ValueError(f"{text!r} (no fraction)")
    return Fraction(text)


def flag(stated: Mapping[str, Any], name: str) -> bool:
    """A JSON true or false; the text "false" is not false."""
    if not isinstance(stated[name], bool):
        raise ValueError(f"{name} (neither true nor false)")
    return bool(stated[name])


def whole(stated: Mapping[str, Any], name: str) -> int:
    """A whole number of JSON; 11.0, "11" and true are none, since SQL reads the stored form as well."""
    if type(stated[name]) is not int:
        raise ValueError(f"{name} (no whole number)")
    return int(stated[name])


def description_of(stated: Mapping[str, Any]) -> str | None:
    """What is said for people, where anything is."""
    text = stated.get("description")
    if text is not None and not (isinstance(text, str) and 0 < len(text) <= LONGEST_DESCRIPTION):
        raise ValueError(f"description (no text of 1 to {LONGEST_DESCRIPTION} characters)")
    return text
