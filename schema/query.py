"""Everything that can be read."""

from datetime import date, datetime
from typing import Any

import strawberry

from db.people.reads import OWN_RECORD
from planner import Connection, Node, any_node, connection, lookup

from .access import asked_by
from .consultations.lists import CONSULTATIONS
from .consultations.types import Consultation
from .identity.lists import ROLE_GRANTS
from .identity.types import GRANTORS, RoleGrant, Viewer
from .intake.lists import IMPORTS
from .intake.types import Import
from .membership.lists import AS_AT, FAILED_DUTIES, MEMBERS, REMOVALS
from .membership.types import FailedDuty, Member, Removal
from .notifications.lists import NOTICES
from .notifications.types import Notice
from .partners.types import Partner
from .people.lists import PEOPLE
from .people.types import Person
from .polls.contests import Contest
from .polls.lists import POLLS
from .polls.types import Poll
from .privacy.lists import DATA_REQUESTS
from .privacy.types import DataRequest
from .register.lists import AS_AT_MOMENT, INSPECTION_REQUESTS, REGISTER_LINES
from .register.types import InspectionRequest, RegisterLine
from .trusts.lists import SCHOOLS
from .trusts.types import School, Trust

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
    contest: Contest | None = by_id("contest")
    consultation: Consultation | None = by_id("consultation")
    schools: Connection[School] = connection(description="The schools of the trust and those it works with.", **SCHOOLS)
    members: Connection[Member] = connection(
        arguments={"as_at": (date, AS_AT, "The register as it stood on this day.")},
        description="The register and the applications, oldest first; officers see all, a member themself.",
        **MEMBERS,
    )
    register: Connection[RegisterLine] = connection(
        arguments={"as_at": (datetime, AS_AT_MOMENT, "As the register stood at this moment; now when left out.")},
        description="The statutory register, by number: every entry, former members included.",
        **REGISTER_LINES,
    )
    imports: Connection[Import] = connection(description="Files of people on their way in, newest first.", **IMPORTS)
    removals: Connection[Removal] = connection(description="Removals of members, newest first.", **REMOVALS)
    failed_duties: Connection[FailedDuty] = connection(
        description="Duties of the day that failed, oldest first; for the clerk and the membership officer.",
        **FAILED_DUTIES,
    )
    inspection_requests: Connection[InspectionRequest] = connection(
        description="Requests to inspect the register, newest first.", **INSPECTION_REQUESTS
    )
    people: Connection[Person] = connection(
        f"{asked_by(*GRANTORS)} and {OWN_RECORD}",
        description="People on record, newest first, each once; for those who may grant roles, and empty for everybody else.",
        **PEOPLE,
    )
    role_grants: Connection[RoleGrant] = connection(
        description="The offices of the trust and who holds or held them, newest first; for the clerk.", **ROLE_GRANTS
    )
    notices: Connection[Notice] = connection(
        description="What people were told, newest first; officers see all, a person what they were told themself.",
        **NOTICES,
    )
    data_requests: Connection[DataRequest] = connection(
        description="Requests about one's own data, newest first.", **DATA_REQUESTS
    )
    consultations: Connection[Consultation] = connection(description="Consultations, newest first.", **CONSULTATIONS)
    polls: Connection[Poll] = connection(description="Polls, newest first.", **POLLS)
    partners: Connection[Partner] = connection(description="Organisations that work with the trust.")
