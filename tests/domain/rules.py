"""Rules for tests of the domain: those of CARE, with changes."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from domain.governance.qualification import RelationshipKind
from domain.governance.rulesets import Approval, ConstituencyRule, Ruleset, parse_ruleset

DATA = json.loads((Path(__file__).parents[2] / "data" / "rulesets.json").read_text())


def stated_rules(trust: str = "care-foundation-trust", **changes: Any) -> dict[str, Any]:
    stated: dict[str, Any] = json.loads(json.dumps(DATA["trusts"][trust]))
    return stated | changes


def make_ruleset(trust: str = "care-foundation-trust", **changes: Any) -> Ruleset:
    return parse_ruleset(1, date(2017, 1, 1), stated_rules(trust, **changes))


def make_constituency(code: str, kind: RelationshipKind | None = None, **ages: int) -> ConstituencyRule:
    return ConstituencyRule(
        code=code,
        name=code.title(),
        qualifying_kinds=frozenset({kind or RelationshipKind.named(code)}),
        takes_organisations=False,
        is_company_member=False,
        approval=Approval.OFFICER,
        join_age=ages.get("join_age", 0),
        vote_age=ages.get("vote_age", 0),
        stand_age=ages.get("stand_age", 16),
        office_age=ages.get("office_age", 18),
        grace_days=ages.get("grace_days", 56),
    )
