"""How people stand to schools: declared, verified, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.people import relationships
from db.people.relationships import StoredRelationship, add_relationship, relationship_for_update
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.forms import Id, Text
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import ANY_PERSON, Role, Viewer, holder_of
from domain.people.relationships import Relationship, RelationshipSource, check_end
from domain.refusals import NotFound, NotPermitted, Refusal, RefusalCode, kept, refuse_all
from domain.text import MAX_REASON_LENGTH

from ..action import action
from .lookups import school_numbered

MOST_RELATIONSHIPS = 10


@dataclass(frozen=True, slots=True)
class DeclaredRelationship:
    """A fact that makes you eligible."""

    kind: Annotated[RelationshipKind, "How you stand to the school or the trust."]
    school_urn: Annotated[int | None, "The school, by its reference number."] = None
    since: Annotated[date | None, "Since when; today when left out."] = None


@dataclass(frozen=True, slots=True)
class DeclareRelationship:
    """A relationship to add to one's own."""

    relationship: Annotated[DeclaredRelationship, "The fact."]


@dataclass(frozen=True, slots=True)
class VerifyRelationship:
    """A relationship of which evidence was seen."""

    id: Annotated[UUID, Id("rel"), "The relationship."]
    evidence: Annotated[str, Text(MAX_REASON_LENGTH), "What was seen."]


@dataclass(frozen=True, slots=True)
class EndRelationship:
    """A relationship that ends."""

    id: Annotated[UUID, Id("rel"), "The relationship."]
    until: Annotated[date, "The first day it no longer holds."]


@dataclass(frozen=True, slots=True)
class SchoolRelationship:
    """A declared relationship, whose school was found."""

    declared: DeclaredRelationship
    school_id: UUID | None


async def at_schools(
    transaction: Transaction, declared: Mapping[str, DeclaredRelationship]
) -> Sequence[SchoolRelationship]:
    """Finds the schools of relationships, by the field of the command that says each.

    Refusals: INPUT_INVALID of every number that no school has.
    """
    found: list[SchoolRelationship] = []
    refusals: list[Refusal] = []
    for field, each in declared.items():
        with kept(refusals, field):
            school = None if each.school_urn is None else await school_numbered(transaction, each.school_urn)
            found.append(SchoolRelationship(each, school))
    refuse_all(refusals)
    return found


def by_field(declared: Sequence[DeclaredRelationship]) -> Mapping[str, DeclaredRelationship]:
    """The `relationships` of a command, by the field that says each."""
    return {f"relationships.{index}": each for index, each in enumerate(declared)}


async def declare(transaction: Transaction, person_id: UUID, told: Sequence[SchoolRelationship]) -> None:
    """Stores relationships that somebody declares of themself."""
    today = await transaction.today()
    for each in told:
        fact = Relationship(each.declared.kind, each.declared.since or today)
        if await add_relationship(transaction, person_id, fact, each.school_id, RelationshipSource.DECLARED):
            kind = each.declared.kind.value
            await transaction.audit(AuditAction.RELATIONSHIP_DECLARED, person_id, person_id, kind=kind)


@action(ANY_PERSON)
async def declare_relationship(transaction: Transaction, viewer: Viewer, command: DeclareRelationship) -> UUID:
    """Adds a relationship to one's own.

    Refusals: INPUT_INVALID.
    """
    told = await at_schools(transaction, {"relationship": command.relationship})
    await declare(transaction, viewer.person, told)
    return viewer.person


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def verify_relationship(transaction: Transaction, viewer: Viewer, command: VerifyRelationship) -> UUID:
    """Notes that evidence was seen.

    Refusals: NOT_FOUND, OWN_APPLICATION.
    """
    found = await _relationship(transaction, command.id)
    if found.person_id == viewer.person:
        raise NotPermitted(RefusalCode.OWN_APPLICATION, "Nobody verifies their own relationship.")
    await relationships.verify_relationship(transaction, found.id, command.evidence)
    await transaction.audit(AuditAction.RELATIONSHIP_VERIFIED, found.person_id, viewer.person, relationship_id=found.id)
    return found.person_id


@action(ANY_PERSON)
async def end_relationship(transaction: Transaction, viewer: Viewer, command: EndRelationship) -> UUID:
    """Ends a relationship, or brings forward an end that has not come yet; by the person or the membership officer.

    Refusals: NOT_FOUND, RELATIONSHIP_ENDED, DATES_CONTRADICT.
    """
    found = await _relationship(transaction, command.id)
    if found.person_id != viewer.person and not viewer.profile.has_any(Role.MEMBERSHIP_OFFICER):
        raise NotFound("id")
    check_end(found.relationship, command.until, await transaction.today())
    await relationships.end_relationship(transaction, found.id, command.until)
    await transaction.audit(AuditAction.RELATIONSHIP_ENDED, found.person_id, viewer.person, relationship_id=found.id)
    return found.person_id


async def _relationship(transaction: Transaction, relationship_id: UUID) -> StoredRelationship:
    found = await relationship_for_update(transaction, relationship_id)
    if found is None:
        raise NotFound("id")
    return found
