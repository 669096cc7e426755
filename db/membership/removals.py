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
from .reads import SEEN_FIRST

# the stage of the open removal of a membership `m`; null where none is open
OPEN_REMOVAL = (
    "(select r.stage from removal r where r.trust_id = {trust} and r.membership_id = m.id"
    f" and r.stage in ({listed(OPEN_STAGES)}))"
)
REMOVAL: Places = columns("", "stage", "appeal_until")
_TAKES_EFFECT = predicate(TAKES_EFFECT, REMOVAL)
_SEEN_FIRST = SEEN_FIRST.format(trust="$1", row="m", other="r")
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


async def membership_of(transaction: Transaction, removal_id: UUID) -> UUID | None:
    """Whose removal it is; that never changes, so it can be locked before the removal."""
    found: UUID | None = await transaction.value(
        "select membership_id from removal where trust_id = $1 and id = $2", transaction.trust_id, removal_id
    )
    return found


async def unappealed(transaction: Transaction, membership_id: UUID | None = None) -> Sequence[UUID]:
    """The memberships, or whether this one is among them, whose removal was decided for and the time to appeal has passed
    unused."""
    rows = await transaction.rows(
        "select membership_id from removal where trust_id = $1 and ($2::uuid is null or membership_id = $2)"
        f" and {_TAKES_EFFECT} order by id",
        transaction.trust_id,
        membership_id,
    )
    return [row["membership_id"] for row in rows]


async def settle_open(transaction: Transaction, membership_id: UUID, stage: RemovalStage) -> None:
    """Closes what is open about a membership that has ended."""
    await transaction.run(
        "update removal set stage = $3 where trust_id = $1 and membership_id = $2"
        f" and stage in ({listed(OPEN_STAGES)})",
        transaction.trust_id,
        membership_id,
        stage.value,
    )


async def seen_first(transaction: Transaction, membership_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the applications before which their holder had a removal that whoever decides on them has to see."""
    rows = await transaction.rows(
        "select m.id from membership m where m.trust_id = $1 and m.id = any($2)"
        f" and exists (select from removal r where r.trust_id = $1 and {_SEEN_FIRST})",
        transaction.trust_id,
        membership_ids,
    )
    return {row["id"] for row in rows}
