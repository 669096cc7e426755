"""Showing the register to those who may see it (Companies Act 2006 ss.116 to 118)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import holidays

from db.governance.rulesets import ruleset_in_force
from db.notifications.notices import trust_name
from db.people.persons import language_of
from db.register import inspections
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.identity.viewer import ANY_MAILBOX, Role, Viewer, holder_of
from domain.refusals import NotFound
from domain.register.inspections import InspectionDecision, check_answer, due_day
from domain.text import MAX_ADDRESS_LENGTH, MAX_REASON_LENGTH

from ..action import action
from ..notifications.wording import FALLBACK, words

KEEPERS = holder_of(Role.MEMBERSHIP_OFFICER, Role.CLERK)


@dataclass(frozen=True, slots=True)
class RequestInspection:
    """What the law asks of whoever wants to inspect the register."""

    name: Annotated[str, Text(), "Your name, or the organisation's and who answers for it."]
    address: Annotated[str, Text(MAX_ADDRESS_LENGTH), "Your address."]
    purpose: Annotated[str, Text(MAX_REASON_LENGTH), "What the information is for."]
    onward_disclosure: Annotated[
        str, Text(MAX_REASON_LENGTH), "To whom it will be disclosed, and what for; or to nobody."
    ]


@dataclass(frozen=True, slots=True)
class AnswerInspection:
    """The answer to a request to inspect the register."""

    id: Annotated[UUID, Id("ins"), "The request."]
    decision: Annotated[InspectionDecision, "What was done."]
    note: Annotated[str | None, Text(MAX_REASON_LENGTH), "Anything worth noting."] = None


@action(ANY_MAILBOX)
async def request_inspection(transaction: Transaction, viewer: Viewer, command: RequestInspection) -> UUID:
    """Asks to inspect the register; anybody with a confirmed mailbox may, and is told there by when it is answered.

    Due in the working days of the ruleset (ss.116 and 117).
    """
    assert viewer.email is not None
    today = await transaction.today()
    ruleset = await ruleset_in_force(transaction)
    bank_holidays = holidays.country_holidays("GB", subdiv="ENG", years=(today.year, today.year + 1))
    due_on = due_day(today, ruleset.inspection_working_days, set(bank_holidays))
    request = await inspections.add_request(
        transaction,
        viewer.person_id,
        command.name,
        command.address,
        viewer.email,
        command.purpose,
        command.onward_disclosure,
        today,
        due_on,
    )
    await transaction.audit(AuditAction.INSPECTION_REQUESTED, request, viewer.person_id, due_on=due_on)
    await _acknowledge(transaction, viewer.email, await language_of(transaction, viewer.person_id), today, due_on)
    return request


async def _acknowledge(
    transaction: Transaction, mailbox: str, language: str | None, asked_on: date, due_on: date
) -> None:
    told: dict[str, str | date] = {"trust": await trust_name(transaction), "asked_on": asked_on, "due_on": due_on}
    _, subject, text = words("inspection_requested", language or FALLBACK, told)
    await transaction.queue_mail(mailbox, subject, text)


@action(KEEPERS)
async def answer_inspection(transaction: Transaction, viewer: Viewer, command: AnswerInspection) -> UUID:
    """Notes how a request was answered.

    Refusals: NOT_FOUND, REQUEST_ANSWERED.
    """
    answered = await inspections.is_answered(transaction, command.id)
    if answered is None:
        raise NotFound("id")
    check_answer(answered)
    answer = {
        "decision": command.decision.value,
        "note": command.note,
        "answered_on": await transaction.today(),
        "answered_by_id": viewer.person,
    }
    await transaction.change("inspection_request", command.id, answer)
    await transaction.audit(AuditAction.INSPECTION_ANSWERED, command.id, viewer.person, decision=command.decision.value)
    return command.id


async def extract(
    transaction: Transaction, viewer: Viewer, moment: datetime, form: str, everybody: bool
) -> list[Mapping[str, Any]]:
    """The register as it stood at `moment`, children at their school's address. Noted in the audit.

    For inspection under s.116 it has the members of the company alone; with `everybody` also those of a forum, for the
    trust's own use (rule 5h).

    Refusals: as KEEPERS.
    """
    KEEPERS.check(viewer)
    await transaction.audit(
        AuditAction.EXTRACT_MADE, transaction.trust_id, viewer.person, form=form, as_at=moment, everybody=everybody
    )
    entries = inspections.extract(transaction, moment, everybody=everybody)
    return [entry async for entry in entries]
