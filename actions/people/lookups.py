"""Finding the person or school an action is about, or refusing."""

from uuid import UUID

from db.people import persons, relationships
from db.people.persons import Person
from db.transactions import Transaction
from db.trusts import schools
from domain.membership.eligibility import PersonFacts
from domain.refusals import Invalid, NotFound, RefusalCode


async def person_locked(transaction: Transaction, person_id: UUID, field: str | None = None) -> Person:
    """Refusals: NOT_FOUND."""
    person = await persons.person_for_update(transaction, person_id)
    if person is None:
        raise NotFound(field)
    return person


async def person_facts(transaction: Transaction, person_id: UUID) -> PersonFacts:
    return (await relationships.facts_of(transaction, [person_id]))[person_id]


async def school_numbered(transaction: Transaction, urn: int) -> UUID:
    """Refusals: INPUT_INVALID of `school_urn` for a number no school of the trust has."""
    found = await schools.school_by_urn(transaction, urn)
    if found is None:
        raise Invalid(RefusalCode.INPUT_INVALID, "The trust has no school of that number.", "school_urn")
    return found
