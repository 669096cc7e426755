"""Conditions as data: who may do what, and when.

A condition is declared once, where its rule stands. It is evaluated here for one case and rendered to SQL for many
(db/fragments/conditions.py); a test compares the two for every condition that is rendered (tests/db/test_conditions.py).

It holds or it does not. What is not known satisfies nothing but `Unknown` (rule 2e): somebody without a date of birth
is neither `AgeAtLeast` nor `YoungerThan` any age, and a day that is not known is never `Reached`. `~condition` holds
exactly where the condition does not: `~AgeAtLeast("born", 18)` takes in those whose birth nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from .ages import age_on

TODAY, NOW = "today", "now"  # facts of every case: the day of law that matters, and the moment
_UNTOLD = object()
Value = TypeVar("Value", bound=StrEnum)


class Facts:
    """What is known in one case: the attributes of some objects, and what is named besides. None is unknown."""

    def __init__(self, *objects: object, **named: object) -> None:
        self._objects = (SimpleNamespace(**named), *objects)

    def __getitem__(self, name: str) -> Any:
        """What the first of the objects that has the name says; LookupError where none has it. A method says nothing."""
        for each in self._objects:
            told = getattr(each, name, _UNTOLD)
            if told is not _UNTOLD and not callable(told):
                return told
        raise LookupError(f"nothing tells {name!r}")

    def of(self, record: object) -> "Facts":
        """The facts of the record, and where it tells nothing those around it."""
        return Facts(record, *self._objects)


@dataclass(frozen=True, slots=True)
class Rule:
    """A number, a list or a yes or no of the ruleset or of its part on the constituency; never unknown (rule 1a)."""

    name: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that holds in a case, or does not."""

    def evaluate(self, facts: Facts) -> bool:
        raise NotImplementedError

    def __and__(self, other: "Condition") -> "Condition":
        return All((self, other))

    def __or__(self, other: "Condition") -> "Condition":
        return Either((self, other))

    def __invert__(self) -> "Condition":
        return Not(self)


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]

    def evaluate(self, facts: Facts) -> bool:
        return all(part.evaluate(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either(Condition):
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def evaluate(self, facts: Facts) -> bool:
        return any(part.evaluate(facts) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition

    def evaluate(self, facts: Facts) -> bool:
        return not self.part.evaluate(facts)

    def __invert__(self) -> Condition:
        return self.part


@dataclass(frozen=True, slots=True)
class Unknown(Condition):
    """Nobody knows the fact. `~Unknown` is that it is known."""

    fact: str

    def evaluate(self, facts: Facts) -> bool:
        return facts[self.fact] is None


@dataclass(frozen=True, slots=True)
class Holds(Condition):
    """A fact, or a rule, that is yes or no is yes. Unknown: does not hold."""

    what: str | Rule

    def evaluate(self, facts: Facts) -> bool:
        return facts[_name(self.what)] is True


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """The fact is one of a closed list, or of a rule's. Unknown: is none of them."""

    fact: str
    values: frozenset[StrEnum] | Rule

    def evaluate(self, facts: Facts) -> bool:
        values = facts[self.values.name] if isinstance(self.values, Rule) else self.values
        return facts[self.fact] in values


@dataclass(frozen=True, slots=True)
class Same(Condition):
    """Two facts are the same. Unknown: is the same as nothing, another unknown included."""

    fact: str
    other: str

    def evaluate(self, facts: Facts) -> bool:
        return facts[self.fact] is not None and bool(facts[self.fact] == facts[self.other])


@dataclass(frozen=True, slots=True)
class Reached(Condition):
    """A day has been reached by `TODAY`, a moment by `NOW`, or either by another fact. Unknown: never reached."""

    fact: str
    by: str

    def evaluate(self, facts: Facts) -> bool:
        reached, by = facts[self.fact], facts[self.by]
        return reached is not None and by is not None and bool(reached <= by)


@dataclass(frozen=True, slots=True)
class AgeAtLeast(Condition):
    """Somebody born then has completed so many years on the day (rule 6b). Unknown birth or day: does not hold."""

    born: str
    age: int | Rule
    on: str = TODAY

    def evaluate(self, facts: Facts) -> bool:
        age = _age(facts, self.born, self.on)
        return age is not None and age >= _number(facts, self.age)


@dataclass(frozen=True, slots=True)
class YoungerThan(Condition):
    """Somebody born then has not completed so many years on the day (rule 6b). Unknown birth or day: does not hold."""

    born: str
    age: int | Rule
    on: str = TODAY

    def evaluate(self, facts: Facts) -> bool:
        age = _age(facts, self.born, self.on)
        return age is not None and age < _number(facts, self.age)


@dataclass(frozen=True, slots=True)
class Asked(Condition):
    """The rules ask for it: their number is more than 0."""

    rule: Rule

    def evaluate(self, facts: Facts) -> bool:
        return bool(facts[self.rule.name] > 0)


@dataclass(frozen=True, slots=True)
class Exists(Condition):
    """A record of the collection satisfies the condition, which sees the record's facts and those around it."""

    records: str
    condition: Condition

    def evaluate(self, facts: Facts) -> bool:
        return any(self.condition.evaluate(facts.of(record)) for record in facts[self.records])


@dataclass(frozen=True, slots=True)
class FirstThatHolds(Generic[Value]):
    """A value of a closed list: the first whose condition holds; unknown where none does."""

    cases: tuple[tuple[Value, Condition], ...]

    def evaluate(self, facts: Facts) -> Value | None:
        return next((value for value, condition in self.cases if condition.evaluate(facts)), None)


def each_that_holds(conditions: Mapping[Value, Condition], facts: Facts) -> list[Value]:
    """All the values whose condition holds, in their order."""
    return [value for value, condition in conditions.items() if condition.evaluate(facts)]


def _name(what: str | Rule) -> str:
    return what.name if isinstance(what, Rule) else what


def _number(facts: Facts, number: int | Rule) -> int:
    return int(facts[number.name]) if isinstance(number, Rule) else number


def _age(facts: Facts, born: str, on: str) -> int | None:
    birth, day = facts[born], facts[on]
    return None if birth is None or day is None else age_on(birth, day)


# what has a first day, and a first day it no longer holds where it ends (rule 2a)
ENDED = Reached("until", TODAY)
HOLDS = Reached("since", TODAY) & ~ENDED
