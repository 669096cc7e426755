"""The form a field of a command must have.

A command is what somebody asks for, as data: a frozen dataclass beside its action. A field is annotated with its form,
where its type does not say all, and with what it means to whoever fills it in:

    minute: Annotated[str | None, Text(MAX_REASON_LENGTH), "Where the board's decision stands, if it decides."] = None
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from .days import EARLIEST_YEAR, LATEST_YEAR, is_within_centuries
from .people.contact import phone_number
from .refusals import Invalid, Refusal, RefusalCode
from .text import MAX_ADDRESS_LENGTH, MAX_NAME_LENGTH, email_address

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_TAG = 35  # characters, as RFC 5646 advises


@dataclass(frozen=True, slots=True)
class Form:
    """What a value given must be like."""

    def check(self, value: Any) -> Any:
        """The value as it is stored. Refusals: INPUT_INVALID, and what the form says; the caller names the field."""
        return value

    def check_field(self, field: str, value: Any) -> Any:
        """The same, and the refusals name the field."""
        try:
            return self.check(value)
        except Refusal as refusal:
            raise refusal.within(field) from None


@dataclass(frozen=True, slots=True)
class Text(Form):
    """Trimmed text of one to `longest` characters, without control characters but tabs and new lines; what is no longer
    than an address is one line.

    `or_empty`: or an empty text, which says that there is none.
    """

    longest: int = MAX_NAME_LENGTH
    or_empty: bool = False

    def check(self, value: str) -> str:
        if self.or_empty and not value:
            return value
        trimmed = " ".join(value.split()) if self.longest <= MAX_ADDRESS_LENGTH else value.strip()
        if not trimmed:
            raise Invalid(RefusalCode.INPUT_INVALID, "It must not be empty.")
        if len(trimmed) > self.longest:
            message = f"It is longer than {self.longest} characters."
            raise Invalid(RefusalCode.INPUT_INVALID, message, longest=self.longest)
        if any(ord(character) < 32 and character not in "\n\t" for character in trimmed):
            raise Invalid(RefusalCode.INPUT_INVALID, "It holds a control character.")
        return trimmed


@dataclass(frozen=True, slots=True)
class Email(Form):
    """One e-mail address, kept in lower case; with `or_empty` as Text. Refusals: EMAIL_INVALID."""

    or_empty: bool = False

    def check(self, value: str) -> str:
        return value if self.or_empty and not value else email_address(value)


@dataclass(frozen=True, slots=True)
class Telephone(Form):
    """A telephone number, kept as +44…; with `or_empty` as Text. Refusals: INPUT_INVALID."""

    or_empty: bool = False

    def check(self, value: str) -> str:
        number, _ = phone_number(value)
        if number is None and not (self.or_empty and not value):
            raise Invalid(RefusalCode.INPUT_INVALID, "That is no telephone number.")
        return number or ""


@dataclass(frozen=True, slots=True)
class Language(Form):
    """The tag of a language, such as en, pl or zh-Hant (BCP 47). Refusals: INPUT_INVALID."""

    def check(self, value: str) -> str:
        tag = value.strip()
        if len(tag) > LONGEST_TAG or not _TAG.fullmatch(tag):
            raise Invalid(RefusalCode.INPUT_INVALID, "It must be a language tag such as en, pl or cy.")
        return tag


@dataclass(frozen=True, slots=True)
class Day(Form):
    """A day within the centuries a trust plans for."""

    def check(self, value: date) -> date:
        if not is_within_centuries(value):
            message = f"It must lie between {EARLIEST_YEAR} and {LATEST_YEAR}."
            raise Invalid(RefusalCode.INPUT_INVALID, message, earliest=EARLIEST_YEAR, latest=LATEST_YEAR)
        return value


@dataclass(frozen=True, slots=True)
class Moment(Form):
    """A moment with its time zone, within the centuries a trust plans for."""

    def check(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            raise Invalid(RefusalCode.INPUT_INVALID, "It needs a time zone, such as Z or +01:00.")
        Day().check(value)
        return value


@dataclass(frozen=True, slots=True)
class Many(Form):
    """A list of `fewest` to `most`."""

    fewest: int
    most: int

    def check(self, value: Any) -> Any:
        if not self.fewest <= len(value) <= self.most:
            message = f"It must have {self.fewest} to {self.most} entries."
            raise Invalid(RefusalCode.INPUT_INVALID, message, fewest=self.fewest, most=self.most)
        return value


@dataclass(frozen=True, slots=True)
class Id(Form):
    """The key of an object, told outside as an opaque id with this prefix."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Untraced(Form):
    """Nothing may be stored that tells the value, not even a hash of it."""


# what a field of such a type must be like without saying so
OF_TYPE: Mapping[Any, tuple[Form, ...]] = {date: (Day(),), datetime: (Moment(),)}
