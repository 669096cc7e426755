"""Requests about one's own data (rules 26a and 26b)."""

from typing import Any
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.notifications.notices import trust_name
from db.people.guardians import is_guardian
from db.people.persons import person_exists
from db.privacy import personal_data, requests
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_be_signed_in, must_hold
from domain.notifications.notice import NoticeKind
from domain.privacy.erasure import Kept, plan_erasure
from domain.privacy.requests import DataRequestKind, DataRequestStatus, check_open, due_on
from domain.refusals import NotFound
from domain.text import MAX_TEXT_LENGTH, required_text

from ..notifications.notices import notify
from ..people.lookups import person_locked


async def request_about_data(
    transaction: Transaction, viewer: Viewer, person_id: UUID, kind: DataRequestKind, detail: str | None
) -> UUID:
    """What somebody asks about their own data, or a child's they answer for, or an officer for them on paper.

    A copy is ready at once; anything else is answered by the data protection officer within a month.
    Refusals: NOT_SIGNED_IN, NOT_FOUND, INPUT_INVALID.
    """
    asked_by = must_be_signed_in(viewer)
    await _may_ask(transaction, viewer, person_id)
    said = required_text(detail, "detail", MAX_TEXT_LENGTH) if detail else None
    today = await transaction.today()
    request = await requests.add_request(transaction, person_id, asked_by, kind, said, due_on(today))
    await transaction.audit(AuditAction.DATA_REQUESTED, request, asked_by, kind=kind.value)
    if kind is DataRequestKind.EXPORT:
        await requests.answer_request(transaction, request, DataRequestStatus.GRANTED, today, asked_by, None, [])
        await notify(transaction, NoticeKind.EXPORT_READY, person_id)
    return request


async def answer_data_request(
    transaction: Transaction, viewer: Viewer, request_id: UUID, granted: bool, answer: str
) -> UUID:
    """By the data protection officer. Granting an erasure erases, granting an objection ends marketing; a rectification
    is made where the fact stands. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, REQUEST_ANSWERED, MEMBERSHIP_OPEN.
    """
    officer = must_hold(viewer, Role.DATA_PROTECTION_OFFICER)
    answer = required_text(answer, "answer", MAX_TEXT_LENGTH)
    found = await requests.request_for_update(transaction, request_id)
    if found is None:
        raise NotFound("id")
    person_id, kind, status = found
    check_open(status)
    kept: tuple[Kept, ...] = ()
    if granted and kind is DataRequestKind.ERASURE:
        kept = await _erase(transaction, person_id)
        await transaction.audit(AuditAction.PERSON_ERASED, person_id, officer, kept=[each.record for each in kept])
    if granted and kind is DataRequestKind.OBJECTION:
        await transaction.change("person", person_id, {"marketing_opt_out": True})
    decided = DataRequestStatus.GRANTED if granted else DataRequestStatus.DECLINED
    await requests.answer_request(transaction, request_id, decided, await transaction.today(), officer, answer, kept)
    await transaction.audit(AuditAction.DATA_REQUEST_ANSWERED, request_id, officer, granted=granted)
    return request_id


async def copy_of_data(transaction: Transaction, viewer: Viewer, request_id: UUID) -> dict[str, Any]:
    """Everything about the person of a granted request for a copy. Refusals: NOT_SIGNED_IN, NOT_FOUND."""
    caller = must_be_signed_in(viewer)
    found = await requests.request_for_update(transaction, request_id)
    if found is None or found[1:] != (DataRequestKind.EXPORT, DataRequestStatus.GRANTED):
        raise NotFound("id")
    await _may_ask(transaction, viewer, found[0])
    await transaction.audit(AuditAction.DATA_EXPORTED, request_id, caller)
    sections = await personal_data.everything_about(transaction, found[0])
    return {"trust": await trust_name(transaction), "made_on": str(await transaction.today()), "sections": sections}


async def _may_ask(transaction: Transaction, viewer: Viewer, person_id: UUID) -> None:
    caller = must_be_signed_in(viewer)
    if viewer.profile.has_any(Role.DATA_PROTECTION_OFFICER) and await person_exists(transaction, person_id):
        return
    if caller != person_id and not await is_guardian(transaction, person_id, caller, await transaction.today()):
        raise NotFound("personId")


async def _erase(transaction: Transaction, person_id: UUID) -> tuple[Kept, ...]:
    person = await person_locked(transaction, person_id, "id")  # nobody applies or joins for them meanwhile
    has_open, ceased_on, voted = await personal_data.standing(transaction, person_id)
    plan = plan_erasure(
        await ruleset_in_force(transaction), person.born, has_open, ceased_on, voted, await transaction.today()
    )
    await personal_data.erase(transaction, person_id, keeps_birth=plan.keeps_birth)
    return plan.kept
