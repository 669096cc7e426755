"""The statutory register: its lines, requests to inspect it, and changes of names and addresses."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from actions.members import register
from db.members.reads import LAST_LINE, LINE_AS_AT, OF_OWN_PERSON
from db.members.register_tables import InspectionRequestRow, RegisterEntryRow
from domain.members.register import InspectionDecision, RegisterChange
from planner import Filter, column, one, planned, written

from ..access import P1, P2, REGISTER_KEEPERS, REGISTER_OFFICERS, holders_or_own
from ..context import Info
from ..governance.types import Constituency
from ..inputs import idempotency_key
from ..refusals import UserError, key_of, written_key
from ..relay import Node
from .types import ABOUT_MEMBERSHIPS, SOMEBODY, Member, Person

OF_REQUESTS = holders_or_own((*REGISTER_OFFICERS, *REGISTER_KEEPERS), OF_OWN_PERSON)
AS_AT_MOMENT = Filter(LINE_AS_AT, "timestamptz", absent=LAST_LINE)


@planned(
    RegisterEntryRow,
    rows=ABOUT_MEMBERSHIPS,
    prefix="reg",
    classes={P1: ABOUT_MEMBERSHIPS, P2: ABOUT_MEMBERSHIPS},
    field_class=P1,
)
@strawberry.type(description="A line of the statutory register: an entry as it stood after one change. Never altered.")
class RegisterEntry(Node):
    id: strawberry.ID = column(RegisterEntryRow.id, description="Opaque id.")
    number: int = column(RegisterEntryRow.number, description="The number of the entry.")
    line: int = column(RegisterEntryRow.line, description="Which line of the entry this is, from 1.")
    change: RegisterChange = column(RegisterEntryRow.change, description="What the line says happened.")
    name: str = column(RegisterEntryRow.name, description="The member's name.")
    service_address: str | None = column(RegisterEntryRow.service_address, description="The service address.", cls=P2)
    constituency: Constituency | None = one(RegisterEntryRow.constituency_id, description="The class of membership.")
    is_company_member: bool = column(RegisterEntryRow.is_company_member, description="A member of the company itself.")
    guarantee_pence: int = column(RegisterEntryRow.guarantee_pence, description="The guarantee given, in pence.")
    share_pence: int = column(RegisterEntryRow.share_pence, description="The share held, in pence.")
    registered_on: date = column(RegisterEntryRow.registered_on, description="The day the member was registered.")
    ceased_on: date | None = column(RegisterEntryRow.ceased_on, description="The day they ceased to be a member.")
    changed_on: date = column(RegisterEntryRow.changed_on, description="The day of the change.")
    entered_at: datetime = column(RegisterEntryRow.entered_at, description="When the change was written down.")
    member: Member | None = one(RegisterEntryRow.membership_id, description="The membership.")


@planned(
    InspectionRequestRow,
    rows=OF_REQUESTS,
    prefix="ins",
    classes={P2: OF_REQUESTS},
    field_class=P2,
)
@strawberry.type(description="A request to inspect the register (Companies Act 2006 s.116).")
class InspectionRequest(Node):
    id: strawberry.ID = column(InspectionRequestRow.id, description="Opaque id.")
    name: str = column(InspectionRequestRow.name, description="Who asks.")
    address: str = column(InspectionRequestRow.address, description="Their address.")
    purpose: str = column(InspectionRequestRow.purpose, description="What the information is for.")
    onward_disclosure: str = column(
        InspectionRequestRow.onward_disclosure, description="To whom it will be disclosed, and what for."
    )
    asked_on: date = column(InspectionRequestRow.asked_on, description="The day of asking.")
    due_on: date = column(InspectionRequestRow.due_on, description="The last working day to comply or go to court.")
    decision: InspectionDecision | None = column(InspectionRequestRow.decision, description="How it was answered.")
    note: str | None = column(InspectionRequestRow.note, description="What was noted with the answer.")
    answered_on: date | None = column(InspectionRequestRow.answered_on, description="The day of the answer.")
    answered_by: SOMEBODY | None = one(InspectionRequestRow.answered_by_id, description="Who answered.")


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
    member: Member | None = written(description="The membership.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="A person who was written.")
class PersonPayload:
    person: Annotated["Person", strawberry.lazy("schema.members.types")] | None = written(description="The person.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type(description="A request to inspect the register that was written.")
class InspectionPayload:
    request: InspectionRequest | None = written(description="The request.")
    errors: list[UserError] = strawberry.field(default_factory=list, description="Why nothing was done.")


@strawberry.type
class RegisterMutation:
    @strawberry.mutation(description="Changes the address on the register; by the member or the membership officer.")
    async def change_service_address(self, info: Info, input: ChangeServiceAddressInput) -> RegisterPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: register.change_service_address(
                work, viewer, key_of("mem", input.id), input.service_address, input.changed_on
            ),
        )
        return RegisterPayload(member=key, errors=errors)

    @strawberry.mutation(description="Changes a person's name, also on the register; for the membership officer.")
    async def change_name(self, info: Info, input: ChangeNameInput) -> PersonPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: register.change_name(
                work,
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
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: register.request_inspection(
                work, viewer, input.name, input.address, input.purpose, input.onward_disclosure
            ),
        )
        return InspectionPayload(request=key, errors=errors)

    @strawberry.mutation(description="Notes how a request was answered; for the membership officer or the clerk.")
    async def answer_inspection(self, info: Info, input: AnswerInspectionInput) -> InspectionPayload:
        key, errors = await written_key(
            info,
            input,
            lambda work, viewer: register.answer_inspection(
                work, viewer, key_of("ins", input.id), input.decision, input.note
            ),
        )
        return InspectionPayload(request=key, errors=errors)
