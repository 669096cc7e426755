"""Applying, and what becomes of an application and of a membership."""

from dataclasses import asdict
from datetime import date

import strawberry

from actions.members import applications, leavers, memberships
from domain.governance.qualification import RelationshipKind
from planner import written

from ..context import Info
from ..inputs import ActInput, idempotency_key
from ..refusals import Answer, UserError, key_of, perform, written_key
from .types import Member


@strawberry.input(description="A fact that makes you eligible.")
class RelationshipInput:
    kind: RelationshipKind = strawberry.field(description="How you stand to the school or the trust.")
    school_urn: int | None = strawberry.field(default=None, description="The school, by its reference number.")
    since: date | None = strawberry.field(default=None, description="Since when; today when left out.")

    def declared(self) -> applications.DeclaredRelationship:
        return applications.DeclaredRelationship(self.kind, self.school_urn, self.since)


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


@strawberry.type(description="A membership that was written.")
class MemberPayload:
    member: Member | None = written(description="The membership.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


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


@strawberry.type
class MembersMutation:
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
        key, errors = await written_key(
            info, input, lambda work, viewer: applications.apply_for_membership(work, viewer, application)
        )
        if key:
            await info.context.refresh_viewer()  # a newcomer has become a person
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Sends an application that was kept as a draft.")
    async def submit_application(self, info: Info, input: SubmitApplicationInput) -> MemberPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: applications.submit_application(
                work, viewer, key_of("mem", input.id), input.accepts_articles
            ),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Takes an application up for a closer look; for the officer or the clerk.")
    async def review_application(self, info: Info, input: ActInput) -> MemberPayload:
        key, errors = await written_key(
            info, input, lambda work, viewer: applications.review_application(work, viewer, key_of("mem", input.id))
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(
        description="Enters an applicant on the register; for the officer, or the clerk where the board decides."
    )
    async def admit_member(self, info: Info, input: AdmitMemberInput) -> MemberPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: applications.admit_member(work, viewer, key_of("mem", input.id), input.minute),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Refuses an application; for the officer, or the clerk where the board decides.")
    async def refuse_member(self, info: Info, input: RefuseMemberInput) -> MemberPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: applications.refuse_member(work, viewer, key_of("mem", input.id), input.reason),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Takes back one's own application and the consent in it.")
    async def withdraw_application(self, info: Info, input: ActInput) -> MemberPayload:
        key, errors = await written_key(
            info, input, lambda work, viewer: applications.withdraw_application(work, viewer, key_of("mem", input.id))
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Asks to go to another constituency. Admitted, it closes the old membership.")
    async def request_conversion(self, info: Info, input: RequestConversionInput) -> MemberPayload:
        declared = [each.declared() for each in input.relationships]
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: applications.request_conversion(
                work, viewer, key_of("mem", input.id), input.constituency, declared
            ),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Leaves the trust by one's own notice, today.")
    async def resign_membership(self, info: Info, input: ActInput) -> MemberPayload:
        key, errors = await written_key(
            info, input, lambda work, viewer: memberships.resign_membership(work, viewer, key_of("mem", input.id))
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Lets a member's rights rest; for the clerk.")
    async def suspend_member(self, info: Info, input: SuspendMemberInput) -> MemberPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: memberships.suspend_member(work, viewer, key_of("mem", input.id), input.reason),
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Makes a suspended member a full one again; for the clerk.")
    async def end_suspension(self, info: Info, input: ActInput) -> MemberPayload:
        key, errors = await written_key(
            info, input, lambda work, viewer: memberships.end_suspension(work, viewer, key_of("mem", input.id))
        )
        return MemberPayload(member=key, errors=errors)

    @strawberry.mutation(description="Ends the school year: leavers leave, the others move up; for the officer.")
    async def end_school_year(self, info: Info, input: EndSchoolYearInput) -> EndSchoolYearPayload:
        leaving = [leavers.LeavingYear(each.school_urn, each.year_group) for each in input.leaving]

        async def act(work: object) -> Answer:
            done = await leavers.end_school_year(work, info.context.viewer, leaving, input.day, input.dry_run)  # type: ignore[arg-type]
            return {"schools": [asdict(each) for each in done]}

        answer, errors = await perform(info, input.idempotency_key, act, input)
        return EndSchoolYearPayload(
            schools=[SchoolYearEnd(**each) for each in answer.get("schools", [])], errors=errors
        )
