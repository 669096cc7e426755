"""How people are reached."""

from dataclasses import dataclass
from uuid import UUID

from db.identity.roles import holds_a_role
from db.identity.sessions import end_sessions_of
from db.people import guardians, persons
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.identity.viewer import Role, Viewer, must_be_signed_in
from domain.refusals import Invalid, NotFound, NotPermitted, RefusalCode
from domain.text import MAX_ADDRESS_LENGTH, email_address, required_text

from .lookups import person_locked

MAILBOX_CHANGED = (
    "The membership officer has put another mailbox on record for you, so that mail no longer comes here.\n"
    "If you did not ask for it, write to the trust's clerk at once.\n"
)


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached. What is None stays as it is; an empty text forgets it."""

    email: str | None = None
    phone: str | None = None
    contact_address: str | None = None
    language: str | None = None
    marketing_opt_out: bool | None = None


async def change_contact(transaction: Transaction, viewer: Viewer, person_id: UUID, contact: Contact) -> UUID:
    """How somebody is reached, by themself, a guardian or the officer: contact only, never the register.

    Refusals: NOT_SIGNED_IN, NOT_FOUND, EMAIL_INVALID, INPUT_INVALID.
    """
    caller = must_be_signed_in(viewer)
    person = await person_locked(transaction, person_id, "personId")
    is_officer = viewer.profile.has_any(Role.MEMBERSHIP_OFFICER)
    if not (
        is_officer
        or person.id == caller
        or await guardians.is_guardian(transaction, person.id, caller, await transaction.today())
    ):
        raise NotFound("personId")
    changes: dict[str, object] = {}
    if contact.email is not None:
        if not is_officer:
            # a mailbox signs people in: a new one is proved by the officer, not by a session
            raise NotPermitted(RefusalCode.NOT_PERMITTED, "Ask the membership officer to change a mailbox.", "email")
        changes["email"] = await _new_mailbox(transaction, person, caller, contact.email)
    for name, text in (("phone", contact.phone), ("contact_address", contact.contact_address)):
        if text is not None:
            changes[name] = required_text(text, name, MAX_ADDRESS_LENGTH) if text else None
    if contact.language is not None:
        changes["language"] = _language(contact.language)
    if contact.marketing_opt_out is not None:
        changes["marketing_opt_out"] = contact.marketing_opt_out
    if changes:
        await transaction.change("person", person.id, changes)
        await transaction.audit(AuditAction.CONTACT_CHANGED, person.id, caller, what=sorted(changes))
    return person.id


async def _new_mailbox(transaction: Transaction, person: persons.Person, officer: UUID, text: str) -> str | None:
    """A mailbox signs in as whoever has it: none of an officer's is changed here, the old one is told, sessions end."""
    if person.id == officer or await holds_a_role(transaction, person.id):
        raise NotPermitted(
            RefusalCode.NOT_PERMITTED, "The mailbox of somebody with an office is not changed here.", "email"
        )
    mailbox = email_address(text) if text else None
    if person.email and person.email != mailbox:
        await transaction.queue_mail(person.email, "Your mailbox", MAILBOX_CHANGED)
    await end_sessions_of(transaction, person.id)
    return mailbox


def _language(tag: str) -> str:
    language, _, region = tag.strip().partition("-")
    if not (language.isalpha() and 2 <= len(language) <= 3 and (not region or region.isalnum())) or len(tag) > 35:
        raise Invalid(RefusalCode.INPUT_INVALID, "language is a tag such as en, pl or cy.", "language")
    return tag.strip()
