"""Applying, and what becomes of an application and of a membership."""

from datetime import date

import strawberry

from actions.membership import applications, children, conversions, decisions, memberships, organisations
from planner import payload_node

from ..context import Info
from ..people.mutations import OrganisationPayload, PersonPayload, RelationshipInput
from ..refusals import ActInput, UserError, idempotency_key, key_of, run_mutation_for_key
from .types import Member


@strawberry.input(description="An application for membership.")
class ApplyForMembershipInput:
    given_name: str = strawberry.field(description="Given name.")
    family_name: str = strawberry.field(description="Family name.")
    date_of_birth: date | None = strawberry.field(
        default=None, description="Needed where the constituency asks for an age."
    )
    constituency: str = strawberry.field(description="The code of the constituency to join.")
    relationships: list[RelationshipInput] = strawberry.field(description="What makes you eligible, one to ten facts.")
    service_address: str = strawberry.field(description="The address to stand on the register.")
    accepts_articles: bool = strawberry.field(description="You agree to be a member under the trust's articles.")
    draft: bool = strawberry.field(default=False, description="Keep it for later; send it with submitApplication.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A draft to send.")
class SubmitApplicationInput:
    id: strawberry.ID = strawberry.field(description="The application.")
    accepts_articles: bool = strawberry.field(description="You agree to be a member under the trust's articles.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An application to admit.")
class AdmitMemberInput:
    id: strawberry.ID = strawberry.field(description="The application.")
    minute: str | None = strawberry.field(default=None, description="Where the board's decision stands, if it decides.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An application to refuse.")
class RefuseMemberInput:
    id: strawberry.ID = strawberry.field(description="The application.")
    reason: str = strawberry.field(description="The reason the applicant is told.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A member whose rights are to rest.")
class SuspendMemberInput:
    id: strawberry.ID = strawberry.field(description="The membership.")
    reason: str = strawberry.field(description="Why.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Another constituency to go to.")
class RequestConversionInput:
    id: strawberry.ID = strawberry.field(description="Your membership.")
    constituency: str = strawberry.field(description="The code of the constituency to go to.")
    relationships: list[RelationshipInput] = strawberry.field(
        default_factory=list, description="What makes you eligible there, where it is not on record."
    )
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


@strawberry.input(description="An organisation that ceased to exist.")
class DissolveOrganisationInput:
    organisation_id: strawberry.ID = strawberry.field(description="The organisation.")
    dissolved_on: date = strawberry.field(description="The day it ceased to exist, or merged into another.")
    reason: str = strawberry.field(description="What became of it.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A membership that was written.")
class MemberPayload:
    member: Member | None = payload_node(description="The membership.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class MembershipMutation:
    @strawberry.mutation(description="Applies for membership in the name of the caller.")
    async def apply_for_membership(self, info: Info, input: ApplyForMembershipInput) -> MemberPayload:
        application = applications.Application(
            given_name=input.given_name,
            family_name=input.family_name,
            date_of_birth=input.date_of_birth,
            constituency=input.constituency,
            relationships=[each.declared() for each in input.relationships],
            service_address=input.service_address,
            accepts_articles=input.accepts_articles,
            is_draft=input.draft,
        )
        key, errors = await run_mutation_for_key(
            info, input, lambda transaction, viewer: applications.apply_for_membership(transaction, viewer, application)
        )
        if key:
            await info.context.refresh_viewer()  # a newcomer has become a person
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Sends an application that was kept as a draft.")
    async def submit_application(self, info: Info, input: SubmitApplicationInput) -> MemberPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: applications.submit_application(
                transaction, viewer, key_of("mem", input.id), input.accepts_articles
            ),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Takes an application up for a closer look; for the officer or the clerk.")
    async def review_application(self, info: Info, input: ActInput) -> MemberPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: decisions.review_application(transaction, viewer, key_of("mem", input.id)),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(
        description="Enters an applicant on the register; for the officer, or the clerk where the board decides."
    )
    async def admit_member(self, info: Info, input: AdmitMemberInput) -> MemberPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: decisions.admit_member(
                transaction, viewer, key_of("mem", input.id), input.minute
            ),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Refuses an application; for the officer, or the clerk where the board decides.")
    async def refuse_member(self, info: Info, input: RefuseMemberInput) -> MemberPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: decisions.refuse_member(
                transaction, viewer, key_of("mem", input.id), input.reason
            ),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Takes back one's own application and the consent in it.")
    async def withdraw_application(self, info: Info, input: ActInput) -> MemberPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: applications.withdraw_application(transaction, viewer, key_of("mem", input.id)),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Asks to go to another constituency. Admitted, it closes the old membership.")
    async def request_conversion(self, info: Info, input: RequestConversionInput) -> MemberPayload:
        declared = [each.declared() for each in input.relationships]
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: conversions.request_conversion(
                transaction, viewer, key_of("mem", input.id), input.constituency, declared
            ),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Leaves the trust by one's own notice, today.")
    async def resign_membership(self, info: Info, input: ActInput) -> MemberPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: memberships.resign_membership(transaction, viewer, key_of("mem", input.id)),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Lets a member's rights rest; for the clerk.")
    async def suspend_member(self, info: Info, input: SuspendMemberInput) -> MemberPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: memberships.suspend_member(
                transaction, viewer, key_of("mem", input.id), input.reason
            ),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Makes a suspended member a full one again; for the clerk.")
    async def end_suspension(self, info: Info, input: ActInput) -> MemberPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: memberships.end_suspension(transaction, viewer, key_of("mem", input.id)),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Puts a child on record, consents and applies for them; for their guardian.")
    async def register_child(self, info: Info, input: RegisterChildInput) -> MemberPayload:
        child = children.Child(
            input.given_name,
            input.family_name,
            input.date_of_birth,
            input.school_urn,
            input.service_address,
            input.constituency,
        )
        key, errors = await run_mutation_for_key(
            info, input, lambda transaction, viewer: children.register_child(transaction, viewer, child)
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Ends every membership of somebody who has died; for the membership officer.")
    async def record_death(self, info: Info, input: RecordDeathInput) -> PersonPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: memberships.record_death(
                transaction, viewer, key_of("per", input.person_id, "personId"), input.died_on
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
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: organisations.apply_for_organisation(transaction, viewer, application),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Ends the membership of an organisation that is no more; for the officer.")
    async def dissolve_organisation(self, info: Info, input: DissolveOrganisationInput) -> OrganisationPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: memberships.dissolve_organisation(
                transaction,
                viewer,
                key_of("org", input.organisation_id, "organisationId"),
                input.dissolved_on,
                input.reason,
            ),
        )
        return OrganisationPayload(organisation=key, errors=errors)
