"""The contests of polls: drafted, frozen, counted and declared with their poll."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from counting import CountingMethod
from domain.governance.resolutions import ResolutionKind
from domain.polls.contest import Contest, ContestKind

from ..governance.rulesets import constituencies_by_code
from ..transactions import Transaction


async def add_resolution(
    transaction: Transaction, poll_id: UUID, place: int, title: str, resolution: str, kind: ResolutionKind
) -> UUID:
    """Adds a contest about a resolution; `place` in the poll, from 1."""
    contest: UUID = await transaction.value(
        "insert into contest (trust_id, poll_id, place, title, kind, method, resolution, resolution_kind)"
        f" values ($1, $2, $3, $4, '{ContestKind.RESOLUTION}', '{CountingMethod.RESOLUTION}', $5, $6) returning id",
        transaction.trust_id,
        poll_id,
        place,
        title,
        resolution,
        kind.value,
    )
    return contest


async def add_constituencies(transaction: Transaction, contest_id: UUID, codes: Sequence[str]) -> None:
    """Makes the constituencies of these codes the electorate of the contest."""
    found = await constituencies_by_code(transaction, codes)
    await transaction.run_many(
        "insert into contest_constituency (trust_id, contest_id, constituency_id) values ($1, $2, $3)",
        [(transaction.trust_id, contest_id, constituency_id) for constituency_id in found.values()],
    )


async def remove_contests(transaction: Transaction, poll_id: UUID) -> None:
    """Of a draft: no roll was made and no paper taken."""
    await transaction.run(
        "delete from contest_constituency e using contest c where e.trust_id = $1 and c.trust_id = $1"
        " and c.poll_id = $2 and e.contest_id = c.id",
        transaction.trust_id,
        poll_id,
    )
    await transaction.run(
        "delete from contest where trust_id = $1 and poll_id = $2",
        transaction.trust_id,
        poll_id,
    )


async def contests_of(transaction: Transaction, poll_id: UUID) -> list[Contest]:
    """The contests of a poll, in their order."""
    rows = await transaction.rows(
        "select id, title, kind, resolution, resolution_kind, roll_hash from contest"
        " where trust_id = $1 and poll_id = $2 order by place",
        transaction.trust_id,
        poll_id,
    )
    return [
        Contest(
            id=row["id"],
            title=row["title"],
            kind=ContestKind.named(row["kind"]),
            resolution=row["resolution"],
            resolution_kind=ResolutionKind.named(row["resolution_kind"]),
            roll_hash=row["roll_hash"],
        )
        for row in rows
    ]


async def electorates_of(transaction: Transaction, poll_id: UUID) -> Sequence[str]:
    """The codes of the constituencies that vote in any contest of the poll."""
    rows = await transaction.rows(
        "select distinct c.code from contest k join contest_constituency e on e.trust_id = $1 and e.contest_id = k.id"
        " join constituency c on c.trust_id = $1 and c.id = e.constituency_id"
        " where k.trust_id = $1 and k.poll_id = $2 order by c.code",
        transaction.trust_id,
        poll_id,
    )
    return [row["code"] for row in rows]


async def commit_to_roll(
    transaction: Transaction, contest_id: UUID, roll_hash: str, roll_salt: str, roll_count: int
) -> None:
    await transaction.run(
        "update contest set roll_hash = $3, roll_salt = $4, roll_count = $5 where trust_id = $1 and id = $2",
        transaction.trust_id,
        contest_id,
        roll_hash,
        roll_salt,
        roll_count,
    )


async def store_count(transaction: Transaction, contest_id: UUID, pack: Mapping[str, Any]) -> None:
    await transaction.run(
        "update contest set count = $3 where trust_id = $1 and id = $2",
        transaction.trust_id,
        contest_id,
        json.dumps(pack),
    )


async def declare(transaction: Transaction, poll_id: UUID, returning_officer: UUID) -> None:
    """Publishes the count of each contest of the poll, as it was stored."""
    rows = await transaction.rows(
        "select id, count from contest where trust_id = $1 and poll_id = $2 order by place",
        transaction.trust_id,
        poll_id,
    )
    await transaction.run_many(
        "insert into declaration (trust_id, contest_id, returning_officer_id, pack) values ($1, $2, $3, $4)",
        [(transaction.trust_id, row["id"], returning_officer, row["count"]) for row in rows],
    )
