"""Everything that can be read."""

from datetime import date, datetime
from typing import Any

import strawberry

from planner import Connection, Node, Order, any_node, connection, lookup

from .consultations.types import CONSULTATION_FILTERS, Consultation, ConsultationFilter
from .identity.types import Viewer
from .intake.types import Import
from .membership.types import AS_AT, MEMBER_FILTERS, MEMBER_ORDERS, Member, MemberFilter, MemberOrder, Removal
from .notifications.types import NOTICE_FILTERS, Notice, NoticeFilter
from .partners.types import Partner
from .polls.types import Poll
from .privacy.types import DataRequest
from .register.types import AS_AT_MOMENT, InspectionRequest, RegisterLine
from .trusts.types import SCHOOL_ORDERS, School, SchoolOrder, Trust

__all__ = ["Query"]


def by_id(what: str) -> Any:
    """The one object of its type with this id."""
    return lookup(
        "{row}.id = {value}",
        argument=("id", strawberry.ID, "uuid", f"The id of a {what}."),
        description=f"The {what} with this id; null if absent or hidden.",
    )


@strawberry.type(description="Everything that can be read. Absent and not yours give the same answer.")
class Query:
    trust: Trust = lookup("true", description="The trust this address serves.")
    viewer: Viewer = lookup("true", description="Who is asking.")
    node: Node | None = any_node(description="The object with this id, of whatever type; null if absent or hidden.")
    school: School | None = lookup(
        "{row}.urn = {value}",
        argument=("urn", int, "integer", "Unique reference number."),
        description="The school with this number.",
    )
    member: Member | None = by_id("member")
    poll: Poll | None = by_id("poll")
    consultation: Consultation | None = by_id("consultation")
    schools: Connection[School] = connection(
        orders=SCHOOL_ORDERS,
        order_type=SchoolOrder,
        default_order=Order("name"),
        description="The schools of the trust and those it works with.",
    )
    members: Connection[Member] = connection(
        orders=MEMBER_ORDERS,
        order_type=MemberOrder,
        filters=MEMBER_FILTERS,
        filter_type=MemberFilter,
        arguments={"as_at": (date, AS_AT, "The register as it stood on this day.")},
        description="The register and the applications; officers see all, a member themself.",
    )
    register: Connection[RegisterLine] = connection(
        default_order=Order("number"),
        arguments={"as_at": (datetime, AS_AT_MOMENT, "As the register stood at this moment; now when left out.")},
        description="The statutory register, by number: every entry, former members included.",
    )
    imports: Connection[Import] = connection(description="Files of people on their way in, oldest first.")
    removals: Connection[Removal] = connection(description="Removals of members, oldest first.")
    inspection_requests: Connection[InspectionRequest] = connection(
        description="Requests to inspect the register, oldest first."
    )
    notices: Connection[Notice] = connection(
        filters=NOTICE_FILTERS,
        filter_type=NoticeFilter,
        description="What people were told, oldest first; officers see all, a person what they were told themself.",
    )
    data_requests: Connection[DataRequest] = connection(description="Requests about one's own data, oldest first.")
    consultations: Connection[Consultation] = connection(
        filters=CONSULTATION_FILTERS, filter_type=ConsultationFilter, description="Consultations, oldest first."
    )
    polls: Connection[Poll] = connection(description="Polls, oldest first.")
    partners: Connection[Partner] = connection(description="Organisations that work with the trust.")
