"""Polls and declarations."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.governance.resolutions import ResolutionKind
from domain.polls.casting import IS_SPENT, MAY_USE_ENTRY, VoterStanding
from domain.polls.poll import Poll, PollStatus, Secrecy

from ..fragments.conditions import Places, columns, value
from ..fragments.people import authorisations
from ..governance.rulesets import constituencies_by_code
from ..transactions import Transaction


async def add_poll(
    transaction: Transaction,
    title: str,
    resolution: str,
    kind: ResolutionKind,
    secrecy: Secrecy,
    opens_at: datetime,
    closes_at: datetime,
    ruleset_version: int,
) -> UUID:
    poll: UUID = await transaction.value(
        "insert into poll (trust_id, title, resolution, kind, secrecy, status, opens_at, closes_at, ruleset_version)"
        f" values ($1, $2, $3, $4, $5, '{PollStatus.DRAFT}', $6, $7, $8) returning id",
        transaction.trust_id,
        title,
        resolution,
        kind.value,
        secrecy.value,
        opens_at,
        closes_at,
        ruleset_version,
    )
    return poll


async def add_constituencies(transaction: Transaction, poll_id: UUID, codes: Sequence[str]) -> int:
    """How many of the codes are constituencies of the trust."""
    found = await constituencies_by_code(transaction, codes)
    await transaction.run_many(
        "insert into poll_constituency (trust_id, poll_id, constituency_id) values ($1, $2, $3)",
        [(transaction.trust_id, poll_id, constituency_id) for constituency_id in found.values()],
    )
    return len(found)


def _poll(row: Mapping[str, Any]) -> Poll:
    return Poll(
        id=row["id"],
        status=PollStatus.named(row["status"]),
        secrecy=Secrecy.named(row["secrecy"]),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
    )


async def poll_for_update(transaction: Transaction, poll_id: UUID) -> tuple[Poll, int] | None:
    """The poll and its ruleset's version. Waits for every vote being cast: none is half in when it is counted."""
    row = await transaction.row(
        "select id, status, secrecy, opens_at, closes_at, ruleset_version from poll"
        " where trust_id = $1 and id = $2 for update",
        transaction.trust_id,
        poll_id,
    )
    return None if row is None else (_poll(row), row["ruleset_version"])


# of an entry `r` of a roll, and of the vote `v` that somebody casts from it
CASTING: Places = {
    "voted_on": "r.voted_on",
    **columns("v", "voter_id", "person_id"),
    "authorisations": authorisations("v.voter_id", "v.person_id"),
}
_FOR_CASTING = (
    "select v.n, b.id, b.status, b.secrecy, b.opens_at, b.closes_at, r.voter_id is not null as on_the_roll,"
    f" {value(IS_SPENT, CASTING)} as has_voted, app_now() as now, {value(MAY_USE_ENTRY, CASTING)} as may_act"
    " from unnest($2::uuid[], $3::uuid[], $4::uuid[]) with ordinality as v(poll_id, voter_id, person_id, n)"
    " join poll b on b.trust_id = {trust} and b.id = v.poll_id"
    " left join roll_entry r on r.trust_id = {trust} and r.poll_id = v.poll_id and r.voter_id = v.voter_id"
    " for key share of b"
).replace("{trust}", "$1")


async def polls_for_casting(
    transaction: Transaction, votes: Sequence[tuple[UUID, UUID, UUID]]
) -> list[tuple[Poll, VoterStanding, datetime] | None]:
    """For each (poll, voter, person voting): the poll, the voter's standing in it, and the time.

    KEY SHARE lets any number of voters in at once and makes counting (FOR UPDATE) wait for them.
    """
    rows = await transaction.rows(
        _FOR_CASTING,
        transaction.trust_id,
        [poll for poll, _, _ in votes],
        [voter for _, voter, _ in votes],
        [person for _, _, person in votes],
    )
    found: list[tuple[Poll, VoterStanding, datetime] | None] = [None] * len(votes)
    for row in rows:
        standing = VoterStanding(row["on_the_roll"], row["has_voted"], row["may_act"])
        found[row["n"] - 1] = (_poll(row), standing, row["now"])
    return found


async def give_notice(transaction: Transaction, poll_id: UUID) -> None:
    await transaction.run(
        f"update poll set status = '{PollStatus.NOTICE_GIVEN}', notice_given_at = app_now() where trust_id = $1 and id = $2",
        transaction.trust_id,
        poll_id,
    )


async def freeze(transaction: Transaction, poll_id: UUID, roll_hash: str, roll_count: int) -> None:
    await transaction.run(
        f"update poll set status = '{PollStatus.ROLL_FROZEN}', qualifying_at = app_now(), roll_hash = $3, roll_count = $4"
        " where trust_id = $1 and id = $2",
        transaction.trust_id,
        poll_id,
        roll_hash,
        roll_count,
    )


async def store_count(transaction: Transaction, poll_id: UUID, pack: Mapping[str, Any]) -> None:
    await transaction.run(
        f"update poll set status = '{PollStatus.COUNTED}', count = $3 where trust_id = $1 and id = $2",
        transaction.trust_id,
        poll_id,
        json.dumps(pack),
    )


async def declare(transaction: Transaction, poll_id: UUID, returning_officer: UUID) -> None:
    pack = await transaction.value(
        "select count from poll where trust_id = $1 and id = $2", transaction.trust_id, poll_id
    )
    await transaction.run(
        "insert into declaration (trust_id, poll_id, returning_officer_id, pack) values ($1, $2, $3, $4)",
        transaction.trust_id,
        poll_id,
        returning_officer,
        pack,
    )
    await transaction.run(
        f"update poll set status = '{PollStatus.DECLARED}', declared_at = app_now() where trust_id = $1 and id = $2",
        transaction.trust_id,
        poll_id,
    )


@dataclass(frozen=True, slots=True)
class PollToCount:
    """What a count needs to know of its poll beside the papers."""

    title: str
    kind: ResolutionKind
    roll_hash: str


async def poll_to_count(transaction: Transaction, poll_id: UUID) -> PollToCount:
    row = await transaction.row(
        "select title, kind, roll_hash from poll where trust_id = $1 and id = $2", transaction.trust_id, poll_id
    )
    assert row is not None
    return PollToCount(row["title"], ResolutionKind.named(row["kind"]), row["roll_hash"])
