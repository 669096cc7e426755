"""People, relationships and memberships."""

from datetime import date
from uuid import UUID

from domain.governance.qualification import RelationshipKind
from domain.members.membership import Membership, MembershipStatus
from domain.members.relationships import Relationship, RelationshipSource
from domain.refusals import Conflict, RefusalCode

from ..connection import UniqueViolation
from ..work import Work


async def person_exists(work: Work, person_id: UUID) -> bool:
    return bool(await work.value("select true from person where trust_id = $1 and id = $2", work.trust_id, person_id))


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


async def birth_and_open_membership(work: Work, person_id: UUID) -> tuple[date | None, bool]:
    """The date of birth, and whether the person has an open membership or application. Locks the person."""
    row = await work.row(
        "select date_of_birth, exists (select from membership m where m.trust_id = $1 and m.person_id = p.id"
        " and m.status in ('SUBMITTED', 'ADMITTED')) as open from person p where p.trust_id = $1 and p.id = $2"
        " for no key update",
        work.trust_id,
        person_id,
    )
    assert row is not None, "a signed-in person is on record"
    return row["date_of_birth"], row["open"]


async def add_relationship(
    work: Work, person_id: UUID, relationship: Relationship, school_id: UUID | None, source: RelationshipSource
) -> None:
    """Adds the fact unless it is known already."""
    await work.run(
        "insert into relationship (trust_id, person_id, school_id, kind, since, until, source)"
        " select $1, $2, $3, $4, $5, $6, $7 where not exists (select from relationship where trust_id = $1"
        " and person_id = $2 and school_id is not distinct from $3 and kind = $4 and until is not distinct from $6)",
        work.trust_id,
        person_id,
        school_id,
        relationship.kind.value,
        relationship.since,
        relationship.until,
        source.value,
    )


async def add_membership(
    work: Work, person_id: UUID, constituency_id: UUID, school_id: UUID | None, address: str, ruleset_version: int
) -> UUID:
    """An application. Refusals: ALREADY_A_MEMBER, also where a second application is at this moment being stored."""
    try:
        membership: UUID = await work.value(
            "insert into membership (trust_id, person_id, constituency_id, school_id, status, service_address, ruleset_version)"
            " values ($1, $2, $3, $4, 'SUBMITTED', $5, $6) returning id",
            work.trust_id,
            person_id,
            constituency_id,
            school_id,
            address,
            ruleset_version,
        )
    except UniqueViolation:
        raise Conflict(RefusalCode.ALREADY_A_MEMBER) from None
    return membership


async def membership_for_update(work: Work, membership_id: UUID) -> Membership | None:
    """The membership with its person's relationships, locked so that two officers decide one after the other."""
    row = await work.row(
        "select m.id, m.person_id, m.status, c.code, p.date_of_birth from membership m"
        " join constituency c on c.trust_id = $1 and c.id = m.constituency_id"
        " join person p on p.trust_id = $1 and p.id = m.person_id"
        " where m.trust_id = $1 and m.id = $2 for no key update of m",
        work.trust_id,
        membership_id,
    )
    if row is None:
        return None
    facts = await work.rows(
        "select kind, since, until from relationship where trust_id = $1 and person_id = $2",
        work.trust_id,
        row["person_id"],
    )
    relationships = (Relationship(RelationshipKind.named(f["kind"]), f["since"], f["until"]) for f in facts)
    return Membership(
        id=row["id"],
        person_id=row["person_id"],
        constituency=row["code"],
        status=MembershipStatus.named(row["status"]),
        born=row["date_of_birth"],
        relationships=tuple(relationships),
    )


async def enter_on_register(work: Work, membership_id: UUID, day: date) -> int:
    """Gives the membership the next number of the register. Numbers have no gaps and are never used again."""
    number: int = await work.value(
        "update register_number set next_number = next_number + 1 where trust_id = $1 returning next_number - 1",
        work.trust_id,
    )
    await work.run(
        "update membership set status = 'ADMITTED', number = $3, registered_on = $4 where trust_id = $1 and id = $2",
        work.trust_id,
        membership_id,
        number,
        day,
    )
    return number


async def set_status(work: Work, membership_id: UUID, status: MembershipStatus) -> None:
    """For what never was on the register."""
    await work.run(
        "update membership set status = $3 where trust_id = $1 and id = $2", work.trust_id, membership_id, status.value
    )


async def cease(work: Work, membership_id: UUID, day: date) -> None:
    await work.run(
        "update membership set status = 'RESIGNED', ceased_on = $3 where trust_id = $1 and id = $2",
        work.trust_id,
        membership_id,
        day,
    )


async def add_transition(
    work: Work, membership_id: UUID, status: MembershipStatus, actor_id: UUID, reason: str | None, ruleset_version: int
) -> None:
    await work.run(
        "insert into membership_transition (trust_id, membership_id, status, actor_id, reason, ruleset_version)"
        " values ($1, $2, $3, $4, $5, $6)",
        work.trust_id,
        membership_id,
        status.value,
        actor_id,
        reason,
        ruleset_version,
    )


async def school_by_urn(work: Work, urn: int) -> UUID | None:
    school: UUID | None = await work.value("select id from school where trust_id = $1 and urn = $2", work.trust_id, urn)
    return school


async def mailbox_of(work: Work, person_id: UUID) -> str | None:
    email: str | None = await work.value(
        "select email from person where trust_id = $1 and id = $2", work.trust_id, person_id
    )
    return email
