"""What the judge must know of our tables: taken from the models, so it can't grow old."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from sqlalchemy import Date, DateTime, MetaData, Table

TENANT = "trust_id"
VOLATILE_DEFAULTS = ("uuidv7()", "gen_random_uuid()", "random()", "clock_timestamp()")


class Time(Enum):
    """What a column of time holds: comparing the two, or writing either as text, depends on the session."""

    DAY = auto()
    MOMENT = auto()


@dataclass(frozen=True)
class Catalogue:
    """`volatile`: the columns of a table that fill themselves with something new; `times`: by name of the column."""

    tenants: frozenset[str]
    volatile: Mapping[str, frozenset[str]] = field(default_factory=dict)
    times: Mapping[str, Time] = field(default_factory=dict)


def catalogue_of(metadata: MetaData) -> Catalogue:
    """Every table with a `trust_id` belongs to its trust."""
    tables = [table for table in metadata.tables.values() if TENANT in table.c]
    times = {
        column.name: Time.MOMENT if isinstance(column.type, DateTime) else Time.DAY
        for table in tables
        for column in table.c
        if isinstance(column.type, DateTime | Date)
    }
    return Catalogue(
        frozenset(table.name for table in tables), {table.name: _volatile(table) for table in tables}, times
    )


def _volatile(table: Table) -> frozenset[str]:
    defaults = {column.name: str(getattr(column.server_default, "arg", "")) for column in table.c}
    return frozenset(name for name, default in defaults.items() if any(each in default for each in VOLATILE_DEFAULTS))
