"""The sealed votes. Only actions.polls and actions.counting may import this (a contract of the build).

A mark and a paper written by one transaction carry the same `xmin` and could be paired by whoever holds the database.
So a paper waits in the inbox, where it can be paired, only until it is moved: in batches of at least BATCH papers (or
when the poll has closed), shuffled, by another transaction, after which the inbox is truncated. See docs/secrecy.md.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom
from uuid import UUID

from domain.polls.casting import IS_SPENT
from domain.polls.poll import IS_OVER

from ..connection import Connection
from ..fragments.conditions import predicate
from ..transactions import Transaction
from .tables import BallotStore

BATCH = 12
_SHUFFLE = SystemRandom().shuffle
_IS_OVER = predicate(IS_OVER, {"closes_at": "b.closes_at"})
_UNSPENT = predicate(~IS_SPENT, {"voted_on": "r.voted_on"})
_MARK = (
    "update roll_entry r set voted_on = legal_today() from unnest($2::uuid[], $3::uuid[]) as v(poll_id, voter_id)"
    f" where r.trust_id = $1 and r.poll_id = v.poll_id and r.voter_id = v.voter_id and {_UNSPENT}"
    " returning r.poll_id, r.voter_id"
)
_NOTE = (
    "insert into audit_event (trust_id, at, action, subject_id)"
    " values ($1, date_trunc('day', app_now()), 'polls:paper:received', $2)"
)
_POST = "insert into ballot_inbox (trust_id, poll_id, store, content) values ($1, $2, $3, $4)"
_RECORD = "insert into recorded_vote (trust_id, poll_id, voter_id, choice) values ($1, $2, $3, $4)"


@dataclass(frozen=True, slots=True)
class SealedVote:
    """A paper on its way into the box. No voter twice in one group."""

    poll_id: UUID
    voter_id: UUID
    paper: str
    receipt: str


async def cast(transaction: Transaction, votes: Sequence[SealedVote], *, recorded: bool) -> set[tuple[UUID, UUID]]:
    """Marks the voters and takes their papers; (poll, voter) of those whose paper was taken.

    A voter missing from the answer was marked by somebody else in the meantime.
    """
    if not votes:
        return set()
    trust_id = transaction.trust_id
    rows = await transaction.rows(_MARK, trust_id, [vote.poll_id for vote in votes], [vote.voter_id for vote in votes])
    marked = {(row["poll_id"], row["voter_id"]) for row in rows}
    taken = [vote for vote in votes if (vote.poll_id, vote.voter_id) in marked]
    await transaction.run_many(_NOTE, [(trust_id, vote.poll_id) for vote in taken])
    posts: list[tuple[object, ...]] = [
        (trust_id, vote.poll_id, BallotStore.RECEIPT.value, vote.receipt) for vote in taken
    ]
    if recorded:
        names: list[tuple[object, ...]] = [(trust_id, vote.poll_id, vote.voter_id, vote.paper) for vote in taken]
        await transaction.run_many(_RECORD, names)
    else:
        posts += [(trust_id, vote.poll_id, BallotStore.PAPER.value, vote.paper) for vote in taken]
    _SHUFFLE(posts)  # their order in the table tells nothing
    await transaction.run_many(_POST, posts)
    return marked


async def inbox_is_empty(transaction: Transaction, poll_id: UUID) -> bool:
    return not await transaction.value(
        "select exists (select poll_id from ballot_inbox where trust_id = $1 and poll_id = $2)",
        transaction.trust_id,
        poll_id,
    )


async def papers(transaction: Transaction, poll_id: UUID, *, recorded: bool) -> Counter[str]:
    """What the papers say, and how often."""
    source, content = ("recorded_vote", "choice") if recorded else ("ballot_paper", "content")
    rows = await transaction.rows(
        f"select {content} as content, count(*) as papers from {source} where trust_id = $1 and poll_id = $2 group by 1",
        transaction.trust_id,
        poll_id,
    )
    return Counter({row["content"]: row["papers"] for row in rows})


async def receipts(transaction: Transaction, poll_id: UUID) -> list[str]:
    rows = await transaction.rows(
        "select code from ballot_receipt where trust_id = $1 and poll_id = $2 order by code",
        transaction.trust_id,
        poll_id,
    )
    return [row["code"] for row in rows]


async def seal(connection: Connection) -> int:
    """Moves what may be moved, in the worker's role; how many papers and receipts were sealed.

    Of an open poll BATCH papers and receipts, chosen at random, wait on, so that the last batch is no smaller either.
    """
    if not await connection.fetchval(_ANY_READY):
        return 0
    async with connection.transaction():
        # casting waits for the moment this takes; nothing can come in between reading and emptying the inbox
        await connection.execute("lock table ballot_inbox in access exclusive mode")
        await connection.execute(_CHOOSE)
        await connection.execute("truncate ballot_inbox")
        papers = await connection.execute(
            "insert into ballot_paper (trust_id, poll_id, content) select trust_id, poll_id, content from chosen"
            f" where sealed and store = '{BallotStore.PAPER}' order by gen_random_uuid()"
        )
        receipts = await connection.execute(
            "insert into ballot_receipt (trust_id, poll_id, code) select trust_id, poll_id, content from chosen"
            f" where sealed and store = '{BallotStore.RECEIPT}' order by gen_random_uuid()"
        )
        await connection.execute(
            "insert into ballot_inbox (trust_id, poll_id, store, content) select trust_id, poll_id, store, content"
            " from chosen where not sealed order by gen_random_uuid()"
        )
        await connection.execute("drop table chosen")
    return sum(int(status.split()[-1]) for status in (papers, receipts))


# every voter posts one receipt, so receipts tell how many wait
_ANY_READY = f"""
select exists (select 1 from ballot_inbox i join poll b on b.trust_id = i.trust_id and b.id = i.poll_id
  group by b.trust_id, b.id
  having count(*) filter (where i.store = '{BallotStore.RECEIPT}') >= {2 * BATCH} or bool_or({_IS_OVER}))
"""


_CHOOSE = f"""
create temporary table chosen as
select trust_id, poll_id, store, content, closed or (waiting >= {2 * BATCH} and place > {BATCH}) as sealed from (
  select i.*, {_IS_OVER} as closed,
    count(*) over (partition by i.trust_id, i.poll_id, i.store) as waiting,
    row_number() over (partition by i.trust_id, i.poll_id, i.store order by gen_random_uuid()) as place
  from ballot_inbox i join poll b on b.trust_id = i.trust_id and b.id = i.poll_id) posts
"""
