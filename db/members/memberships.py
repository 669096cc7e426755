"""Applications, memberships and the statutory register."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.governance.rulesets import Ruleset
from domain.members.membership import ENDED, HeldMembership, Membership, MembershipStatus
from domain.members.register import RegisterChange
from domain.refusals import Conflict, RefusalCode

from ..columns import listed
from ..connection import UniqueViolation
from ..work import Work
from .organisations import representatives
from .people import facts_of
from .register_tables import OPEN


async def open_constituencies(
    work: Work, person_id: UUID | None, organisation_id: UUID | None, besides: UUID | None = None
) -> list[str]:
    """Codes of the constituencies in which the holder has an open membership or application `besides` this one."""
    rows = await work.rows(
        "select c.code from membership m join constituency c on c.trust_id = $1 and c.id = m.constituency_id"
        f" where m.trust_id = $1 and (m.person_id = $2 or m.organisation_id = $3) and m.status in ({OPEN})"
        " and m.id is distinct from $4",
        work.trust_id,
        person_id,
        organisation_id,
        besides,
    )
    return [row["code"] for row in rows]


async def add_membership(
    work: Work,
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
        membership: UUID = await work.value(
            "insert into membership (trust_id, person_id, organisation_id, constituency_id, school_id, name,"
            " service_address, status, ruleset_version, converted_from_id)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id",
            work.trust_id,
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


_HELD = (
    "select m.id, m.person_id, m.organisation_id, m.status, c.code, m.name, m.service_address, m.converted_from_id,"
    " m.registered_on from membership m join constituency c on c.trust_id = $1 and c.id = m.constituency_id"
    " where m.trust_id = $1 and "
)


async def membership_for_update(work: Work, membership_id: UUID) -> HeldMembership | None:
    """The membership with the facts about its holder, locked so that two officers decide one after the other."""
    row = await work.row(_HELD + "m.id = $2 for no key update of m", work.trust_id, membership_id)
    if row is None:
        return None
    person_id = row["person_id"]
    facts = None if person_id is None else (await facts_of(work, [person_id]))[person_id]
    return HeldMembership(_membership(row), facts)


async def memberships_of(
    work: Work, statuses: Sequence[MembershipStatus], person_id: UUID | None = None, organisation_id: UUID | None = None
) -> list[Membership]:
    """The holder's memberships with one of the statuses, locked."""
    rows = await work.rows(
        _HELD
        + "(m.person_id = $2 or m.organisation_id = $3) and m.status = any($4) order by m.id for no key update of m",
        work.trust_id,
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
    )


async def set_status(
    work: Work,
    membership_id: UUID,
    status: MembershipStatus,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
    lapses_on: date | None = None,
) -> None:
    """A step that neither enters the member on the register nor ends the membership."""
    await work.run(
        "update membership set status = $3, lapses_on = $4 where trust_id = $1 and id = $2",
        work.trust_id,
        membership_id,
        status.value,
        lapses_on,
    )
    await add_transition(work, membership_id, status, actor_id, reason, ruleset_version)


async def add_transition(
    work: Work,
    membership_id: UUID,
    status: MembershipStatus,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
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


async def holders(work: Work, membership: Membership, day: date) -> Sequence[UUID]:
    """Who is told about the membership: the person, or the organisation's representatives on `day`."""
    if membership.person_id is not None:
        return [membership.person_id]
    assert membership.organisation_id is not None
    return await representatives(work, membership.organisation_id, day)


# -- the register ---------------------------------------------------------------------------------------------------

_LINE = (
    "insert into register_entry (trust_id, membership_id, line, change, number, name, service_address, constituency_id,"
    " is_company_member, guarantee_pence, share_pence, registered_on, ceased_on, changed_on, actor_id) "
)


async def enter_on_register(
    work: Work, membership_id: UUID, day: date, actor_id: UUID | None, ruleset: Ruleset, reason: str | None
) -> int:
    """Gives the membership the next number of the register. Numbers have no gaps and are never used again."""
    number: int = await work.value(
        "update register_number set next_number = next_number + 1 where trust_id = $1 returning next_number - 1",
        work.trust_id,
    )
    code = await work.value(
        "update membership m set status = 'ADMITTED', number = $3, registered_on = $4 from constituency c"
        " where m.trust_id = $1 and m.id = $2 and c.trust_id = $1 and c.id = m.constituency_id returning c.code",
        work.trust_id,
        membership_id,
        number,
        day,
    )
    is_company_member = ruleset.constituency(code).is_company_member
    await work.run(
        _LINE + "select $1, m.id, 1, 'ENTERED', m.number, m.name, m.service_address, m.constituency_id, $3, $4, $5,"
        " m.registered_on, null, m.registered_on, $6 from membership m where m.trust_id = $1 and m.id = $2",
        work.trust_id,
        membership_id,
        is_company_member,
        ruleset.guarantee_pence if is_company_member else 0,
        ruleset.share_pence if is_company_member else 0,
        actor_id,
    )
    await add_transition(work, membership_id, MembershipStatus.ADMITTED, actor_id, reason, ruleset.version)
    return number


async def add_line(
    work: Work, membership_id: UUID, change: RegisterChange, changed_on: date, actor_id: UUID | None
) -> None:
    """One more line of the entry, from what the membership says by now. Earlier lines stay as they are."""
    await work.run(
        _LINE + "select $1, m.id, l.line + 1, $3, m.number, m.name, m.service_address, m.constituency_id,"
        " l.is_company_member, l.guarantee_pence, l.share_pence, m.registered_on, m.ceased_on, $4, $5"
        " from membership m join lateral (select * from register_entry e where e.trust_id = $1 and e.membership_id = m.id"
        " order by e.line desc limit 1) l on true where m.trust_id = $1 and m.id = $2",
        work.trust_id,
        membership_id,
        change.value,
        changed_on,
        actor_id,
    )


async def cease(
    work: Work,
    membership_id: UUID,
    status: MembershipStatus,
    day: date,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
) -> None:
    """Ends a membership on that day; the entry stays."""
    assert status in ENDED
    await work.run(
        f"update membership set status = $3, ceased_on = $4, lapses_on = null where trust_id = $1 and id = $2"
        f" and status not in ({listed(ENDED)})",
        work.trust_id,
        membership_id,
        status.value,
        day,
    )
    await add_transition(work, membership_id, status, actor_id, reason, ruleset_version)
    await add_line(work, membership_id, RegisterChange.CEASED, day, actor_id)


async def rename(work: Work, membership_id: UUID, name: str) -> None:
    await work.run(
        "update membership set name = $3 where trust_id = $1 and id = $2", work.trust_id, membership_id, name
    )


async def move(work: Work, membership_id: UUID, address: str) -> None:
    """A new service address."""
    await work.run(
        "update membership set service_address = $3 where trust_id = $1 and id = $2",
        work.trust_id,
        membership_id,
        address,
    )
