"""Schools joining, leaving and converting."""

from datetime import date
from uuid import UUID

from db.transactions import Transaction
from db.trusts import loading, schools
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import Conflict, Invalid, NotFound, RefusalCode
from domain.text import required_text
from domain.trusts.loading import LARGEST_URN, SMALLEST_URN
from domain.trusts.schools import AffiliationKind, LinkKind


async def affiliate_school(
    transaction: Transaction, viewer: Viewer, school_id: UUID, kind: AffiliationKind, since: date, cohort: str | None
) -> UUID:
    """A school comes to belong to the trust: what rests on it counts from that day (rule 22e).

    Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, AFFILIATION_EXISTS.
    """
    clerk = must_hold(viewer, Role.CLERK)
    await _school(transaction, school_id)
    wave = required_text(cohort, "cohort") if cohort else None
    if not await schools.affiliate(transaction, school_id, kind.value, since, wave):
        raise Conflict(RefusalCode.AFFILIATION_EXISTS, field="kind")
    await transaction.audit(AuditAction.SCHOOL_JOINED, school_id, clerk, kind=kind.value, since=since)
    return school_id


async def end_affiliation(transaction: Transaction, viewer: Viewer, school_id: UUID, until: date) -> UUID:
    """A school ceases to belong to the trust; memberships that rest on it alone lapse. Refusals: as must_hold, NOT_FOUND."""
    clerk = must_hold(viewer, Role.CLERK)
    await _school(transaction, school_id)
    if await schools.end_affiliations(transaction, school_id, until) == 0:
        raise NotFound("schoolId")
    await transaction.audit(AuditAction.SCHOOL_LEFT, school_id, clerk, until=until)
    return school_id


async def convert_school(
    transaction: Transaction, viewer: Viewer, school_id: UUID, urn: int, converted_on: date
) -> UUID:
    """The school goes on under a new number, as conversion to an academy gives one: everything about it stays.

    Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, SCHOOL_KNOWN.
    """
    clerk = must_hold(viewer, Role.CLERK)
    before = await _school(transaction, school_id)
    if not SMALLEST_URN <= urn <= LARGEST_URN:
        raise Invalid(RefusalCode.INPUT_INVALID, "A URN has six digits.", "urn")
    if urn == before or not await schools.set_urn(transaction, school_id, urn):
        raise Conflict(RefusalCode.SCHOOL_KNOWN, field="urn")
    link = {
        "school_id": school_id,
        "kind": LinkKind.PREDECESSOR.value,
        "linked_urn": before,
        "linked_name": await schools.school_name(transaction, school_id),
        "established_on": converted_on,
    }
    await loading.upsert_link(transaction, link)
    await transaction.audit(AuditAction.SCHOOL_CONVERTED, school_id, clerk, before=before, after=urn)
    return school_id


async def _school(transaction: Transaction, school_id: UUID) -> int:
    urn = await schools.school_urn(transaction, school_id)
    if urn is None:
        raise NotFound("schoolId")
    return urn
