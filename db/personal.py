"""What a table says about people: declared beside its columns, and all else is derived from it (db/privacy/): the copy
of somebody's data, erasure, forgetting, docs/privacy.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from domain.governance.rulesets import RecordType


@dataclass(frozen=True, slots=True)
class Deleted:
    """The row goes."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Columns get these values, in SQL over the row `t`: of rows for which `only` holds, if it is said. `but`: what stays
    all the same, and why.

    Where a value is a choice (`coalesce`, `least`), an erasure binds `:now` and `:today`: a cluster refuses the clock there.
    """

    values: Mapping[str, str]
    only: str = "true"
    but: str = ""


@dataclass(frozen=True, slots=True)
class Stays:
    """The row stays as it is, and why."""

    why: str


Fate: TypeAlias = Deleted | Changed | Stays


@dataclass(frozen=True, slots=True)
class Time:
    """How long rows are kept, and what becomes of them then (rule 26c).

    `length`: days of the trust's ruleset, or an interval of PostgreSQL that is the same for all trusts. `after`: what ends
    their use, in words. `overdue`: the same in SQL, rows `t` of {trust} for which it was so long ago: before {midnight}
    (where it is a moment) or {day} (a day), or {moment} where `length` is an interval. Or `with_its`: the reference to the
    row with which a row goes. The worker does it, by the rights that `__access__` gives it.
    """

    length: RecordType | str
    after: str
    overdue: str = ""
    with_its: str = ""
    then: Fate = Deleted()


@dataclass(frozen=True, slots=True)
class ToldOnce:
    """Since when rows are in a copy, whoever asks for it: the condition, in SQL over the row `t` of the trust $1, and the
    same in words."""

    holds: str
    words: str


@dataclass(frozen=True, slots=True)
class Personal:
    """A table with people in it.

    `whose`: the columns by which a row is somebody's (a person's id, or a reference to a row that is somebody's), and what
    an erasure does to it. `columns`: what else is said of them. `why`: what it is kept for, so long; without `times` that is
    for good. `hidden`: what is not in the person's copy: it is secret, about somebody else, or says nothing. `told`:
    since when a row is in it, if not always. `officers`: columns that name who acted, whose row it is not. `unmoved`: why
    rows stay with the record they are of when two records of one person become one (db/privacy/merging.py); all others go
    over to the record that is kept.
    """

    whose: Mapping[str, Fate]
    columns: tuple[str, ...]
    why: str
    times: tuple[Time, ...] = ()
    hidden: tuple[str, ...] = ()
    told: ToldOnce | None = None
    officers: tuple[str, ...] = ()
    unmoved: str = ""


@dataclass(frozen=True, slots=True)
class NoPerson:
    """A table that says nothing about anybody, and why."""

    why: str
