"""The lines of the register."""

from datetime import date
from uuid import UUID

from domain.register.lines import RegisterChange

from ..transactions import Transaction

_LINE = (
    "insert into register_line (trust_id, membership_id, line, change, number, name, service_address, constituency_id,"
    " is_company_member, guarantee_pence, share_pence, registered_on, ceased_on, changed_on, actor_id)"
    " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
)


async def take_number(transaction: Transaction) -> int:
    """The next number of the register. Numbers have no gaps and are never used again."""
    number: int = await transaction.value(
        "update register_number set next_number = next_number + 1 where trust_id = $1 returning next_number - 1",
        transaction.trust_id,
    )
    return number


async def add_first_line(
    transaction: Transaction,
    membership_id: UUID,
    is_company_member: bool,
    guarantee_pence: int,
    share_pence: int,
    actor_id: UUID | None,
) -> None:
    """Enters a member, from what the membership says by now. Money in pence."""
    member = await transaction.row(
        "select number, name, service_address, constituency_id, registered_on from membership"
        " where trust_id = $1 and id = $2",
        transaction.trust_id,
        membership_id,
    )
    assert member is not None
    await transaction.run(
        _LINE,
        transaction.trust_id,
        membership_id,
        1,
        RegisterChange.ENTERED.value,
        member["number"],
        member["name"],
        member["service_address"],
        member["constituency_id"],
        is_company_member,
        guarantee_pence,
        share_pence,
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
