"""Changing what the register says, and showing it to those who may see it (Companies Act 2006 ss.113 to 118)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import holidays

from db.governance.rules import rules_today
from db.members import inspections, memberships
from db.work import Work
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_be_signed_in, must_hold
from domain.members.membership import APPLICATION, CURRENT
from domain.members.register import InspectionDecision, RegisterChange, check_answer, due_day
from domain.refusals import Conflict, Invalid, NotFound, NotPermitted, RefusalCode
from domain.text import MAX_NAME_LENGTH, required_text

from . import lookups
from .applications import MAX_ADDRESS_LENGTH, MAX_REASON_LENGTH


async def change_service_address(
    work: Work, viewer: Viewer, membership_id: UUID, address: str, changed_on: date | None
) -> UUID:
    """A new address on the register; the old one stays to be seen (s.113A). By the member or the officer.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, INPUT_INVALID, DATES_CONTRADICT, MEMBERSHIP_NOT_OPEN.
    """
    address = required_text(address, "serviceAddress", MAX_ADDRESS_LENGTH)
    if viewer.shape.has_any(Role.MEMBERSHIP_OFFICER):
        membership = (await lookups.held(work, membership_id)).membership
    else:
        membership = (await lookups.own(work, viewer, membership_id)).membership
    if membership.status not in CURRENT | APPLICATION:
        raise Conflict(RefusalCode.MEMBERSHIP_NOT_OPEN)
    day = await _day_of_change(work, changed_on, membership.registered_on)
    await memberships.move(work, membership.id, address)
    if membership.status in CURRENT:
        await _line(work, viewer, membership.id, RegisterChange.ADDRESS_CHANGED, day)
    return membership.id


async def change_name(
    work: Work,
    viewer: Viewer,
    person_id: UUID,
    given_name: str,
    family_name: str,
    changed_on: date | None,
    is_correction: bool,
) -> UUID:
    """A new name of a person and on every open entry of theirs; the old one stays to be seen.

    By the officer, who has seen why. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, DATES_CONTRADICT.
    """
    must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    given_name = required_text(given_name, "givenName")
    family_name = required_text(family_name, "familyName")
    person = await lookups.person_locked(work, person_id, "personId")
    await work.change("person", person.id, {"given_name": given_name, "family_name": family_name})
    change = RegisterChange.CORRECTED if is_correction else RegisterChange.NAME_CHANGED
    for membership in await memberships.memberships_of(work, list(CURRENT | APPLICATION), person_id=person.id):
        await memberships.rename(work, membership.id, f"{given_name} {family_name}")
        if membership.status in CURRENT:
            day = await _day_of_change(work, changed_on, membership.registered_on)
            await _line(work, viewer, membership.id, change, day)
    return person.id


async def request_inspection(
    work: Work, viewer: Viewer, name: str, address: str, purpose: str, onward_disclosure: str
) -> UUID:
    """Logs a request to inspect the register, due in the working days of the ruleset (ss.116 and 117).

    Anybody with a confirmed mailbox may ask. Refusals: NOT_SIGNED_IN, INPUT_INVALID.
    """
    if viewer.session_id is None:
        raise NotPermitted(RefusalCode.NOT_SIGNED_IN)
    today = await work.today()
    ruleset = await rules_today(work)
    bank_holidays = holidays.country_holidays("GB", subdiv="ENG", years=(today.year, today.year + 1))
    due_on = due_day(today, ruleset.inspection_working_days, set(bank_holidays))
    request = await inspections.add_request(
        work,
        viewer.person_id,
        required_text(name, "name", MAX_NAME_LENGTH),
        required_text(address, "address", MAX_ADDRESS_LENGTH),
        required_text(purpose, "purpose", MAX_REASON_LENGTH),
        required_text(onward_disclosure, "onwardDisclosure", MAX_REASON_LENGTH),
        today,
        due_on,
    )
    await work.audit(AuditAction.INSPECTION_REQUESTED, request, viewer.person_id, due_on=due_on)
    return request


async def answer_inspection(
    work: Work, viewer: Viewer, request_id: UUID, decision: InspectionDecision, note: str | None
) -> UUID:
    """Notes how a request was answered. Refusals: as must_hold, NOT_FOUND, REQUEST_ANSWERED, INPUT_INVALID."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    answered = await inspections.is_answered(work, request_id)
    if answered is None:
        raise NotFound("id")
    check_answer(answered)
    facts = {
        "decision": decision.value,
        "note": required_text(note, "note", MAX_REASON_LENGTH) if note else None,
        "answered_on": await work.today(),
        "answered_by_id": officer,
    }
    await work.change("inspection_request", request_id, facts)
    await work.audit(AuditAction.INSPECTION_ANSWERED, request_id, officer, decision=decision.value)
    return request_id


async def extract(work: Work, viewer: Viewer, moment: datetime, form: str, everybody: bool) -> list[Mapping[str, Any]]:
    """The register as it stood at `moment`, children at their school's address. Noted in the audit.

    For inspection under s.116 it has the members of the company alone; with `everybody` also those of a forum, for the
    trust's own use (domain section 0).

    Refusals: as must_hold.
    """
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    await work.audit(AuditAction.EXTRACT_MADE, work.trust_id, officer, form=form, as_at=moment, everybody=everybody)
    entries = inspections.extract(work, moment, everybody=everybody)
    return [entry async for entry in entries]


async def _day_of_change(work: Work, changed_on: date | None, registered_on: date | None) -> date:
    today = await work.today()
    day = changed_on or today
    if day > today or (registered_on is not None and day < registered_on):
        raise Invalid(RefusalCode.DATES_CONTRADICT, field="changedOn")
    return day


async def _line(work: Work, viewer: Viewer, membership_id: UUID, change: RegisterChange, day: date) -> None:
    actor = must_be_signed_in(viewer)
    await memberships.add_line(work, membership_id, change, day, actor)
    await work.audit(AuditAction.REGISTER_CHANGED, membership_id, actor, change=change.value, changed_on=day)
