"""Polls as a whole, from draft to declaration."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.polls.poll import Poll, PollStatus, Secrecy

from ..transactions import Transaction


def poll_of(row: Mapping[str, Any]) -> Poll:
    """The poll that the columns of a row tell of."""
    return Poll(
        id=row["id"],
        title=row["title"],
        status=PollStatus.named(row["status"]),
        secrecy=Secrecy.named(row["secrecy"]),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
    )


async def poll_for_update(transaction: Transaction, poll_id: UUID) -> tuple[Poll, int] | None:
    """The poll and its ruleset's version. Waits for every vote being cast: none is half in when it is counted."""
    row = await transaction.row(
        "select id, title, status, secrecy, opens_at, closes_at, ruleset_version from poll"
        " where trust_id = $1 and id = $2 for update",
        transaction.trust_id,
        poll_id,
    )
    return None if row is None else (poll_of(row), row["ruleset_version"])


async def give_notice(transaction: Transaction, poll_id: UUID, ruleset_version: int) -> None:
    """Notes that notice was given, and under which rules the poll is held from now on."""
    await transaction.run(
        f"update poll set status = '{PollStatus.NOTICE_GIVEN}', notice_given_at = app_now(), ruleset_version = $3"
        " where trust_id = $1 and id = $2",
        transaction.trust_id,
        poll_id,
        ruleset_version,
    )


async def freeze(transaction: Transaction, poll_id: UUID) -> None:
    await transaction.run(
        f"update poll set status = '{PollStatus.ROLL_FROZEN}', qualifying_at = app_now() where trust_id = $1 and id = $2",
        transaction.trust_id,
        poll_id,
    )


async def mark_counted(transaction: Transaction, poll_id: UUID) -> None:
    await transaction.run(
        f"update poll set status = '{PollStatus.COUNTED}' where trust_id = $1 and id = $2",
        transaction.trust_id,
        poll_id,
    )


async def mark_declared(transaction: Transaction, poll_id: UUID) -> None:
    await transaction.run(
        f"update poll set status = '{PollStatus.DECLARED}', declared_at = app_now() where trust_id = $1 and id = $2",
        transaction.trust_id,
        poll_id,
    )
