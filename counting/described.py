"""Closed lists whose every value carries its description."""

from enum import StrEnum
from typing import Self


class DescribedEnum(StrEnum):
    """A closed list whose values are the names of its members; `description` says what a member means."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member
