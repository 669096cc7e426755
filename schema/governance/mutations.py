"""Changing the rules."""

from datetime import date
from typing import Any, cast

import strawberry
from strawberry.scalars import JSON

from actions import governance
from planner import written

from ..context import Info
from ..inputs import idempotency_key
from ..refusals import UserError, key_of, written_key
from .types import Ruleset


@strawberry.input(description="A new version of the trust's rules, and the resolution that adopted it.")
class AdoptRulesetInput:
    rules: JSON = strawberry.field(description="Every rule, in the form docs/rulesets.md describes.")
    effective_from: date = strawberry.field(description="The first day they hold: today or later.")
    resolution: str | None = strawberry.field(default=None, description="The minute of the resolution.")
    ballot_id: strawberry.ID | None = strawberry.field(
        default=None, description="The ballot that carried it, where it was held here."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="Rules that were written.")
class RulesetPayload:
    ruleset: Ruleset | None = written(description="The new version.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class GovernanceMutation:
    @strawberry.mutation(description="Stores the next version of the rules; for the clerk, with a resolution.")
    async def adopt_ruleset(self, info: Info, input: AdoptRulesetInput) -> RulesetPayload:
        async def adopt(work: Any, viewer: Any) -> Any:
            ballot = key_of("bal", input.ballot_id, "ballotId") if input.ballot_id else None
            rules = cast(Any, input.rules)
            return await governance.adopt_ruleset(work, viewer, rules, input.effective_from, input.resolution, ballot)

        key, errors = await written_key(info, input, adopt)
        return RulesetPayload(ruleset=key, errors=errors)
