"""Showing the register to those who may see it (Companies Act 2006 ss.116 to 118)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import holidays

from db.governance.rulesets import ruleset_in_force
from db.register import inspections
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_hold
from domain.refusals import NotFound, NotPermitted, RefusalCode
from domain.register.inspections import InspectionDecision, check_answer, due_day
from domain.text import MAX_ADDRESS_LENGTH, MAX_NAME_LENGTH, MAX_REASON_LENGTH, required_text


async def request_inspection(
    transaction: Transaction, viewer: Viewer, name: str, address: str, purpose: str, onward_disclosure: str
) -> UUID:
    """Logs a request to inspect the register, due in the working days of the ruleset (ss.116 and 117).

    Anybody with a confirmed mailbox may ask. Refusals: NOT_SIGNED_IN, INPUT_INVALID.
    """
    if viewer.session_id is None:
        raise NotPermitted(RefusalCode.NOT_SIGNED_IN)
    today = await transaction.today()
    ruleset = await ruleset_in_force(transaction)
    bank_holidays = holidays.country_holidays("GB", subdiv="ENG", years=(today.year, today.year + 1))
    due_on = due_day(today, ruleset.inspection_working_days, set(bank_holidays))
    request = await inspections.add_request(
        transaction,
        viewer.person_id,
        required_text(name, "name", MAX_NAME_LENGTH),
        required_text(address, "address", MAX_ADDRESS_LENGTH),
        required_text(purpose, "purpose", MAX_REASON_LENGTH),
        required_text(onward_disclosure, "onwardDisclosure", MAX_REASON_LENGTH),
        today,
        due_on,
    )
    await transaction.audit(AuditAction.INSPECTION_REQUESTED, request, viewer.person_id, due_on=due_on)
    return request


async def answer_inspection(
    transaction: Transaction, viewer: Viewer, request_id: UUID, decision: InspectionDecision, note: str | None
) -> UUID:
    """Notes how a request was answered. Refusals: as must_hold, NOT_FOUND, REQUEST_ANSWERED, INPUT_INVALID."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    answered = await inspections.is_answered(transaction, request_id)
    if answered is None:
        raise NotFound("id")
    check_answer(answered)
    answer = {
        "decision": decision.value,
        "note": required_text(note, "note", MAX_REASON_LENGTH) if note else None,
        "answered_on": await transaction.today(),
        "answered_by_id": officer,
    }
    await transaction.change("inspection_request", request_id, answer)
    await transaction.audit(AuditAction.INSPECTION_ANSWERED, request_id, officer, decision=decision.value)
    return request_id


async def extract(
    transaction: Transaction, viewer: Viewer, moment: datetime, form: str, everybody: bool
) -> list[Mapping[str, Any]]:
    """The register as it stood at `moment`, children at their school's address. Noted in the audit.

    For inspection under s.116 it has the members of the company alone; with `everybody` also those of a forum, for the
    trust's own use (rule 5h).

    Refusals: as must_hold.
    """
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER, Role.CLERK)
    await transaction.audit(
        AuditAction.EXTRACT_MADE, transaction.trust_id, officer, form=form, as_at=moment, everybody=everybody
    )
    entries = inspections.extract(transaction, moment, everybody=everybody)
    return [entry async for entry in entries]
