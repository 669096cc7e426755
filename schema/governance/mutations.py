"""Changing the rules."""

from datetime import date
from typing import Any, cast

import strawberry
from strawberry.scalars import JSON

from actions.governance import rulesets
from planner import payload_node

from ..context import Info
from ..refusals import UserError, idempotency_key, key_of, run_mutation_for_key
from .types import Ruleset


@strawberry.input(description="A new version of the trust's rules, and the resolution that adopted it.")
class AdoptRulesetInput:
    rules: JSON = strawberry.field(description="Every rule, in the form docs/rulesets.md describes.")
    effective_from: date = strawberry.field(description="The first day they hold: today or later.")
    resolution: str | None = strawberry.field(default=None, description="The minute of the resolution.")
    poll_id: strawberry.ID | None = strawberry.field(
        default=None, description="The poll that carried it, where it was held here."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="Rules that were written.")
class RulesetPayload:
    ruleset: Ruleset | None = payload_node(description="The new version.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class GovernanceMutation:
    @strawberry.mutation(description="Stores the next version of the rules; for the clerk, with a resolution.")
    async def adopt_ruleset(self, info: Info, input: AdoptRulesetInput) -> RulesetPayload:
        async def adopt(transaction: Any, viewer: Any) -> Any:
            poll = key_of("pol", input.poll_id, "pollId") if input.poll_id else None
            rules = cast(Any, input.rules)
            return await rulesets.adopt_ruleset(
                transaction, viewer, rules, input.effective_from, input.resolution, poll
            )

        key, errors = await run_mutation_for_key(info, input, adopt)
        return RulesetPayload(ruleset=key, errors=errors)
