"""The part of docs/privacy.md that says what the tables declare: `python -m tests.docs.privacy` writes it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from db.columns import Row
from db.personal import Changed, Deleted, Fate, NoPerson, Personal, Stays, Time
from db.tables import PERSONAL
from domain.governance.rulesets import RecordType

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "privacy.md"
BEGINS, ENDS = "<!-- from the tables, by `python -m tests.docs.privacy` -->\n", "<!-- until here -->\n"
AREAS = {str(row.__tablename__): row.__module__.split(".")[1] for row in Row.__subclasses__()}
PRESETS = [each["retentionDays"] for each in json.loads((ROOT / "data/rulesets.json").read_bytes())["trusts"].values()]
EMPTY = ("null", "''", "'{}'")


def page() -> str:
    """docs/privacy.md as it should be: as it is, with what the tables say today."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGINS)
    return before + BEGINS + "\n".join([*_areas(), ""]) + ENDS + rest.split(ENDS)[1]


def _areas() -> Iterator[str]:
    for area, tables in groupby(PERSONAL, AREAS.__getitem__):
        about = {table: PERSONAL[table] for table in tables}
        yield from ["", f"### {area.capitalize()}"]
        yield from _people({table: each for table, each in about.items() if isinstance(each, Personal)})
        yield from _nobody({table: each.why for table, each in about.items() if isinstance(each, NoPerson)})


def _people(tables: Mapping[str, Personal]) -> Iterator[str]:
    if tables:
        yield ""
        yield "| table | what it says of people | an erasure | how long it is kept | why |"
        yield "| --- | --- | --- | --- | --- |"
        for table, declared in tables.items():
            yield f"| `{table}` | {_columns(declared)} | {_erasure(declared)} | {_kept(declared)} | {declared.why} |"


def _nobody(tables: Mapping[str, str]) -> Iterator[str]:
    if tables:
        yield ""
    for why, alike in groupby(tables, tables.__getitem__):
        yield f"- {_named(alike)}: nobody. {why}"


def _columns(declared: Personal) -> str:
    hidden = f"<br>not in a copy: {_named(declared.hidden)}" if declared.hidden else ""
    return _named(declared.columns) + hidden + (f"<br>in a copy {declared.told.words}" if declared.told else "")


def _erasure(declared: Personal) -> str:
    by_fate: dict[str, list[str]] = {}
    for column, fate in declared.whose.items():
        by_fate.setdefault(_fate(fate), []).append(column)
    if len(by_fate) > 1:
        return "<br>".join(f"{_named(columns)}: {fate}" for fate, columns in by_fate.items())
    return "".join(by_fate) or "Finds nothing: no row says whose it is."


def _fate(fate: Fate) -> str:
    match fate:
        case Deleted():
            return "Deletes the row."
        case Changed(values, _, but):
            return f"{_changed(values).capitalize()}. {but}".strip()
        case Stays(why):
            return f"Leaves it. {why}"


def _changed(values: Mapping[str, str]) -> str:
    emptied = [column for column, value in values.items() if value in EMPTY]
    parts = [f"empties {_named(emptied)}"] if emptied else []
    for column, value in values.items():
        if column not in emptied:
            is_plain = value[0] == "'" or value == "true"
            parts.append(f"sets `{column}`" + (f" to {value}" if is_plain else ""))
    return ", ".join(parts)


def _kept(declared: Personal) -> str:
    if declared.times:
        return "<br>".join(map(_time, declared.times))
    fates = declared.whose.values()
    if all(isinstance(fate, Stays) for fate in fates):
        return "For good."
    return "Until an erasure" + (
        "." if all(isinstance(fate, Deleted) for fate in fates) else "; what it leaves, for good."
    )


def _time(time: Time) -> str:
    length = time.length
    if isinstance(length, RecordType):
        days = sorted({each[length] for each in PRESETS})
        length = f"`{length}`, {' to '.join(map(str, days))} days"
    match time.then:
        case Changed(values):
            then = f": {_changed(values)}."
        case Stays(why):
            then = f". {why}"
        case _:
            then = "."
    return f"{length} {time.after}{then}"


def _named(columns: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
