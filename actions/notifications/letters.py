"""Notices on paper, for those without a mailbox: whom a letter reaches, and where (rules 6e and 21)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.notifications import notices
from db.notifications.notices import Letter
from db.people.persons import people
from db.people.relationships import places_of
from db.transactions import Transaction
from db.trusts.schools import addresses
from domain.audit.events import AuditAction
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import Viewer
from domain.people.guardians import ContactRoute, contact_route

from .notices import BY_POST

MOST_LETTERS = 500  # in a batch


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters that were dispatched at one moment, which is the batch's name, as they are addressed today."""

    trust: str
    dispatched_at: datetime
    letters: Sequence[Letter]


async def next_letters(transaction: Transaction, viewer: Viewer) -> Batch | None:
    """The letters that wait for paper, dispatched now; None where none waits. Refusals: as BY_POST."""
    BY_POST.check(viewer)
    moment = await notices.dispatch_letters(transaction, MOST_LETTERS)
    return None if moment is None else await _printed(transaction, viewer, moment)


async def letters_again(transaction: Transaction, viewer: Viewer, dispatched_at: datetime | None) -> Batch | None:
    """The letters dispatched at that moment, or last, for whoever never got them; None where there are none, or their
    text is forgotten. Refusals: as BY_POST."""
    BY_POST.check(viewer)
    moment = dispatched_at or await notices.last_batch(transaction)
    return None if moment is None else await _printed(transaction, viewer, moment)


async def _printed(transaction: Transaction, viewer: Viewer, moment: datetime) -> Batch | None:
    found = await notices.letters_of(transaction, moment)
    if not found:
        return None
    await transaction.audit(AuditAction.LETTERS_PRINTED, transaction.trust_id, viewer.person, letters=len(found))
    return Batch(await notices.trust_name(transaction), moment, await _addressed(transaction, found))


async def _addressed(transaction: Transaction, batch: Sequence[Letter]) -> list[Letter]:
    """The letters, through their school for those who are not written to directly: the one at which they learn today,
    or, where they learn at none yet or any more, that of the membership it is about."""
    reached = await _reached_through_school(transaction, {each.person_id for each in batch})
    learns_at = await _learns_at(transaction, reached)
    through = {each: learns_at.get(each.person_id, each.school_id) for each in batch if each.person_id in reached}
    known = await addresses(transaction, [school for school in through.values() if school is not None])
    care_of = {letter: f"c/o {known[school]}" if school in known else "" for letter, school in through.items()}
    return [replace(each, address=care_of.get(each, each.address)) for each in batch]


async def _reached_through_school(transaction: Transaction, recipients: set[UUID]) -> set[UUID]:
    """Those among the recipients of letters whose letters go to a school: they have neither mailbox nor guardian."""
    today, ruleset = await transaction.today(), await ruleset_in_force(transaction)
    known = await people(transaction, recipients)
    return {
        key
        for key, person in known.items()
        if contact_route(ruleset, person.born, person.is_learner, False, False, today) is ContactRoute.SCHOOL
    }


async def _learns_at(transaction: Transaction, people: set[UUID]) -> dict[UUID, UUID]:
    """The school at which each of the people began last to learn, of those at which they learn today."""
    found: dict[UUID, UUID] = {}
    for key, places in (await places_of(transaction, people)).items():
        for kind, school_id in places:
            if kind is RelationshipKind.LEARNER and school_id is not None:
                found.setdefault(key, school_id)
    return found
