"""Agreements with partners and their apps."""

from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from actions.partners import agreements
from domain.refusals import Refusal
from planner import payload_node

from ..context import Info
from ..refusals import ActInput, UserError, idempotency_key, key_of, run_mutation_for_key, user_error
from .types import Agreement, PartnerApp


@strawberry.input(description="An agreement with a partner.")
class SignAgreementInput:
    partner_id: strawberry.ID = strawberry.field(description="The partner.")
    purpose: str = strawberry.field(description="What the data are for.")
    scopes: list[str] = strawberry.field(description="What its apps may read, such as `schools:read`.")
    since: date = strawberry.field(description="The first day.")
    until: date = strawberry.field(description="The first day it is over.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An app to give credentials to.")
class RegisterAppInput:
    agreement_id: strawberry.ID = strawberry.field(description="The agreement it works under.")
    name: str = strawberry.field(description="The name.")


@strawberry.type(description="An agreement that was written.")
class AgreementPayload:
    agreement: Agreement | None = payload_node(description="The agreement.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="An app and its credentials.")
class RegisterAppPayload:
    app: PartnerApp | None = payload_node(description="The app.")
    client_secret: str | None = strawberry.field(default=None, description="Told this once; only its hash is kept.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class PartnersMutation:
    @strawberry.mutation(description="Records an agreement with a partner; for the clerk.")
    async def sign_agreement(self, info: Info, input: SignAgreementInput) -> AgreementPayload:
        async def sign(transaction: Any, viewer: Any) -> UUID:
            partner = key_of("par", input.partner_id, "partnerId")
            return await agreements.sign_agreement(
                transaction, viewer, partner, input.purpose, input.scopes, input.since, input.until
            )

        key, errors = await run_mutation_for_key(info, input, sign)
        return AgreementPayload(agreement=key, errors=errors)

    @strawberry.mutation(description="Ends an agreement today, and every token given under it; for the clerk.")
    async def end_agreement(self, info: Info, input: ActInput) -> AgreementPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: agreements.end_agreement(transaction, viewer, key_of("agr", input.id)),
        )
        return AgreementPayload(agreement=key, errors=errors)

    @strawberry.mutation(description="Gives an app of a partner its credentials; for the clerk.")
    async def register_app(self, info: Info, input: RegisterAppInput) -> RegisterAppPayload:
        try:
            agreement = key_of("agr", input.agreement_id, "agreementId")
            app = await info.context.run(
                lambda transaction: agreements.register_app(transaction, info.context.viewer, agreement, input.name)
            )
        except Refusal as refusal:
            return RegisterAppPayload(app=None, errors=[user_error(refusal)])
        return RegisterAppPayload(app=app.id, client_secret=app.client_secret)  # type: ignore[arg-type]
