"""How telephone numbers and postcodes are kept, whoever tells them."""

import re

import phonenumbers

_MOBILE = re.compile(r"(?:\+44|0044|0)? ?7\d{3} ?\d{3} ?\d{3}")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b")


def phone_number(text: str) -> tuple[str | None, bool]:
    """The number as +44…, and whether it is odd: no number, or not a mobile one."""
    plain = re.sub(r"[-()\s]+", " ", text).strip()
    if _MOBILE.fullmatch(plain):
        return "+44" + re.sub(r"\D", "", plain)[-10:], False
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return None, True
    if not phonenumbers.is_possible_number(number) or "E+" in text:
        return None, True
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), not is_mobile


def postcode_in(address: str) -> str | None:
    """The last postcode in an address, or in a cell: `TN25 6AA`."""
    found = _POSTCODE.findall(" ".join(address.upper().split()))
    return " ".join(found[-1]) if found else None


def postcode(cell: str) -> str | None:
    """The postcode that stands in a cell for one, however it is spaced: `TN25 6AA`."""
    return postcode_in(cell) or postcode_in(re.sub(r"[^A-Z0-9]", "", cell.upper()))
