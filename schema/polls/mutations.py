"""A resolution from draft to declaration."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from actions.counting import counting
from actions.polls import casting, polls
from domain.governance.resolutions import ResolutionKind
from domain.identity.viewer import must_be_signed_in
from domain.polls.casting import Choice
from domain.polls.poll import Secrecy
from domain.refusals import Refusal
from planner import payload_node

from ..context import Info
from ..inputs import ActInput, idempotency_key
from ..refusals import Answer, UserError, key_of, run_mutation, run_mutation_for_key, user_error
from .types import Poll


@strawberry.input(description="A resolution to put to constituencies.")
class DraftResolutionInput:
    title: str = strawberry.field(description="What it is about.")
    resolution: str = strawberry.field(description="The words that are voted on.")
    kind: ResolutionKind = strawberry.field(
        default=ResolutionKind.ORDINARY, description="What majority it needs; it is published with the notice."
    )
    secrecy: Secrecy = strawberry.field(description="What is promised about who voted how.")
    constituencies: list[str] = strawberry.field(description="The codes of the constituencies that vote.")
    opens_at: datetime = strawberry.field(description="When papers are first taken.")
    closes_at: datetime = strawberry.field(description="When papers are no longer taken.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A paper.")
class CastVoteInput:
    poll_id: strawberry.ID = strawberry.field(description="The poll.")
    choice: Choice = strawberry.field(description="What the paper says.")
    on_behalf_of: strawberry.ID | None = strawberry.field(
        default=None, description="The organisation you represent, when the vote is the organisation's."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A poll that was written.")
class PollPayload:
    poll: Poll | None = payload_node(description="The poll.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="A paper that was taken.")
class CastVotePayload:
    receipt: str | None = strawberry.field(
        default=None,
        description="Look for it in the declaration: it proves that a paper was counted, not what it said.",
    )
    poll: Poll | None = payload_node(description="The poll.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why the paper was not taken.")


@strawberry.type
class PollsMutation:
    @strawberry.mutation(description="Drafts a resolution; for the returning officer.")
    async def draft_resolution(self, info: Info, input: DraftResolutionInput) -> PollPayload:
        draft = polls.ResolutionDraft(
            title=input.title,
            resolution=input.resolution,
            kind=input.kind,
            secrecy=input.secrecy,
            constituencies=input.constituencies,
            opens_at=input.opens_at,
            closes_at=input.closes_at,
        )

        key, errors = await run_mutation_for_key(
            info, input, lambda transaction, viewer: polls.draft_resolution(transaction, viewer, draft)
        )
        return PollPayload(poll=key, errors=errors)

    @strawberry.mutation(description="Publishes question, dates and electorate; for the returning officer.")
    async def give_notice(self, info: Info, input: ActInput) -> PollPayload:
        return await _act(info, input, polls.give_notice)

    @strawberry.mutation(description="Fixes who may vote and commits to it; for the returning officer.")
    async def freeze_roll(self, info: Info, input: ActInput) -> PollPayload:
        return await _act(info, input, polls.freeze_roll)

    @strawberry.mutation(description="Hands in a paper. One per person, while the poll is open by the server's clock.")
    async def cast_vote(self, info: Info, input: CastVoteInput) -> CastVotePayload:
        try:
            person = must_be_signed_in(info.context.viewer)
            voter = key_of("org", input.on_behalf_of, "onBehalfOf") if input.on_behalf_of else person
            vote = casting.Vote(key_of("pol", input.poll_id, "pollId"), voter, person, input.choice)
        except Refusal as refusal:
            return CastVotePayload(poll=None, errors=[user_error(refusal)])
        if input.idempotency_key is None:
            cast = await info.context.cast(vote)
            if isinstance(cast, Refusal):
                return CastVotePayload(poll=None, errors=[user_error(cast)])
            return CastVotePayload(receipt=cast, poll=vote.poll_id, errors=[])  # type: ignore[arg-type]

        async def act(transaction: Any) -> Answer:
            return {"key": vote.poll_id, "receipt": await casting.cast_vote(transaction, vote)}

        about = vote.entry  # never the choice: a hash of it would tell
        answer, errors = await run_mutation(info, input.idempotency_key, act, about)
        return CastVotePayload(receipt=answer.get("receipt"), poll=answer.get("key"), errors=errors)

    @strawberry.mutation(description="Counts the papers of a closed poll; for the returning officer.")
    async def count_poll(self, info: Info, input: ActInput) -> PollPayload:
        return await _act(info, input, counting.count_poll)

    @strawberry.mutation(description="Publishes the result with its evidence; for the returning officer.")
    async def declare_poll(self, info: Info, input: ActInput) -> PollPayload:
        return await _act(info, input, counting.declare_poll)


async def _act(info: Info, input: ActInput, action: Callable[[Any, Any, UUID], Awaitable[UUID]]) -> PollPayload:
    key, errors = await run_mutation_for_key(
        info, input, lambda transaction, viewer: action(transaction, viewer, key_of("pol", input.id))
    )
    return PollPayload(poll=key, errors=errors)
