"""Removals of members."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.membership.removal import OPEN_STAGES, TAKES_EFFECT, Removal, RemovalStage
from domain.refusals import Conflict, RefusalCode

from ..columns import listed
from ..connection import UniqueViolation
from ..fragments.conditions import Places, columns, predicate
from ..transactions import Transaction

REMOVAL: Places = columns("", "stage", "appeal_until")
_TAKES_EFFECT = predicate(TAKES_EFFECT, REMOVAL)
_REMOVAL = (
    "select id, membership_id, stage, proposed_by_id, notice_until, appeal_until from removal where trust_id = $1 and "
)


def _removal(row: Mapping[str, Any]) -> Removal:
    return Removal(
        id=row["id"],
        membership_id=row["membership_id"],
        stage=RemovalStage.named(row["stage"]),
        proposed_by=row["proposed_by_id"],
        notice_until=row["notice_until"],
        appeal_until=row["appeal_until"],
    )


async def add_removal(
    transaction: Transaction, membership_id: UUID, ground: str, proposed_by: UUID, proposed_on: date, notice_until: date
) -> UUID:
    """Refusals: REMOVAL_OPEN."""
    try:
        removal: UUID = await transaction.value(
            "insert into removal (trust_id, membership_id, stage, ground, proposed_by_id, proposed_on, notice_until)"
            f" values ($1, $2, '{RemovalStage.PROPOSED}', $3, $4, $5, $6) returning id",
            transaction.trust_id,
            membership_id,
            ground,
            proposed_by,
            proposed_on,
            notice_until,
        )
    except UniqueViolation:
        raise Conflict(RefusalCode.REMOVAL_OPEN) from None
    return removal


async def removal_for_update(transaction: Transaction, removal_id: UUID) -> Removal | None:
    row = await transaction.row(_REMOVAL + "id = $2 for update", transaction.trust_id, removal_id)
    return None if row is None else _removal(row)


async def removals_to_take_effect(transaction: Transaction) -> Sequence[Removal]:
    """Those decided for whose time to appeal has passed unused, locked."""
    rows = await transaction.rows(f"{_REMOVAL}{_TAKES_EFFECT} order by id for update", transaction.trust_id)
    return [_removal(row) for row in rows]


async def close_open(transaction: Transaction, membership_id: UUID) -> None:
    """Dismisses what is open about a membership that has ended otherwise."""
    await transaction.run(
        f"update removal set stage = '{RemovalStage.DISMISSED}' where trust_id = $1 and membership_id = $2"
        f" and stage in ({listed(OPEN_STAGES)})",
        transaction.trust_id,
        membership_id,
    )
