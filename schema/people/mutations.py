"""What is known about people, children and organisations."""

from dataclasses import asdict
from datetime import date
from typing import Any

import strawberry

from actions.people import contact, guardians, relationships, representatives, school_year
from domain.governance.qualification import RelationshipKind
from domain.people.guardians import ConsentSource
from planner import payload_node

from ..context import Info
from ..references import AnyPerson
from ..refusals import Answer, UserError, idempotency_key, key_of, run_mutation, run_mutation_for_key
from .types import Organisation


@strawberry.input(description="A fact that makes you eligible.")
class RelationshipInput:
    kind: RelationshipKind = strawberry.field(description="How you stand to the school or the trust.")
    school_urn: int | None = strawberry.field(default=None, description="The school, by its reference number.")
    since: date | None = strawberry.field(default=None, description="Since when; today when left out.")

    def declared(self) -> relationships.DeclaredRelationship:
        return relationships.DeclaredRelationship(self.kind, self.school_urn, self.since)


@strawberry.input(description="The year group after which learners leave a school.")
class LeavingYearInput:
    school_urn: int = strawberry.field(description="The school, by its reference number.")
    year_group: int = strawberry.field(description="The last year group there; 0 is reception.")


@strawberry.input(description="The end of a school year.")
class EndSchoolYearInput:
    leaving: list[LeavingYearInput] = strawberry.field(description="The schools, each with its last year group.")
    day: date = strawberry.field(description="The first day on which the leavers are no learners there.")
    dry_run: bool = strawberry.field(default=True, description="Only say what would happen.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What the end of the year does at one school.")
class SchoolYearEnd:
    school_urn: int = strawberry.field(description="The school.")
    learners: int = strawberry.field(description="Learners who leave.")
    families: int = strawberry.field(description="Parents, carers and kin whose learner leaves.")
    moved_up: int = strawberry.field(description="Facts about learners who move a year up.")


@strawberry.type(description="What the end of the year did, or would do.")
class EndSchoolYearPayload:
    schools: list[SchoolYearEnd] = strawberry.field(default_factory=list, description="School by school.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


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


@strawberry.type(description="A person who was written.")
class PersonPayload:
    person: AnyPerson | None = payload_node(description="The person.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="An organisation that was written.")
class OrganisationPayload:
    organisation: Organisation | None = payload_node(description="The organisation.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class PeopleMutation:
    @strawberry.mutation(description="Adds a relationship to one's own.")
    async def declare_relationship(self, info: Info, input: DeclareRelationshipInput) -> PersonPayload:
        declared = input.relationship.declared()
        key, errors = await run_mutation_for_key(
            info, input, lambda transaction, viewer: relationships.declare_relationship(transaction, viewer, declared)
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Notes that evidence was seen; for the membership officer.")
    async def verify_relationship(self, info: Info, input: VerifyRelationshipInput) -> PersonPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: relationships.verify_relationship(
                transaction, viewer, key_of("rel", input.id), input.evidence
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Ends a relationship; by the person or the membership officer.")
    async def end_relationship(self, info: Info, input: EndRelationshipInput) -> PersonPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: relationships.end_relationship(
                transaction, viewer, key_of("rel", input.id), input.until
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Changes how somebody is reached; by them, a guardian or the officer.")
    async def change_contact(self, info: Info, input: ChangeContactInput) -> PersonPayload:
        changed = contact.Contact(
            input.email, input.phone, input.contact_address, input.language, input.marketing_opt_out
        )
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: contact.change_contact(
                transaction, viewer, key_of("per", input.person_id, "personId"), changed
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Records who answers for a child; for the membership officer.")
    async def record_guardian(self, info: Info, input: RecordGuardianInput) -> PersonPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: guardians.record_guardian(
                transaction,
                viewer,
                key_of("per", input.child_id, "childId"),
                key_of("per", input.guardian_id, "guardianId"),
                input.evidence,
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Ends a guardianship and the consent given in it; for the membership officer.")
    async def end_guardianship(self, info: Info, input: EndGuardianshipInput) -> PersonPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: guardians.end_guardianship(
                transaction,
                viewer,
                key_of("per", input.child_id, "childId"),
                key_of("per", input.guardian_id, "guardianId"),
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Consents to a child's membership; for their guardian.")
    async def give_consent(self, info: Info, input: GiveConsentInput) -> PersonPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: guardians.give_consent(
                transaction,
                viewer,
                key_of("per", input.child_id, "childId"),
                input.expires_on,
                (key_of("per", input.guardian_id, "guardianId"), input.source) if input.guardian_id else None,
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Takes a guardian's consent back; a membership that rests on it lapses.")
    async def withdraw_consent(self, info: Info, input: WithdrawConsentInput) -> PersonPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: guardians.withdraw_consent(
                transaction, viewer, key_of("per", input.child_id, "childId")
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Lets somebody more act for an organisation; by a representative or the officer.")
    async def authorise_representative(self, info: Info, input: AuthoriseRepresentativeInput) -> OrganisationPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: representatives.authorise_representative(
                transaction,
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
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: representatives.revoke_authorisation(
                transaction, viewer, key_of("aut", input.id)
            ),
        )
        return OrganisationPayload(organisation=key, errors=errors)

    @strawberry.mutation(description="Ends the school year: leavers leave, the others move up; for the officer.")
    async def end_school_year(self, info: Info, input: EndSchoolYearInput) -> EndSchoolYearPayload:
        leaving = [school_year.LeavingYear(each.school_urn, each.year_group) for each in input.leaving]

        async def act(transaction: Any) -> Answer:
            done = await school_year.end_school_year(
                transaction, info.context.viewer, leaving, input.day, input.dry_run
            )
            return {"schools": [asdict(each) for each in done]}

        answer, errors = await run_mutation(info, input.idempotency_key, act, input)
        return EndSchoolYearPayload(
            schools=[SchoolYearEnd(**each) for each in answer.get("schools", [])], errors=errors
        )
