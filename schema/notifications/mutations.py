"""What came back."""

import strawberry

from actions.notifications import notices
from planner import payload_node

from ..context import Info
from ..refusals import UserError, idempotency_key, key_of, run_mutation_for_key
from .types import Notice


@strawberry.input(description="A mail or letter that came back.")
class RecordBounceInput:
    id: strawberry.ID = strawberry.field(description="The notice; a mail's Message-ID begins with what follows `not_`.")
    reason: str = strawberry.field(description="Why it came back.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A notice that was written.")
class NoticePayload:
    notice: Notice | None = payload_node(description="The notice.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class NotificationsMutation:
    @strawberry.mutation(description="Notes that a mail or letter came back; for the membership officer or the clerk.")
    async def record_bounce(self, info: Info, input: RecordBounceInput) -> NoticePayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: notices.record_bounce(
                transaction, viewer, key_of("not", input.id), input.reason
            ),
        )
        return NoticePayload(notice=key, errors=errors)
