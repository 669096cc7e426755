"""Signing in and out, and roles."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import strawberry

from actions.identity import roles, sign_in
from domain.identity.viewer import Role
from domain.refusals import Invalid, Refusal, RefusalCode
from planner import payload_node

from ..context import Info
from ..people.types import Person
from ..refusals import UserError, idempotency_key, key_of, run_mutation_for_key, user_error

CHALLENGE_PREFIX = "chl"


@strawberry.input(description="Where to send a sign-in code.")
class RequestSignInCodeInput:
    email: str = strawberry.field(description="The mailbox.")


@strawberry.type(description="What to sign in with once the code has arrived.")
class RequestSignInCodePayload:
    challenge: strawberry.ID | None = strawberry.field(
        default=None, description="Keep it: the code works only together with it."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the code stops working.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was sent.")


@strawberry.input(description="A code and what it was asked for with.")
class SignInInput:
    challenge: strawberry.ID = strawberry.field(description="From requestSignInCode.")
    code: str = strawberry.field(description="The eight digits from the mail.")
    person_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who you are, where several people share the mailbox."
    )
    another_person: bool = strawberry.field(
        default=False, description="You share a mailbox with people on record, but are none of them."
    )


@strawberry.type(description="One of the people who share a mailbox.")
class SignInChoice:
    id: strawberry.ID = strawberry.field(description="For personId.")
    given_name: str = strawberry.field(description="Given name.")


@strawberry.type(description="A session.")
class SignInPayload:
    token: str | None = strawberry.field(default=None, description="Send it as `Authorization: Bearer …`.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends at the latest; half an hour without use ends it earlier."
    )
    choices: list[SignInChoice] = strawberry.field(
        default_factory=list, description="Who shares the mailbox, where that must be said."
    )
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why there is no session.")


@strawberry.type(description="After signing out.")
class SignOutPayload:
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.input(description="A role of a person.")
class RoleInput:
    person_id: strawberry.ID = strawberry.field(description="The person.")
    role: Role = strawberry.field(description="The role.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A person whose roles were changed.")
class RolePayload:
    person: Person | None = payload_node(description="The person.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class IdentityMutation:
    @strawberry.mutation(description="Sends a code to a mailbox, known or not.")
    async def request_sign_in_code(self, info: Info, input: RequestSignInCodeInput) -> RequestSignInCodePayload:
        try:
            await info.context.run(
                lambda transaction: sign_in.check_code_allowance(transaction, info.context.viewer, input.email)
            )
            code, code_hash = await sign_in.new_code()
            challenge, expires_at = await info.context.run(
                lambda transaction: sign_in.request_sign_in_code(
                    transaction, info.context.viewer, input.email, code, code_hash
                )
            )
        except Refusal as refusal:
            return RequestSignInCodePayload(errors=[user_error(refusal)])
        return RequestSignInCodePayload(
            challenge=strawberry.ID(f"{CHALLENGE_PREFIX}_{challenge}"), expires_at=expires_at
        )

    @strawberry.mutation(description="Starts a session.")
    async def sign_in(self, info: Info, input: SignInInput) -> SignInPayload:
        try:
            person = key_of("per", input.person_id, "personId") if input.person_id else None
            handle = key_of(CHALLENGE_PREFIX, input.challenge, "challenge")
            challenge = await info.context.run(lambda transaction: sign_in.try_code(transaction, handle))
            matches = await sign_in.matches(challenge, input.code)
            session = await info.context.run(
                lambda transaction: sign_in.sign_in(transaction, challenge, matches, person, input.another_person)
            )
        except sign_in.ChoiceNeeded as needed:
            choices = [SignInChoice(id=strawberry.ID(f"per_{key}"), given_name=name) for key, name in needed.people]
            return SignInPayload(choices=choices, errors=[user_error(needed)])
        except Refusal as refusal:
            return SignInPayload(errors=[user_error(_as_wrong_code(refusal))])
        return SignInPayload(token=session.token, expires_at=session.expires_at)

    @strawberry.mutation(description="Ends the session.")
    async def sign_out(self, info: Info) -> SignOutPayload:
        try:
            await info.context.run(lambda transaction: sign_in.sign_out(transaction, info.context.viewer))
        except Refusal as refusal:
            return SignOutPayload(errors=[user_error(refusal)])
        await info.context.refresh_viewer()
        return SignOutPayload()

    @strawberry.mutation(description="Gives a person a role; for the clerk. Ends the person's sessions.")
    async def grant_role(self, info: Info, input: RoleInput) -> RolePayload:
        return await _change_role(info, input, roles.grant_role)

    @strawberry.mutation(description="Ends a role of a person; for the clerk. Ends the person's sessions.")
    async def end_role(self, info: Info, input: RoleInput) -> RolePayload:
        return await _change_role(info, input, roles.end_role)


async def _change_role(info: Info, input: RoleInput, change: Callable[..., Awaitable[UUID]]) -> RolePayload:
    key, errors = await run_mutation_for_key(
        info,
        input,
        lambda transaction, viewer: change(transaction, viewer, key_of("per", input.person_id, "personId"), input.role),
    )
    return RolePayload(person=key, errors=errors)


def _as_wrong_code(refusal: Refusal) -> Refusal:
    """An unknown challenge answers like a wrong code."""
    return Invalid(RefusalCode.CODE_WRONG, field="code") if refusal.field == "challenge" else refusal
