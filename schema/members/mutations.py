"""Applying, admitting, refusing, withdrawing and resigning."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from actions import members
from domain.governance.qualification import RelationshipKind
from planner import written

from ..context import Info
from ..inputs import ActInput, idempotency_key
from ..refusals import Answer, UserError, key_of, perform
from .types import Member


@strawberry.input(description="A fact that makes you eligible.")
class RelationshipInput:
    kind: RelationshipKind = strawberry.field(description="How you stand to the school or the trust.")
    school_urn: int | None = strawberry.field(default=None, description="The school, by its reference number.")
    since: date | None = strawberry.field(default=None, description="Since when; today when left out.")


@strawberry.input(description="An application for membership.")
class ApplyForMembershipInput:
    given_name: str = strawberry.field(description="Given name.")
    family_name: str = strawberry.field(description="Family name.")
    date_of_birth: date | None = strawberry.field(
        default=None, description="Needed where the constituency asks for an age."
    )
    constituency: str = strawberry.field(description="The code of the constituency to join.")
    relationships: list[RelationshipInput] = strawberry.field(description="What makes you eligible, one to ten facts.")
    service_address: str = strawberry.field(description="The address to stand on the register.")
    accepts_articles: bool = strawberry.field(description="You agree to be a member under the trust's articles.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An application to refuse.")
class RefuseMemberInput:
    id: strawberry.ID = strawberry.field(description="The application.")
    reason: str = strawberry.field(description="The reason the applicant is told.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A membership that was written.")
class MemberPayload:
    member: Member | None = written(description="The membership.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class MembersMutation:
    @strawberry.mutation(description="Applies for membership in the name of the caller.")
    async def apply_for_membership(self, info: Info, input: ApplyForMembershipInput) -> MemberPayload:
        application = members.Application(
            given_name=input.given_name,
            family_name=input.family_name,
            date_of_birth=input.date_of_birth,
            constituency=input.constituency,
            relationships=[
                members.DeclaredRelationship(each.kind, each.school_urn, each.since) for each in input.relationships
            ],
            service_address=input.service_address,
            accepts_articles=input.accepts_articles,
        )

        async def act(work: Any) -> Answer:
            return {"key": await members.apply_for_membership(work, info.context.viewer, application)}

        answer, errors = await perform(info, input.idempotency_key, act, input)
        if answer:
            await info.context.refresh_viewer()  # a newcomer has become a person
        return MemberPayload(member=answer.get("key"), errors=errors)

    @strawberry.mutation(description="Enters an applicant on the register; for the membership officer.")
    async def admit_member(self, info: Info, input: ActInput) -> MemberPayload:
        return await _act(info, input, members.admit_member)

    @strawberry.mutation(description="Refuses an application; for the membership officer.")
    async def refuse_member(self, info: Info, input: RefuseMemberInput) -> MemberPayload:
        async def refuse(work: Any, viewer: Any, key: UUID) -> UUID:
            return await members.refuse_member(work, viewer, key, input.reason)

        return await _act(info, input, refuse)

    @strawberry.mutation(description="Takes back one's own application and the consent in it.")
    async def withdraw_application(self, info: Info, input: ActInput) -> MemberPayload:
        return await _act(info, input, members.withdraw_application)

    @strawberry.mutation(description="Leaves the trust by one's own notice, today.")
    async def resign_membership(self, info: Info, input: ActInput) -> MemberPayload:
        return await _act(info, input, members.resign_membership)


async def _act(
    info: Info, input: ActInput | RefuseMemberInput, action: Callable[[Any, Any, UUID], Awaitable[UUID]]
) -> MemberPayload:
    async def act(work: Any) -> Answer:
        return {"key": await action(work, info.context.viewer, key_of("mem", input.id))}

    answer, errors = await perform(info, input.idempotency_key, act, input)
    return MemberPayload(member=answer.get("key"), errors=errors)
