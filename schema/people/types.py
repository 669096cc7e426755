"""People, relationships, guardians and organisations."""

from datetime import date, datetime

import strawberry

from db.membership.tables import MembershipRow
from db.people.reads import (
    AGE_BAND,
    LOOKS_THE_SAME,
    OWN_AUTHORISATION,
    OWN_OR_IN_CARE,
    OWN_OR_SAID_TO_BE_IN_CARE,
    OWN_ORGANISATION,
    OWN_RELATIONSHIP,
)
from db.people.tables import (
    AuthorisationRow,
    GuardianConsentRow,
    GuardianshipRow,
    OrganisationRow,
    PersonMergeRow,
    PersonRow,
    RelationshipRow,
)
from domain.governance.qualification import RelationshipKind
from domain.people.guardians import ConsentSource
from domain.people.relationships import AgeBand, RelationshipSource
from planner import Node, Order, column, expression, many, one, planned

from ..access import P1, P2, P3, REGISTER_KEEPERS, REGISTER_OFFICERS, SAFEGUARDERS, asked_by, holders_of, holders_or_own
from ..membership.types import Member
from ..references import AnyOrganisation, AnyPerson
from ..trusts.types import School
from ..vocabulary import EmailAddress

OF_RELATIONSHIPS = holders_or_own(REGISTER_KEEPERS, OWN_RELATIONSHIP)
RELATIONSHIP_CLASSES = {P1: OF_RELATIONSHIPS, P2: OF_RELATIONSHIPS}
OF_CHILDREN = holders_or_own(
    SAFEGUARDERS, "{row}.child_id = {viewer.person_id} or {row}.guardian_id = {viewer.person_id}"
)
OF_ORGANISATIONS = holders_or_own(REGISTER_KEEPERS, OWN_ORGANISATION)
OF_AUTHORISATIONS = holders_or_own(REGISTER_KEEPERS, OWN_AUTHORISATION)


@planned(
    RelationshipRow, row_policy=OF_RELATIONSHIPS, prefix="rel", field_policies=RELATIONSHIP_CLASSES, sensitivity=P2
)
@strawberry.type(description="A dated fact that can make a person eligible.")
class Relationship(Node):
    id: strawberry.ID = column(RelationshipRow.id, description="Opaque id.")
    kind: RelationshipKind = column(RelationshipRow.kind, description="How the person stands to the school or trust.")
    school: School | None = one(RelationshipRow.school_id, description="The school it is about.")
    since: date = column(RelationshipRow.since, description="The first day it holds.")
    until: date | None = column(RelationshipRow.until, description="The first day it no longer holds.")
    source: RelationshipSource = column(RelationshipRow.source, description="Where the fact comes from.")
    evidence: str | None = column(RelationshipRow.evidence, description="What was seen of it.")
    verified_on: date | None = column(
        RelationshipRow.verified_on, description="The day on which an officer saw evidence, whosever word it is."
    )
    learner: AnyPerson | None = one(RelationshipRow.learner_id, description="Whose parent, carer or kin it is.")
    year_group: int | None = column(RelationshipRow.year_group, description="The learner's year group; 0 is reception.")


@planned(GuardianConsentRow, row_policy=OF_CHILDREN, field_policies={P3: OF_CHILDREN}, sensitivity=P3)
@strawberry.type(description="A guardian's consent to a child's membership.")
class GuardianConsent:
    source: ConsentSource = column(GuardianConsentRow.source, description="How it came to the trust.")
    since: date = column(GuardianConsentRow.since, description="The first day it holds.")
    until: date | None = column(
        GuardianConsentRow.until,
        description="The first day it no longer holds, where it was given for a time or taken back.",
    )
    guardian: AnyPerson | None = one(GuardianConsentRow.guardian_id, description="Who consented.")


@planned(GuardianshipRow, row_policy=OF_CHILDREN, field_policies={P3: OF_CHILDREN}, sensitivity=P3)
@strawberry.type(description="Who answers for a child.")
class Guardianship:
    child: AnyPerson | None = one(GuardianshipRow.child_id, description="The child.")
    guardian: AnyPerson | None = one(GuardianshipRow.guardian_id, description="Who answers for them.")
    since: date = column(GuardianshipRow.since, description="The first day.")
    until: date | None = column(
        GuardianshipRow.until, description="The first day no longer, where it was ended before the child is old enough."
    )
    source: RelationshipSource = column(GuardianshipRow.source, description="Where the fact comes from.")
    evidence: str | None = column(GuardianshipRow.evidence, description="What was seen of it.")


@planned(
    AuthorisationRow, row_policy=OF_AUTHORISATIONS, prefix="aut", field_policies={P2: OF_AUTHORISATIONS}, sensitivity=P2
)
@strawberry.type(description="A person's power to act for an organisation.")
class Authorisation(Node):
    id: strawberry.ID = column(AuthorisationRow.id, description="Opaque id.")
    person: AnyPerson | None = one(AuthorisationRow.person_id, description="Who may act.")
    organisation: AnyOrganisation | None = one(AuthorisationRow.organisation_id, description="For whom.")
    since: date = column(AuthorisationRow.since, description="The first day.")
    until: date | None = column(AuthorisationRow.until, description="The first day no longer.")
    document: str = column(AuthorisationRow.document, description="What authorises them.")


@planned(
    OrganisationRow, row_policy=OF_ORGANISATIONS, prefix="org", field_policies={P1: OF_ORGANISATIONS}, sensitivity=P1
)
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


OF_MERGES = holders_of(*REGISTER_KEEPERS)


@planned(PersonMergeRow, row_policy=OF_MERGES, prefix="mrg", field_policies={P2: OF_MERGES}, sensitivity=P2)
@strawberry.type(description="Two records of one person that became one, and perhaps two again.")
class PersonMerge(Node):
    id: strawberry.ID = column(PersonMergeRow.id, description="Opaque id.")
    kept: AnyPerson | None = one(PersonMergeRow.kept_id, description="The record under which the person goes on.")
    merged: AnyPerson | None = one(PersonMergeRow.merged_id, description="The record that became part of it.")
    reason: str = column(PersonMergeRow.reason, description="What showed that they are one person.")
    merged_at: datetime = column(PersonMergeRow.merged_at, description="When.")
    merged_by: AnyPerson | None = one(PersonMergeRow.merged_by_id, description="Who did it.")
    undone_at: datetime | None = column(PersonMergeRow.undone_at, description="When it was undone.")
    undone_by: AnyPerson | None = one(PersonMergeRow.undone_by_id, description="Who undid it.")
    undo_reason: str | None = column(PersonMergeRow.undo_reason, description="What showed that they are two people.")
    stayed: list[str] = column(
        PersonMergeRow.stayed,
        description="Of what the kept record has something still that came, or was changed, after the merge, once it was"
        " undone: kinds of records, as relationship.",
    )


OF_PEOPLE = holders_or_own(REGISTER_KEEPERS, OWN_OR_SAID_TO_BE_IN_CARE)
OF_CONTACT = holders_or_own(REGISTER_KEEPERS, OWN_OR_IN_CARE)


@planned(
    PersonRow,
    row_policy=OF_PEOPLE,
    prefix="per",
    field_policies={P1: OF_PEOPLE, P2: OF_CONTACT, P3: holders_or_own(SAFEGUARDERS, OWN_OR_SAID_TO_BE_IN_CARE)},
    sensitivity=P1,
)
@strawberry.type(description="A human being known to the trust.")
class Person(Node):
    id: strawberry.ID = column(PersonRow.id, description="Opaque id.")
    given_name: str = column(PersonRow.given_name, description="Given name.")
    family_name: str = column(PersonRow.family_name, description="Family name.")
    email: EmailAddress | None = column(PersonRow.email, description="The mailbox, possibly shared.", sensitivity=P2)
    phone: str | None = column(PersonRow.phone, description="Telephone number.", sensitivity=P2)
    contact_address: str | None = column(
        PersonRow.contact_address, description="Where letters go; not the address on the register.", sensitivity=P2
    )
    language: str = column(PersonRow.language, description="The language to be written to in, as en or pl.")
    marketing_opt_out: bool = column(
        PersonRow.marketing_opt_out, description="Wants only what is owed to them: no invitations."
    )
    date_of_birth: date | None = column(PersonRow.date_of_birth, description="Date of birth.", sensitivity=P3)
    died_on: date | None = column(PersonRow.died_on, description="The day of death.", sensitivity=P2)
    age_band: AgeBand | None = expression(AGE_BAND, description="The age, as roughly as is enough.", sensitivity=P3)
    memberships: list[Member] = many(
        MembershipRow.person_id, order=[Order("id")], description="Every membership, past ones included."
    )
    relationships: list[Relationship] = many(
        RelationshipRow.person_id, order=[Order("since"), Order("id")], description="What makes the person eligible."
    )
    guardians: list[Guardianship] | None = many(
        GuardianshipRow.child_id, order=[Order("id")], description="Who answers for them.", sensitivity=P3
    )
    consents: list[GuardianConsent] | None = many(
        GuardianConsentRow.child_id,
        order=[Order("id")],
        description="What their guardians consented to.",
        sensitivity=P3,
    )
    merged_into: AnyPerson | None = one(
        PersonRow.merged_into_id,
        description="The record under which they go on, where two became one; this one is nobody's any more.",
    )
    merges: list[PersonMerge] | None = many(
        "{row}.id in ({other}.kept_id, {other}.merged_id)",
        order=[Order("id")],
        description="When the record became one with another, undone ones included; for officers.",
    )
    looks_the_same: list[AnyPerson] = many(
        f"{asked_by(*REGISTER_OFFICERS)} and {LOOKS_THE_SAME}",
        order=[Order("id")],
        description="Who else bears this name and birth date, and was not told apart by an officer; for officers.",
    )
