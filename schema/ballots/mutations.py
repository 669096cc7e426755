"""A resolution from draft to declaration."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from actions import ballots, counting
from domain.ballots.ballot import Choice, Secrecy
from domain.governance.resolutions import ResolutionKind
from domain.identity.viewer import must_be_signed_in
from domain.refusals import Refusal
from planner import written

from ..context import Info
from ..inputs import ActInput, idempotency_key
from ..refusals import Answer, UserError, key_of, perform, user_error, written_key
from .types import Ballot


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
class CastBallotInput:
    ballot_id: strawberry.ID = strawberry.field(description="The ballot.")
    choice: Choice = strawberry.field(description="What the paper says.")
    on_behalf_of: strawberry.ID | None = strawberry.field(
        default=None, description="The organisation you represent, when the vote is the organisation's."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A ballot that was written.")
class BallotPayload:
    ballot: Ballot | None = written(description="The ballot.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="A paper that was taken.")
class CastBallotPayload:
    receipt: str | None = strawberry.field(
        default=None,
        description="Look for it in the declaration: it proves that a paper was counted, not what it said.",
    )
    ballot: Ballot | None = written(description="The ballot.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why the paper was not taken.")


@strawberry.type
class BallotsMutation:
    @strawberry.mutation(description="Drafts a resolution; for the returning officer.")
    async def draft_resolution(self, info: Info, input: DraftResolutionInput) -> BallotPayload:
        draft = ballots.ResolutionDraft(
            title=input.title,
            resolution=input.resolution,
            kind=input.kind,
            secrecy=input.secrecy,
            constituencies=input.constituencies,
            opens_at=input.opens_at,
            closes_at=input.closes_at,
        )

        key, errors = await written_key(info, input, lambda work, viewer: ballots.draft_resolution(work, viewer, draft))
        return BallotPayload(ballot=key, errors=errors)

    @strawberry.mutation(description="Publishes question, dates and electorate; for the returning officer.")
    async def give_notice(self, info: Info, input: ActInput) -> BallotPayload:
        return await _act(info, input, ballots.give_notice)

    @strawberry.mutation(description="Fixes who may vote and commits to it; for the returning officer.")
    async def freeze_roll(self, info: Info, input: ActInput) -> BallotPayload:
        return await _act(info, input, ballots.freeze_roll)

    @strawberry.mutation(description="Hands in a paper. One per person, while the poll is open by the server's clock.")
    async def cast_ballot(self, info: Info, input: CastBallotInput) -> CastBallotPayload:
        try:
            person = must_be_signed_in(info.context.viewer)
            voter = key_of("org", input.on_behalf_of, "onBehalfOf") if input.on_behalf_of else person
            vote = ballots.Vote(key_of("bal", input.ballot_id, "ballotId"), voter, person, input.choice)
        except Refusal as refusal:
            return CastBallotPayload(ballot=None, errors=[user_error(refusal)])
        if input.idempotency_key is None:
            cast = await info.context.cast(vote)
            if isinstance(cast, Refusal):
                return CastBallotPayload(ballot=None, errors=[user_error(cast)])
            return CastBallotPayload(receipt=cast, ballot=vote.ballot_id, errors=[])  # type: ignore[arg-type]

        async def act(work: Any) -> Answer:
            return {"key": vote.ballot_id, "receipt": await ballots.cast_ballot(work, vote)}

        about = vote.entry  # never the choice: a hash of it would tell
        answer, errors = await perform(info, input.idempotency_key, act, about)
        return CastBallotPayload(receipt=answer.get("receipt"), ballot=answer.get("key"), errors=errors)

    @strawberry.mutation(description="Counts the papers of a closed poll; for the returning officer.")
    async def count_ballot(self, info: Info, input: ActInput) -> BallotPayload:
        return await _act(info, input, counting.count_ballot)

    @strawberry.mutation(description="Publishes the result with its evidence; for the returning officer.")
    async def declare_ballot(self, info: Info, input: ActInput) -> BallotPayload:
        return await _act(info, input, counting.declare_ballot)


async def _act(info: Info, input: ActInput, action: Callable[[Any, Any, UUID], Awaitable[UUID]]) -> BallotPayload:
    key, errors = await written_key(info, input, lambda work, viewer: action(work, viewer, key_of("bal", input.id)))
    return BallotPayload(ballot=key, errors=errors)
