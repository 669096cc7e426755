"""Loading facts about trusts and schools. Every function says whether it added, changed or left something."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.organisations.loading import Change

from ..work import Work


async def _upsert(work: Work, table: str, key: tuple[str, ...], row: Mapping[str, Any]) -> Change:
    """Inserts or updates one row; table and column names come from this file and domain/organisations/loading.py."""
    names = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f"${index}" for index in range(1, len(row) + 1))
    rest = [name for name in row if name not in key]
    assigned = ", ".join(f'"{name}" = excluded."{name}"' for name in rest)
    differs = " or ".join(f't."{name}" is distinct from excluded."{name}"' for name in rest)
    conflict = ", ".join(f'"{name}"' for name in key)
    added = await work.value(
        f'insert into "{table}" as t ({names}) values ({values}) on conflict ({conflict}) do update set {assigned}'
        f" where {differs} returning xmax = 0",
        *row.values(),
    )
    return Change.UNCHANGED if added is None else Change.ADDED if added else Change.CHANGED


async def _upsert_of_trust(work: Work, table: str, key: tuple[str, ...], facts: Mapping[str, Any]) -> Change:
    return await _upsert(work, table, ("trust_id", *key), {"trust_id": work.trust_id, **facts})


async def upsert_trust(work: Work, facts: Mapping[str, Any]) -> Change:
    change = await _upsert(work, "trust", ("id",), {"id": work.trust_id, **facts})
    await work.run("insert into register_number (trust_id) values ($1) on conflict do nothing", work.trust_id)
    return change


async def upsert_school(work: Work, facts: Mapping[str, Any]) -> Change:
    return await _upsert_of_trust(work, "school", ("urn",), facts)


async def school_urn(work: Work, school_id: UUID) -> int | None:
    """The school's number, with the school locked; None where there is none."""
    urn: int | None = await work.value(
        "select urn from school where trust_id = $1 and id = $2 for update", work.trust_id, school_id
    )
    return urn


async def set_urn(work: Work, school_id: UUID, urn: int) -> bool:
    """False where another school of the trust has the number."""
    taken = await work.value(
        "select true from school where trust_id = $1 and urn = $2 and id <> $3", work.trust_id, urn, school_id
    )
    if taken:
        return False
    await work.change("school", school_id, {"urn": urn})
    return True


async def school_name(work: Work, school_id: UUID) -> str:
    name: str = await work.value("select name from school where trust_id = $1 and id = $2", work.trust_id, school_id)
    return name


async def affiliate(work: Work, school_id: UUID, kind: str, since: date, cohort: str | None) -> bool:
    """Begins an affiliation, or begins one anew that had ended; False where it goes on."""
    begun = await work.value(
        "insert into affiliation as a (trust_id, school_id, kind, since, cohort) values ($1, $2, $3, $4, $5)"
        " on conflict (trust_id, school_id, kind) do update set since = excluded.since, until = null,"
        " cohort = excluded.cohort where a.until is not null returning true",
        work.trust_id,
        school_id,
        kind,
        since,
        cohort,
    )
    return bool(begun)


async def end_affiliations(work: Work, school_id: UUID, until: date) -> int:
    """Ends every way in which the school belongs to the trust; how many."""
    rows = await work.rows(
        "update affiliation set until = $3 where trust_id = $1 and school_id = $2 and (until is null or until > $3)"
        " and (since is null or since <= $3) returning id",
        work.trust_id,
        school_id,
        until,
    )
    return len(rows)


async def school_ids(work: Work) -> dict[int, UUID]:
    """Ids by URN."""
    rows = await work.rows("select urn, id from school where trust_id = $1", work.trust_id)
    return {row["urn"]: row["id"] for row in rows}


async def upsert_affiliation(work: Work, facts: Mapping[str, Any]) -> Change:
    return await _upsert_of_trust(work, "affiliation", ("school_id", "kind"), facts)


async def upsert_link(work: Work, facts: Mapping[str, Any]) -> Change:
    return await _upsert_of_trust(work, "school_link", ("school_id", "kind", "linked_urn"), facts)


async def upsert_constituency(work: Work, code: str, name: str, position: int) -> Change:
    return await _upsert_of_trust(work, "constituency", ("code",), {"code": code, "name": name, "position": position})


async def upsert_partner(work: Work, name: str, kind: str, part: str | None) -> Change:
    return await _upsert_of_trust(work, "partner", ("name",), {"name": name, "kind": kind, "part": part})


async def add_ruleset(work: Work, version: int, effective_from: date, rules: Mapping[str, Any]) -> Change:
    """A version once stored is never changed: a difference is a new version, which a resolution must adopt."""
    added = await work.value(
        "insert into ruleset (trust_id, version, effective_from, rules) values ($1, $2, $3, $4)"
        " on conflict (trust_id, version) do nothing returning true",
        work.trust_id,
        version,
        effective_from,
        json.dumps(rules),
    )
    return Change.ADDED if added else Change.UNCHANGED


async def add_past_consultation(work: Work, facts: Mapping[str, Any]) -> UUID | None:
    """A consultation that was over before this service began; None when it is stored already."""
    names = ", ".join(f'"{name}"' for name in facts)
    values = ", ".join(f"${index}" for index in range(2, len(facts) + 2))
    stored: UUID | None = await work.value(
        f"insert into consultation (trust_id, {names}) values ($1, {values})"
        " on conflict (trust_id, source_key) do nothing returning id",
        work.trust_id,
        *facts.values(),
    )
    return stored


async def add_officer(work: Work, given_name: str, family_name: str, email: str) -> UUID | None:
    """A demo person; None when somebody has the mailbox already."""
    person: UUID | None = await work.value(
        "insert into person (trust_id, given_name, family_name, email) select $1, $2, $3, $4"
        " where not exists (select from person where trust_id = $1 and email = $4) returning id",
        work.trust_id,
        given_name,
        family_name,
        email,
    )
    return person


async def new_trust_id(work: Work, slug: str) -> UUID:
    """The id of the trust with this slug, or a fresh one."""
    found: UUID = await work.value("select coalesce((select id from trust where slug = $1), uuidv7())", slug)
    return found
