"""Ballots and declarations."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.ballots.ballot import Ballot, BallotStatus, Secrecy, VoterStanding
from domain.governance.resolutions import ResolutionKind

from ..work import Work


async def add_ballot(
    work: Work,
    title: str,
    resolution: str,
    kind: ResolutionKind,
    secrecy: Secrecy,
    opens_at: datetime,
    closes_at: datetime,
    ruleset_version: int,
) -> UUID:
    ballot: UUID = await work.value(
        "insert into ballot (trust_id, title, resolution, kind, secrecy, status, opens_at, closes_at, ruleset_version)"
        " values ($1, $2, $3, $4, $5, 'DRAFT', $6, $7, $8) returning id",
        work.trust_id,
        title,
        resolution,
        kind.value,
        secrecy.value,
        opens_at,
        closes_at,
        ruleset_version,
    )
    return ballot


async def add_constituencies(work: Work, ballot_id: UUID, codes: Sequence[str]) -> int:
    """How many of the codes are constituencies of the trust."""
    added: int = await work.value(
        "with added as (insert into ballot_constituency (trust_id, ballot_id, constituency_id)"
        " select $1, $2, id from constituency where trust_id = $1 and code = any($3) returning 1) select count(*) from added",
        work.trust_id,
        ballot_id,
        list(codes),
    )
    return added


def _ballot(row: Mapping[str, Any]) -> Ballot:
    return Ballot(
        id=row["id"],
        status=BallotStatus.named(row["status"]),
        secrecy=Secrecy.named(row["secrecy"]),
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
    )


async def ballot_for_update(work: Work, ballot_id: UUID) -> tuple[Ballot, int] | None:
    """The ballot and its ruleset's version. Waits for every vote being cast: none is half in when it is counted."""
    row = await work.row(
        "select id, status, secrecy, opens_at, closes_at, ruleset_version from ballot"
        " where trust_id = $1 and id = $2 for update",
        work.trust_id,
        ballot_id,
    )
    return None if row is None else (_ballot(row), row["ruleset_version"])


async def ballots_for_casting(
    work: Work, votes: Sequence[tuple[UUID, UUID, UUID]]
) -> list[tuple[Ballot, VoterStanding, datetime] | None]:
    """For each (ballot, voter, person voting): the ballot, the voter's standing in it, and the time.

    KEY SHARE lets any number of voters in at once and makes counting (FOR UPDATE) wait for them.
    """
    rows = await work.rows(
        "select v.n, b.id, b.status, b.secrecy, b.opens_at, b.closes_at, r.voter_id is not null as on_the_roll,"
        " r.voted_on is not null as has_voted, now() as now, v.voter_id = v.person_id or exists (select from authorisation a"
        " where a.trust_id = $1 and a.organisation_id = v.voter_id and a.person_id = v.person_id"
        " and a.since <= (now() at time zone 'Europe/London')::date"
        " and (a.until is null or a.until > (now() at time zone 'Europe/London')::date)) as may_act"
        " from unnest($2::uuid[], $3::uuid[], $4::uuid[]) with ordinality as v(ballot_id, voter_id, person_id, n)"
        " join ballot b on b.trust_id = $1 and b.id = v.ballot_id"
        " left join roll_entry r on r.trust_id = $1 and r.ballot_id = v.ballot_id and r.voter_id = v.voter_id"
        " for key share of b",
        work.trust_id,
        [ballot for ballot, _, _ in votes],
        [voter for _, voter, _ in votes],
        [person for _, _, person in votes],
    )
    found: list[tuple[Ballot, VoterStanding, datetime] | None] = [None] * len(votes)
    for row in rows:
        standing = VoterStanding(row["on_the_roll"], row["has_voted"], row["may_act"])
        found[row["n"] - 1] = (_ballot(row), standing, row["now"])
    return found


async def give_notice(work: Work, ballot_id: UUID) -> None:
    await work.run(
        "update ballot set status = 'NOTICE_GIVEN', notice_given_at = now() where trust_id = $1 and id = $2",
        work.trust_id,
        ballot_id,
    )


async def freeze(work: Work, ballot_id: UUID, roll_hash: str, roll_count: int) -> None:
    await work.run(
        "update ballot set status = 'ROLL_FROZEN', qualifying_at = now(), roll_hash = $3, roll_count = $4"
        " where trust_id = $1 and id = $2",
        work.trust_id,
        ballot_id,
        roll_hash,
        roll_count,
    )


async def store_count(work: Work, ballot_id: UUID, pack: Mapping[str, Any]) -> None:
    await work.run(
        "update ballot set status = 'COUNTED', count = $3 where trust_id = $1 and id = $2",
        work.trust_id,
        ballot_id,
        json.dumps(pack),
    )


async def declare(work: Work, ballot_id: UUID, returning_officer: UUID) -> None:
    await work.run(
        "insert into declaration (trust_id, ballot_id, returning_officer_id, pack)"
        " select trust_id, id, $3, count from ballot where trust_id = $1 and id = $2",
        work.trust_id,
        ballot_id,
        returning_officer,
    )
    await work.run(
        "update ballot set status = 'DECLARED', declared_at = now() where trust_id = $1 and id = $2",
        work.trust_id,
        ballot_id,
    )


@dataclass(frozen=True, slots=True)
class Poll:
    """What a count needs to know of its ballot beside the papers."""

    title: str
    kind: ResolutionKind
    roll_hash: str


async def poll_of(work: Work, ballot_id: UUID) -> Poll:
    row = await work.row(
        "select title, kind, roll_hash from ballot where trust_id = $1 and id = $2", work.trust_id, ballot_id
    )
    assert row is not None
    return Poll(row["title"], ResolutionKind.named(row["kind"]), row["roll_hash"])
