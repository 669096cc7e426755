"""Rulesets, as the domain knows them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from domain.governance.rulesets import ConstituencyRule, Ruleset, parse_ruleset

from ..fragments.rulesets import CLOSING, ever_holds
from ..fragments.rulesets import ruleset_in_force as in_force
from ..transactions import Transaction


async def _found(transaction: Transaction, statement: str, *values: object) -> Ruleset | None:
    """The version a statement finds."""
    row = await transaction.row(statement, transaction.trust_id, *values)
    return None if row is None else _parsed(transaction, row)


def _parsed(transaction: Transaction, row: Mapping[str, Any]) -> Ruleset:
    """The version of a row, parsed once a transaction."""
    version: int = row["version"]
    if version not in transaction.rulesets:
        transaction.rulesets[version] = parse_ruleset(version, row["effective_from"], json.loads(row["rules"]))
    return transaction.rulesets[version]


_VERSION = "r.version, r.effective_from, r.rules"
_IN_FORCE = in_force(f"{_VERSION}, {CLOSING} as closing", trust="$1", day="$2").replace("{trust}", "$1")
_HAS = "r.rules->'constituencies' @> jsonb_build_array(jsonb_build_object('code', $3::text))"
_LAST_WITH = in_force(_VERSION, trust="$1", day="$2", having=f"{_HAS} and {ever_holds('r', '$1')}")
_OF_VERSION = f"select {_VERSION} from ruleset r where r.trust_id = $1 and r.version = $2"
_RULES = "rules"  # what adoption holds, and who joins shares
_NEWEST = f"select {_VERSION} from ruleset r where r.trust_id = $1 order by r.version desc limit 1"


async def ruleset_in_force(transaction: Transaction) -> Ruleset:
    """The version in force on the day of the transaction. A trust without rules is a fault of its loading."""
    if transaction.ruleset_today is None:
        row = await transaction.row(_IN_FORCE, transaction.trust_id, await transaction.today())
        if row is None:
            raise LookupError(f"trust {transaction.trust_id} has no ruleset in force")
        closing = frozenset(json.loads(row["closing"]))
        transaction.ruleset_today = replace(_parsed(transaction, row), closing=closing)
    return transaction.ruleset_today


async def last_rule_of(transaction: Transaction, constituency: str) -> ConstituencyRule:
    """The constituency by the rules in force, or where they no longer have it by the last that had it."""
    in_force = (await ruleset_in_force(transaction)).constituencies.get(constituency)
    if in_force is not None:
        return in_force
    found = await _found(transaction, _LAST_WITH, await transaction.today(), constituency)
    assert found is not None, "a membership is of a constituency that rules had"
    return found.constituencies[constituency]


async def ruleset_of_version(transaction: Transaction, version: int) -> Ruleset:
    if version in transaction.rulesets:
        return transaction.rulesets[version]
    found = await _found(transaction, _OF_VERSION, version)
    assert found is not None, "a decision names a version that was stored"
    return found


async def constituencies_by_code(transaction: Transaction, codes: Iterable[str]) -> dict[str, UUID]:
    """The ids of those among the codes that are constituencies of the trust."""
    rows = await transaction.rows(
        "select code, id from constituency where trust_id = $1 and code = any($2)", transaction.trust_id, list(codes)
    )
    return {row["code"]: row["id"] for row in rows}


async def constituency_by_code(transaction: Transaction, code: str) -> UUID:
    """Codes are checked against the ruleset first; the loader keeps both in step."""
    found: UUID | None = await transaction.value(
        "select id from constituency where trust_id = $1 and code = $2", transaction.trust_id, code
    )
    if found is None:
        raise LookupError(f"constituency {code} of the ruleset is not loaded")
    return found


async def ruleset_to_join(transaction: Transaction) -> Ruleset:
    """The version in force, for whatever opens a membership or an application: none is adopted until it is there, or one
    that is being adopted is waited for (rule 1d). Comes before anything else that asks for rules."""
    await transaction.share(_RULES)
    return await ruleset_in_force(transaction)


async def newest_for_update(transaction: Transaction) -> Ruleset:
    """The newest version, in force or not yet, with the trust held so that versions follow one another."""
    await transaction.hold(_RULES)
    found = await _found(transaction, _NEWEST)
    assert found is not None, "a trust is loaded with its rules"
    return found


async def is_carried(transaction: Transaction, contest_id: UUID) -> bool:
    """Whether the contest was declared here and its resolution carried."""
    return bool(
        await transaction.value(
            "select d.pack->>'outcome' = 'PASSED' from declaration d where d.trust_id = $1 and d.contest_id = $2",
            transaction.trust_id,
            contest_id,
        )
    )


async def add_version(
    transaction: Transaction,
    ruleset: Ruleset,
    stated: Mapping[str, Any],
    resolution: str | None,
    contest_id: UUID | None,
) -> UUID:
    """Stores the version, and the constituencies it adds; one that is gone keeps its name for its former members."""
    transaction.ruleset_today = None  # it may be in force today already
    added: UUID = await transaction.value(
        "insert into ruleset (trust_id, version, effective_from, rules, resolution, resolution_contest_id)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        transaction.trust_id,
        ruleset.version,
        ruleset.effective_from,
        json.dumps(stated),
        resolution,
        contest_id,
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
