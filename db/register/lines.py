"""The lines of the register."""

from datetime import date
from uuid import UUID

from domain.register.lines import RegisterChange

from ..transactions import Transaction

_LINE = (
    "insert into register_line (trust_id, membership_id, line, change, number, name, service_address, constituency_id,"
    " is_company_member, guarantee_pence, share_pence, registered_on, ceased_on, changed_on, actor_id) "
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
    await transaction.run(
        _LINE + "select $1, m.id, 1, 'ENTERED', m.number, m.name, m.service_address, m.constituency_id, $3, $4, $5,"
        " m.registered_on, null, m.registered_on, $6 from membership m where m.trust_id = $1 and m.id = $2",
        transaction.trust_id,
        membership_id,
        is_company_member,
        guarantee_pence,
        share_pence,
        actor_id,
    )


async def add_line(
    transaction: Transaction, membership_id: UUID, change: RegisterChange, changed_on: date, actor_id: UUID | None
) -> None:
    """One more line of the entry, from what the membership says by now. Earlier lines stay as they are."""
    await transaction.run(
        _LINE + "select $1, m.id, l.line + 1, $3, m.number, m.name, m.service_address, m.constituency_id,"
        " l.is_company_member, l.guarantee_pence, l.share_pence, m.registered_on, m.ceased_on, $4, $5"
        " from membership m join lateral (select * from register_line e where e.trust_id = $1 and e.membership_id = m.id"
        " order by e.line desc limit 1) l on true where m.trust_id = $1 and m.id = $2",
        transaction.trust_id,
        membership_id,
        change.value,
        changed_on,
        actor_id,
    )
