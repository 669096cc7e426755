"""What is known about people, children and organisations: the mutations."""

from datetime import date

import strawberry

from actions.members import memberships, organisations, people
from domain.members.guardians import ConsentSource
from planner import written

from ..context import Info
from ..inputs import idempotency_key
from ..refusals import UserError, key_of, written_key
from .mutations import MemberPayload, RelationshipInput
from .register import PersonPayload
from .types import Organisation


@strawberry.input(description="A relationship to add to one's own.")
class DeclareRelationshipInput:
    relationship: RelationshipInput = strawberry.field(description="The fact.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A relationship of which evidence was seen.")
class VerifyRelationshipInput:
    id: strawberry.ID = strawberry.field(description="The relationship.")
    evidence: str = strawberry.field(description="What was seen.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A relationship that ends.")
class EndRelationshipInput:
    id: strawberry.ID = strawberry.field(description="The relationship.")
    until: date = strawberry.field(description="The first day it no longer holds.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="How somebody is reached. What is left out stays; an empty text forgets.")
class ChangeContactInput:
    person_id: strawberry.ID = strawberry.field(description="The person.")
    email: str | None = strawberry.field(default=None, description="The mailbox; only the officer may change it.")
    phone: str | None = strawberry.field(default=None, description="Telephone number.")
    contact_address: str | None = strawberry.field(default=None, description="Where letters go.")
    language: str | None = strawberry.field(default=None, description="The language to be written to in, as en or pl.")
    marketing_opt_out: bool | None = strawberry.field(default=None, description="Wants only what is owed to them.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A child of yours, or one you answer for. Registering them is your consent.")
class RegisterChildInput:
    given_name: str = strawberry.field(description="Given name.")
    family_name: str = strawberry.field(description="Family name.")
    date_of_birth: date = strawberry.field(description="Date of birth.")
    school_urn: int = strawberry.field(description="The school they learn at, by its reference number.")
    service_address: str = strawberry.field(
        description="The address on the register; an inspection shows the school's instead."
    )
    constituency: str = strawberry.field(default="LEARNER", description="The code of the constituency to join.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Who answers for a child.")
class RecordGuardianInput:
    child_id: strawberry.ID = strawberry.field(description="The child.")
    guardian_id: strawberry.ID = strawberry.field(description="Who answers for them.")
    evidence: str = strawberry.field(description="What was seen.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Who answers for a child no longer.")
class EndGuardianshipInput:
    child_id: strawberry.ID = strawberry.field(description="The child.")
    guardian_id: strawberry.ID = strawberry.field(description="Who answered for them.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A guardian's consent.")
class GiveConsentInput:
    child_id: strawberry.ID = strawberry.field(description="The child.")
    expires_on: date | None = strawberry.field(
        default=None, description="The first day without it; at the latest when they answer for themself."
    )
    guardian_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose consent the membership officer has on paper; a guardian leaves it out."
    )
    source: ConsentSource = strawberry.field(
        default=ConsentSource.FORM, description="How the officer has it; a guardian leaves it out."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A guardian's consent taken back.")
class WithdrawConsentInput:
    child_id: strawberry.ID = strawberry.field(description="The child.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Somebody who has died.")
class RecordDeathInput:
    person_id: strawberry.ID = strawberry.field(description="The person.")
    died_on: date = strawberry.field(description="The day of death.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The application of an organisation by its authorised representative, you.")
class ApplyForOrganisationInput:
    name: str = strawberry.field(description="The organisation's name.")
    kind: str = strawberry.field(description="What sort of organisation it is.")
    registered_number: str | None = strawberry.field(default=None, description="Its company or charity number.")
    constituency: str = strawberry.field(description="The code of the constituency to join.")
    service_address: str = strawberry.field(description="The address to stand on the register.")
    document: str = strawberry.field(description="What authorises you: a minute, a letter.")
    authorised_until: date | None = strawberry.field(default=None, description="The first day without that power.")
    accepts_articles: bool = strawberry.field(description="It agrees to be a member under the trust's articles.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Somebody more to act for an organisation.")
class AuthoriseRepresentativeInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation.")
    person_id: strawberry.ID = strawberry.field(description="Who may act.")
    until: date | None = strawberry.field(default=None, description="The first day without that power.")
    document: str = strawberry.field(description="What authorises them.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An authorisation to end today.")
class RevokeAuthorisationInput:
    id: strawberry.ID = strawberry.field(description="The authorisation.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An organisation that ceased to exist.")
class DissolveOrganisationInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation.")
    dissolved_on: date = strawberry.field(description="The day it ceased to exist, or merged into another.")
    reason: str = strawberry.field(description="What became of it.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="An organisation that was written.")
class OrganisationPayload:
    organisation: Organisation | None = written(description="The organisation.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class PeopleMutation:
    @strawberry.mutation(description="Adds a relationship to one's own.")
    async def declare_relationship(self, info: Info, input: DeclareRelationshipInput) -> PersonPayload:
        declared = input.relationship.declared()
        key, errors = await written_key(
            info, input, lambda work, viewer: people.declare_relationship(work, viewer, declared)
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Notes that evidence was seen; for the membership officer.")
    async def verify_relationship(self, info: Info, input: VerifyRelationshipInput) -> PersonPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: people.verify_relationship(work, viewer, key_of("rel", input.id), input.evidence),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Ends a relationship; by the person or the membership officer.")
    async def end_relationship(self, info: Info, input: EndRelationshipInput) -> PersonPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: people.end_relationship(work, viewer, key_of("rel", input.id), input.until),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Changes how somebody is reached; by them, a guardian or the officer.")
    async def change_contact(self, info: Info, input: ChangeContactInput) -> PersonPayload:
        contact = people.Contact(
            input.email, input.phone, input.contact_address, input.language, input.marketing_opt_out
        )
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: people.change_contact(
                work, viewer, key_of("per", input.person_id, "personId"), contact
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Puts a child on record, consents and applies for them; for their guardian.")
    async def register_child(self, info: Info, input: RegisterChildInput) -> MemberPayload:
        child = people.Child(
            input.given_name,
            input.family_name,
            input.date_of_birth,
            input.school_urn,
            input.service_address,
            input.constituency,
        )
        key, errors = await written_key(info, input, lambda work, viewer: people.register_child(work, viewer, child))
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Records who answers for a child; for the membership officer.")
    async def record_guardian(self, info: Info, input: RecordGuardianInput) -> PersonPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: people.record_guardian(
                work,
                viewer,
                key_of("per", input.child_id, "childId"),
                key_of("per", input.guardian_id, "guardianId"),
                input.evidence,
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Ends a guardianship and the consent given in it; for the membership officer.")
    async def end_guardianship(self, info: Info, input: EndGuardianshipInput) -> PersonPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: people.end_guardianship(
                work,
                viewer,
                key_of("per", input.child_id, "childId"),
                key_of("per", input.guardian_id, "guardianId"),
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Consents to a child's membership; for their guardian.")
    async def give_consent(self, info: Info, input: GiveConsentInput) -> PersonPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: people.give_consent(
                work,
                viewer,
                key_of("per", input.child_id, "childId"),
                input.expires_on,
                (key_of("per", input.guardian_id, "guardianId"), input.source) if input.guardian_id else None,
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Takes a guardian's consent back; a membership that rests on it lapses.")
    async def withdraw_consent(self, info: Info, input: WithdrawConsentInput) -> PersonPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: people.withdraw_consent(work, viewer, key_of("per", input.child_id, "childId")),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Ends every membership of somebody who has died; for the membership officer.")
    async def record_death(self, info: Info, input: RecordDeathInput) -> PersonPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: memberships.record_death(
                work, viewer, key_of("per", input.person_id, "personId"), input.died_on
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Applies for membership in the name of an organisation.")
    async def apply_for_organisation(self, info: Info, input: ApplyForOrganisationInput) -> MemberPayload:
        application = organisations.OrganisationApplication(
            input.name,
            input.kind,
            input.registered_number,
            input.constituency,
            input.service_address,
            input.document,
            input.authorised_until,
            input.accepts_articles,
        )
        key, errors = await written_key(
            info, input, lambda work, viewer: organisations.apply_for_organisation(work, viewer, application)
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Lets somebody more act for an organisation; by a representative or the officer.")
    async def authorise_representative(self, info: Info, input: AuthoriseRepresentativeInput) -> OrganisationPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: organisations.authorise_representative(
                work,
                viewer,
                key_of("org", input.organisation_id, "organisationId"),
                key_of("per", input.person_id, "personId"),
                input.until,
                input.document,
            ),
        )
        return OrganisationPayload(organisation=key, errors=errors)

    @strawberry.mutation(description="Ends somebody's power to act for an organisation, today.")
    async def revoke_authorisation(self, info: Info, input: RevokeAuthorisationInput) -> OrganisationPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: organisations.revoke_authorisation(work, viewer, key_of("aut", input.id)),
        )
        return OrganisationPayload(organisation=key, errors=errors)

    @strawberry.mutation(description="Ends the membership of an organisation that is no more; for the officer.")
    async def dissolve_organisation(self, info: Info, input: DissolveOrganisationInput) -> OrganisationPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: memberships.dissolve_organisation(
                work,
                viewer,
                key_of("org", input.organisation_id, "organisationId"),
                input.dissolved_on,
                input.reason,
            ),
        )
        return OrganisationPayload(organisation=key, errors=errors)
