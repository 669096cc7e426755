"""Schools joining, leaving and converting."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.transactions import Transaction
from db.trusts import loading, schools
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import Role, Viewer, holder_of
from domain.refusals import Conflict, Invalid, NotFound, RefusalCode
from domain.trusts.loading import LARGEST_URN, SMALLEST_URN
from domain.trusts.schools import AffiliationKind, LinkKind

from ..action import action


@dataclass(frozen=True, slots=True)
class AffiliateSchool:
    """A school that comes to belong to the trust."""

    school_id: Annotated[UUID, Id("sch"), "The school."]
    kind: Annotated[AffiliationKind, "The way it belongs."]
    since: Annotated[date, "The first day."]
    cohort: Annotated[str | None, Text(), "The wave of schools it joins with."] = None


@dataclass(frozen=True, slots=True)
class EndAffiliation:
    """A school that ceases to belong to the trust."""

    school_id: Annotated[UUID, Id("sch"), "The school."]
    until: Annotated[date, "The first day on which it no longer belongs."]


@dataclass(frozen=True, slots=True)
class ConvertSchool:
    """A school that goes on under a new number."""

    school_id: Annotated[UUID, Id("sch"), "The school."]
    urn: Annotated[int, "The new unique reference number."]
    converted_on: Annotated[date, "The day of the change."]


@action(holder_of(Role.CLERK))
async def affiliate_school(transaction: Transaction, viewer: Viewer, command: AffiliateSchool) -> UUID:
    """Lets a school belong to the trust from a day on.

    What rests on it counts from that day (rule 22e). Refusals: NOT_FOUND, AFFILIATION_EXISTS.
    """
    await _school(transaction, command.school_id)
    kind = command.kind.value
    if not await schools.affiliate(transaction, command.school_id, kind, command.since, command.cohort):
        raise Conflict(RefusalCode.AFFILIATION_EXISTS, field="kind")
    await transaction.audit(AuditAction.SCHOOL_JOINED, command.school_id, viewer.person, kind=kind, since=command.since)
    return command.school_id


@action(holder_of(Role.CLERK))
async def end_affiliation(transaction: Transaction, viewer: Viewer, command: EndAffiliation) -> UUID:
    """Ends a school's belonging to the trust; memberships that rest on it alone lapse.

    Refusals: NOT_FOUND.
    """
    await _school(transaction, command.school_id)
    if await schools.end_affiliations(transaction, command.school_id, command.until) == 0:
        raise NotFound("school_id")
    await transaction.audit(AuditAction.SCHOOL_LEFT, command.school_id, viewer.person, until=command.until)
    return command.school_id


@action(holder_of(Role.CLERK))
async def convert_school(transaction: Transaction, viewer: Viewer, command: ConvertSchool) -> UUID:
    """Gives a school its new number after conversion; everything about it stays.

    Refusals: NOT_FOUND, INPUT_INVALID, SCHOOL_KNOWN.
    """
    before = await _school(transaction, command.school_id)
    if not SMALLEST_URN <= command.urn <= LARGEST_URN:
        raise Invalid(RefusalCode.INPUT_INVALID, "A URN has six digits.", "urn")
    if command.urn == before or not await schools.set_urn(transaction, command.school_id, command.urn):
        raise Conflict(RefusalCode.SCHOOL_KNOWN, field="urn")
    link = {
        "school_id": command.school_id,
        "kind": LinkKind.PREDECESSOR.value,
        "linked_urn": before,
        "linked_name": await schools.school_name(transaction, command.school_id),
        "established_on": command.converted_on,
    }
    await loading.upsert_link(transaction, link)
    await transaction.audit(
        AuditAction.SCHOOL_CONVERTED, command.school_id, viewer.person, before=before, after=command.urn
    )
    return command.school_id


async def _school(transaction: Transaction, school_id: UUID) -> int:
    urn = await schools.school_urn(transaction, school_id)
    if urn is None:
        raise NotFound("school_id")
    return urn
