"""Rulesets, as the domain knows them."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.governance.rulesets import Ruleset, parse_ruleset

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
