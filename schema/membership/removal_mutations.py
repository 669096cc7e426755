"""Removing a member."""

import strawberry

from actions.membership import removals
from planner import payload_node

from ..context import Info
from ..refusals import UserError, idempotency_key, key_of, run_mutation_for_key
from .types import Removal


@strawberry.input(description="A member whose removal is proposed.")
class ProposeRemovalInput:
    id: strawberry.ID = strawberry.field(description="The membership.")
    ground: str = strawberry.field(description="The ground, as the member is told.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The member's side.")
class StateCaseInput:
    id: strawberry.ID = strawberry.field(description="The removal.")
    case: str = strawberry.field(description="What the member has to say; it replaces what they said before.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The decision on a removal.")
class DecideRemovalInput:
    id: strawberry.ID = strawberry.field(description="The removal.")
    body: str = strawberry.field(description="Who decided.")
    minute: str = strawberry.field(description="Where the decision stands.")
    votes_for: int = strawberry.field(description="Votes for the removal.")
    votes_against: int = strawberry.field(description="Votes against it.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An appeal.")
class AppealRemovalInput:
    id: strawberry.ID = strawberry.field(description="The removal.")
    ground: str = strawberry.field(description="Why the decision is wrong.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The decision on an appeal.")
class DecideAppealInput:
    id: strawberry.ID = strawberry.field(description="The removal.")
    body: str = strawberry.field(description="Who decided.")
    upheld: bool = strawberry.field(description="Whether the member stays.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A removal that was written.")
class RemovalPayload:
    removal: Removal | None = payload_node(description="The removal.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class RemovalsMutation:
    @strawberry.mutation(description="Proposes to remove a member and gives them notice; for the clerk.")
    async def propose_removal(self, info: Info, input: ProposeRemovalInput) -> RemovalPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: removals.propose_removal(
                transaction, viewer, key_of("mem", input.id), input.ground
            ),
        )
        return RemovalPayload(removal=key, errors=errors)

    @strawberry.mutation(description="States the member's case, before it is decided; for the member.")
    async def state_case(self, info: Info, input: StateCaseInput) -> RemovalPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: removals.state_case(transaction, viewer, key_of("rem", input.id), input.case),
        )
        return RemovalPayload(removal=key, errors=errors)

    @strawberry.mutation(description="Enters the decision of the deciding body; for the clerk.")
    async def decide_removal(self, info: Info, input: DecideRemovalInput) -> RemovalPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: removals.decide_removal(
                transaction,
                viewer,
                key_of("rem", input.id),
                input.body,
                input.minute,
                input.votes_for,
                input.votes_against,
            ),
        )
        return RemovalPayload(removal=key, errors=errors)

    @strawberry.mutation(description="Appeals against one's removal, in time; for the member.")
    async def appeal_removal(self, info: Info, input: AppealRemovalInput) -> RemovalPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: removals.appeal_removal(
                transaction, viewer, key_of("rem", input.id), input.ground
            ),
        )
        return RemovalPayload(removal=key, errors=errors)

    @strawberry.mutation(description="Enters the decision on an appeal; not by who proposed the removal.")
    async def decide_appeal(self, info: Info, input: DecideAppealInput) -> RemovalPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: removals.decide_appeal(
                transaction, viewer, key_of("rem", input.id), input.body, input.upheld
            ),
        )
        return RemovalPayload(removal=key, errors=errors)
