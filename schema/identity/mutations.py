"""Signing in and out, and roles."""

from dataclasses import asdict
from datetime import datetime

import strawberry

from actions.identity import roles, sign_in

from ..context import Context
from ..mutation_fields import Answer, mutation
from ..payloads import UserError, errors, user_errors
from ..people.types import Person


@strawberry.type(description="What to sign in with once the code has arrived.")
class RequestSignInCodePayload:
    challenge: strawberry.ID | None = strawberry.field(
        default=None, description="Keep it: the code works only together with it."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When the code stops working.")
    errors: list[UserError] = errors()


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
    errors: list[UserError] = errors()


@strawberry.type(description="After signing out.")
class SignOutPayload:
    errors: list[UserError] = errors()


async def _request_code(context: Context, command: sign_in.RequestSignInCode, _: str | None) -> Answer:
    sent = await sign_in.request_sign_in_code(context.run, context.viewer, command)
    challenge = strawberry.ID(f"{sign_in.CHALLENGE_PREFIX}_{sent.challenge}")
    return {"challenge": challenge, "expires_at": sent.expires_at}


async def _sign_in(context: Context, command: sign_in.SignIn, _: str | None) -> Answer:
    try:
        return asdict(await sign_in.sign_in(context.run, context.viewer, command))
    except sign_in.ChoiceNeeded as needed:
        choices = [SignInChoice(id=strawberry.ID(f"per_{key}"), given_name=name) for key, name in needed.people]
        return {"choices": choices, "errors": user_errors(needed)}


MUTATIONS = (
    mutation(sign_in.request_sign_in_code, payload=RequestSignInCodePayload, run=_request_code),
    mutation(sign_in.sign_in, payload=SignInPayload, run=_sign_in),
    mutation(sign_in.sign_out, payload=SignOutPayload),
    mutation(roles.grant_role, Person),
    mutation(roles.end_role, Person),
)
