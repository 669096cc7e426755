"""People, how they stand to schools, and those who answer for children."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.governance.qualification import RelationshipKind
from domain.members.eligibility import Consent, PersonFacts
from domain.members.guardians import ConsentSource
from domain.members.membership import CURRENT
from domain.members.relationships import Relationship, RelationshipSource

from ..columns import listed
from ..work import Work


@dataclass(frozen=True, slots=True)
class Person:
    """What actions need to know of somebody."""

    id: UUID
    given_name: str
    family_name: str
    email: str | None
    born: date | None
    language: str
    marketing_opt_out: bool
    is_learner: bool

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def without_mailbox(self) -> "Person":
        """The same person, to be reached on paper."""
        return replace(self, email=None)


@dataclass(frozen=True, slots=True)
class StoredRelationship:
    """A relationship as stored: its own days, whatever the school's."""

    id: UUID
    person_id: UUID
    relationship: Relationship


async def person_exists(work: Work, person_id: UUID) -> bool:
    return bool(await work.value("select true from person where trust_id = $1 and id = $2", work.trust_id, person_id))


_PERSON = (
    "select id, given_name, family_name, email, date_of_birth as born, language, marketing_opt_out, exists (select"
    " from relationship r where r.trust_id = $1 and r.person_id = person.id and r.kind = 'LEARNER' and r.until is null)"
    " as is_learner from person"
    " where trust_id = $1 and "
)


async def person_for_update(work: Work, person_id: UUID) -> Person | None:
    """The person, locked: whoever applies, joins or changes names for them does so one after the other."""
    row = await work.row(_PERSON + "id = $2 for no key update", work.trust_id, person_id)
    return None if row is None else Person(**row)


async def people(work: Work, keys: Iterable[UUID]) -> dict[UUID, Person]:
    rows = await work.rows(_PERSON + "id = any($2) order by id", work.trust_id, list(keys))
    return {row["id"]: Person(**row) for row in rows}


async def add_person(work: Work, given_name: str, family_name: str, email: str | None, born: date | None) -> UUID:
    person: UUID = await work.value(
        "insert into person (trust_id, given_name, family_name, email, date_of_birth) values ($1, $2, $3, $4, $5) returning id",
        work.trust_id,
        given_name,
        family_name,
        email,
        born,
    )
    return person


async def add_relationship(
    work: Work,
    person_id: UUID,
    relationship: Relationship,
    school_id: UUID | None,
    source: RelationshipSource,
) -> bool:
    """Adds the fact; False where it is known already."""
    added = await work.value(
        "insert into relationship (trust_id, person_id, school_id, kind, since, until, source)"
        " select $1, $2, $3, $4, $5, $6, $7 where not exists (select from relationship where trust_id = $1"
        " and person_id = $2 and school_id is not distinct from $3 and kind = $4 and until is not distinct from $6"
        " and learner_id is null) returning true",
        work.trust_id,
        person_id,
        school_id,
        relationship.kind.value,
        relationship.since,
        relationship.until,
        source.value,
    )
    return bool(added)


async def relationship_for_update(work: Work, relationship_id: UUID) -> StoredRelationship | None:
    row = await work.row(
        "select id, person_id, kind, since, until from relationship where trust_id = $1 and id = $2 for no key update",
        work.trust_id,
        relationship_id,
    )
    if row is None:
        return None
    fact = Relationship(RelationshipKind.named(row["kind"]), row["since"], row["until"])
    return StoredRelationship(row["id"], row["person_id"], fact)


async def end_relationship(work: Work, relationship_id: UUID, until: date) -> None:
    await work.run(
        "update relationship set until = $3 where trust_id = $1 and id = $2", work.trust_id, relationship_id, until
    )


async def verify_relationship(work: Work, relationship_id: UUID, evidence: str) -> None:
    await work.run(
        "update relationship set source = 'VERIFIED', evidence = $3 where trust_id = $1 and id = $2",
        work.trust_id,
        relationship_id,
        evidence,
    )


# a relationship about a school counts while the school also belongs to the trust (domain rule 22)
RELATIONSHIPS_WITH_SCHOOLS = (
    "select r.trust_id, r.person_id, r.kind, greatest(r.since, a.since) as since, least(r.until, a.until) as until"
    " from relationship r left join affiliation a on a.trust_id = r.trust_id and a.school_id = r.school_id"
    " where (r.school_id is null or a.id is not null)"
)


async def facts_of(work: Work, people: Iterable[UUID]) -> dict[UUID, PersonFacts]:
    """What eligibility is computed from, for each of the people."""
    keys = list(people)
    born = await work.rows(
        "select id, date_of_birth from person where trust_id = $1 and id = any($2)", work.trust_id, keys
    )
    facts = await work.rows(
        f"select * from ({RELATIONSHIPS_WITH_SCHOOLS}) r where r.trust_id = $1 and r.person_id = any($2)",
        work.trust_id,
        keys,
    )
    consents = await work.rows(
        "select child_id, since, until from guardian_consent where trust_id = $1 and child_id = any($2)",
        work.trust_id,
        keys,
    )
    relationships: dict[UUID, list[Relationship]] = {key: [] for key in keys}
    for row in facts:
        relationship = Relationship(RelationshipKind.named(row["kind"]), row["since"], row["until"])
        relationships[row["person_id"]].append(relationship)
    given: dict[UUID, list[Consent]] = {key: [] for key in keys}
    for row in consents:
        given[row["child_id"]].append(Consent(row["since"], row["until"]))
    return {
        row["id"]: PersonFacts(row["date_of_birth"], tuple(relationships[row["id"]]), tuple(given[row["id"]]))
        for row in born
    }


async def school_by_urn(work: Work, urn: int) -> UUID | None:
    school: UUID | None = await work.value("select id from school where trust_id = $1 and urn = $2", work.trust_id, urn)
    return school


# -- guardians ------------------------------------------------------------------------------------------------------


async def add_guardianship(
    work: Work,
    child_id: UUID,
    guardian_id: UUID,
    since: date,
    until: date,
    source: RelationshipSource,
    evidence: str | None,
) -> UUID:
    """Records the guardian; one who was recorded before, and ended, answers for the child again."""
    guardianship: UUID = await work.value(
        "insert into guardianship (trust_id, child_id, guardian_id, since, until, source, evidence)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (trust_id, child_id, guardian_id)"
        " do update set until = excluded.until, source = excluded.source, evidence = excluded.evidence returning id",
        work.trust_id,
        child_id,
        guardian_id,
        since,
        until,
        source.value,
        evidence,
    )
    return guardianship


async def is_guardian(work: Work, child_id: UUID, guardian_id: UUID, day: date) -> bool:
    return bool(
        await work.value(
            "select true from guardianship where trust_id = $1 and child_id = $2 and guardian_id = $3"
            " and since <= $4 and until > $4",
            work.trust_id,
            child_id,
            guardian_id,
            day,
        )
    )


async def guardians_of(work: Work, child_id: UUID, day: date) -> list[UUID]:
    rows = await work.rows(
        "select guardian_id from guardianship where trust_id = $1 and child_id = $2 and since <= $3 and until > $3"
        " order by id",
        work.trust_id,
        child_id,
        day,
    )
    return [row["guardian_id"] for row in rows]


async def end_guardianship(work: Work, child_id: UUID, guardian_id: UUID, day: date) -> bool:
    ended = await work.value(
        "update guardianship set until = $4 where trust_id = $1 and child_id = $2 and guardian_id = $3 and until > $4"
        " returning true",
        work.trust_id,
        child_id,
        guardian_id,
        day,
    )
    return bool(ended)


async def add_consent(
    work: Work, child_id: UUID, guardian_id: UUID, source: ConsentSource, since: date, until: date
) -> UUID:
    consent: UUID = await work.value(
        "insert into guardian_consent (trust_id, child_id, guardian_id, source, since, until)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        work.trust_id,
        child_id,
        guardian_id,
        source.value,
        since,
        until,
    )
    return consent


async def end_consents(work: Work, child_id: UUID, guardian_id: UUID, day: date) -> None:
    """Takes back what the guardian consented to."""
    await work.run(
        "update guardian_consent set until = $4 where trust_id = $1 and child_id = $2 and guardian_id = $3 and until > $4",
        work.trust_id,
        child_id,
        guardian_id,
        day,
    )


async def is_learner_known(work: Work, given_name: str, family_name: str, born: date) -> bool:
    """Whether a learner of this name and birthday is on record."""
    return bool(
        await work.value(
            "select true from person p where p.trust_id = $1 and p.family_key = folded_name($2)"
            " and p.given_key = folded_name($3) and p.date_of_birth = $4 and exists (select from relationship r"
            " where r.trust_id = $1 and r.person_id = p.id and r.kind = 'LEARNER') limit 1",
            work.trust_id,
            family_name,
            given_name,
            born,
        )
    )


async def came_of_age(work: Work, day: date) -> Sequence[UUID]:
    """Members whose guardians answered for them until a day not long past, and who were not told yet."""
    rows = await work.rows(
        "select distinct m.person_id from guardianship g join membership m on m.trust_id = $1 and m.person_id = g.child_id"
        f" and m.status in ({listed(CURRENT)}) join person p on p.trust_id = $1 and p.id = g.child_id"
        " where g.trust_id = $1 and g.until <= $2 and g.until > $2 - 90 and g.until >= p.date_of_birth + interval '13 years'"
        " and not exists (select from guardianship o where o.trust_id = $1 and o.child_id = g.child_id and o.until > $2)"
        " and not exists (select from notice n where n.trust_id = $1 and n.person_id = g.child_id and n.kind = 'HANDED_OVER')",
        work.trust_id,
        day,
    )
    return [row["person_id"] for row in rows]
