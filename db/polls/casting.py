"""What casting has to know of a contest and of its voter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.polls.casting import IS_SPENT, MAY_ACT_FOR_VOTER, VoterStanding
from domain.polls.contest import ContestKind
from domain.polls.poll import IS_OPEN, Poll

from ..fragments.conditions import Places, columns, predicate, value
from ..fragments.people import authorisations
from ..transactions import Transaction
from .polls import poll_of


@dataclass(frozen=True, slots=True)
class CastingCase:
    """A vote about to be cast: the poll it is cast in, the kind of its contest, where its voter stands, and the time."""

    poll: Poll
    kind: ContestKind
    voter: VoterStanding
    now: datetime


# of a credential `c`, and of the vote `v` that somebody casts with it
CASTING: Places = {
    "spent_on": "c.spent_on",
    **columns("v", "voter_id", "person_id"),
    "authorisations": authorisations("v.voter_id", "v.person_id"),
}
_POLL = ("status", "opens_at", "closes_at")
# An officer's transaction holds a poll that is not open, and one over a large roll for seconds: votes wait for no such poll.
_FOR_CASTING = (
    "with open as materialized (select b.id from poll b where b.trust_id = {trust} and b.id in"
    " (select k.poll_id from contest k where k.trust_id = {trust} and k.id = any($2::uuid[]))"
    f" and {predicate(IS_OPEN, columns('b', *_POLL))} for key share of b)"
    " select v.n, k.kind, b.id, b.title, b.status, b.secrecy, b.opens_at, b.closes_at, c.voter_id is not null as on_the_roll,"
    f" {value(IS_SPENT, CASTING)} as has_voted, app_now() as now, {value(MAY_ACT_FOR_VOTER, CASTING)} as may_act,"
    f" {value(IS_OPEN, columns('b', *_POLL))} and o.id is null as has_changed"
    " from unnest($2::uuid[], $3::uuid[], $4::uuid[]) with ordinality as v(contest_id, voter_id, person_id, n)"
    " join contest k on k.trust_id = {trust} and k.id = v.contest_id"
    " join poll b on b.trust_id = {trust} and b.id = k.poll_id"
    " left join open o on o.id = b.id"
    " left join credential c on c.trust_id = {trust} and c.contest_id = v.contest_id and c.voter_id = v.voter_id"
).replace("{trust}", "$1")


async def cases_for_casting(
    transaction: Transaction, votes: Sequence[tuple[UUID, UUID, UUID]]
) -> list[CastingCase | None]:
    """For each (contest, voter, person voting) what is to be judged; None where there is no such contest.

    KEY SHARE of polls that are open lets any number of voters in at once and makes counting (FOR UPDATE) wait for them.
    """
    asked = [list(each) for each in zip(*votes, strict=True)]
    rows = await transaction.rows(_FOR_CASTING, transaction.trust_id, *asked)
    if any(row["has_changed"] for row in rows):  # counted while we waited for it: what was read of it is old
        rows = await transaction.rows(_FOR_CASTING, transaction.trust_id, *asked)
    found: list[CastingCase | None] = [None] * len(votes)
    for row in rows:
        standing = VoterStanding(row["on_the_roll"], row["has_voted"], row["may_act"])
        found[row["n"] - 1] = CastingCase(poll_of(row), ContestKind.named(row["kind"]), standing, row["now"])
    return found
