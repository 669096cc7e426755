"""Rulesets, as the domain knows them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.governance.rulesets import Ruleset, parse_ruleset

from ..members.register_tables import OPEN
from ..work import Work


def _ruleset(row: Mapping[str, Any]) -> Ruleset:
    return parse_ruleset(row["version"], row["effective_from"], json.loads(row["rules"]))


async def ruleset_in_force(work: Work, day: date) -> Ruleset:
    """The newest version effective on `day`. A trust without rules is a fault of its loading."""
    row = await work.row(
        "select version, effective_from, rules from ruleset where trust_id = $1 and effective_from <= $2"
        " order by version desc limit 1",
        work.trust_id,
        day,
    )
    if row is None:
        raise LookupError(f"trust {work.trust_id} has no ruleset in force")
    return _ruleset(row)


async def rules_today(work: Work) -> Ruleset:
    """The version in force on the day of the transaction."""
    return await ruleset_in_force(work, await work.today())


async def ruleset_of_version(work: Work, version: int) -> Ruleset:
    row = await work.row(
        "select version, effective_from, rules from ruleset where trust_id = $1 and version = $2",
        work.trust_id,
        version,
    )
    assert row is not None, "a decision names a version that was stored"
    return _ruleset(row)


async def constituency_by_code(work: Work, code: str) -> UUID:
    """Codes are checked against the ruleset first; the loader keeps both in step."""
    found: UUID | None = await work.value(
        "select id from constituency where trust_id = $1 and code = $2", work.trust_id, code
    )
    if found is None:
        raise LookupError(f"constituency {code} of the ruleset is not loaded")
    return found


async def newest_for_update(work: Work) -> Ruleset:
    """The newest version, in force or not yet, with the trust held so that versions follow one another."""
    await work.run("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{work.trust_id} rules")
    row = await work.row(
        "select version, effective_from, rules from ruleset where trust_id = $1 order by version desc limit 1",
        work.trust_id,
    )
    assert row is not None, "a trust is loaded with its rules"
    return _ruleset(row)


async def constituencies_in_use(work: Work) -> list[str]:
    """Codes of the constituencies with open memberships or applications."""
    rows = await work.rows(
        "select c.code from constituency c where c.trust_id = $1 and exists (select from membership m where m.trust_id = $1"
        f" and m.constituency_id = c.id and m.status in ({OPEN}))",
        work.trust_id,
    )
    return [row["code"] for row in rows]


async def is_carried(work: Work, ballot_id: UUID) -> bool:
    """Whether the ballot was declared here and its resolution carried."""
    return bool(
        await work.value(
            "select d.pack->>'outcome' = 'PASSED' from declaration d where d.trust_id = $1 and d.ballot_id = $2",
            work.trust_id,
            ballot_id,
        )
    )


async def add_version(
    work: Work, ruleset: Ruleset, stated: Mapping[str, Any], resolution: str | None, ballot_id: UUID | None
) -> UUID:
    """Stores the version, and the constituencies it adds; one that is gone keeps its name for its former members."""
    added: UUID = await work.value(
        "insert into ruleset (trust_id, version, effective_from, rules, resolution, resolution_ballot_id)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        work.trust_id,
        ruleset.version,
        ruleset.effective_from,
        json.dumps(stated),
        resolution,
        ballot_id,
    )
    for position, rule in enumerate(ruleset.constituencies.values(), start=1):
        await work.run(
            "insert into constituency (trust_id, code, name, position) values ($1, $2, $3, $4)"
            " on conflict (trust_id, code) do update set name = excluded.name, position = excluded.position",
            work.trust_id,
            rule.code,
            rule.name,
            position,
        )
    return added
