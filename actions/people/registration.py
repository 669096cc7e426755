"""Putting people on record who have so far only given a mailbox."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.identity.sessions import attach_person, person_of_session
from db.people import persons
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Text
from domain.identity.viewer import ANY_MAILBOX, Viewer
from domain.people.matching import DeclaredFact, check_is_caller, who_of_mailbox
from domain.people.relationships import check_birth

from ..action import action
from .lookups import person_locked


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    """Who you are: on record, by the name you have there; a date of birth that was lacking there is added."""

    given_name: Annotated[str, Text(), "Given name."]
    family_name: Annotated[str, Text(), "Family name."]
    date_of_birth: Annotated[date | None, "Needed where a constituency asks for an age."] = None


@action(ANY_MAILBOX, changes_caller=True)
async def register_person(transaction: Transaction, viewer: Viewer, command: RegisterPerson) -> UUID:
    """Puts you on record, so that you can declare relationships, see what you could join, and begin an application.

    Whoever is on record under the mailbox, by the same name and no other date of birth, is who you are.
    Refusals: DATES_CONTRADICT; PERSON_CHOICE_NEEDED where that is said of several, or of a child without a date of birth;
    SIGNED_IN_AS_ANOTHER of somebody on record by another name or date of birth.
    """
    return (await person_of_caller(transaction, viewer, command)).id


async def person_of_caller(transaction: Transaction, viewer: Viewer, told: RegisterPerson) -> persons.Person:
    """Whose mailbox the caller has proved, locked; put on record where nobody knows them.

    Refusals: DATES_CONTRADICT, PERSON_CHOICE_NEEDED, SIGNED_IN_AS_ANOTHER.
    """
    check_birth(told.date_of_birth, await transaction.today())
    known_as = viewer.person_id
    if known_as is None:
        assert viewer.session_id is not None
        known_as = await person_of_session(transaction, viewer.session_id)  # the same form sent twice at once
        if known_as is None:
            known_as = await _known_or_added(transaction, viewer, told)
            await attach_person(transaction, viewer.session_id, known_as)
    person = await person_locked(transaction, known_as)
    name = await persons.folded(transaction, told.given_name, told.family_name)
    own = await persons.folded(transaction, person.given_name, person.family_name)
    check_is_caller(name, told.date_of_birth, own, person.born)
    if person.born is None and told.date_of_birth is not None:
        await persons.change_facts(transaction, person.id, {DeclaredFact.BORN: told.date_of_birth}, are_declared=True)
    return person


async def _known_or_added(transaction: Transaction, viewer: Viewer, told: RegisterPerson) -> UUID:
    """However often somebody signs in with a mailbox, and as whom, they are one person (rules 3a and 3d)."""
    assert viewer.email is not None
    assert viewer.session_id is not None
    known, today = await persons.living_of_mailbox(transaction, viewer.email), await transaction.today()
    name = await persons.folded(transaction, told.given_name, told.family_name)
    found = who_of_mailbox(known, name, told.date_of_birth, today)
    if found is not None:
        await transaction.audit(AuditAction.SIGNED_IN, viewer.session_id, found)
        return found
    added = await persons.add_person(transaction, told.given_name, told.family_name, viewer.email, told.date_of_birth)
    await transaction.audit(AuditAction.PERSON_REGISTERED, added, added)
    return added
