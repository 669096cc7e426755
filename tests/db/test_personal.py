"""Every table says what it holds about people, and says it of columns that are there."""

import re
from collections import Counter

import pytest
from sqlalchemy import ARRAY, CheckConstraint, Column, ForeignKeyConstraint, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from db.access import APPEND_ONLY, READ_WRITE, WITH_DELETE, Access
from db.personal import Changed, Deleted, Fate, NoPerson, Personal, Stays, Time
from db.privacy.declarations import ABOUT_PEOPLE
from db.privacy.merging import MOVING, owned_by
from db.tables import ACCESS, METADATA, PERSONAL
from domain.governance.rulesets import RecordType

PEOPLE = {"person", *ABOUT_PEOPLE}


def mistakes(table: Table, declared: Personal | NoPerson | None, access: Access) -> list[str]:
    """What is wrong or lacking in what a table declares, or can't be done by the rights it gives."""
    pointing = {
        column: key.referred_table.name
        for key in table.foreign_key_constraints
        for column in key.column_keys
        if column != "trust_id" and key.referred_table.name in PEOPLE
    }
    if declared is None:
        return ["declares nothing"]
    if isinstance(declared, NoPerson):
        return [f"{column} leads to a person" for column in sorted(pointing)]
    said = {*declared.columns, *declared.hidden}
    unsaid = {column.name for column in table.columns if _is_free(table, column)} - said
    to_a_person = {column for column, other in pointing.items() if other == "person"}
    unowned = to_a_person - {*declared.whose, *declared.officers}
    if pointing and not declared.whose:
        unowned = set(pointing)
    return [
        *(f"{column} is no column" for column in sorted(named(declared) - set(table.columns.keys()))),
        *(f"does not say whose a row is by {column}" for column in sorted(unowned)),
        *(f"does not say whether {column} is personal" for column in sorted(unsaid)),
        *(
            f"the app may not {right}"
            for column, fate in declared.whose.items()
            for right in lacking(access.app, fate, f"t.{column}")
        ),
        *(
            f"the worker may not {right}"
            for time in declared.times
            for right in lacking(access.worker, time.then, time.overdue or f"t.{time.with_its}")
        ),
    ]


def lacking(rights: str, fate: Fate, condition: str) -> list[str]:
    """What is needed beyond rights, as GRANT spells them, to do this to the rows `t` for which the condition holds."""
    match fate:
        case Deleted():
            needed, read = ["delete"], condition
        case Changed(values, only):
            needed, read = [f"update {column}" for column in values], " ".join([condition, only, *values.values()])
        case Stays():
            return []
    needed += [f"select {column}" for column in sorted({"trust_id", *re.findall(r"\bt\.(\w+)", read)})]
    held = {
        f"{right} {column}" if column else right
        for right, columns in re.findall(r"(\w+)(?: \(([^)]*)\))?", rights)
        for column in columns.split(", ")
    }
    return [each for each in needed if not {each, each.partition(" ")[0]} & held]


def _is_free(table: Table, column: Column[object]) -> bool:
    """Whether anything may stand in it: a text, or several, or a document, but no word of a closed list."""
    closed = {str(each.info.get("values") and each.sqltext).split(" in ")[0] for each in checks(table)}
    return isinstance(column.type, Text | JSONB | ARRAY) and column.name not in closed


def checks(table: Table) -> list[CheckConstraint]:
    return [each for each in table.constraints if isinstance(each, CheckConstraint)]


def named(declared: Personal) -> set[str]:
    """Every column that a declaration names."""
    fates: list[Fate] = [*declared.whose.values(), *(time.then for time in declared.times)]
    changed = {column for fate in fates if isinstance(fate, Changed) for column in fate.values}
    with_its = {time.with_its for time in declared.times if time.with_its}
    return {*declared.whose, *declared.columns, *declared.hidden, *declared.officers, *changed, *with_its}


def test_every_table_declares_what_it_says_about_people() -> None:
    assert set(PERSONAL) == set(METADATA.tables)
    assert {name: mistakes(table, PERSONAL[name], ACCESS[name]) for name, table in METADATA.tables.items()} == {
        name: [] for name in METADATA.tables
    }


def test_whatever_stays_says_why() -> None:
    fates = [fate for declared in ABOUT_PEOPLE.values() for fate in declared.whose.values()]
    reasons = [
        *(each.why for each in PERSONAL.values()),
        *(fate.why for fate in fates if isinstance(fate, Stays)),
        *(fate.but for fate in fates if isinstance(fate, Changed) and (fate.but or fate.only != "true")),
    ]
    assert [reason for reason in reasons if len(reason) < 15 or not reason.endswith((".", ")"))] == []


def test_rows_go_over_when_two_records_become_one_or_say_why_not() -> None:
    """Rule 3g: a table of later can't be forgotten, for all of them are asked."""
    stuck = [
        (table, column)
        for table, column in owned_by()
        if not ABOUT_PEOPLE[table].unmoved and lacking(ACCESS[table].app, Changed({column: ""}), f"t.{column}")
    ]
    assert stuck == [], "let the app update it, or say in `unmoved` why the row stays with its record"
    assert [
        each for each in PERSONAL.values() if isinstance(each, Personal) and each.unmoved[-1:] not in ("", ".")
    ] == []


def test_what_nobody_has_twice_at_a_time_is_closed_before_it_goes_over() -> None:
    """Rule 3a: rows that clash by a constraint stay; what an index allows once, while it is open, an action closes."""
    once = {
        str(index.name)
        for table, column in MOVING
        for index in METADATA.tables[table].indexes
        if index.unique and column in index.columns
    }
    assert once == {"membership_person_open_key"}


def test_each_time_of_the_rules_is_that_of_one_table_and_what_goes_with_its_rows() -> None:
    times = [time for declared in ABOUT_PEOPLE.values() for time in declared.times]

    assert Counter(each.length for each in times if isinstance(each.length, RecordType) and not each.with_its) == (
        Counter(RecordType)
    )
    assert all(bool(each.overdue) is not bool(each.with_its) for each in times)


def test_a_table_that_forgets_to_declare_is_noticed() -> None:
    seat = Table(
        "seat",
        MetaData(),
        Column("trust_id", UUID),
        Column("person_id", UUID),
        Column("nickname", Text),
        ForeignKeyConstraint(
            ["trust_id", "person_id"],
            [METADATA.tables["person"].c.trust_id, METADATA.tables["person"].c.id],
        ),
    )
    whole = Personal({"person_id": Deleted()}, columns=("nickname",), why="To call them by.")
    access = Access(app=WITH_DELETE, worker="select, delete")

    assert mistakes(seat, whole, access) == []
    for declared, noticed in (
        (None, "declares nothing"),
        (NoPerson("Seats."), "person_id leads to a person"),
        (Personal({}, columns=("nickname",), why=""), "does not say whose a row is by person_id"),
        (Personal({"person_id": Deleted()}, columns=(), why=""), "does not say whether nickname is personal"),
        (Personal({"person_id": Changed({"alias": "''"})}, ("nickname",), ""), "alias is no column"),
        (Personal({"person_id": Deleted()}, ("nickname",), "", (Time("1 day", "", "", "seat_id"),)), "seat_id is no column"),
    ):  # fmt: skip
        assert mistakes(seat, declared, access) == [noticed]


@pytest.mark.parametrize(
    ("app", "worker", "noticed"),
    [
        (READ_WRITE, "select, update", []),
        (APPEND_ONLY, "select, update", ["the app may not update note"]),
        ("select, update (since)", "select, update", ["the app may not update note"]),
        ("select (trust_id, note), update", "select, update", ["the app may not select person_id"]),
        (READ_WRITE, "", [f"the worker may not {each}" for each in ("update note", "select since", "select trust_id")]),
        (READ_WRITE, "select (trust_id, since), update (note)", []),
        (READ_WRITE, "select (trust_id), update (note)", ["the worker may not select since"]),
    ],
)
def test_what_nobody_has_the_rights_for_is_noticed(app: str, worker: str, noticed: list[str]) -> None:
    seat = Table("seat", MetaData(), *(Column(name, UUID) for name in ("trust_id", "person_id", "since", "note")))
    gone = Changed({"note": "null"})
    declared = Personal({"person_id": gone}, ("note",), "", (Time("1 day", "", "t.since < {day}", then=gone),))

    assert mistakes(seat, declared, Access(app=app, worker=worker)) == noticed


@pytest.mark.parametrize(("app", "worker"), [(READ_WRITE, "select, delete"), (WITH_DELETE, "select")])
def test_what_nobody_may_delete_is_noticed(app: str, worker: str) -> None:
    seat = Table("seat", MetaData(), *(Column(name, UUID) for name in ("trust_id", "person_id", "since")))
    declared = Personal({"person_id": Deleted()}, (), "", (Time("1 day", "", "t.since < {day}"),))

    (mistake,) = mistakes(seat, declared, Access(app=app, worker=worker))

    assert mistake.endswith("may not delete")
