"""The names in a row of a file, and what is odd about them."""

import re
import unicodedata

from ..text import MAX_NAME_LENGTH
from .importing import Finding

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# spaces nobody sees, marks that turn the direction of writing, and control characters but those that are spaces
_INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1b\x7f-\x9f]")
_LOST = ("?", "\ufffd")  # what is written for a letter that an encoding lacks


def read_names(given: str, family: str) -> tuple[str, str, list[Finding]]:
    """Given and family name as they are kept, on one line, and what was noticed in the cells."""
    raw = (given, family)
    given, family = (" ".join(_INVISIBLE.sub(" " if "\u00a0" in text else "", text).split()) for text in raw)
    given, family = (unicodedata.normalize("NFC", text)[:MAX_NAME_LENGTH] for text in (given, family))
    signs = (
        (any(text.startswith(FORMULA_STARTS) for text in raw), Finding.FORMULA_TEXT),
        (any(_INVISIBLE.search(text) for text in raw), Finding.NAME_INVISIBLE),
        (not all(unicodedata.is_normalized("NFC", text) for text in raw), Finding.NAME_DECOMPOSED),
        (any(_is_mojibake(text) for text in raw), Finding.NAME_MOJIBAKE),
        (any(_is_unreadable(text) for text in (given, family)), Finding.NAME_UNREADABLE),
        (any(_is_foreign(text) for text in (given, family)), Finding.NAME_NOT_LATIN),
    )
    return given, family, [finding for found, finding in signs if found]


def _is_mojibake(text: str) -> bool:
    """Whether the text is UTF-8 that somebody read as Windows-1252."""
    if text.isascii():
        return False
    try:
        text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _is_unreadable(text: str) -> bool:
    """Whether there is something, and no letter, or what a program writes for a letter it does not know."""
    return bool(text) and (not any(character.isalpha() for character in text) or any(sign in text for sign in _LOST))


def _is_foreign(text: str) -> bool:
    return any(character.isalpha() and "LATIN" not in unicodedata.name(character, "") for character in text)
