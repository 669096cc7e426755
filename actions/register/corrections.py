"""Putting right what is wrongly on record about somebody (rule 5i)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.governance.rulesets import ruleset_of_version
from db.identity.roles import holds_a_role
from db.identity.sessions import end_codes_for, end_sessions_of
from db.membership import memberships
from db.people import corrections, guardians, persons
from db.people.persons import Person
from db.register import lines
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.conditions import Facts
from domain.forms import Email, Id, Text
from domain.identity.viewer import Role, Viewer, holder_of
from domain.membership.eligibility import was_too_young
from domain.membership.lifecycle import APPLICATION, CURRENT, Membership
from domain.people.corrections import check_birth_corrected, check_something
from domain.people.matching import DeclaredFact
from domain.people.relationships import IS_CHILD
from domain.refusals import NotPermitted, Refusal, RefusalCode, kept, refuse_all
from domain.register.lines import RegisterChange
from domain.text import MAX_REASON_LENGTH

from ..action import action
from ..notifications.wording import words
from ..people.lookups import person_facts, person_locked


@dataclass(frozen=True, slots=True)
class CorrectPerson:
    """What is wrongly on record about somebody. What is left out stays."""

    person_id: Annotated[UUID, Id("per"), "The person."]
    evidence: Annotated[str, Text(MAX_REASON_LENGTH), "What was seen of it."]
    given_name: Annotated[str | None, Text(), "Given name."] = None
    family_name: Annotated[str | None, Text(), "Family name."] = None
    date_of_birth: Annotated[date | None, "Date of birth."] = None
    email: Annotated[str | None, Email(or_empty=True), "The mailbox; an empty text forgets it."] = None


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def correct_person(transaction: Transaction, viewer: Viewer, command: CorrectPerson) -> UUID:
    """Corrects a name, a date of birth or a mailbox that is wrongly on record, by evidence.

    Ages, consents and grounds are judged by the new date of birth from now on, by the clock; rolls that are frozen stay.
    A name on the register gets a new line. A new mailbox ends sessions and codes, and both mailboxes are told.
    Refusals: NOT_FOUND, OWN_CASE of themself or a child of theirs, INPUT_INVALID where nothing is different,
    DATES_CONTRADICT, NOT_PERMITTED for the mailbox of somebody with an office.
    """
    officer = viewer.person
    held = await memberships.memberships_of(transaction, list(CURRENT | APPLICATION), person_id=command.person_id)
    person = await person_locked(transaction, command.person_id, "person_id")
    if person.id == officer or await guardians.is_said_to_answer_for(transaction, person.id, officer):
        raise NotPermitted(RefusalCode.OWN_CASE, field="person_id")
    changes = _changes(person, command)
    check_something(changes)
    refusals: list[Refusal] = []
    with kept(refusals):
        await _check_birth(transaction, person, changes)
    with kept(refusals):
        await _check_mailbox(transaction, person, changes)
    refuse_all(refusals)
    before = {name: getattr(person, "born" if name == DeclaredFact.BORN else name) for name in changes}
    correction = await corrections.add_correction(transaction, person.id, before, command.evidence, officer)
    await transaction.audit(
        AuditAction.PERSON_CORRECTED, person.id, officer, what=sorted(changes), correction=correction
    )
    await transaction.change("person", person.id, changes)
    if DeclaredFact.BORN in changes:
        await _judge_anew(transaction, person.id, changes[DeclaredFact.BORN])
    if {"given_name", "family_name"} & set(changes):
        name = f"{changes.get('given_name', person.given_name)} {changes.get('family_name', person.family_name)}"
        await _rename(transaction, held, name, officer)
    if "email" in changes:
        await _tell_mailboxes(transaction, person, changes["email"])
    return person.id


def _changes(person: Person, command: CorrectPerson) -> dict[str, object]:
    """The columns that get another value."""
    told: Mapping[str, tuple[object, object]] = {
        "given_name": (command.given_name, person.given_name),
        "family_name": (command.family_name, person.family_name),
        DeclaredFact.BORN: (command.date_of_birth, person.born),
        "email": (command.email, person.email or ""),
    }
    return {name: new or None for name, (new, old) in told.items() if new is not None and new != old}


async def _check_birth(transaction: Transaction, person: Person, changes: Mapping[str, object]) -> None:
    born = changes.get(DeclaredFact.BORN)
    if isinstance(born, date):
        known = await corrections.days_after_birth(transaction, person.id)
        check_birth_corrected(born, await transaction.today(), known)


async def _check_mailbox(transaction: Transaction, person: Person, changes: Mapping[str, object]) -> None:
    """A mailbox signs in as whoever has it: none of an officer's is changed here."""
    if "email" in changes and await holds_a_role(transaction, person.id):
        message = "The mailbox of somebody with an office is not changed here."
        raise NotPermitted(RefusalCode.NOT_PERMITTED, message, "email")


async def _judge_anew(transaction: Transaction, person_id: UUID, born: object) -> None:
    """An officer has seen the date: it is nobody's own word. Whoever was admitted too young by it loses the ground unless they
    are old enough by now, or a guardian consents, and no child answers for another."""
    await persons.change_facts(transaction, person_id, {DeclaredFact.BORN: born}, are_declared=False)
    facts, today = await person_facts(transaction, person_id), await transaction.today()
    too_young = False
    for code, registered_on, version in await memberships.admissions_of(transaction, person_id):
        ruleset = await ruleset_of_version(transaction, version)
        too_young |= was_too_young(ruleset, ruleset.constituency(code), facts, registered_on)
    await transaction.change("person", person_id, {"admitted_too_young": too_young})
    if IS_CHILD.evaluate(Facts(born=born, today=today)):
        await guardians.end_for_guardian(transaction, person_id, today)


async def _rename(transaction: Transaction, held: Sequence[Membership], name: str, officer: UUID) -> None:
    today, change = await transaction.today(), RegisterChange.CORRECTED
    for membership in held:
        await memberships.rename(transaction, membership.id, name)
        if membership.status in CURRENT:
            await lines.add_line(transaction, membership.id, change, today, officer)
            await transaction.audit(
                AuditAction.REGISTER_CHANGED, membership.id, officer, change=change.value, changed_on=today
            )


async def _tell_mailboxes(transaction: Transaction, person: Person, mailbox: object) -> None:
    """Whoever signed in by the old mailbox, or was about to, proves one again; both learn that it was changed."""
    await end_sessions_of(transaction, person.id)
    for address, template in ((person.email, "mailbox_changed"), (mailbox, "mailbox_given")):
        if isinstance(address, str):
            await end_codes_for(transaction, address)
            _, subject, text = words(template, person.language, {})
            await transaction.queue_mail(address, subject, text)
