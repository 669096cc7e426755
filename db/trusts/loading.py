"""Loading facts about trusts and schools. Every function says whether it added, changed or left something."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.trusts.loading import Change

from ..people.persons import add_person
from ..transactions import Transaction


async def _upsert(transaction: Transaction, table: str, key: tuple[str, ...], row: Mapping[str, Any]) -> Change:
    """Inserts or updates one row; table and column names come from this file and domain/trusts/loading.py."""
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f"${index}" for index in range(1, len(row) + 1))
    rest = [name for name in row if name not in key]
    assigned = ", ".join(f'"{name}" = excluded."{name}"' for name in rest)
    differs = " or ".join(f't."{name}" is distinct from excluded."{name}"' for name in rest)
    conflict = ", ".join(f'"{name}"' for name in key)
    added = await transaction.value(
        f'insert into "{table}" as t ({names}) values ({values}) on conflict ({conflict}) do update set {assigned}'
        f" where {differs} returning xmax = 0",
        *row.values(),
    )
    return Change.UNCHANGED if added is None else Change.ADDED if added else Change.CHANGED


async def _upsert_of_trust(
    transaction: Transaction, table: str, key: tuple[str, ...], columns: Mapping[str, Any]
) -> Change:
    return await _upsert(transaction, table, ("trust_id", *key), {"trust_id": transaction.trust_id, **columns})


async def upsert_trust(transaction: Transaction, columns: Mapping[str, Any]) -> Change:
    change = await _upsert(transaction, "trust", ("id",), {"id": transaction.trust_id, **columns})
    await transaction.run(
        "insert into register_number (trust_id) values ($1) on conflict do nothing", transaction.trust_id
    )
    return change


async def upsert_school(transaction: Transaction, columns: Mapping[str, Any]) -> Change:
    return await _upsert_of_trust(transaction, "school", ("urn",), columns)


async def schools_of_source(transaction: Transaction, source: str) -> set[int]:
    """Numbers of the schools whose facts come from there."""
    rows = await transaction.rows(
        "select urn from school where trust_id = $1 and source = $2", transaction.trust_id, source
    )
    return {row["urn"] for row in rows}


async def add_first_affiliation(transaction: Transaction, columns: Mapping[str, Any]) -> Change:
    """How a school belongs that nothing was said of yet."""
    if await transaction.value(
        "select exists (select from affiliation where trust_id = $1 and school_id = $2)",
        transaction.trust_id,
        columns["school_id"],
    ):
        return Change.UNCHANGED
    await transaction.add("affiliation", columns)
    return Change.ADDED


async def upsert_link(transaction: Transaction, columns: Mapping[str, Any]) -> Change:
    return await _upsert_of_trust(transaction, "school_link", ("school_id", "kind", "linked_urn"), columns)


async def add_constituency(transaction: Transaction, code: str, name: str, position: int) -> None:
    await transaction.add("constituency", {"code": code, "name": name, "position": position})


async def upsert_partner(transaction: Transaction, name: str, kind: str, part: str | None) -> Change:
    return await _upsert_of_trust(transaction, "partner", ("name",), {"name": name, "kind": kind, "part": part})


async def add_ruleset(transaction: Transaction, version: int, effective_from: date, rules: Mapping[str, Any]) -> Change:
    """A version once stored is never changed: a difference is a new version, which a resolution must adopt."""
    added = await transaction.value(
        "insert into ruleset (trust_id, version, effective_from, rules) values ($1, $2, $3, $4)"
        " on conflict (trust_id, version) do nothing returning true",
        transaction.trust_id,
        version,
        effective_from,
        json.dumps(rules),
    )
    return Change.ADDED if added else Change.UNCHANGED


async def add_past_consultation(transaction: Transaction, columns: Mapping[str, Any]) -> UUID | None:
    """A consultation that was over before this service began; None when it is stored already."""
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(f"${index}" for index in range(2, len(columns) + 2))
    stored: UUID | None = await transaction.value(
        f"insert into consultation (trust_id, {names}) values ($1, {values})"
        " on conflict (trust_id, source_key) do nothing returning id",
        transaction.trust_id,
        *columns.values(),
    )
    return stored


async def add_officer(transaction: Transaction, given_name: str, family_name: str, email: str) -> UUID | None:
    """A demo person; None when somebody has the mailbox already."""
    if await transaction.value(
        "select exists (select from person where trust_id = $1 and email = $2)", transaction.trust_id, email
    ):
        return None
    return await add_person(transaction, given_name, family_name, email, None)


async def new_trust_id(transaction: Transaction, slug: str) -> UUID:
    """The id of the trust with this slug, or a fresh one."""
    found: UUID = await transaction.value("select coalesce((select id from trust where slug = $1), uuidv7())", slug)
    return found
