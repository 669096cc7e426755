"""The caller, as they see themselves."""

import strawberry

from db.members.reads import OPEN_MEMBERSHIP
from domain.identity.viewer import Role, ViewerKind
from planner import everybody, expression, one, planned

from ..access import P0, PUBLIC
from ..members.types import Member, Person


@planned("(select {trust} as trust_id, {viewer.person_id} as id)", rows=everybody, classes=PUBLIC, field_class=P0)
@strawberry.type(description="Who is asking.")
class Viewer:
    kind: ViewerKind = expression("{viewer.kind}", nullable=False, description="The sort of caller.")
    roles: list[Role] = expression("{viewer.roles}", nullable=False, description="The roles held in this trust.")
    scopes: list[str] = expression("{viewer.scopes}", nullable=False, description="What a partner's app may read.")
    person: Person | None = one("{row}.id", description="The person signed in.")
    membership: Member | None = one(OPEN_MEMBERSHIP, description="Their open membership or application.")
