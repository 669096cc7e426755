"""Schools joining, leaving and converting."""

from datetime import date

import strawberry

from actions.trusts import schools
from domain.trusts.schools import AffiliationKind
from planner import payload_node

from ..context import Info
from ..refusals import UserError, idempotency_key, key_of, run_mutation_for_key
from .types import School


@strawberry.input(description="A school that comes to belong to the trust.")
class AffiliateSchoolInput:
    school_id: strawberry.ID = strawberry.field(description="The school.")
    kind: AffiliationKind = strawberry.field(description="The way it belongs.")
    since: date = strawberry.field(description="The first day.")
    cohort: str | None = strawberry.field(default=None, description="The wave of schools it joins with.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A school that ceases to belong to the trust.")
class EndAffiliationInput:
    school_id: strawberry.ID = strawberry.field(description="The school.")
    until: date = strawberry.field(description="The first day on which it no longer belongs.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A school that goes on under a new number.")
class ConvertSchoolInput:
    school_id: strawberry.ID = strawberry.field(description="The school.")
    urn: int = strawberry.field(description="The new unique reference number.")
    converted_on: date = strawberry.field(description="The day of the change.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A school that was written.")
class SchoolPayload:
    school: School | None = payload_node(description="The school.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class OrganisationsMutation:
    @strawberry.mutation(description="Lets a school belong to the trust from a day on; for the clerk.")
    async def affiliate_school(self, info: Info, input: AffiliateSchoolInput) -> SchoolPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: schools.affiliate_school(
                transaction, viewer, key_of("sch", input.school_id, "schoolId"), input.kind, input.since, input.cohort
            ),
        )
        return SchoolPayload(school=key, errors=errors)

    @strawberry.mutation(description="Ends a school's belonging to the trust; memberships that rest on it lapse.")
    async def end_affiliation(self, info: Info, input: EndAffiliationInput) -> SchoolPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: schools.end_affiliation(
                transaction, viewer, key_of("sch", input.school_id, "schoolId"), input.until
            ),
        )
        return SchoolPayload(school=key, errors=errors)

    @strawberry.mutation(description="Gives a school its new number after conversion; everything about it stays.")
    async def convert_school(self, info: Info, input: ConvertSchoolInput) -> SchoolPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: schools.convert_school(
                transaction, viewer, key_of("sch", input.school_id, "schoolId"), input.urn, input.converted_on
            ),
        )
        return SchoolPayload(school=key, errors=errors)
