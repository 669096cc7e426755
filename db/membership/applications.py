"""Applications as they are first stored, and what they are judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.membership.lifecycle import MembershipStatus
from domain.refusals import Conflict, RefusalCode

from ..connection import UniqueViolation
from ..fragments.eligibility import eligibility
from ..fragments.statuses import CURRENT, NEVER_SENT, OPEN
from ..transactions import Transaction
from .memberships import add_transitions

_CONSTITUENCIES = (
    "select c.code from membership m join constituency c on c.trust_id = $1 and c.id = m.constituency_id"
    " where m.trust_id = $1 and (m.person_id = $2 or m.organisation_id = $3)"
)


async def open_constituencies(
    transaction: Transaction, person_id: UUID | None, organisation_id: UUID | None, besides: UUID | None = None
) -> list[str]:
    """Codes of the constituencies in which the holder has an open membership or application `besides` this one."""
    rows = await transaction.rows(
        f"{_CONSTITUENCIES} and m.status in ({OPEN}) and m.id is distinct from $4",
        transaction.trust_id,
        person_id,
        organisation_id,
        besides,
    )
    return [row["code"] for row in rows]


async def constituencies_of(
    transaction: Transaction, person_id: UUID | None, organisation_id: UUID | None
) -> list[str]:
    """Codes of the constituencies the holder is a member in."""
    rows = await transaction.rows(
        f"{_CONSTITUENCIES} and m.status in ({CURRENT})", transaction.trust_id, person_id, organisation_id
    )
    return [row["code"] for row in rows]


async def with_membership(transaction: Transaction, people: Sequence[UUID]) -> set[UUID]:
    """Those of the people who have a membership or an application, be it a draft, or once had one that was sent, whatever
    became of it."""
    was_sent = (
        "exists (select from membership_transition t where t.trust_id = $1 and t.membership_id = m.id"
        f" and t.status not in ({NEVER_SENT}, '{MembershipStatus.WITHDRAWN}'))"
    )
    rows = await transaction.rows(
        "select m.person_id from membership m where m.trust_id = $1 and m.person_id = any($2)"
        f" and (m.status in ({OPEN}) or {was_sent})",
        transaction.trust_id,
        people,
    )
    return {row["person_id"] for row in rows}


_ELIGIBLE = eligibility("p.id = any($2)").replace("{trust}", "$1")


async def eligible_constituencies(transaction: Transaction, people: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Codes of the constituencies that each of the living is eligible for, in the order of the rules; those who are
    eligible for none are left out."""
    rows = await transaction.rows(
        f"select e.person_id, array_agg(e.code order by e.position) as codes from {_ELIGIBLE} e where e.obstacles = '{{}}'"
        " group by e.person_id",
        transaction.trust_id,
        people,
    )
    return {row["person_id"]: row["codes"] for row in rows}


@dataclass(frozen=True, slots=True)
class NewMembership:
    """An application as it is first stored; its holder is a person or an organisation."""

    constituency_id: UUID
    name: str
    service_address: str
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    school_id: UUID | None = None
    converted_from: UUID | None = None


async def add_membership(
    transaction: Transaction, new: NewMembership, status: MembershipStatus, actor_id: UUID, ruleset_version: int
) -> UUID:
    """As add_memberships, of one application."""
    (membership_id,) = await add_memberships(transaction, [new], status, actor_id, None, ruleset_version)
    return membership_id


async def add_memberships(
    transaction: Transaction,
    new: Sequence[NewMembership],
    status: MembershipStatus,
    actor_id: UUID,
    reason: str | None,
    ruleset_version: int,
) -> list[UUID]:
    """Stores applications with their first step; their ids.

    Refusals: ALREADY_A_MEMBER, also where a second application is at this moment being stored.
    """
    ids = await transaction.new_ids(len(new))
    try:
        await transaction.run_many(
            "insert into membership (trust_id, id, person_id, organisation_id, constituency_id, school_id, name,"
            " service_address, converted_from_id, status, ruleset_version)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            [
                (
                    transaction.trust_id,
                    key,
                    each.person_id,
                    each.organisation_id,
                    each.constituency_id,
                    each.school_id,
                    each.name,
                    each.service_address,
                    each.converted_from,
                    status.value,
                    ruleset_version,
                )
                for key, each in zip(ids, new, strict=True)
            ],
        )
    except UniqueViolation:
        raise Conflict(RefusalCode.ALREADY_A_MEMBER) from None
    await add_transitions(transaction, ids, status, actor_id, reason, ruleset_version)
    return ids
