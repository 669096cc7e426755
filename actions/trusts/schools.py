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
from domain.trusts.schools import AffiliationKind, LinkKind, check_affiliation, ending

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

    What rests on it counts from that day (rule 22e). Refusals: NOT_FOUND, and those of check_affiliation.
    """
    await _school(transaction, command.school_id)
    kind = command.kind.value
    check_affiliation(await schools.affiliations(transaction, command.school_id), command.kind, command.since)
    await schools.affiliate(transaction, command.school_id, kind, command.since, command.cohort)
    await transaction.audit(AuditAction.SCHOOL_JOINED, command.school_id, viewer.person, kind=kind, since=command.since)
    return command.school_id


@action(holder_of(Role.CLERK))
async def end_affiliation(transaction: Transaction, viewer: Viewer, command: EndAffiliation) -> UUID:
    """Ends a school's belonging to the trust, or moves an end that is still to come; memberships that rest on it alone lapse.

    What ends on its first day is withdrawn. Refusals: NOT_FOUND, and those of ending.
    """
    await _school(transaction, command.school_id)
    known = await schools.affiliations(transaction, command.school_id)
    for each in ending(known, command.until, await transaction.today()):
        await schools.end_affiliation(transaction, each, command.until)
    await transaction.audit(AuditAction.SCHOOL_LEFT, command.school_id, viewer.person, until=command.until)
    return command.school_id


@action(holder_of(Role.CLERK))
async def convert_school(transaction: Transaction, viewer: Viewer, command: ConvertSchool) -> UUID:
    """Gives a school its new number after conversion; everything about it stays.

    Given the number it just left, it never converted. Refusals: NOT_FOUND, INPUT_INVALID, DATES_CONTRADICT for a day to
    come, SCHOOL_KNOWN for a number that a school of the trust has or had.
    """
    before = await _school(transaction, command.school_id)
    if not SMALLEST_URN <= command.urn <= LARGEST_URN:
        raise Invalid(RefusalCode.INPUT_INVALID, "A URN has six digits.", "urn")
    if command.converted_on > await transaction.today():  # until then files name it by the number it has
        message = "A school converts on its day, not before."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "converted_on")
    goes_back = command.urn == await schools.number_just_left(transaction, command.school_id)
    # it is neither the successor nor the predecessor of itself
    other = LinkKind.PREDECESSOR if goes_back else LinkKind.SUCCESSOR
    await schools.remove_link(transaction, command.school_id, other, command.urn)
    if not await schools.set_urn(transaction, command.school_id, command.urn):
        raise Conflict(RefusalCode.SCHOOL_KNOWN, field="urn")
    if not goes_back:
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
    await schools.hold_schools(transaction)
    urn = await schools.school_urn(transaction, school_id)
    if urn is None:
        raise NotFound("school_id")
    return urn
