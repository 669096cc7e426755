"""Applying an import."""

import strawberry

from actions.intake import applying
from planner import payload_node

from ..context import Info
from ..refusals import ActInput, UserError, key_of, run_mutation_for_key
from .types import Import


@strawberry.type(description="An import that was written.")
class ImportPayload:
    job: Import | None = payload_node(description="The import.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class ImportsMutation:
    @strawberry.mutation(
        description="Applies a checked import, in the background; for the membership officer. What needs a human stays."
    )
    async def apply_import(self, info: Info, input: ActInput) -> ImportPayload:
        key, errors = await run_mutation_for_key(
            info, input, lambda transaction, viewer: applying.apply_import(transaction, viewer, key_of("imp", input.id))
        )
        return ImportPayload(job=key, errors=errors)
