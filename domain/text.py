"""Forms of input the rules accept."""

import re
import unicodedata

from .refusals import Invalid, RefusalCode

MAX_NAME_LENGTH = 100  # characters; longer than any name on a passport
MAX_ADDRESS_LENGTH = 500
MAX_REASON_LENGTH = 1_000
MAX_TITLE_LENGTH = 300
MAX_TEXT_LENGTH = 20_000  # characters of a statement or an answer

_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss"})
_EMAIL = re.compile(r"(?!\.)(?!.*\.\.)(?!.*\.@)(?!.*=\?)[^@\s,;:<>\"()\x00-\x1f]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def email_address(text: str) -> str:
    """The one address in `text`, lower-cased and trimmed. Refusals: EMAIL_INVALID."""
    address = text.strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise Invalid(RefusalCode.EMAIL_INVALID)
    return address


def folded(text: str) -> str:
    """The text in lower case and without accents, to compare words by.

    Names of people are folded by the database alone: folded_name() knows more letters (æ) and fewer scripts.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(character for character in plain if not unicodedata.combining(character)).lower()


def neutralised(cell: str) -> str:
    """The cell of a CSV file as a spreadsheet takes it for text, never for a formula (OWASP, CSV injection)."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
