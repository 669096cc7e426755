"""Applications and memberships."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.governance.rulesets import Ruleset
from domain.membership.lifecycle import ENDED, Conversion, HeldMembership, Membership, MembershipStatus
from domain.refusals import Conflict, RefusalCode
from domain.register.lines import RegisterChange

from ..columns import listed
from ..connection import UniqueViolation
from ..fragments.statuses import OPEN
from ..people.organisations import representatives
from ..people.relationships import facts_of
from ..register.lines import add_first_line, add_line, take_number
from ..transactions import Transaction


async def constituencies_in_use(transaction: Transaction) -> list[str]:
    """Codes of the constituencies with open memberships or applications."""
    rows = await transaction.rows(
        "select c.code from constituency c where c.trust_id = $1 and exists (select from membership m where m.trust_id = $1"
        f" and m.constituency_id = c.id and m.status in ({OPEN}))",
        transaction.trust_id,
    )
    return [row["code"] for row in rows]


async def open_constituencies(
    transaction: Transaction, person_id: UUID | None, organisation_id: UUID | None, besides: UUID | None = None
) -> list[str]:
    """Codes of the constituencies in which the holder has an open membership or application `besides` this one."""
    rows = await transaction.rows(
        "select c.code from membership m join constituency c on c.trust_id = $1 and c.id = m.constituency_id"
        f" where m.trust_id = $1 and (m.person_id = $2 or m.organisation_id = $3) and m.status in ({OPEN})"
        " and m.id is distinct from $4",
        transaction.trust_id,
        person_id,
        organisation_id,
        besides,
    )
    return [row["code"] for row in rows]


async def add_membership(
    transaction: Transaction,
    holder: tuple[UUID | None, UUID | None],
    constituency_id: UUID,
    school_id: UUID | None,
    name: str,
    address: str,
    status: MembershipStatus,
    ruleset_version: int,
    converted_from: UUID | None = None,
) -> UUID:
    """An application of the holder (person or organisation).

    Refusals: ALREADY_A_MEMBER, also where a second application is at this moment being stored.
    """
    try:
        membership: UUID = await transaction.value(
            "insert into membership (trust_id, person_id, organisation_id, constituency_id, school_id, name,"
            " service_address, status, ruleset_version, converted_from_id)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id",
            transaction.trust_id,
            *holder,
            constituency_id,
            school_id,
            name,
            address,
            status.value,
            ruleset_version,
            converted_from,
        )
    except UniqueViolation:
        raise Conflict(RefusalCode.ALREADY_A_MEMBER) from None
    return membership


@dataclass(frozen=True, slots=True)
class SentApplication:
    """A person's application as it is stored."""

    id: UUID
    person_id: UUID
    constituency_id: UUID
    school_id: UUID | None
    name: str
    address: str


async def add_applications(
    transaction: Transaction, applications: Sequence[SentApplication], ruleset_version: int
) -> None:
    """Applications of many people, sent. Raises UniqueViolation where one has an open membership there."""
    await transaction.run_many(
        "insert into membership (trust_id, id, person_id, constituency_id, school_id, name, service_address, status,"
        " ruleset_version) values ($1, $2, $3, $4, $5, $6, $7, 'SUBMITTED', $8)",
        [
            (
                transaction.trust_id,
                e.id,
                e.person_id,
                e.constituency_id,
                e.school_id,
                e.name,
                e.address,
                ruleset_version,
            )
            for e in applications
        ],
    )


_HELD = (
    "select m.id, m.person_id, m.organisation_id, m.status, c.code, m.name, m.service_address, m.converted_from_id,"
    " m.registered_on, m.lapses_on, array(select n.status from membership n where n.trust_id = $1"
    " and n.person_id = m.person_id and n.converted_from_id = m.id) as conversions from membership m join constituency c on c.trust_id = $1 and c.id = m.constituency_id"
    " where m.trust_id = $1 and "
)


async def membership_for_update(transaction: Transaction, membership_id: UUID) -> HeldMembership | None:
    """The membership with the facts about its holder, locked so that two officers decide one after the other."""
    row = await transaction.row(_HELD + "m.id = $2 for no key update of m", transaction.trust_id, membership_id)
    if row is None:
        return None
    person_id = row["person_id"]
    facts = None if person_id is None else (await facts_of(transaction, [person_id]))[person_id]
    return HeldMembership(_membership(row), facts)


async def memberships_of(
    transaction: Transaction,
    statuses: Sequence[MembershipStatus],
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> list[Membership]:
    """The holder's memberships with one of the statuses, locked."""
    rows = await transaction.rows(
        _HELD
        + "(m.person_id = $2 or m.organisation_id = $3) and m.status = any($4) order by m.id for no key update of m",
        transaction.trust_id,
        person_id,
        organisation_id,
        [status.value for status in statuses],
    )
    return [_membership(row) for row in rows]


def _membership(row: Any) -> Membership:
    return Membership(
        id=row["id"],
        person_id=row["person_id"],
        organisation_id=row["organisation_id"],
        constituency=row["code"],
        status=MembershipStatus.named(row["status"]),
        name=row["name"],
        service_address=row["service_address"],
        converted_from=row["converted_from_id"],
        registered_on=row["registered_on"],
        lapses_on=row["lapses_on"],
        conversions=tuple(Conversion(MembershipStatus.named(status)) for status in row["conversions"]),
    )


async def set_status(
    transaction: Transaction,
    membership_id: UUID,
    status: MembershipStatus,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
    lapses_on: date | None = None,
) -> None:
    """A step that neither enters the member on the register nor ends the membership."""
    await transaction.run(
        "update membership set status = $3, lapses_on = $4 where trust_id = $1 and id = $2",
        transaction.trust_id,
        membership_id,
        status.value,
        lapses_on,
    )
    await add_transition(transaction, membership_id, status, actor_id, reason, ruleset_version)


async def add_transition(
    transaction: Transaction,
    membership_id: UUID,
    status: MembershipStatus,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
) -> None:
    await add_transitions(transaction, [membership_id], status, actor_id, reason, ruleset_version)


async def add_transitions(
    transaction: Transaction,
    membership_ids: Sequence[UUID],
    status: MembershipStatus,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
) -> None:
    """The same step of many memberships."""
    await transaction.run_many(
        "insert into membership_transition (trust_id, membership_id, status, actor_id, reason, ruleset_version)"
        " values ($1, $2, $3, $4, $5, $6)",
        [(transaction.trust_id, key, status.value, actor_id, reason, ruleset_version) for key in membership_ids],
    )


async def holders(transaction: Transaction, membership: Membership, day: date) -> Sequence[UUID]:
    """Who is told about the membership: the person, or the organisation's representatives on `day`."""
    if membership.person_id is not None:
        return [membership.person_id]
    assert membership.organisation_id is not None
    return await representatives(transaction, membership.organisation_id, day)


async def enter_on_register(
    transaction: Transaction,
    membership_id: UUID,
    day: date,
    actor_id: UUID | None,
    ruleset: Ruleset,
    reason: str | None,
) -> int:
    """Gives the membership the next number of the register. Numbers have no gaps and are never used again."""
    number = await take_number(transaction)
    code = await transaction.value(
        f"update membership m set status = '{MembershipStatus.ADMITTED}', number = $3, registered_on = $4 from constituency c"
        " where m.trust_id = $1 and m.id = $2 and c.trust_id = $1 and c.id = m.constituency_id returning c.code",
        transaction.trust_id,
        membership_id,
        number,
        day,
    )
    is_company_member = ruleset.constituency(code).is_company_member
    await add_first_line(
        transaction,
        membership_id,
        is_company_member,
        ruleset.guarantee_pence if is_company_member else 0,
        ruleset.share_pence if is_company_member else 0,
        actor_id,
    )
    await add_transition(transaction, membership_id, MembershipStatus.ADMITTED, actor_id, reason, ruleset.version)
    return number


async def cease(
    transaction: Transaction,
    membership_id: UUID,
    status: MembershipStatus,
    day: date,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
) -> None:
    """Ends a membership on that day; the entry stays."""
    assert status in ENDED
    await transaction.run(
        f"update membership set status = $3, ceased_on = $4, lapses_on = null where trust_id = $1 and id = $2"
        f" and status not in ({listed(ENDED)})",
        transaction.trust_id,
        membership_id,
        status.value,
        day,
    )
    await add_transition(transaction, membership_id, status, actor_id, reason, ruleset_version)
    await add_line(transaction, membership_id, RegisterChange.CEASED, day, actor_id)


async def rename(transaction: Transaction, membership_id: UUID, name: str) -> None:
    await transaction.run(
        "update membership set name = $3 where trust_id = $1 and id = $2", transaction.trust_id, membership_id, name
    )


async def move(transaction: Transaction, membership_id: UUID, address: str) -> None:
    """A new service address."""
    await transaction.run(
        "update membership set service_address = $3 where trust_id = $1 and id = $2",
        transaction.trust_id,
        membership_id,
        address,
    )
