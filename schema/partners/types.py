"""Partner organisations and what was agreed with them."""

from datetime import date, datetime

import strawberry

from db.partners.tables import AgreementRow, PartnerAppRow, PartnerRow
from domain.identity.viewer import Role
from planner import Node, Order, column, everybody, many, planned

from ..access import P0, P2, PUBLIC, holders_of

AGREEMENT_READERS = holders_of(Role.CLERK, Role.TRUSTEE, Role.DATA_PROTECTION_OFFICER)


@planned(
    PartnerAppRow, row_policy=AGREEMENT_READERS, prefix="app", field_policies={P2: AGREEMENT_READERS}, sensitivity=P2
)
@strawberry.type(description="An app of a partner.")
class PartnerApp(Node):
    id: strawberry.ID = column(PartnerAppRow.id, description="Opaque id.")
    name: str | None = column(PartnerAppRow.name, description="The name.")
    client_id: str | None = column(PartnerAppRow.client_id, description="What it signs in with.")
    created_at: datetime | None = column(PartnerAppRow.created_at, description="When it was registered.")


@planned(
    AgreementRow, row_policy=AGREEMENT_READERS, prefix="agr", field_policies={P2: AGREEMENT_READERS}, sensitivity=P2
)
@strawberry.type(description="What a partner may read, what for and until when.")
class Agreement(Node):
    id: strawberry.ID = column(AgreementRow.id, description="Opaque id.")
    purpose: str | None = column(AgreementRow.purpose, description="What the data are for.")
    scopes: list[str] | None = column(AgreementRow.scopes, description="What may be read.")
    since: date | None = column(AgreementRow.since, description="The first day.")
    until: date | None = column(AgreementRow.until, description="The first day it is over.")
    apps: list[PartnerApp] = many(PartnerAppRow.agreement_id, order=[Order("id")], description="Its apps.")


@planned(PartnerRow, row_policy=everybody, prefix="par", field_policies=PUBLIC, sensitivity=P0)
@strawberry.type(description="An organisation that works with the trust.")
class Partner(Node):
    id: strawberry.ID = column(PartnerRow.id, description="Opaque id.")
    name: str = column(PartnerRow.name, description="The name.")
    kind: str = column(PartnerRow.kind, description="The kind of organisation.")
    part: str | None = column(PartnerRow.part, description="The part it plays.")
    agreements: list[Agreement] | None = many(
        AgreementRow.partner_id, order=[Order("id")], description="What was agreed."
    )
