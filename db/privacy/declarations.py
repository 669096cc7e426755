"""What the tables declare about people (db/personal.py), as the copy, erasure and forgetting ask for it."""

from collections.abc import Iterator

from domain.governance.rulesets import RecordType

from ..columns import METADATA
from ..personal import Changed, Deleted, Fate, Personal, Time
from ..tables import PERSONAL

ABOUT_PEOPLE = {table: declared for table, declared in PERSONAL.items() if isinstance(declared, Personal)}
_TIMES = [(table, time) for table, declared in ABOUT_PEOPLE.items() for time in declared.times]


def _by_the_rules() -> Iterator[tuple[RecordType, tuple[str, Time]]]:
    for table, time in _TIMES:
        if isinstance(time.length, RecordType) and not time.with_its:
            yield time.length, (table, time)


_FOUND = dict(_by_the_rules())
OVERDUE = {kind: _FOUND[kind] for kind in RecordType}  # what is forgotten by the trust's rules: table, and when
FOLLOWING = [(table, time) for table, time in _TIMES if time.with_its]
PASSING = [(table, time) for table, time in _TIMES if not isinstance(time.length, RecordType)]


def is_of_person(table: str, column: str, row: str = "t") -> str:
    """Whether `row` is of the person whose records are $2, of the trust $1, by this column: an id of theirs, or a reference to
    a row of theirs."""
    for key in METADATA.tables[table].foreign_key_constraints:
        other = key.referred_table.name
        if column in key.column_keys and other != "person":
            pairs = [(each.parent.name, each.column.name) for each in key.elements if each.parent.name != "trust_id"]
            joined = " and ".join(f"{row}_.{theirs} = {row}.{ours}" for ours, theirs in pairs)
            whose = " or ".join(is_of_person(other, each, f"{row}_") for each in ABOUT_PEOPLE[other].whose)
            return f"exists (select from {other} {row}_ where {row}_.trust_id = $1 and {joined} and ({whose}))"
    return f"{row}.{column} = any($2)"


def statement(table: str, fate: Fate, condition: str) -> str:
    """The SQL that does to the rows `t` under the condition what is their fate, other than to stay."""
    match fate:
        case Deleted():
            return f"delete from {table} t where {condition}"
        case Changed(values, only):
            assigned = ", ".join(f"{column} = {value}" for column, value in values.items())
            return f"update {table} t set {assigned} where {condition} and {only}"
    raise TypeError(f"nothing is done to rows of {table} that stay")
