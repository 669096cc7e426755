"""The schools of a trust and how they belong to it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.audit.events import AuditAction
from domain.conditions import TODAY
from domain.trusts.schools import BELONGS, Affiliation, AffiliationKind, LinkKind

from ..fragments.addresses import SCHOOL_ADDRESS
from ..fragments.clock import TODAY as LEGAL_TODAY
from ..fragments.conditions import columns, predicate
from ..transactions import Transaction

_BELONGS_TODAY = predicate(BELONGS, columns("a", "since", "until") | {TODAY: LEGAL_TODAY})


async def hold_schools(transaction: Transaction) -> None:
    """Holds the numbers of the trust's schools and how they belong, for whatever changes them: one follows the other."""
    await transaction.hold("schools")


async def schools_of_trust(transaction: Transaction) -> list[Mapping[str, Any]]:
    """urn, name, places of every school of the trust."""
    return await transaction.rows(
        "select urn, name, concat_ws(' ', locality, town) as places from school where trust_id = $1",
        transaction.trust_id,
    )


async def schools_that_belong(transaction: Transaction) -> set[int]:
    """The numbers of the schools that belong to the trust today."""
    rows = await transaction.rows(
        "select s.urn from school s join affiliation a on a.trust_id = $1 and a.school_id = s.id"
        f" where s.trust_id = $1 and {_BELONGS_TODAY}",
        transaction.trust_id,
    )
    return {row["urn"] for row in rows}


async def successors(transaction: Transaction) -> dict[int, int]:
    """From the number a school of the trust had before to the one it has."""
    rows = await transaction.rows(
        "select l.linked_urn, s.urn from school_link l join school s on s.trust_id = $1 and s.id = l.school_id"
        " where l.trust_id = $1 and l.kind = 'PREDECESSOR'",
        transaction.trust_id,
    )
    return {row["linked_urn"]: row["urn"] for row in rows}


async def former_numbers(transaction: Transaction) -> dict[int, int]:
    """Of these, those that no school of the trust has any more."""
    known = await school_ids(transaction)
    return {former: urn for former, urn in (await successors(transaction)).items() if former not in known}


async def addresses(transaction: Transaction, schools: Collection[UUID]) -> Mapping[UUID | None, str]:
    """In one line, with the name."""
    rows = await transaction.rows(
        f"select s.id, {SCHOOL_ADDRESS} as address from school s where s.trust_id = $1 and s.id = any($2)",
        transaction.trust_id,
        schools,
    )
    return {row["id"]: row["address"] for row in rows}


async def school_by_urn(transaction: Transaction, urn: int) -> UUID | None:
    school: UUID | None = await transaction.value(
        "select id from school where trust_id = $1 and urn = $2", transaction.trust_id, urn
    )
    return school


async def school_urn(transaction: Transaction, school_id: UUID) -> int | None:
    """The school's number; None where there is none."""
    urn: int | None = await transaction.value(
        "select urn from school where trust_id = $1 and id = $2", transaction.trust_id, school_id
    )
    return urn


async def number_just_left(transaction: Transaction, school_id: UUID) -> int | None:
    """The number the school had before it last converted here."""
    urn: int | None = await transaction.value(
        "select l.linked_urn from school_link l where l.trust_id = $1 and l.school_id = $2 and l.kind = 'PREDECESSOR'"
        " and exists (select from audit_event e where e.trust_id = $1 and e.subject_id = $2"
        f" and e.action = '{AuditAction.SCHOOL_CONVERTED}' and (e.details->>'before')::int = l.linked_urn)"
        " order by l.id desc limit 1",
        transaction.trust_id,
        school_id,
    )
    return urn


async def remove_link(transaction: Transaction, school_id: UUID, kind: LinkKind, urn: int) -> None:
    await transaction.run(
        "delete from school_link where trust_id = $1 and school_id = $2 and kind = $3 and linked_urn = $4",
        transaction.trust_id,
        school_id,
        kind.value,
        urn,
    )


async def set_urn(transaction: Transaction, school_id: UUID, urn: int) -> bool:
    """False where a school of the trust has the number, or had it."""
    taken = await transaction.value(
        "select exists (select from school where trust_id = $1 and urn = $2)"
        " or exists (select from school_link where trust_id = $1 and linked_urn = $2 and kind = 'PREDECESSOR')",
        transaction.trust_id,
        urn,
    )
    if taken:
        return False
    await transaction.change("school", school_id, {"urn": urn})
    return True


async def school_name(transaction: Transaction, school_id: UUID) -> str:
    name: str = await transaction.value(
        "select name from school where trust_id = $1 and id = $2", transaction.trust_id, school_id
    )
    return name


async def affiliations(transaction: Transaction, school_id: UUID) -> list[Affiliation]:
    """Every time in which the school belongs or belonged to the trust."""
    rows = await transaction.rows(
        "select id, kind, since, until from affiliation where trust_id = $1 and school_id = $2",
        transaction.trust_id,
        school_id,
    )
    return [Affiliation(row["id"], AffiliationKind.named(row["kind"]), row["since"], row["until"]) for row in rows]


async def affiliate(transaction: Transaction, school_id: UUID, kind: str, since: date, cohort: str | None) -> None:
    """Begins an affiliation; also one that was withdrawn from that day."""
    await transaction.run(
        "insert into affiliation (trust_id, school_id, kind, since, cohort) values ($1, $2, $3, $4, $5)"
        " on conflict (trust_id, school_id, kind, since) do update set until = null, cohort = excluded.cohort",
        transaction.trust_id,
        school_id,
        kind,
        since,
        cohort,
    )


async def end_affiliation(transaction: Transaction, affiliation: Affiliation, until: date) -> None:
    await transaction.change("affiliation", affiliation.id, {"until": until})


async def school_ids(transaction: Transaction) -> dict[int, UUID]:
    """Ids by URN."""
    rows = await transaction.rows("select urn, id from school where trust_id = $1", transaction.trust_id)
    return {row["urn"]: row["id"] for row in rows}
