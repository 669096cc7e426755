"""The caller, as they see themselves."""

import strawberry

from db.membership.reads import OPEN_MEMBERSHIP
from domain.identity.viewer import Role, ViewerKind
from planner import Order, everybody, expression, many, one, planned

from ..access import P0, PUBLIC
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
