"""Agreements with partners and their apps."""

import strawberry

from actions.partners import agreements
from planner import payload_node

from ..mutation_fields import mutation
from ..payloads import UserError, errors
from .types import Agreement, PartnerApp


@strawberry.type(description="An app and its credentials.")
class RegisterAppPayload:
    partner_app: PartnerApp | None = payload_node(description="The app.")
    client_secret: str | None = strawberry.field(default=None, description="Told this once; only its hash is kept.")
    errors: list[UserError] = errors()


MUTATIONS = (
    mutation(agreements.sign_agreement, Agreement),
    mutation(agreements.end_agreement, Agreement),
    mutation(agreements.register_app, payload=RegisterAppPayload),
)
