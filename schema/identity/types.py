"""The caller, as they see themselves."""

from datetime import datetime

import strawberry

from actions.identity.roles import grant_role
from db.identity.tables import RoleGrantRow
from db.membership.reads import OPEN_MEMBERSHIP
from domain.identity.viewer import Role, ViewerKind
from planner import Node, Order, column, everybody, expression, many, one, planned

from ..access import P0, P1, PUBLIC, holders_of
from ..membership.types import Eligibility, Member
from ..people.types import Authorisation, Guardianship, Person


@planned(
    "(select {trust} as trust_id, {viewer.person_id} as id)",
    row_policy=everybody,
    field_policies=PUBLIC,
    sensitivity=P0,
)
@strawberry.type(description="Who is asking.")
class Viewer:
    kind: ViewerKind = expression("{viewer.kind}", nullable=False, description="The sort of caller.")
    roles: list[Role] = expression("{viewer.roles}", nullable=False, description="The roles held in this trust.")
    scopes: list[str] = expression("{viewer.scopes}", nullable=False, description="What a partner's app may read.")
    person: Person | None = one("{row}.id", description="The person signed in.")
    membership: Member | None = one(OPEN_MEMBERSHIP, description="Their open membership or application.")
    eligibility: list[Eligibility] = many(
        "{other}.person_id = {row}.id", order=[Order("position")], description="What they could join today, and why."
    )
    children: list[Guardianship] | None = many(
        "{other}.guardian_id = {row}.id", order=[Order("id")], description="The children they answer for, or did."
    )
    authorisations: list[Authorisation] | None = many(
        "{other}.person_id = {row}.id", order=[Order("id")], description="For whom they may act, and might."
    )


GRANTORS = grant_role.caller.roles
THOSE_WHO_GRANT = holders_of(*GRANTORS)


@planned(RoleGrantRow, row_policy=THOSE_WHO_GRANT, prefix="gra", field_policies={P1: THOSE_WHO_GRANT}, sensitivity=P1)
@strawberry.type(description="An office that somebody holds or held.")
class RoleGrant(Node):
    id: strawberry.ID = column(RoleGrantRow.id, description="Opaque id.")
    person: Person | None = one(RoleGrantRow.person_id, description="Who.")
    role: Role | None = column(RoleGrantRow.role, description="The office.")
    granted_at: datetime | None = column(RoleGrantRow.granted_at, description="Since when.")
    ended_at: datetime | None = column(RoleGrantRow.ended_at, description="When it ended.")
