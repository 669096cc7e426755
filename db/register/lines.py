"""The lines of the register."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.register.lines import RegisterChange, Terms

from ..transactions import Transaction

_LINE = (
    "insert into register_line (trust_id, membership_id, line, change, number, name, service_address, constituency_id,"
    " is_company_member, guarantee_pence, share_pence, registered_on, ceased_on, changed_on, actor_id)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
)


async def take_numbers(transaction: Transaction, count: int) -> range:
    """The next numbers of the register. Numbers have no gaps and are never used again."""
    first: int = await transaction.value(
        "update register_number set next_number = next_number + $2 where trust_id = $1 returning next_number - $2",
        transaction.trust_id,
        count,
    )
    return range(first, first + count)


async def add_first_lines(transaction: Transaction, entered: Mapping[UUID, Terms], actor_id: UUID | None) -> None:
    """Enters the holders of these memberships, from what the memberships say by now."""
    members = await transaction.rows(
        "select id, number, name, service_address, constituency_id, registered_on from membership"
        " where trust_id = $1 and id = any($2) order by number",
        transaction.trust_id,
        list(entered),
    )
    await transaction.run_many(
        _LINE, [_first_line(transaction, each, entered[each["id"]], actor_id) for each in members]
    )


def _first_line(
    transaction: Transaction, member: Mapping[str, Any], terms: Terms, actor_id: UUID | None
) -> tuple[object, ...]:
    return (
        transaction.trust_id,
        member["id"],
        1,
        RegisterChange.ENTERED.value,
        member["number"],
        member["name"],
        member["service_address"],
        member["constituency_id"],
        terms.is_company_member,
        terms.guarantee_pence,
        terms.share_pence,
        member["registered_on"],
        None,
        member["registered_on"],
        actor_id,
    )


async def add_line(
    transaction: Transaction, membership_id: UUID, change: RegisterChange, changed_on: date, actor_id: UUID | None
) -> None:
    """One more line of the entry, from what the membership says by now. Earlier lines stay as they are.

    Nothing where there is no entry. The membership is locked: nobody else adds a line meanwhile.
    """
    entry = await transaction.row(
        "select l.line, m.number, m.name, m.service_address, m.constituency_id, l.is_company_member, l.guarantee_pence,"
        " l.share_pence, m.registered_on, m.ceased_on from membership m join lateral (select * from register_line e"
        " where e.trust_id = $1 and e.membership_id = m.id order by e.line desc limit 1) l on true"
        " where m.trust_id = $1 and m.id = $2",
        transaction.trust_id,
        membership_id,
    )
    if entry is None:
        return
    await transaction.run(
        _LINE,
        transaction.trust_id,
        membership_id,
        entry["line"] + 1,
        change.value,
        entry["number"],
        entry["name"],
        entry["service_address"],
        entry["constituency_id"],
        entry["is_company_member"],
        entry["guarantee_pence"],
        entry["share_pence"],
        entry["registered_on"],
        entry["ceased_on"],
        changed_on,
        actor_id,
    )
