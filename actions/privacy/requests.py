"""Requests about one's own data (rules 26a and 26b)."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.identity.sessions import end_sessions_of
from db.notifications.notices import trust_name, withdraw_about_person
from db.people.guardians import answers_for, no_longer_answers_for
from db.people.persons import person_exists
from db.privacy import personal_data, requests
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import ANY_PERSON, Role, Viewer, holder_of
from domain.notifications.notice import MARKETING, NoticeKind
from domain.people.guardians import check_is_guardian
from domain.privacy.erasure import Kept, plan_erasure
from domain.privacy.requests import DataRequestKind, DataRequestStatus, check_open, due_on
from domain.refusals import NotFound
from domain.text import MAX_TEXT_LENGTH

from ..action import action
from ..notifications.notices import notify
from ..people.lookups import person_locked


@dataclass(frozen=True, slots=True)
class RequestAboutData:
    """A request about somebody's data: one's own, or a child's one answers for."""

    person_id: Annotated[UUID, Id("per"), "Whose data."]
    kind: Annotated[DataRequestKind, "What is asked."]
    detail: Annotated[str | None, Text(MAX_TEXT_LENGTH), "Anything to say with it."] = None


@dataclass(frozen=True, slots=True)
class AnswerDataRequest:
    """The answer to a request about data."""

    id: Annotated[UUID, Id("dat"), "The request."]
    granted: Annotated[bool, "Whether it is done. Granting an erasure erases."]
    answer: Annotated[str, Text(MAX_TEXT_LENGTH), "What the person is told."]


@action(ANY_PERSON)
async def request_about_data(transaction: Transaction, viewer: Viewer, command: RequestAboutData) -> UUID:
    """Asks about one's own data, or a child's one answers for; a copy is ready at once.

    An officer asks for somebody who did on paper; anything but a copy is answered by the data protection officer within
    a month. Refusals: NOT_FOUND.
    """
    person_id, kind, asked_by = command.person_id, command.kind, viewer.person
    await _may_ask(transaction, viewer, person_id)
    today = await transaction.today()
    request = await requests.add_request(transaction, person_id, asked_by, kind, command.detail, due_on(today))
    await transaction.audit(AuditAction.DATA_REQUESTED, request, asked_by, kind=kind.value)
    if kind is DataRequestKind.EXPORT:
        await requests.answer_request(transaction, request, DataRequestStatus.GRANTED, today, asked_by, None, [])
        await notify(transaction, NoticeKind.EXPORT_READY, person_id)
    return request


@action(holder_of(Role.DATA_PROTECTION_OFFICER))
async def answer_data_request(transaction: Transaction, viewer: Viewer, command: AnswerDataRequest) -> UUID:
    """Answers a request. Granting an erasure erases, granting an objection ends marketing.

    A rectification is made where the fact stands. What a guardian asked for is granted while they answer for the child.
    Refusals: NOT_FOUND, REQUEST_ANSWERED, MEMBERSHIP_OPEN, NOT_A_GUARDIAN.
    """
    officer, granted = viewer.person, command.granted
    found = await requests.request_for_update(transaction, command.id)
    if found is None:
        raise NotFound("id")
    person_id, kind = found.person_id, found.kind
    check_open(found.status)
    if granted and found.asked_by != person_id:
        check_is_guardian(not await no_longer_answers_for(transaction, person_id, found.asked_by))
    kept: tuple[Kept, ...] = ()
    if granted and kind is DataRequestKind.ERASURE:
        kept = await _erase(transaction, person_id)
        await transaction.audit(AuditAction.PERSON_ERASED, person_id, officer, kept=[each.record for each in kept])
    if granted and kind is DataRequestKind.OBJECTION:
        await transaction.change("person", person_id, {"marketing_opt_out": True})
        await withdraw_about_person(transaction, person_id, MARKETING)
    decided = DataRequestStatus.GRANTED if granted else DataRequestStatus.DECLINED
    today = await transaction.today()
    await requests.answer_request(transaction, command.id, decided, today, officer, command.answer, kept)
    await transaction.audit(AuditAction.DATA_REQUEST_ANSWERED, command.id, officer, granted=granted)
    return command.id


async def copy_of_data(transaction: Transaction, viewer: Viewer, request_id: UUID) -> dict[str, Any]:
    """Everything about the person of a granted request for a copy. Refusals: as ANY_PERSON, NOT_FOUND."""
    caller = viewer.person
    found = await requests.request_for_update(transaction, request_id)
    if found is None or (found.kind, found.status) != (DataRequestKind.EXPORT, DataRequestStatus.GRANTED):
        raise NotFound("id")
    await _may_ask(transaction, viewer, found.person_id)
    await transaction.audit(AuditAction.DATA_EXPORTED, request_id, caller)
    sections = await personal_data.everything_about(transaction, found.person_id)
    return {"trust": await trust_name(transaction), "made_on": str(await transaction.today()), "sections": sections}


async def _may_ask(transaction: Transaction, viewer: Viewer, person_id: UUID) -> None:
    caller = viewer.person
    if viewer.profile.has_any(Role.DATA_PROTECTION_OFFICER) and await person_exists(transaction, person_id):
        return
    if caller != person_id and not await answers_for(transaction, person_id, caller):
        raise NotFound("person_id")


async def _erase(transaction: Transaction, person_id: UUID) -> tuple[Kept, ...]:
    person = await person_locked(transaction, person_id, "id")  # nobody applies or joins for them meanwhile
    traces = await personal_data.traces_of(transaction, person_id)
    plan = plan_erasure(await ruleset_in_force(transaction), person.born, traces, await transaction.today())
    await end_sessions_of(transaction, person_id)
    await personal_data.erase(transaction, person_id, keeps_birth=plan.keeps_birth)
    return plan.kept
