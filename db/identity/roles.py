"""Roles people hold."""

from collections.abc import Collection
from uuid import UUID

from domain.identity.viewer import Role

from ..connection import UniqueViolation
from ..transactions import Transaction


async def add_role(transaction: Transaction, person_id: UUID, role: Role) -> bool:
    """False when the person holds the role already."""
    try:
        await transaction.run(
            "insert into role_grant (trust_id, person_id, role) values ($1, $2, $3)",
            transaction.trust_id,
            person_id,
            role.value,
        )
    except UniqueViolation:
        return False
    return True


async def was_ever_granted(transaction: Transaction, roles: Collection[Role]) -> bool:
    """Whether anybody holds or held one of the roles."""
    return bool(
        await transaction.value(
            "select exists (select from role_grant where trust_id = $1 and role = any($2))",
            transaction.trust_id,
            [role.value for role in roles],
        )
    )


async def end_role(transaction: Transaction, person_id: UUID, role: Role) -> bool:
    ended = await transaction.value(
        "update role_grant set ended_at = app_now() where trust_id = $1 and person_id = $2 and role = $3"
        " and ended_at is null returning true",
        transaction.trust_id,
        person_id,
        role.value,
    )
    return bool(ended)


async def officer_with_mailbox(transaction: Transaction, email: str, role: Role) -> UUID | None:
    """The one person with this mailbox who holds the role."""
    rows = await transaction.rows(
        "select p.id from person p join role_grant g on g.trust_id = $1 and g.person_id = p.id and g.role = $3"
        " and g.ended_at is null where p.trust_id = $1 and p.email = lower($2)",
        transaction.trust_id,
        email,
        role.value,
    )
    return rows[0]["id"] if len(rows) == 1 else None


async def holds_a_role(transaction: Transaction, person_id: UUID) -> bool:
    return bool(
        await transaction.value(
            "select true from role_grant where trust_id = $1 and person_id = $2 and ended_at is null limit 1",
            transaction.trust_id,
            person_id,
        )
    )
