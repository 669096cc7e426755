"""How people stand to schools, and what eligibility is computed from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.governance.qualification import RelationshipKind
from domain.membership.eligibility import Consent, PersonFacts
from domain.people.matching import DeclaredFact
from domain.people.relationships import IS_DECLARED, Relationship, RelationshipSource

from ..fragments.clock import TODAY as LEGAL_TODAY
from ..fragments.conditions import columns, predicate
from ..fragments.people import RELATIONSHIP, RELATIONSHIPS, goes_on, holds
from ..transactions import Transaction


@dataclass(frozen=True, slots=True)
class StoredRelationship:
    """A relationship as stored: its own days, whatever the school's."""

    id: UUID
    person_id: UUID
    school_id: UUID | None
    year_group: int | None
    relationship: Relationship


_IS_DECLARED = predicate(IS_DECLARED, columns("r", "source"))


async def add_relationship(
    transaction: Transaction,
    person_id: UUID,
    relationship: Relationship,
    school_id: UUID | None,
    source: RelationshipSource,
) -> bool:
    """Adds the fact; False where as much is known already: since then or longer, and until the same day."""
    is_known = await transaction.value(
        "select exists (select from relationship where trust_id = $1 and person_id = $2"
        " and school_id is not distinct from $3 and kind = $4 and until is not distinct from $5 and since <= $6)",
        transaction.trust_id,
        person_id,
        school_id,
        relationship.kind.value,
        relationship.until,
        relationship.since,
    )
    if is_known:
        return False
    await transaction.run(
        "insert into relationship (trust_id, person_id, school_id, kind, since, until, source)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        transaction.trust_id,
        person_id,
        school_id,
        relationship.kind.value,
        relationship.since,
        relationship.until,
        source.value,
    )
    return True


async def correct_first_day(
    transaction: Transaction, person_id: UUID, kind: RelationshipKind, school_id: UUID | None, since: date
) -> bool:
    """Moves the first day of what goes on and rests on somebody's own word; whether there is such with another day."""
    found = await transaction.rows(
        "update relationship r set since = $5 where r.trust_id = $1 and r.person_id = $2 and r.kind = $3"
        " and r.school_id is not distinct from $4 and r.verified_on is null and r.since is distinct from $5"
        f" and {goes_on('r', LEGAL_TODAY)} and {goes_on('r', '$5')}"
        f" and {_IS_DECLARED} returning r.id",
        transaction.trust_id,
        person_id,
        kind.value,
        school_id,
        since,
    )
    return bool(found)


async def relationship_for_update(transaction: Transaction, relationship_id: UUID) -> StoredRelationship | None:
    row = await transaction.row(
        "select id, person_id, school_id, year_group, kind, since, until from relationship where trust_id = $1 and id = $2 for no key update",
        transaction.trust_id,
        relationship_id,
    )
    if row is None:
        return None
    fact = Relationship(RelationshipKind.named(row["kind"]), row["since"], row["until"])
    return StoredRelationship(row["id"], row["person_id"], row["school_id"], row["year_group"], fact)


async def end_relationship(transaction: Transaction, relationship_id: UUID, until: date) -> None:
    await transaction.run(
        "update relationship set until = $3, end_known_on = legal_today() where trust_id = $1 and id = $2",
        transaction.trust_id,
        relationship_id,
        until,
    )


async def verify_relationship(transaction: Transaction, relationship_id: UUID, evidence: str) -> None:
    await transaction.run(
        "update relationship set verified_on = legal_today(), evidence = $3 where trust_id = $1 and id = $2",
        transaction.trust_id,
        relationship_id,
        evidence,
    )


async def link_learner(transaction: Transaction, relationship_id: UUID, learner_id: UUID, evidence: str) -> None:
    await transaction.run(
        "update relationship set learner_id = $3, verified_on = legal_today(), evidence = $4 where trust_id = $1 and id = $2",
        transaction.trust_id,
        relationship_id,
        learner_id,
        evidence,
    )


async def is_learner_at(transaction: Transaction, person_id: UUID, school_id: UUID | None, day: date) -> bool:
    """Whether somebody is a learner there on the day, or will be."""
    return bool(
        await transaction.value(
            "select exists (select from relationship r where r.trust_id = $1 and r.person_id = $2 and r.school_id = $3"
            f" and r.kind = '{RelationshipKind.LEARNER}' and {goes_on('r', '$4')})",
            transaction.trust_id,
            person_id,
            school_id,
            day,
        )
    )


_FACTS = ", ".join(f"{place} as {name}" for name, place in RELATIONSHIP.items())
_RELATIONSHIPS_OF = (
    f"select r.person_id, {_FACTS} from {RELATIONSHIPS.replace('{trust}', '$1')} and r.person_id = any($2)"
)


_PLACES = (
    f"select f.person_id, f.kind, f.school_id from (select r.id, r.person_id, r.school_id, {_FACTS} from"
    f" {RELATIONSHIPS.replace('{trust}', '$1')} and r.person_id = any($2)) f where {holds('f')} order by f.since desc, f.id"
)


async def places_of(
    transaction: Transaction, people: Iterable[UUID]
) -> dict[UUID, list[tuple[RelationshipKind, UUID | None]]]:
    """How each of the people stands today to which school: what began last first, and then as it was told."""
    keys = list(people)
    rows = await transaction.rows(_PLACES, transaction.trust_id, keys)
    places: dict[UUID, list[tuple[RelationshipKind, UUID | None]]] = {key: [] for key in keys}
    for row in rows:
        places[row["person_id"]].append((RelationshipKind.named(row["kind"]), row["school_id"]))
    return places


_BY_OWN_WORD = f"({predicate(IS_DECLARED, columns('g', 'source'))}) is true"


async def facts_of(transaction: Transaction, people: Iterable[UUID]) -> dict[UUID, PersonFacts]:
    """What eligibility is computed from, for each of the people."""
    keys = list(people)
    born = await transaction.rows(
        f"select id, date_of_birth, died_on, '{DeclaredFact.BORN}' = any(declared) as birth_is_declared,"
        " admitted_too_young from person"
        " where trust_id = $1 and id = any($2)",
        transaction.trust_id,
        keys,
    )
    facts = await transaction.rows(_RELATIONSHIPS_OF, transaction.trust_id, keys)
    consents = await transaction.rows(
        f"select c.child_id, c.since, c.until, {_BY_OWN_WORD} as is_declared from guardian_consent c left join guardianship g"
        " on g.trust_id = $1 and g.child_id = c.child_id and g.guardian_id = c.guardian_id"
        " where c.trust_id = $1 and c.child_id = any($2)",
        transaction.trust_id,
        keys,
    )
    relationships: dict[UUID, list[Relationship]] = {key: [] for key in keys}
    for row in facts:
        source = RelationshipSource.named(row["source"])
        relationship = Relationship(RelationshipKind.named(row["kind"]), row["since"], row["until"], source)
        relationships[row["person_id"]].append(relationship)
    given: dict[UUID, list[Consent]] = {key: [] for key in keys}
    for row in consents:
        given[row["child_id"]].append(Consent(row["since"], row["until"], row["is_declared"]))
    return {
        row["id"]: PersonFacts(
            row["date_of_birth"],
            tuple(relationships[row["id"]]),
            tuple(given[row["id"]]),
            row["died_on"],
            row["birth_is_declared"],
            row["admitted_too_young"],
        )
        for row in born
    }
