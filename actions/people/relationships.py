"""How people stand to schools: declared, verified, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.people import relationships
from db.people.relationships import StoredRelationship, add_relationship, relationship_for_update
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import Role, Viewer, must_be_signed_in, must_hold
from domain.people.relationships import Relationship, RelationshipSource, check_end
from domain.refusals import Invalid, NotFound, NotPermitted, RefusalCode
from domain.text import MAX_REASON_LENGTH, required_text

from .lookups import school_numbered

MOST_RELATIONSHIPS = 10


@dataclass(frozen=True, slots=True)
class DeclaredRelationship:
    kind: RelationshipKind
    school_urn: int | None
    since: date | None


async def declare(
    transaction: Transaction, person_id: UUID, relationships: Sequence[DeclaredRelationship]
) -> list[tuple[RelationshipKind, UUID | None]]:
    """Stores what somebody says of themself; kinds and schools. Refusals: INPUT_INVALID."""
    if not 1 <= len(relationships) <= MOST_RELATIONSHIPS:
        raise Invalid(RefusalCode.INPUT_INVALID, f"Give 1 to {MOST_RELATIONSHIPS} relationships.", "relationships")
    today, stored = await transaction.today(), []
    for declared in relationships:
        school_id = await school_numbered(transaction, declared.school_urn)
        fact = Relationship(declared.kind, declared.since or today)
        if await add_relationship(transaction, person_id, fact, school_id, RelationshipSource.DECLARED):
            await transaction.audit(AuditAction.RELATIONSHIP_DECLARED, person_id, person_id, kind=declared.kind.value)
        stored.append((declared.kind, school_id))
    return stored


async def declare_relationship(transaction: Transaction, viewer: Viewer, declared: DeclaredRelationship) -> UUID:
    """Adds what somebody says of themself. Refusals: NOT_SIGNED_IN, INPUT_INVALID."""
    person_id = must_be_signed_in(viewer)
    await declare(transaction, person_id, [declared])
    return person_id


async def verify_relationship(transaction: Transaction, viewer: Viewer, relationship_id: UUID, evidence: str) -> UUID:
    """The officer has seen evidence. Refusals: as must_hold, NOT_FOUND, INPUT_INVALID, OWN_APPLICATION."""
    officer = must_hold(viewer, Role.MEMBERSHIP_OFFICER)
    evidence = required_text(evidence, "evidence", MAX_REASON_LENGTH)
    found = await _relationship(transaction, relationship_id)
    if found.person_id == officer:
        raise NotPermitted(RefusalCode.OWN_APPLICATION, "Nobody verifies their own relationship.")
    await relationships.verify_relationship(transaction, found.id, evidence)
    await transaction.audit(AuditAction.RELATIONSHIP_VERIFIED, found.person_id, officer, relationship_id=found.id)
    return found.person_id


async def end_relationship(transaction: Transaction, viewer: Viewer, relationship_id: UUID, until: date) -> UUID:
    """By the person or the officer. Refusals: NOT_SIGNED_IN, NOT_FOUND, RELATIONSHIP_ENDED, DATES_CONTRADICT."""
    person_id = must_be_signed_in(viewer)
    found = await _relationship(transaction, relationship_id)
    if found.person_id != person_id and not viewer.profile.has_any(Role.MEMBERSHIP_OFFICER):
        raise NotFound("id")
    check_end(found.relationship, until)
    await relationships.end_relationship(transaction, found.id, until)
    await transaction.audit(AuditAction.RELATIONSHIP_ENDED, found.person_id, person_id, relationship_id=found.id)
    return found.person_id


async def _relationship(transaction: Transaction, relationship_id: UUID) -> StoredRelationship:
    found = await relationship_for_update(transaction, relationship_id)
    if found is None:
        raise NotFound("id")
    return found
