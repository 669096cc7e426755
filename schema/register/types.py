"""The statutory register: its lines, and requests to inspect it."""

from datetime import date, datetime

import strawberry

from db.people.reads import OF_OWN_PERSON
from db.register.reads import OF_OWN_MAILBOX
from db.register.tables import InspectionRequestRow, RegisterLineRow
from domain.register.inspections import InspectionDecision
from domain.register.lines import RegisterChange
from planner import Node, column, one, planned

from ..access import P1, P2, REGISTER_KEEPERS, REGISTER_OFFICERS, holders_or_mailbox
from ..governance.types import Constituency
from ..membership.types import ABOUT_MEMBERSHIPS, Member
from ..references import AnyPerson
from ..vocabulary import EmailAddress

OF_REQUESTS = holders_or_mailbox((*REGISTER_OFFICERS, *REGISTER_KEEPERS), OF_OWN_PERSON, OF_OWN_MAILBOX)


@planned(
    RegisterLineRow,
    row_policy=ABOUT_MEMBERSHIPS,
    prefix="reg",
    field_policies={P1: ABOUT_MEMBERSHIPS, P2: ABOUT_MEMBERSHIPS},
    sensitivity=P1,
)
@strawberry.type(description="A line of the statutory register: an entry as it stood after one change. Never altered.")
class RegisterLine(Node):
    id: strawberry.ID = column(RegisterLineRow.id, description="Opaque id.")
    number: int = column(RegisterLineRow.number, description="The number of the entry.")
    line: int = column(RegisterLineRow.line, description="Which line of the entry this is, from 1.")
    change: RegisterChange = column(RegisterLineRow.change, description="What the line says happened.")
    name: str = column(RegisterLineRow.name, description="The member's name.")
    service_address: str | None = column(
        RegisterLineRow.service_address, description="The service address.", sensitivity=P2
    )
    constituency: Constituency | None = one(RegisterLineRow.constituency_id, description="The class of membership.")
    is_company_member: bool = column(RegisterLineRow.is_company_member, description="A member of the company itself.")
    guarantee_pence: int = column(RegisterLineRow.guarantee_pence, description="The guarantee given, in pence.")
    share_pence: int = column(RegisterLineRow.share_pence, description="The share held, in pence.")
    registered_on: date = column(RegisterLineRow.registered_on, description="The day the member was registered.")
    ceased_on: date | None = column(RegisterLineRow.ceased_on, description="The day they ceased to be a member.")
    changed_on: date = column(RegisterLineRow.changed_on, description="The day of the change.")
    entered_at: datetime = column(RegisterLineRow.entered_at, description="When the change was written down.")
    member: Member | None = one(RegisterLineRow.membership_id, description="The membership.")


@planned(
    InspectionRequestRow,
    row_policy=OF_REQUESTS,
    prefix="ins",
    field_policies={P2: OF_REQUESTS},
    sensitivity=P2,
)
@strawberry.type(description="A request to inspect the register (Companies Act 2006 s.116).")
class InspectionRequest(Node):
    id: strawberry.ID = column(InspectionRequestRow.id, description="Opaque id.")
    name: str = column(InspectionRequestRow.name, description="Who asks.")
    address: str = column(InspectionRequestRow.address, description="Their address.")
    email: EmailAddress | None = column(InspectionRequestRow.email, description="The mailbox it came from.")
    purpose: str = column(InspectionRequestRow.purpose, description="What the information is for.")
    onward_disclosure: str = column(
        InspectionRequestRow.onward_disclosure, description="To whom it will be disclosed, and what for."
    )
    asked_on: date = column(InspectionRequestRow.asked_on, description="The day of asking.")
    due_on: date = column(InspectionRequestRow.due_on, description="The last working day to comply or go to court.")
    decision: InspectionDecision | None = column(InspectionRequestRow.decision, description="How it was answered.")
    note: str | None = column(InspectionRequestRow.note, description="What was noted with the answer.")
    answered_on: date | None = column(InspectionRequestRow.answered_on, description="The day of the answer.")
    answered_by: AnyPerson | None = one(InspectionRequestRow.answered_by_id, description="Who answered.")
