"""Two records of one person become one, and two again, as the tables declare (db/personal.py): rows go over to the record
that is kept, but for those of tables that are `unmoved`. What was done is told by comparing rows before and after."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint

from domain.refusals import Conflict, RefusalCode

from ..columns import METADATA
from ..connection import UniqueViolation
from ..transactions import Transaction
from .declarations import ABOUT_PEOPLE

Row = Mapping[str, Any]
Rows = Mapping[str, Mapping[str, Row]]  # of each table, by the key of the row as text


def owned_by() -> Iterator[tuple[str, str]]:
    """Every column by which a row is somebody's by their own id: its table and name."""
    for table, declared in ABOUT_PEOPLE.items():
        if table == "person":
            continue
        others = {
            column
            for key in METADATA.tables[table].foreign_key_constraints
            if key.referred_table.name != "person"
            for column in key.column_keys
        }
        yield from ((table, column) for column in declared.whose if column not in others)


MOVING = [(table, column) for table, column in owned_by() if not ABOUT_PEOPLE[table].unmoved]
_OWNED = {"person": ["id"]} | {table: [name for each, name in MOVING if each == table] for table, _ in MOVING}
_DECIDED_ON = ("data_request", "membership")  # whoever decides on one locks it, and then what hangs on it
_KEYS = {
    table: [column.name for column in METADATA.tables[table].primary_key if column.name != "trust_id"]
    for table in _OWNED
}
_COMPUTED = {
    table: [column.name for column in METADATA.tables[table].columns if column.computed is not None] for table in _OWNED
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a merge did: the rows it changed, in turn, and the keys of all that the two had."""

    changed: Sequence[Mapping[str, Any]]  # table, key, before, after: of a row what is no longer the same
    known: Mapping[str, Sequence[str]]

    def memberships(self) -> list[tuple[UUID, Mapping[str, Any]]]:
        """Those that were changed, and what they said before."""
        changed = [each for each in self.changed if each["table"] == "membership"]
        return [(UUID(json.loads(each["key"])["id"]), each["before"]) for each in changed]

    def stored(self) -> str:
        return json.dumps({"changed": self.changed, "known": self.known})


async def hold_rows(transaction: Transaction, people: Sequence[UUID]) -> None:
    """Locks what may go over, before the people are locked: as others do who change it, so that nobody waits in a circle."""
    for table in (*_DECIDED_ON, *(each for each in _OWNED if each not in {"person", *_DECIDED_ON})):
        whose = " or ".join(f"t.{column} = any($2)" for column in _OWNED[table])
        await transaction.rows(
            f"select from {table} t where t.trust_id = $1 and ({whose}) order by {', '.join(_KEYS[table])} for update",
            transaction.trust_id,
            people,
        )


async def rows_of(transaction: Transaction, people: Sequence[UUID]) -> Rows:
    """Every row of theirs that may go over, and the people themselves."""
    found = {}
    for table, columns in _OWNED.items():
        hidden = ", ".join(f"'{name}'" for name in ["trust_id", *_COMPUTED[table]])
        key = ", ".join(f"'{name}', t.{name}" for name in _KEYS[table])
        whose = " or ".join(f"t.{column} = any($2)" for column in columns)
        rows = await transaction.rows(
            f"select jsonb_build_object({key})::text as key, (to_jsonb(t) - array[{hidden}])::text as row from {table} t"
            f" where t.trust_id = $1 and ({whose})",
            transaction.trust_id,
            people,
        )
        found[table] = {row["key"]: json.loads(row["row"]) for row in rows}
    return found


def compared(before: Rows, after: Rows) -> Changes:
    """What became of the rows. What is said of a person is taken column by column, of other rows all that changed at once."""
    changed = []
    for table, rows in before.items():
        for key, row in rows.items():
            now = after[table].get(key, row)
            names = [name for name in row if row[name] != now[name]]
            for group in [[name] for name in names] if table == "person" else [names] if names else []:
                values = [{name: each[name] for name in group} for each in (row, now)]
                changed.append({"table": table, "key": key, "before": values[0], "after": values[1]})
    return Changes(changed, {table: list(rows) for table, rows in before.items() if table != "person"})


async def move(transaction: Transaction, merged: UUID, kept: UUID) -> None:
    """What is one record's becomes the other's, where that has no such row itself: one answer, one guardianship of a child."""
    for table, column in MOVING:
        clashes = "".join(
            f" and not exists (select from {table} k where k.trust_id = $1 and k.{column} = $3"
            + "".join(f" and k.{name} = t.{name}" for name in others)
            + ")"
            for others in _beside(table, column)
        )
        await transaction.run(
            f"update {table} t set {column} = $3 where t.trust_id = $1 and t.{column} = $2{clashes}",
            transaction.trust_id,
            merged,
            kept,
        )


def _beside(table: str, column: str) -> Iterator[list[str]]:
    """The other columns of each constraint by which a person has no two such rows."""
    for constraint in METADATA.tables[table].constraints:
        if isinstance(constraint, UniqueConstraint) and column in constraint.columns:
            yield [each.name for each in constraint.columns if each.name not in ("trust_id", column)]


_MAY_SIGN_IN = (
    "not exists (select from role_grant g where g.trust_id = $1 and g.person_id = k.id and g.ended_at is null)"
)


async def complete(transaction: Transaction, merged: UUID, kept: UUID) -> None:
    """What is unknown of the kept record is taken from the other; an objection holds for both. Whoever holds an office is
    given no mailbox, by which somebody else might sign in. Nobody is found by the mailbox of the other any more."""
    facts = ("date_of_birth", "phone", "contact_address")
    told = " union ".join(
        f"select '{fact}' where k.{fact} is null and '{fact}' = any(m.declared) union"
        f" select '{fact}' where k.{fact} is not null and '{fact}' = any(k.declared)"
        for fact in facts
    )
    assigned = ", ".join(f"{fact} = coalesce(k.{fact}, m.{fact})" for fact in facts)
    await transaction.run(
        f"update person k set {assigned}, declared = array({told} order by 1),"
        f" email = coalesce(k.email, case when {_MAY_SIGN_IN} then m.email end),"
        " marketing_opt_out = k.marketing_opt_out or m.marketing_opt_out"
        " from person m where k.trust_id = $1 and k.id = $3 and m.trust_id = $1 and m.id = $2",
        transaction.trust_id,
        merged,
        kept,
    )
    await transaction.change("person", merged, {"email": None, "merged_into_id": kept})


async def give_back(transaction: Transaction, changes: Changes, kept: UUID) -> list[str]:
    """Undoes what was changed, where it still says what it came to say; the tables of which something stays with the kept
    record: changed otherwise, or added since.

    Refusals: MERGE_STANDS where the kept record has come to have the same anew, of what nobody has twice.
    """
    stayed = set()
    for each in reversed(changes.changed):
        table, before = each["table"], each["before"]
        assigned = ", ".join(f"{name} = r.{name}" for name in before)
        its_key = " and ".join(f"t.{name} = r.{name}" for name in _KEYS[table])
        row = (transaction.trust_id, json.dumps(json.loads(each["key"]) | before), json.dumps(each["after"]))
        found = f"t.trust_id = $1 and {its_key}"
        try:
            done = await transaction.value(
                f"update {table} t set {assigned} from jsonb_populate_record(null::{table}, $2::jsonb) r"
                f" where {found} and to_jsonb(t) @> $3::jsonb returning true",
                *row,
            )
        except UniqueViolation:
            message = "The kept record has come to have the same anew."
            raise Conflict(RefusalCode.MERGE_STANDS, message, "id") from None
        if not done:
            stayed.add(table)
    for table, rows in (await rows_of(transaction, [kept])).items():
        if table != "person" and set(rows) - set(changes.known.get(table, ())):
            stayed.add(table)
    return sorted(stayed)


async def records_of(transaction: Transaction, person_id: UUID) -> list[UUID]:
    """The records of a person: this one, and those that became part of it."""
    rows = await transaction.rows(
        "with recursive records as (select $2::uuid as id union select p.id from records r join person p"
        " on p.trust_id = $1 and p.merged_into_id = r.id) select id from records",
        transaction.trust_id,
        person_id,
    )
    return [row["id"] for row in rows]
