"""Memberships and their steps."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.membership.lifecycle import ENDED, ENTERED, Conversion, HeldMembership, Membership, MembershipStatus
from domain.membership.notices import untrue_in
from domain.membership.removal import RemovalStage
from domain.register.lines import RegisterChange, Terms

from ..columns import listed
from ..fragments.statuses import CURRENT, NEVER_SENT, OPEN
from ..notifications.notices import withdraw_about
from ..people.organisations import representatives
from ..people.relationships import facts_of
from ..register.lines import add_first_lines, add_line, take_numbers
from ..transactions import Transaction
from .removals import OPEN_REMOVAL


async def constituencies_in_use(transaction: Transaction) -> list[str]:
    """Codes of the constituencies with open memberships, or applications that were sent: drafts bind nobody."""
    rows = await transaction.rows(
        "select c.code from constituency c where c.trust_id = $1 and exists (select from membership m where m.trust_id = $1"
        f" and m.constituency_id = c.id and m.status in ({OPEN}) and m.status not in ({NEVER_SENT}))",
        transaction.trust_id,
    )
    return [row["code"] for row in rows]


_HELD = (
    "select m.id, m.person_id, m.organisation_id, m.status, c.code, m.name, m.service_address, m.converted_from_id,"
    " m.registered_on, m.lapses_on, array(select n.status from membership n where n.trust_id = $1"
    " and n.person_id = m.person_id and n.converted_from_id = m.id) as conversions,"
    f" {OPEN_REMOVAL.replace('{trust}', '$1')} as removal"
    " from membership m join constituency c on c.trust_id = $1 and c.id = m.constituency_id where m.trust_id = $1"
    " and m.id = any($2) order by m.id"
)
# of a conversion, with the membership it is to take over from: whatever happens to the two happens in the same order
_LOCK = (
    "select m.id from membership m where m.trust_id = $1 and (m.id = $2 or m.id = (select o.converted_from_id"
    " from membership o where o.trust_id = $1 and o.id = $2)) order by m.id for no key update"
)


async def membership_for_update(transaction: Transaction, membership_id: UUID) -> HeldMembership | None:
    """The membership with the facts about its holder, locked so that two officers decide one after the other."""
    await transaction.run(_LOCK, transaction.trust_id, membership_id)
    found = await _read(transaction, [membership_id])
    if not found:
        return None
    (membership,) = found
    person_id = membership.person_id
    facts = None if person_id is None else (await facts_of(transaction, [person_id]))[person_id]
    return HeldMembership(membership, facts)


async def _read(transaction: Transaction, membership_ids: Sequence[UUID]) -> list[Membership]:
    """What is asked when the locks are held also knows what others did to conversions and removals before."""
    return [_membership(row) for row in await transaction.rows(_HELD, transaction.trust_id, membership_ids)]


async def memberships_of(
    transaction: Transaction,
    statuses: Sequence[MembershipStatus],
    person_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> list[Membership]:
    """The holder's memberships with one of the statuses, locked."""
    rows = await transaction.rows(
        "select m.id from membership m where m.trust_id = $1 and (m.person_id = $2 or m.organisation_id = $3)"
        " and m.status = any($4) order by m.id for no key update",
        transaction.trust_id,
        person_id,
        organisation_id,
        [status.value for status in statuses],
    )
    return await _read(transaction, [row["id"] for row in rows])


async def people_of(transaction: Transaction, membership_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Whose the memberships are; those of organisations are left out."""
    rows = await transaction.rows(
        "select id, person_id from membership where trust_id = $1 and id = any($2) and person_id is not null order by id",
        transaction.trust_id,
        list(membership_ids),
    )
    return {row["id"]: row["person_id"] for row in rows}


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
        removal=RemovalStage.named(row["removal"]) if row["removal"] else None,
    )


async def admissions_of(transaction: Transaction, person_id: UUID) -> list[tuple[str, date, int]]:
    """Of each membership somebody holds: its constituency, the day of registration, and the version of the rules by which
    they were admitted."""
    rows = await transaction.rows(
        "select c.code, m.registered_on, (select t.ruleset_version from membership_transition t where t.trust_id = $1"
        f" and t.membership_id = m.id and t.status in ({listed(ENTERED)}) order by t.id limit 1) as version"
        " from membership m join constituency c on c.trust_id = $1 and c.id = m.constituency_id"
        f" where m.trust_id = $1 and m.person_id = $2 and m.status in ({CURRENT}) order by m.id",
        transaction.trust_id,
        person_id,
    )
    return [(row["code"], row["registered_on"], row["version"]) for row in rows if row["version"] is not None]


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
    await add_transitions(
        transaction, [membership_id], status, actor_id, reason, ruleset_version, is_to_lapse=bool(lapses_on)
    )


async def add_transitions(
    transaction: Transaction,
    membership_ids: Sequence[UUID],
    status: MembershipStatus,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
    is_to_lapse: bool = False,
) -> None:
    """The same step of many memberships. Letters that wait and say of them what is no longer so are withdrawn."""
    await withdraw_about(transaction, membership_ids, untrue_in(status, is_to_lapse))
    await transaction.run_many(
        "insert into membership_transition (trust_id, membership_id, status, actor_id, reason, ruleset_version)"
        " values ($1, $2, $3, $4, $5, $6)",
        [(transaction.trust_id, key, status.value, actor_id, reason, ruleset_version) for key in membership_ids],
    )


async def holders(transaction: Transaction, membership: Membership, day: date) -> Sequence[UUID]:
    """Who is told about the membership: the person, or who acts for the organisation in it on `day`."""
    if membership.person_id is not None:
        return [membership.person_id]
    assert membership.organisation_id is not None
    return await representatives(transaction, membership.organisation_id, membership.id, day)


async def enter_on_register(
    transaction: Transaction,
    entered: Mapping[UUID, Terms],
    day: date,
    actor_id: UUID | None,
    reason: str | None,
    ruleset_version: int,
) -> dict[UUID, int]:
    """Gives the memberships the next numbers of the register, in their order; the number of each."""
    numbers = dict(zip(entered, await take_numbers(transaction, len(entered)), strict=True))
    await transaction.run(
        f"update membership m set status = '{MembershipStatus.ADMITTED}', number = e.number, registered_on = $4"
        " from unnest($2::uuid[], $3::bigint[]) as e(id, number) where m.trust_id = $1 and m.id = e.id",
        transaction.trust_id,
        list(numbers),
        list(numbers.values()),
        day,
    )
    await add_first_lines(transaction, entered, actor_id)
    await add_transitions(transaction, list(entered), MembershipStatus.ADMITTED, actor_id, reason, ruleset_version)
    return numbers


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
    await add_transitions(transaction, [membership_id], status, actor_id, reason, ruleset_version)
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
