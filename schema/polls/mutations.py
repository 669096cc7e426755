"""Polls from draft to declaration, and handing in papers."""

import strawberry

from actions.counting import counting
from actions.polls import casting, polls
from domain.refusals import Refusal
from planner import payload_node

from ..context import Context
from ..mutation_fields import Answer, in_one_transaction, mutation
from ..payloads import UserError, errors
from .contests import Contest
from .types import Poll


@strawberry.type(description="A paper that was taken.")
class CastVotePayload:
    receipt: str | None = strawberry.field(
        default=None,
        description="Look for it in the declaration: it proves that a paper was counted, not what it said.",
    )
    contest: Contest | None = payload_node(description="The contest.")
    errors: list[UserError] = errors()


async def _cast(context: Context, command: casting.CastVote, key: str | None) -> Answer:
    """Together with the papers that arrive at the same moment, unless the answer has to be kept."""
    if key is not None:
        return await in_one_transaction(casting.cast_vote, context, command, key)
    cast = await context.cast(casting.vote_of(context.viewer, command))
    if isinstance(cast, Refusal):
        raise cast
    return {"contest": command.contest_id, "receipt": cast}


MUTATIONS = (
    mutation(polls.draft_poll, Poll),
    mutation(polls.change_poll, Poll),
    mutation(polls.give_notice, Poll),
    mutation(polls.freeze_roll, Poll),
    mutation(casting.cast_vote, payload=CastVotePayload, run=_cast),
    mutation(counting.count_poll, Poll),
    mutation(counting.declare_poll, Poll),
)
