"""Conditions of the domain (domain/conditions.py) as SQL.

The SQL is true exactly where the condition holds; where it does not it may be null instead of false, which WHERE, CASE
and EXISTS take for the same. `value` is for where a null would show.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TypeAlias, TypeVar

from domain import conditions
from domain.conditions import (
    AgeAtLeast,
    All,
    Asked,
    Condition,
    Either,
    Exists,
    FirstThatHolds,
    Holds,
    Not,
    OneOf,
    Reached,
    Rule,
    Same,
    Unknown,
    YoungerThan,
)

from ..columns import listed
from .clock import NOW, TODAY


@dataclass(frozen=True, slots=True)
class Records:
    """Where a collection stands: what follows FROM, up to and with its WHERE, which names the trust of every table; and
    where the facts of a record stand, in it."""

    source: str
    facts: Mapping[str, str]


Value = TypeVar("Value", bound=StrEnum)
# where each fact, rule and collection stands: SQL by the name the domain gives it. `today` and `now` are the database's
# unless they are said to be something else, such as a bound parameter.
Places: TypeAlias = Mapping[str, str | Records]
_CLOCK: dict[str, str | Records] = {conditions.TODAY: TODAY, conditions.NOW: NOW}


def predicate(condition: Condition, places: Places) -> str:
    """For WHERE, AND, OR, CASE WHEN: true where the condition holds, false or null where not."""
    return _rendered(condition, _CLOCK | dict(places))


def value(condition: Condition, places: Places) -> str:
    """True or false, never null."""
    return f"(({predicate(condition, places)}) is true)"


def first_that_holds(decision: FirstThatHolds[Value], places: Places) -> str:
    """The first value whose condition holds; null where none does."""
    cases = (f"when {predicate(condition, places)} then '{one.value}'" for one, condition in decision.cases)
    return f"case {' '.join(cases)} end"


def each_that_holds(of: Mapping[Value, Condition], places: Places) -> str:
    """An array of all the values whose condition holds."""
    cases = (f"case when {predicate(condition, places)} then '{one.value}' end" for one, condition in of.items())
    return f"array_remove(array[{', '.join(cases)}]::text[], null)"


def columns(row: str, *names: str) -> dict[str, str]:
    """Facts that stand in columns of their name in `row`; "" for a statement over one table."""
    return {name: f"{row}.{name}" if row else name for name in names}


def _rendered(condition: Condition, places: Places) -> str:
    match condition:
        case All(parts):
            return " and ".join(_rendered(part, places) for part in parts)
        case Either(parts):
            return f"({' or '.join(_rendered(part, places) for part in parts)})"
        case Not(part):
            return _negated(part, places)
        case Unknown(fact):
            return f"{_fact(places, fact)} is null"
        case Holds(what):
            return _fact(places, what.name if isinstance(what, Rule) else what)
        case OneOf(fact, Rule(name)):
            return f"jsonb_exists({_fact(places, name)}, {_fact(places, fact)})"
        case OneOf(fact, frozenset() as values):
            return f"{_fact(places, fact)} in ({listed(values)})"
        case Same(fact, other):
            return f"{_fact(places, fact)} = {_fact(places, other)}"
        case Reached(fact, by):
            return f"{_fact(places, fact)} <= {_fact(places, by)}"
        case AgeAtLeast(born, age, on):
            return f"{_fact(places, born)} <= {_latest_birth(places, age, on)}"
        case YoungerThan(born, age, on):
            return f"{_fact(places, born)} > {_latest_birth(places, age, on)}"
        case Asked(Rule(name)):
            return f"{_fact(places, name)} > 0"
        case Exists(records, satisfied):
            return _exists(places, records, satisfied)
    raise TypeError(f"no SQL for {condition!r}")


def _negated(part: Condition, places: Places) -> str:
    match part:
        case Unknown(fact):
            return f"{_fact(places, fact)} is not null"
        case Reached(fact, by) if by in _CLOCK:  # a clock is never unknown
            return f"({_fact(places, fact)} is null or {_fact(places, fact)} > {_fact(places, by)})"
        case Exists():
            return (
                f"not {_rendered(part, places)}" if len(_alternatives(part.condition)) == 1 else _not_true(part, places)
            )
    return _not_true(part, places)


def _not_true(part: Condition, places: Places) -> str:
    return f"({_rendered(part, places)}) is not true"


def _fact(places: Places, name: str) -> str:
    place = places[name]
    assert isinstance(place, str), f"{name} is a collection"
    return place


def _latest_birth(places: Places, age: int | Rule, on: str) -> str:
    """The last birthday of those who are that old on the day; a day that is not there, 29 February, is the day before."""
    years = _fact(places, age.name) if isinstance(age, Rule) else str(age)
    return f"({_fact(places, on)} - make_interval(years => {years}))::date"


def _exists(places: Places, name: str, condition: Condition) -> str:
    """One EXISTS for each way to satisfy the condition, so that each finds its rows by its own index."""
    records = places[name]
    assert isinstance(records, Records), f"{name} is no collection"
    inner = {**places, **records.facts}
    found = [f"exists (select from {records.source} and {_rendered(way, inner)})" for way in _alternatives(condition)]
    return found[0] if len(found) == 1 else f"({' or '.join(found)})"


def _alternatives(condition: Condition) -> list[Condition]:
    """Conditions one of which holds exactly where this one does: `a & (b | c)` is `a & b` or `a & c`."""
    return list(_ways(condition))


def _ways(condition: Condition) -> Iterator[Condition]:
    match condition:
        case Either(parts):
            for part in parts:
                yield from _ways(part)
        case All(parts):
            yield from map(All, product(*map(_alternatives, parts)))
        case _:
            yield condition
