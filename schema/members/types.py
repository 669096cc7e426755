"""People, relationships and memberships."""

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from db.members.reads import (
    AGE_BAND,
    ELIGIBILITY_OF_VIEWER,
    NAMED,
    OF_OWN_MEMBERSHIP,
    OF_OWN_OR_IN_CARE,
    OWN_MEMBERSHIP,
    OWN_OR_IN_CARE,
    REASONS,
    REGISTERED_AS_AT,
    REPRESENTED_ORGANISATION,
)
from db.members.register_tables import MembershipRow, MembershipTransitionRow
from db.members.tables import (
    AuthorisationRow,
    GuardianConsentRow,
    GuardianshipRow,
    OrganisationRow,
    PersonRow,
    RelationshipRow,
)
from domain.governance.qualification import RelationshipKind
from domain.members.eligibility import EligibilityReason
from domain.members.guardians import ConsentSource
from domain.members.membership import MembershipStatus
from domain.members.relationships import AgeBand, RelationshipSource
from planner import Filter, Order, column, everybody, expression, many, one, planned
from planner.identifiers import decode

from ..access import P0, P1, P2, P3, PUBLIC, REGISTER_KEEPERS, SAFEGUARDERS, holders_of, holders_or_own
from ..governance.types import Constituency
from ..organisations.types import School
from ..relay import Node
from ..vocabulary import EmailAddress, OrderDirection

if TYPE_CHECKING:
    from .register import RegisterEntry
    from .removals import Removal

OF_THE_REGISTER = holders_or_own(REGISTER_KEEPERS, OF_OWN_OR_IN_CARE)
REGISTER_CLASSES = {P1: OF_THE_REGISTER, P2: OF_THE_REGISTER}
OF_CHILDREN = holders_or_own(
    SAFEGUARDERS, "{row}.child_id = {viewer.person_id} or {row}.guardian_id = {viewer.person_id}"
)
OF_ORGANISATIONS = holders_or_own(REGISTER_KEEPERS, REPRESENTED_ORGANISATION)
OF_AUTHORISATIONS = holders_or_own(
    REGISTER_KEEPERS, REPRESENTED_ORGANISATION.replace("{row}.id", "{row}.organisation_id")
)
OF_MEMBERSHIPS = holders_or_own(REGISTER_KEEPERS, OWN_MEMBERSHIP)
ABOUT_MEMBERSHIPS = holders_or_own(REGISTER_KEEPERS, OF_OWN_MEMBERSHIP)
SOMEBODY = Annotated["Person", strawberry.lazy("schema.members.types")]


@planned(RelationshipRow, rows=OF_THE_REGISTER, prefix="rel", classes=REGISTER_CLASSES, field_class=P2)
@strawberry.type(description="A dated fact that can make a person eligible.")
class Relationship(Node):
    id: strawberry.ID = column(RelationshipRow.id, description="Opaque id.")
    kind: RelationshipKind = column(RelationshipRow.kind, description="How the person stands to the school or trust.")
    school: School | None = one(RelationshipRow.school_id, description="The school it is about.")
    since: date = column(RelationshipRow.since, description="The first day it holds.")
    until: date | None = column(RelationshipRow.until, description="The first day it no longer holds.")
    source: RelationshipSource = column(RelationshipRow.source, description="Where the fact comes from.")
    evidence: str | None = column(RelationshipRow.evidence, description="What was seen of it.")
    year_group: int | None = column(RelationshipRow.year_group, description="The learner's year group; 0 is reception.")


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
    reason: str | None = column(MembershipTransitionRow.reason, description="The reason or minute given.")
    actor: SOMEBODY | None = one(MembershipTransitionRow.actor_id, description="Who did it; null where the clock did.")
    ruleset_version: int = column(MembershipTransitionRow.ruleset_version, description="The rules it was judged by.")


@planned(
    MembershipRow, rows=OF_MEMBERSHIPS, prefix="mem", classes={P1: OF_MEMBERSHIPS, P2: OF_MEMBERSHIPS}, field_class=P1
)
@strawberry.type(description="A membership: an application, and the entry on the register once it is admitted.")
class Member(Node):
    id: strawberry.ID = column(MembershipRow.id, description="Opaque id.")
    number: int | None = column(MembershipRow.number, description="The number on the register, never used again.")
    name: str = column(MembershipRow.name, description="The member's name, as it is on the register.")
    status: MembershipStatus = column(MembershipRow.status, description="Where the membership stands.")
    person: SOMEBODY | None = one(MembershipRow.person_id, description="The member, where it is a person.")
    organisation: Annotated["Organisation", strawberry.lazy("schema.members.types")] | None = one(
        MembershipRow.organisation_id, description="The member, where it is an organisation."
    )
    constituency: Constituency | None = one(MembershipRow.constituency_id, description="The class of membership.")
    school: School | None = one(MembershipRow.school_id, description="The school through which they belong.")
    service_address: str | None = column(
        MembershipRow.service_address, description="The address on the register.", cls=P2
    )
    applied_at: datetime = column(MembershipRow.applied_at, description="When they applied.")
    registered_on: date | None = column(MembershipRow.registered_on, description="The day they were registered.")
    ceased_on: date | None = column(MembershipRow.ceased_on, description="The day they ceased to be a member.")
    eligible_until: date | None = column(
        MembershipRow.lapses_on, description="While it is lapsing: the day it ceases unless something is done."
    )
    converted_from: Annotated["Member", strawberry.lazy("schema.members.types")] | None = one(
        MembershipRow.converted_from_id, description="The membership it took over from."
    )
    ruleset_version: int = column(MembershipRow.ruleset_version, description="The rules they applied under.")
    history: list[MembershipTransition] = many(
        MembershipTransitionRow.membership_id, order=[Order("at"), Order("id")], description="Every step so far."
    )
    entries: list[Annotated["RegisterEntry", strawberry.lazy("schema.members.register")]] = many(
        "{other}.membership_id = {row}.id", order=[Order("line")], description="What the register said, line by line."
    )
    removals: list[Annotated["Removal", strawberry.lazy("schema.members.removals")]] = many(
        "{other}.membership_id = {row}.id", order=[Order("id")], description="Proposals to remove the member."
    )


@planned(GuardianConsentRow, rows=OF_CHILDREN, classes={P3: OF_CHILDREN}, field_class=P3)
@strawberry.type(description="A guardian's consent to a child's membership.")
class GuardianConsent:
    source: ConsentSource = column(GuardianConsentRow.source, description="How it came to the trust.")
    since: date = column(GuardianConsentRow.since, description="The first day it holds.")
    until: date = column(GuardianConsentRow.until, description="The first day it no longer holds.")
    guardian: SOMEBODY | None = one(GuardianConsentRow.guardian_id, description="Who consented.")


@planned(GuardianshipRow, rows=OF_CHILDREN, classes={P3: OF_CHILDREN}, field_class=P3)
@strawberry.type(description="Who answers for a child.")
class Guardianship:
    child: SOMEBODY | None = one(GuardianshipRow.child_id, description="The child.")
    guardian: SOMEBODY | None = one(GuardianshipRow.guardian_id, description="Who answers for them.")
    since: date = column(GuardianshipRow.since, description="The first day.")
    until: date = column(GuardianshipRow.until, description="The first day no longer, at the latest when they turn 18.")
    source: RelationshipSource = column(GuardianshipRow.source, description="Where the fact comes from.")
    evidence: str | None = column(GuardianshipRow.evidence, description="What was seen of it.")


@planned(AuthorisationRow, rows=OF_AUTHORISATIONS, prefix="aut", classes={P2: OF_AUTHORISATIONS}, field_class=P2)
@strawberry.type(description="A person's power to act for an organisation.")
class Authorisation(Node):
    id: strawberry.ID = column(AuthorisationRow.id, description="Opaque id.")
    person: SOMEBODY | None = one(AuthorisationRow.person_id, description="Who may act.")
    organisation: Annotated["Organisation", strawberry.lazy("schema.members.types")] | None = one(
        AuthorisationRow.organisation_id, description="For whom."
    )
    since: date = column(AuthorisationRow.since, description="The first day.")
    until: date | None = column(AuthorisationRow.until, description="The first day no longer.")
    document: str = column(AuthorisationRow.document, description="What authorises them.")


@planned(OrganisationRow, rows=OF_ORGANISATIONS, prefix="org", classes={P1: OF_ORGANISATIONS}, field_class=P1)
@strawberry.type(description="An organisation that is, or wants to be, a member.")
class Organisation(Node):
    id: strawberry.ID = column(OrganisationRow.id, description="Opaque id.")
    name: str = column(OrganisationRow.name, description="The name.")
    kind: str = column(OrganisationRow.kind, description="What sort of organisation it is.")
    registered_number: str | None = column(
        OrganisationRow.registered_number, description="Its company or charity number."
    )
    dissolved_on: date | None = column(OrganisationRow.dissolved_on, description="The day it ceased to exist.")
    memberships: list[Member] = many(
        MembershipRow.organisation_id, order=[Order("id")], description="Every membership, past ones included."
    )
    representatives: list[Authorisation] = many(
        AuthorisationRow.organisation_id,
        order=[Order("since"), Order("id")],
        description="Who may act for it, and might.",
    )


OF_PEOPLE = holders_or_own(REGISTER_KEEPERS, OWN_OR_IN_CARE)


@planned(
    PersonRow,
    rows=OF_PEOPLE,
    prefix="per",
    classes={P1: OF_PEOPLE, P2: OF_PEOPLE, P3: holders_or_own(SAFEGUARDERS, OWN_OR_IN_CARE)},
    field_class=P1,
)
@strawberry.type(description="A human being known to the trust.")
class Person(Node):
    id: strawberry.ID = column(PersonRow.id, description="Opaque id.")
    given_name: str = column(PersonRow.given_name, description="Given name.")
    family_name: str = column(PersonRow.family_name, description="Family name.")
    email: EmailAddress | None = column(PersonRow.email, description="The mailbox, possibly shared.", cls=P2)
    phone: str | None = column(PersonRow.phone, description="Telephone number.", cls=P2)
    contact_address: str | None = column(
        PersonRow.contact_address, description="Where letters go; not the address on the register.", cls=P2
    )
    language: str = column(PersonRow.language, description="The language to be written to in, as en or pl.")
    marketing_opt_out: bool = column(
        PersonRow.marketing_opt_out, description="Wants only what is owed to them: no invitations."
    )
    date_of_birth: date | None = column(PersonRow.date_of_birth, description="Date of birth.", cls=P3)
    age_band: AgeBand | None = expression(AGE_BAND, description="The age, as roughly as is enough.", cls=P3)
    memberships: list[Member] = many(
        MembershipRow.person_id, order=[Order("id")], description="Every membership, past ones included."
    )
    relationships: list[Relationship] = many(
        RelationshipRow.person_id, order=[Order("since"), Order("id")], description="What makes the person eligible."
    )
    guardians: list[Guardianship] = many(
        GuardianshipRow.child_id, order=[Order("id")], description="Who answers for them.", cls=P3
    )
    consents: list[GuardianConsent] = many(
        GuardianConsentRow.child_id, order=[Order("id")], description="What their guardians consented to.", cls=P3
    )


@planned(ELIGIBILITY_OF_VIEWER, rows=everybody, classes=PUBLIC, field_class=P0)
@strawberry.type(description="Whether the caller could be a member in a constituency today, and why or why not.")
class Eligibility:
    constituency: Constituency | None = one("{row}.constituency_id", description="The constituency.")
    eligible: bool = expression("{row}.obstacles = '{}'", nullable=False, description="Whether they may join.")
    reasons: list[EligibilityReason] = expression(REASONS, nullable=False, description="Why, or why not.")


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
    name: str | None = strawberry.field(
        default=None,
        description="Whose name has words that begin so, or, where there are none, is much like it; accents do not matter.",
    )
    registered_since: date | None = strawberry.field(default=None, description="Registered on or after this day.")
    registered_before: date | None = strawberry.field(default=None, description="Registered before this day.")
    ceased_since: date | None = strawberry.field(default=None, description="Ceased on or after this day.")
    lapses_before: date | None = strawberry.field(default=None, description="Ceasing before this day unless kept.")


MEMBER_ORDERS = {"APPLIED_AT": Order("applied_at")}
MEMBER_FILTERS = {
    "status": Filter("{row}.status = {value}", "text"),
    "constituency": Filter("{row}.constituency_id = {value}", "uuid", lambda text: decode("cst", text)),
    "school": Filter("{row}.school_id = {value}", "uuid", lambda text: decode("sch", text)),
    "number": Filter("{row}.number = {value}", "bigint"),
    "name": Filter(NAMED, "text"),
    "registeredSince": Filter("{row}.registered_on >= {value}", "date"),
    "registeredBefore": Filter("{row}.registered_on < {value}", "date"),
    "ceasedSince": Filter("{row}.ceased_on >= {value}", "date"),
    "lapsesBefore": Filter("{row}.lapses_on < {value}", "date"),
}
AS_AT = Filter(REGISTERED_AS_AT, "date")
