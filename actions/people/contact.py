"""How people are reached."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from db.notifications.notices import withdraw_about_person
from db.people import guardians, persons
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Language, Telephone, Text
from domain.identity.viewer import ANY_PERSON, Role, Viewer
from domain.notifications.notice import MARKETING
from domain.people.matching import DeclaredFact
from domain.refusals import NotFound
from domain.text import MAX_ADDRESS_LENGTH

from ..action import action
from .lookups import person_locked


@dataclass(frozen=True, slots=True)
class ChangeContact:
    """How somebody is reached. What is left out stays; an empty text forgets. A mailbox, which signs people in, is corrected
    by the membership officer (correctPerson)."""

    person_id: Annotated[UUID, Id("per"), "The person."]
    phone: Annotated[str | None, Telephone(or_empty=True), "Telephone number."] = None
    contact_address: Annotated[str | None, Text(MAX_ADDRESS_LENGTH, or_empty=True), "Where letters go."] = None
    language: Annotated[str | None, Language(), "The language to be written to in, as en or pl."] = None
    marketing_opt_out: Annotated[bool | None, "Wants only what is owed to them."] = None


@action(ANY_PERSON)
async def change_contact(transaction: Transaction, viewer: Viewer, command: ChangeContact) -> UUID:
    """Changes how somebody is reached, never the register; by them, a guardian or the membership officer.

    Refusals: NOT_FOUND, INPUT_INVALID.
    """
    person = await person_locked(transaction, command.person_id, "person_id")
    is_officer = viewer.profile.has_any(Role.MEMBERSHIP_OFFICER)
    if not (
        is_officer or person.id == viewer.person or await guardians.answers_for(transaction, person.id, viewer.person)
    ):
        raise NotFound("person_id")
    changes: dict[str, object] = {}
    told = {DeclaredFact.PHONE: command.phone, DeclaredFact.ADDRESS: command.contact_address}
    facts = {fact: each or None for fact, each in told.items() if each is not None}
    if command.language is not None:
        changes["language"] = command.language
    if command.marketing_opt_out is not None:
        changes["marketing_opt_out"] = command.marketing_opt_out
        if command.marketing_opt_out:
            await withdraw_about_person(transaction, person.id, MARKETING)
    if changes:
        await transaction.change("person", person.id, changes)
    if facts:
        are_declared = person.id == viewer.person or not is_officer
        await persons.change_facts(transaction, person.id, facts, are_declared)
    if changes or facts:
        await transaction.audit(AuditAction.CONTACT_CHANGED, person.id, viewer.person, what=sorted([*changes, *facts]))
    return person.id
