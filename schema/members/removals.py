"""Removing a member."""

from datetime import date

import strawberry

from actions.members import removals
from db.members.register_tables import RemovalRow
from domain.members.removal import RemovalStage
from planner import column, one, planned, written

from ..access import P2
from ..context import Info
from ..inputs import idempotency_key
from ..refusals import UserError, key_of, written_key
from ..relay import Node
from .types import ABOUT_MEMBERSHIPS, SOMEBODY, Member


@planned(RemovalRow, rows=ABOUT_MEMBERSHIPS, prefix="rem", classes={P2: ABOUT_MEMBERSHIPS}, field_class=P2)
@strawberry.type(description="The removal of a member, from the proposal to what came of it.")
class Removal(Node):
    id: strawberry.ID = column(RemovalRow.id, description="Opaque id.")
    member: Member | None = one(RemovalRow.membership_id, description="The membership.")
    stage: RemovalStage = column(RemovalRow.stage, description="How far it has come.")
    ground: str = column(RemovalRow.ground, description="The ground given.")
    proposed_by: SOMEBODY | None = one(RemovalRow.proposed_by_id, description="Who proposed it.")
    proposed_on: date = column(RemovalRow.proposed_on, description="The day of the notice.")
    notice_until: date = column(RemovalRow.notice_until, description="The first day on which it may be decided.")
    case_stated: str | None = column(RemovalRow.case_stated, description="The member's side.")
    deciding_body: str | None = column(RemovalRow.deciding_body, description="Who decided.")
    minute: str | None = column(RemovalRow.minute, description="Where the decision stands.")
    votes_for: int | None = column(RemovalRow.votes_for, description="Votes for the removal.")
    votes_against: int | None = column(RemovalRow.votes_against, description="Votes against it.")
    decided_on: date | None = column(RemovalRow.decided_on, description="The day of the decision.")
    appeal_until: date | None = column(RemovalRow.appeal_until, description="The first day without an appeal.")
    appeal_ground: str | None = column(RemovalRow.appeal_ground, description="Why the member appeals.")
    appeal_body: str | None = column(RemovalRow.appeal_body, description="Who decided on the appeal.")
    appeal_decided_on: date | None = column(RemovalRow.appeal_decided_on, description="The day of that decision.")


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
    removal: Removal | None = written(description="The removal.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class RemovalsMutation:
    @strawberry.mutation(description="Proposes to remove a member and gives them notice; for the clerk.")
    async def propose_removal(self, info: Info, input: ProposeRemovalInput) -> RemovalPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: removals.propose_removal(work, viewer, key_of("mem", input.id), input.ground),
        )
        return RemovalPayload(removal=key, errors=errors)

    @strawberry.mutation(description="States the member's case, before it is decided; for the member.")
    async def state_case(self, info: Info, input: StateCaseInput) -> RemovalPayload:
        key, errors = await written_key(
            info, input, lambda work, viewer: removals.state_case(work, viewer, key_of("rem", input.id), input.case)
        )
        return RemovalPayload(removal=key, errors=errors)

    @strawberry.mutation(description="Enters the decision of the deciding body; for the clerk.")
    async def decide_removal(self, info: Info, input: DecideRemovalInput) -> RemovalPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: removals.decide_removal(
                work,
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
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: removals.appeal_removal(work, viewer, key_of("rem", input.id), input.ground),
        )
        return RemovalPayload(removal=key, errors=errors)

    @strawberry.mutation(description="Enters the decision on an appeal; not by who proposed the removal.")
    async def decide_appeal(self, info: Info, input: DecideAppealInput) -> RemovalPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: removals.decide_appeal(
                work, viewer, key_of("rem", input.id), input.body, input.upheld
            ),
        )
        return RemovalPayload(removal=key, errors=errors)
