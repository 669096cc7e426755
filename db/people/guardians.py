"""Those who answer for children, and what they consented to."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.membership.lifecycle import CURRENT
from domain.people.guardians import ConsentSource
from domain.people.relationships import RelationshipSource

from ..columns import listed
from ..transactions import Transaction


async def add_guardianship(
    transaction: Transaction,
    child_id: UUID,
    guardian_id: UUID,
    since: date,
    until: date,
    source: RelationshipSource,
    evidence: str | None,
) -> UUID:
    """Records the guardian; one who was recorded before, and ended, answers for the child again."""
    guardianship: UUID = await transaction.value(
        "insert into guardianship (trust_id, child_id, guardian_id, since, until, source, evidence)"
        " values ($1, $2, $3, $4, $5, $6, $7) on conflict (trust_id, child_id, guardian_id)"
        " do update set until = excluded.until, source = excluded.source, evidence = excluded.evidence returning id",
        transaction.trust_id,
        child_id,
        guardian_id,
        since,
        until,
        source.value,
        evidence,
    )
    return guardianship


async def is_guardian(transaction: Transaction, child_id: UUID, guardian_id: UUID, day: date) -> bool:
    return bool(
        await transaction.value(
            "select true from guardianship where trust_id = $1 and child_id = $2 and guardian_id = $3"
            " and since <= $4 and until > $4",
            transaction.trust_id,
            child_id,
            guardian_id,
            day,
        )
    )


async def guardians_of(transaction: Transaction, child_id: UUID, day: date) -> list[UUID]:
    rows = await transaction.rows(
        "select guardian_id from guardianship where trust_id = $1 and child_id = $2 and since <= $3 and until > $3"
        " order by id",
        transaction.trust_id,
        child_id,
        day,
    )
    return [row["guardian_id"] for row in rows]


async def end_guardianship(transaction: Transaction, child_id: UUID, guardian_id: UUID, day: date) -> bool:
    ended = await transaction.value(
        "update guardianship set until = $4 where trust_id = $1 and child_id = $2 and guardian_id = $3 and until > $4"
        " returning true",
        transaction.trust_id,
        child_id,
        guardian_id,
        day,
    )
    return bool(ended)


async def add_consent(
    transaction: Transaction, child_id: UUID, guardian_id: UUID, source: ConsentSource, since: date, until: date
) -> UUID:
    consent: UUID = await transaction.value(
        "insert into guardian_consent (trust_id, child_id, guardian_id, source, since, until)"
        " values ($1, $2, $3, $4, $5, $6) returning id",
        transaction.trust_id,
        child_id,
        guardian_id,
        source.value,
        since,
        until,
    )
    return consent


async def end_consents(transaction: Transaction, child_id: UUID, guardian_id: UUID, day: date) -> None:
    """Takes back what the guardian consented to."""
    await transaction.run(
        "update guardian_consent set until = $4 where trust_id = $1 and child_id = $2 and guardian_id = $3 and until > $4",
        transaction.trust_id,
        child_id,
        guardian_id,
        day,
    )


async def came_of_age(transaction: Transaction, day: date) -> Sequence[UUID]:
    """Members whose guardians answered for them until a day not long past, and who were not told yet."""
    rows = await transaction.rows(
        "select distinct m.person_id from guardianship g join membership m on m.trust_id = $1 and m.person_id = g.child_id"
        f" and m.status in ({listed(CURRENT)}) join person p on p.trust_id = $1 and p.id = g.child_id"
        " where g.trust_id = $1 and g.until <= $2 and g.until > $2 - 90 and g.until >= p.date_of_birth + interval '13 years'"
        " and not exists (select from guardianship o where o.trust_id = $1 and o.child_id = g.child_id and o.until > $2)"
        " and not exists (select from notice n where n.trust_id = $1 and n.person_id = g.child_id and n.kind = 'HANDED_OVER')",
        transaction.trust_id,
        day,
    )
    return [row["person_id"] for row in rows]
