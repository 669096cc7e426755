"""People, relationships and the register."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry

from db.members.reads import OF_OWN_PERSON, OWN_PERSON, REGISTERED_AS_AT
from db.members.tables import MembershipRow, MembershipTransitionRow, PersonRow, RelationshipRow
from domain.governance.qualification import RelationshipKind
from domain.members.membership import MembershipStatus
from domain.members.relationships import RelationshipSource
from planner import Filter, Order, column, many, one, planned
from planner.identifiers import decode

from ..access import P1, P2, P3, REGISTER_KEEPERS, SAFEGUARDERS, holders_of, holders_or_own
from ..governance.types import Constituency
from ..organisations.types import School
from ..relay import Node
from ..vocabulary import EmailAddress, OrderDirection

OF_THE_REGISTER = holders_or_own(REGISTER_KEEPERS, OF_OWN_PERSON)
REGISTER_CLASSES = {P1: OF_THE_REGISTER, P2: OF_THE_REGISTER}


@planned(RelationshipRow, rows=OF_THE_REGISTER, classes=REGISTER_CLASSES, field_class=P2)
@strawberry.type(description="A dated fact that can make a person eligible.")
class Relationship:
    kind: RelationshipKind = column(RelationshipRow.kind, description="How the person stands to the school or trust.")
    school: School | None = one(RelationshipRow.school_id, description="The school it is about.")
    since: date = column(RelationshipRow.since, description="The first day it holds.")
    until: date | None = column(RelationshipRow.until, description="The first day it no longer holds.")
    source: RelationshipSource = column(RelationshipRow.source, description="Where the fact comes from.")


@planned(
    MembershipTransitionRow,
    rows=holders_of(*REGISTER_KEEPERS),
    classes={P2: holders_of(*REGISTER_KEEPERS)},
    field_class=P2,
)
@strawberry.type(description="A step in the life of a membership: what, by whom, when and why.")
class MembershipTransition:
    status: MembershipStatus = column(MembershipTransitionRow.status, description="The status it led to.")
    at: datetime = column(MembershipTransitionRow.at, description="When it was entered.")
    reason: str | None = column(MembershipTransitionRow.reason, description="The reason given.")
    actor: Annotated["Person", strawberry.lazy("schema.members.types")] | None = one(
        MembershipTransitionRow.actor_id, description="Who did it."
    )
    ruleset_version: int = column(MembershipTransitionRow.ruleset_version, description="The rules it was judged by.")


@planned(MembershipRow, rows=OF_THE_REGISTER, prefix="mem", classes=REGISTER_CLASSES, field_class=P1)
@strawberry.type(description="A membership: an application, and the entry on the register once it is admitted.")
class Member(Node):
    id: strawberry.ID = column(MembershipRow.id, description="Opaque id.")
    number: int | None = column(MembershipRow.number, description="The number on the register, never used again.")
    status: MembershipStatus = column(MembershipRow.status, description="Where the membership stands.")
    person: Annotated["Person", strawberry.lazy("schema.members.types")] | None = one(
        MembershipRow.person_id, description="The member."
    )
    constituency: Constituency | None = one(MembershipRow.constituency_id, description="The class of membership.")
    school: School | None = one(MembershipRow.school_id, description="The school through which they belong.")
    service_address: str | None = column(
        MembershipRow.service_address, description="The address on the register.", cls=P2
    )
    applied_at: datetime = column(MembershipRow.applied_at, description="When they applied.")
    registered_on: date | None = column(MembershipRow.registered_on, description="The day they were registered.")
    ceased_on: date | None = column(MembershipRow.ceased_on, description="The day they ceased to be a member.")
    ruleset_version: int = column(MembershipRow.ruleset_version, description="The rules they applied under.")
    history: list[MembershipTransition] = many(
        MembershipTransitionRow.membership_id, order=[Order("at"), Order("id")], description="Every step so far."
    )


@planned(
    PersonRow,
    rows=holders_or_own(REGISTER_KEEPERS, OWN_PERSON),
    prefix="per",
    classes={
        P1: holders_or_own(REGISTER_KEEPERS, OWN_PERSON),
        P2: holders_or_own(REGISTER_KEEPERS, OWN_PERSON),
        P3: holders_or_own(SAFEGUARDERS, OWN_PERSON),
    },
    field_class=P1,
)
@strawberry.type(description="A human being known to the trust.")
class Person(Node):
    id: strawberry.ID = column(PersonRow.id, description="Opaque id.")
    given_name: str = column(PersonRow.given_name, description="Given name.")
    family_name: str = column(PersonRow.family_name, description="Family name.")
    email: EmailAddress | None = column(PersonRow.email, description="The mailbox, possibly shared.", cls=P2)
    date_of_birth: date | None = column(PersonRow.date_of_birth, description="Date of birth.", cls=P3)
    memberships: list[Member] = many(
        MembershipRow.person_id, order=[Order("id")], description="Every membership, past ones included."
    )
    relationships: list[Relationship] = many(
        RelationshipRow.person_id, order=[Order("since"), Order("id")], description="What makes the person eligible."
    )


@strawberry.enum(description="What members are ordered by.")
class MemberOrderField(Enum):
    APPLIED_AT = strawberry.enum_value("APPLIED_AT", description="By the moment of applying.")


@strawberry.input(description="The order of members.")
class MemberOrder:
    field: MemberOrderField = strawberry.field(description="What to order by.")
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description="Which end first.")


@strawberry.input(description="Which members.")
class MemberFilter:
    status: MembershipStatus | None = strawberry.field(default=None, description="With this status.")
    constituency: strawberry.ID | None = strawberry.field(default=None, description="In this constituency.")
    school: strawberry.ID | None = strawberry.field(default=None, description="Through this school.")
    number: int | None = strawberry.field(default=None, description="With this number on the register.")


MEMBER_ORDERS = {"APPLIED_AT": Order("applied_at")}
MEMBER_FILTERS = {
    "status": Filter("{row}.status = {value}", "text"),
    "constituency": Filter("{row}.constituency_id = {value}", "uuid", lambda text: decode("cst", text)),
    "school": Filter("{row}.school_id = {value}", "uuid", lambda text: decode("sch", text)),
    "number": Filter("{row}.number = {value}", "bigint"),
}
AS_AT = Filter(REGISTERED_AS_AT, "date")
