"""Which records became one, and who was told apart from whom."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ..fragments.people import looks_the_same
from ..transactions import Transaction


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is known of a record, be it that of somebody who was erased, or part of another."""

    born: date | None
    died_on: date | None
    is_erased: bool
    merged_into: UUID | None


@dataclass(frozen=True, slots=True)
class Merge:
    """Which record became part of which, and what that did."""

    kept: UUID
    merged: UUID
    is_undone: bool
    changes: Any


async def records_for_update(transaction: Transaction, people: Sequence[UUID]) -> dict[UUID, PersonRecord]:
    """The records, locked one after the other: nothing that points to one of them is written meanwhile."""
    rows = await transaction.rows(
        "select id, date_of_birth, died_on, erased_on is not null as is_erased, merged_into_id from person"
        " where trust_id = $1 and id = any($2) order by id for update",
        transaction.trust_id,
        people,
    )
    return {
        row["id"]: PersonRecord(row["date_of_birth"], row["died_on"], row["is_erased"], row["merged_into_id"])
        for row in rows
    }


async def are_family(transaction: Transaction, one: UUID, other: UUID) -> bool:
    """Whether one of the two was ever recorded as answering for the other, or as the parent or kin of the other."""
    pairs = (("guardianship", "child_id", "guardian_id"), ("guardian_consent", "child_id", "guardian_id"))
    found = " or ".join(
        f"exists (select from {table} t where t.trust_id = $1 and (t.{mine}, t.{theirs}) in (($2, $3), ($3, $2)))"
        for table, mine, theirs in (*pairs, ("relationship", "person_id", "learner_id"))
    )
    return bool(await transaction.value(f"select {found}", transaction.trust_id, one, other))


async def add_merge(
    transaction: Transaction, kept: UUID, merged: UUID, reason: str, merged_by: UUID, changes: str
) -> UUID:
    return await transaction.add(
        "person_merge",
        {"kept_id": kept, "merged_id": merged, "reason": reason, "merged_by_id": merged_by, "changes": changes},
    )


async def merge_for_update(transaction: Transaction, merge_id: UUID) -> Merge | None:
    row = await transaction.row(
        "select kept_id, merged_id, undone_at is not null as is_undone, changes::text as changes from person_merge"
        " where trust_id = $1 and id = $2 for update",
        transaction.trust_id,
        merge_id,
    )
    if row is None:
        return None
    return Merge(row["kept_id"], row["merged_id"], row["is_undone"], json.loads(row["changes"]))


async def close_merge(
    transaction: Transaction, merge_id: UUID, undone_by: UUID, reason: str, stayed: Sequence[str]
) -> None:
    undone = {"undone_by_id": undone_by, "undone_at": await transaction.now(), "undo_reason": reason}
    await transaction.change("person_merge", merge_id, undone | {"stayed": list(stayed)})


_LIKE = (
    "select p.id, array_agg(o.id order by o.id) as others from person p join person o on o.trust_id = $1"
    f" and {looks_the_same('p', 'o')} where p.trust_id = $1 and p.id = any($2) group by 1"
).replace("{trust}", "$1")


async def who_look_the_same(transaction: Transaction, people: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Of each of the people who else on record looks the same; those of whom nobody does are left out. Nobody asks the same
    until the transaction ends: of two such who come at once one finds the other."""
    await transaction.hold("who looks the same")
    return {row["id"]: row["others"] for row in await transaction.rows(_LIKE, transaction.trust_id, people)}


async def tell_apart(
    transaction: Transaction, person_id: UUID, others: Sequence[UUID], reason: str, told_by: UUID
) -> None:
    await transaction.run_many(
        "insert into people_told_apart (trust_id, one_id, other_id, reason, told_by_id) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing",
        [(transaction.trust_id, min(person_id, other), max(person_id, other), reason, told_by) for other in others],
    )
