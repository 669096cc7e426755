"""Reading a ruleset's stored JSON: what is misstated in it, all at once and by its path, and what no rule knows."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar, cast

from ..described import DescribedEnum
from ..refusals import Invalid, Refusal, RefusalCode

LONGEST_DESCRIPTION = 1_000  # characters
LARGEST = 2**31 - 1  # SQL reads the stored form as well
Value = TypeVar("Value")
Kind = TypeVar("Kind", bound=DescribedEnum)


def fraction(value: Any) -> Fraction:
    """A fraction such as 1/2."""
    if not (isinstance(value, str) and re.fullmatch("[0-9]{1,6}/[0-9]{1,6}", value)) or int(value.split("/")[1]) == 0:
        raise ValueError("a fraction such as 1/2")
    return Fraction(value)


def flag(value: Any) -> bool:
    """A JSON true or false; the text "false" is not false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def whole(value: Any) -> int:
    """A whole number of JSON; 11.0, "11" and true are none, since SQL reads the stored form as well."""
    if type(value) is not int or abs(value) > LARGEST:
        raise ValueError(f"a whole number up to {LARGEST}")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text")
    return value


def text_or_null(value: Any) -> str | None:
    return None if value is None else text(value)


def description(value: Any) -> str | None:
    """What is said for people, where anything is."""
    if value is not None and not (isinstance(value, str) and 0 < len(value) <= LONGEST_DESCRIPTION):
        raise ValueError(f"a text of 1 to {LONGEST_DESCRIPTION} characters")
    return value


def day(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError("a day such as 2026-11-28") from None


def one_of(kind: type[Kind]) -> Callable[[Any], Kind]:
    def read(value: Any) -> Kind:
        try:
            return kind.named(value)
        except ValueError:
            raise ValueError(f"one of {', '.join(kind.values())}") from None

    return read


def several(form: Callable[[Any], Value]) -> Callable[[Any], tuple[Value, ...]]:
    def read(values: Any) -> tuple[Value, ...]:
        if not isinstance(values, list):
            raise ValueError("a list")
        return tuple(map(form, values))

    return read


class Findings:
    """What is wrong with stated rules: `misstated` is what they can't be read without, `unknown` what no rule reads."""

    def __init__(self) -> None:
        self.misstated: list[Refusal] = []
        self.unknown: list[Refusal] = []

    def misstate(self, path: str, message: str) -> None:
        self.misstated.append(Invalid(RefusalCode.INPUT_INVALID, message, path))


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("an object")
    return value


class Stated:
    """An object of the JSON. What it lacks or misstates is noted, and reads as None: whoever reads looks at the findings
    before anything is made of it. None is an object that is missing itself, which was noted."""

    def __init__(self, values: Mapping[str, Any] | None, path: str, findings: Findings) -> None:
        self._values, self._path, self._findings = values, path, findings
        self._read: set[str] = set()

    def read(self, name: str, form: Callable[[Any], Value]) -> Value:
        path = f"{self._path}.{name}"
        self._read.add(name)
        if self._values is not None:
            try:
                return form(self._values[name])
            except KeyError:
                self._findings.misstate(path, f"{path} is missing.")
            except ValueError as error:
                self._findings.misstate(path, f"{path} is to be {error}.")
        return cast(Value, None)

    def read_if_there(self, name: str, form: Callable[[Any], Value]) -> Value | None:
        return self.read(name, form) if name in (self._values or ()) else None

    def inside(self, name: str) -> "Stated":
        """The object it has there."""
        return Stated(self.read(name, _object), f"{self._path}.{name}", self._findings)

    def each(self, name: str) -> "list[Stated]":
        """The objects of the list it has there."""
        listed = self.read(name, several(_object)) or ()
        return [Stated(each, f"{self._path}.{name}.{index}", self._findings) for index, each in enumerate(listed)]

    def kinds(self, kind: type[Kind]) -> list[Kind]:
        """Those of a closed list that are among its keys."""
        return [each for each in kind if each.value in (self._values or ())]

    def end(self) -> None:
        """Notes the keys that were not read."""
        for name in self._values or ():
            if name not in self._read:
                message = f"{self._path} has {name!r}, which no rule knows."
                self._findings.unknown.append(Invalid(RefusalCode.INPUT_INVALID, message, self._path))
