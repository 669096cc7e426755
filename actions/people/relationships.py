"""How people stand to schools: declared, verified, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from db.people import relationships
from db.people.families import Leaver, end_with_leavers
from db.people.relationships import StoredRelationship, add_relationship, is_learner_at, relationship_for_update
from db.transactions import Transaction
from domain.audit.events import AuditAction
from domain.conditions import ENDED, Facts
from domain.forms import Id, Text
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import ANY_PERSON, Role, Viewer, holder_of
from domain.people.families import check_family
from domain.people.relationships import Relationship, RelationshipSource, check_beginning, check_end
from domain.refusals import Conflict, NotFound, NotPermitted, Refusal, RefusalCode, kept, refuse_all
from domain.text import MAX_REASON_LENGTH

from ..action import action
from .lookups import person_facts, person_locked, school_numbered

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
class LinkLearner:
    """Whose parent, carer or kin somebody is."""

    id: Annotated[UUID, Id("rel"), "How they stand to the school of the learner: as a parent or carer, or as kin."]
    learner_id: Annotated[UUID, Id("per"), "The learner."]
    evidence: Annotated[str, Text(MAX_REASON_LENGTH), "What was seen."]


@dataclass(frozen=True, slots=True)
class SchoolRelationship:
    """A declared relationship, whose school was found, and the field of the command that says it."""

    declared: DeclaredRelationship
    school_id: UUID | None
    field: str


async def at_schools(
    transaction: Transaction, declared: Mapping[str, DeclaredRelationship]
) -> Sequence[SchoolRelationship]:
    """Finds the schools of relationships, by the field of the command that says each.

    Refusals: INPUT_INVALID of every number that no school has, those of check_beginning but for the birth.
    """
    today = await transaction.today()
    found: list[SchoolRelationship] = []
    refusals: list[Refusal] = []
    for field, each in declared.items():
        with kept(refusals, field):
            check_beginning(each.since or today, None, today)
            school = None if each.school_urn is None else await school_numbered(transaction, each.school_urn)
            found.append(SchoolRelationship(each, school, field))
    refuse_all(refusals)
    return found


def by_field(declared: Sequence[DeclaredRelationship]) -> Mapping[str, DeclaredRelationship]:
    """The `relationships` of a command, by the field that says each."""
    return {f"relationships.{index}": each for index, each in enumerate(declared)}


async def declare(transaction: Transaction, person_id: UUID, told: Sequence[SchoolRelationship]) -> None:
    """Stores relationships that somebody declares of themself; another first day corrects what they declared before.

    Refusals: DATES_CONTRADICT of each that began before they were born.
    """
    today, born = await transaction.today(), (await person_facts(transaction, person_id)).born
    refusals: list[Refusal] = []
    for each in told:
        with kept(refusals, each.field):
            check_beginning(each.declared.since or today, born, today)
    refuse_all(refusals)
    for each in told:
        kind = each.declared.kind
        if await _is_corrected(transaction, person_id, each):
            await transaction.audit(AuditAction.RELATIONSHIP_CORRECTED, person_id, person_id, kind=kind.value)
        elif await add_relationship(
            transaction,
            person_id,
            Relationship(kind, each.declared.since or today),
            each.school_id,
            RelationshipSource.DECLARED,
        ):
            await transaction.audit(AuditAction.RELATIONSHIP_DECLARED, person_id, person_id, kind=kind.value)


async def _is_corrected(transaction: Transaction, person_id: UUID, told: SchoolRelationship) -> bool:
    """Gives what somebody declared before, and nobody verified, the first day they tell now; whether that is another."""
    if told.declared.since is None:
        return False
    return await relationships.correct_first_day(
        transaction, person_id, told.declared.kind, told.school_id, told.declared.since
    )


@action(ANY_PERSON)
async def declare_relationship(transaction: Transaction, viewer: Viewer, command: DeclareRelationship) -> UUID:
    """Adds a relationship to one's own, or corrects the first day of one that rests on one's own word.

    Refusals: INPUT_INVALID, those of check_beginning.
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

    Who is at the school for the sake of a learner alone, leaves with the learner. Refusals: NOT_FOUND, RELATIONSHIP_ENDED, DATES_CONTRADICT.
    """
    found = await _relationship(transaction, command.id)
    if found.person_id != viewer.person and not viewer.profile.has_any(Role.MEMBERSHIP_OFFICER):
        raise NotFound("id")
    check_end(found.relationship, command.until, await transaction.today())
    await relationships.end_relationship(transaction, found.id, command.until)
    await transaction.audit(AuditAction.RELATIONSHIP_ENDED, found.person_id, viewer.person, relationship_id=found.id)
    if found.relationship.kind is RelationshipKind.LEARNER and found.school_id is not None:
        await end_with_leavers(transaction, [Leaver(found.person_id, found.school_id, found.year_group, command.until)])
    return found.person_id


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def link_learner(transaction: Transaction, viewer: Viewer, command: LinkLearner) -> UUID:
    """Records whose parent, carer or kin somebody is, so that they leave the school with that learner.

    Guardians need no such link. Refusals: NOT_FOUND, OWN_APPLICATION, RELATIONSHIP_ENDED, NO_FAMILY where they are neither
    at the school of the learner.
    """
    found, learner = await _relationship(transaction, command.id), command.learner_id
    if viewer.person in (found.person_id, learner):
        raise NotPermitted(RefusalCode.OWN_APPLICATION, "Nobody records it of themself.")
    today = await transaction.today()
    if ENDED.evaluate(Facts(found.relationship, today=today)):
        raise Conflict(RefusalCode.RELATIONSHIP_ENDED)
    await person_locked(transaction, learner, "learner_id")
    is_there = learner != found.person_id and await is_learner_at(transaction, learner, found.school_id, today)
    check_family(found.relationship.kind, is_there)
    await relationships.link_learner(transaction, found.id, learner, command.evidence)
    await transaction.audit(
        AuditAction.LEARNER_LINKED, found.person_id, viewer.person, relationship_id=found.id, learner_id=learner
    )
    return found.person_id


async def _relationship(transaction: Transaction, relationship_id: UUID) -> StoredRelationship:
    found = await relationship_for_update(transaction, relationship_id)
    if found is None:
        raise NotFound("id")
    return found
