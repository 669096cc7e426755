"""Closed lists whose every value carries its public description."""

from enum import StrEnum
from typing import Self


class DescribedEnum(StrEnum):
    """A closed list. The value is what the database stores and the API shows; `description` is its public meaning."""

    description: str

    def __new__(cls, value: str, description: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member

    @classmethod
    def named(cls, value: str) -> Self:
        """The member stored as `value`; ValueError when there is none."""
        return cls(value)  # type: ignore[call-arg]  # a look-up, which mypy takes for a new member

    @classmethod
    def values(cls) -> tuple[str, ...]:
        return tuple(str(member.value) for member in cls)
