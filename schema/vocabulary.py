"""Enums and scalars of the API, taken from the closed lists of the domain with their descriptions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, EnumType
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, NewType, TypeVar

import strawberry
from strawberry.schema.types.base_scalars import DateDefinition, DateTimeDefinition, DecimalDefinition
from strawberry.types.scalar import ScalarDefinition

import counting
import domain
from domain.described import DescribedEnum

Listed = TypeVar("Listed", bound=type)


def described_enum(listed: Listed) -> Listed:
    """Makes a GraphQL enum of a domain list, every value with its description."""
    strawberry.enum(listed, description=" ".join((listed.__doc__ or "").split()))  # type: ignore[call-overload]
    definition: Any = listed.__strawberry_definition__  # type: ignore[attr-defined]
    for value, member in zip(definition.values, listed, strict=True):  # type: ignore[call-overload]
        value.description = member.description
    return listed


def _closed_lists() -> Iterator[Any]:
    """Every closed list of the domain and of counting."""
    for found in walk_packages(domain.__path__, f"{domain.__name__}."):
        import_module(found.name)
    yield from DescribedEnum.__subclasses__()
    yield from (each for each in vars(counting).values() if isinstance(each, EnumType))


for each in _closed_lists():
    described_enum(each)


class OrderDirection(Enum):
    ASC = strawberry.enum_value("ASC", description="Smallest, earliest, A first.")
    DESC = strawberry.enum_value("DESC", description="Largest, latest, Z first.")


strawberry.enum(OrderDirection, description="Which end of a list comes first.")

EmailAddress = NewType("EmailAddress", str)
Sha256 = NewType("Sha256", str)


def _text(name: str, description: str, url: str) -> Any:
    """A scalar that is a text outside and inside. Which texts are good is for the forms of commands to say, so that a bad
    one is a refusal with its path and not an error of the document."""
    return strawberry.scalar(name=name, description=description, specified_by_url=url, serialize=str, parse_value=str)


def _specified(standard: ScalarDefinition, description: str, url: str) -> ScalarDefinition:
    """A scalar of strawberry, with the text that says how it is written."""
    return replace(standard, description=description, specified_by_url=url)


SCALARS: dict[Any, Any] = {
    EmailAddress: _text("EmailAddress", "One e-mail address.", "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2"),
    Sha256: _text(
        "Sha256", "A SHA-256 hash, 64 hexadecimal digits in lower case.", "https://www.rfc-editor.org/rfc/rfc6234"
    ),
    date: _specified(DateDefinition, "A day, as 2027-03-28.", "https://www.rfc-editor.org/rfc/rfc3339#section-5.6"),
    datetime: _specified(
        DateTimeDefinition,
        "A moment with its time zone, as 2027-03-28T01:30:00Z.",
        "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    ),
    Decimal: _specified(
        DecimalDefinition,
        'An exact decimal number as a text, as "12.340".',
        "https://www.w3.org/TR/xmlschema11-2/#decimal",
    ),
}
