"""Rulesets, as the domain knows them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.governance.rulesets import Ruleset, parse_ruleset

from ..transactions import Transaction


def _ruleset(row: Mapping[str, Any]) -> Ruleset:
    return parse_ruleset(row["version"], row["effective_from"], json.loads(row["rules"]))


async def ruleset_in_force(transaction: Transaction, day: date) -> Ruleset:
    """The newest version effective on `day`. A trust without rules is a fault of its loading."""
    row = await transaction.row(
        "select version, effective_from, rules from ruleset where trust_id = $1 and effective_from <= $2"
        " order by version desc limit 1",
        transaction.trust_id,
        day,
    )
    if row is None:
        raise LookupError(f"trust {transaction.trust_id} has no ruleset in force")
    return _ruleset(row)


async def rules_today(transaction: Transaction) -> Ruleset:
    """The version in force on the day of the transaction."""
    return await ruleset_in_force(transaction, await transaction.today())


async def ruleset_of_version(transaction: Transaction, version: int) -> Ruleset:
    row = await transaction.row(
        "select version, effective_from, rules from ruleset where trust_id = $1 and version = $2",
        transaction.trust_id,
        version,
    )
    assert row is not None, "a decision names a version that was stored"
    return _ruleset(row)


async def constituency_by_code(transaction: Transaction, code: str) -> UUID:
    """Codes are checked against the ruleset first; the loader keeps both in step."""
    found: UUID | None = await transaction.value(
        "select id from constituency where trust_id = $1 and code = $2", transaction.trust_id, code
    )
    if found is None:
        raise LookupError(f"constituency {code} of the ruleset is not loaded")
    return found


async def newest_for_update(transaction: Transaction) -> Ruleset:
    """The newest version, in force or not yet, with the trust held so that versions follow one another."""
    await transaction.run("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{transaction.trust_id} rules")
    row = await transaction.row(
        "select version, effective_from, rules from ruleset where trust_id = $1 order by version desc limit 1",
        transaction.trust_id,
    )
    assert row is not None, "a trust is loaded with its rules"
    return _ruleset(row)


async def is_carried(transaction: Transaction, poll_id: UUID) -> bool:
    """Whether the poll was declared here and its resolution carried."""
    return bool(
        await transaction.value(
            "select d.pack->>'outcome' = 'PASSED' from declaration d where d.trust_id = $1 and d.poll_id = $2",
            transaction.trust_id,
            poll_id,
        )
    )


async def add_version(
    transaction: Transaction,
    ruleset: Ruleset,
    stated: Mapping[str, Any],
    resolution: str | None,
    poll_id: UUID | None,
) -> UUID:
    """Stores the version, and the constituencies it adds; one that is gone keeps its name for its former members."""
    added: UUID = await transaction.value(
        "insert into ruleset (trust_id, version, effective_from, rules, resolution, resolution_poll_id)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        transaction.trust_id,
        ruleset.version,
        ruleset.effective_from,
        json.dumps(stated),
        resolution,
        poll_id,
    )
    for position, rule in enumerate(ruleset.constituencies.values(), start=1):
        await transaction.run(
            "insert into constituency (trust_id, code, name, position) values ($1, $2, $3, $4)"
            " on conflict (trust_id, code) do update set name = excluded.name, position = excluded.position",
            transaction.trust_id,
            rule.code,
            rule.name,
            position,
        )
    return added
