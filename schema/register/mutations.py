"""Changes of names and addresses on the register, and requests to inspect it."""

from datetime import date

import strawberry

from actions.register import changes, inspections
from domain.register.inspections import InspectionDecision
from planner import payload_node

from ..context import Info
from ..membership.types import Member
from ..people.mutations import PersonPayload
from ..refusals import UserError, idempotency_key, key_of, run_mutation_for_key
from .types import InspectionRequest


@strawberry.input(description="A new address on the register.")
class ChangeServiceAddressInput:
    id: strawberry.ID = strawberry.field(description="The membership.")
    service_address: str = strawberry.field(description="The new address.")
    changed_on: date | None = strawberry.field(default=None, description="The day of the change; today when left out.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A new name of a person.")
class ChangeNameInput:
    person_id: strawberry.ID = strawberry.field(description="The person.")
    given_name: str = strawberry.field(description="Given name.")
    family_name: str = strawberry.field(description="Family name.")
    changed_on: date | None = strawberry.field(default=None, description="The day of the change; today when left out.")
    is_correction: bool = strawberry.field(default=False, description="The name was written down wrongly before.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What the law asks of whoever wants to inspect the register.")
class RequestInspectionInput:
    name: str = strawberry.field(description="Your name, or the organisation's and who answers for it.")
    address: str = strawberry.field(description="Your address.")
    purpose: str = strawberry.field(description="What the information is for.")
    onward_disclosure: str = strawberry.field(description="To whom it will be disclosed, and what for; or to nobody.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The answer to a request to inspect the register.")
class AnswerInspectionInput:
    id: strawberry.ID = strawberry.field(description="The request.")
    decision: InspectionDecision = strawberry.field(description="What was done.")
    note: str | None = strawberry.field(default=None, description="Anything worth noting.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A membership whose entry was changed.")
class RegisterPayload:
    member: Member | None = payload_node(description="The membership.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="A request to inspect the register that was written.")
class InspectionPayload:
    request: InspectionRequest | None = payload_node(description="The request.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class RegisterMutation:
    @strawberry.mutation(description="Changes the address on the register; by the member or the membership officer.")
    async def change_service_address(self, info: Info, input: ChangeServiceAddressInput) -> RegisterPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: changes.change_service_address(
                transaction, viewer, key_of("mem", input.id), input.service_address, input.changed_on
            ),
        )
        return RegisterPayload(member=key, errors=errors)

    @strawberry.mutation(description="Changes a person's name, also on the register; for the membership officer.")
    async def change_name(self, info: Info, input: ChangeNameInput) -> PersonPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: changes.change_name(
                transaction,
                viewer,
                key_of("per", input.person_id, "personId"),
                input.given_name,
                input.family_name,
                input.changed_on,
                input.is_correction,
            ),
        )
        return PersonPayload(person=key, errors=errors)

    @strawberry.mutation(description="Asks to inspect the register; anybody with a confirmed mailbox may.")
    async def request_inspection(self, info: Info, input: RequestInspectionInput) -> InspectionPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: inspections.request_inspection(
                transaction, viewer, input.name, input.address, input.purpose, input.onward_disclosure
            ),
        )
        return InspectionPayload(request=key, errors=errors)

    @strawberry.mutation(description="Notes how a request was answered; for the membership officer or the clerk.")
    async def answer_inspection(self, info: Info, input: AnswerInspectionInput) -> InspectionPayload:
        key, errors = await run_mutation_for_key(
            info,
            input,
            lambda transaction, viewer: inspections.answer_inspection(
                transaction, viewer, key_of("ins", input.id), input.decision, input.note
            ),
        )
        return InspectionPayload(request=key, errors=errors)
