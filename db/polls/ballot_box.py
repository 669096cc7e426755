"""The sealed votes. Only actions.polls and actions.counting may import this (a contract of the build).

A credential spent and a paper written by one transaction carry the same `xmin` and could be paired by whoever holds the database.
So a paper waits in the inbox, where it can be paired, only until it is moved: in batches of at least BATCH papers (or
when the poll has closed), shuffled, by another transaction, after which the inbox is truncated. See docs/secrecy.md.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_bytes
from uuid import UUID

from domain.audit.events import AuditAction
from domain.polls.casting import IS_SPENT
from domain.polls.poll import IS_OVER

from ..connection import Connection
from ..fragments.conditions import predicate
from ..transactions import Transaction
from .tables import BallotStore

BATCH = 12
_IS_OVER = predicate(IS_OVER, {"closes_at": "b.closes_at"})
_UNSPENT = predicate(~IS_SPENT, {"spent_on": "c.spent_on"})
# whose credential is spent and what is posted are told by two statements, so that no line of a server's log has both
_SPEND = (
    "update credential c set spent_on = legal_today() from unnest($2::uuid[], $3::uuid[]) as v(contest_id, voter_id)"
    f" where c.trust_id = $1 and c.contest_id = v.contest_id and c.voter_id = v.voter_id and {_UNSPENT}"
    " returning c.contest_id, c.voter_id"
)
_NOTE = (
    "insert into audit_event (trust_id, at, action, subject_id)"
    f" values ($1, date_trunc('day', app_now()), '{AuditAction.PAPER_RECEIVED}', $2)"
)
_POST = "insert into ballot_inbox (trust_id, contest_id, store, content) values ($1, $2, $3, $4)"
_RECORD = "insert into recorded_vote (trust_id, contest_id, voter_id, voter_name, paper) values ($1, $2, $3, $4, $5)"
_NAMES = (
    "select r.contest_id, r.voter_id, m.name from unnest($2::uuid[], $3::uuid[]) as v(contest_id, voter_id)"
    " join roll_entry r on r.trust_id = $1 and r.contest_id = v.contest_id and r.voter_id = v.voter_id"
    " join membership m on m.trust_id = $1 and m.id = r.membership_id"
)


@dataclass(frozen=True, slots=True)
class SealedVote:
    """A paper on its way into the box. No voter twice in one group."""

    contest_id: UUID
    voter_id: UUID
    paper: str
    receipt: str


async def cast(transaction: Transaction, votes: Sequence[SealedVote], *, recorded: bool) -> set[tuple[UUID, UUID]]:
    """Spends the voters' credentials and takes their papers; (contest, voter) of those whose paper was taken.

    A credential missing from the answer was spent by somebody else in the meantime.
    """
    if not votes:
        return set()
    trust_id = transaction.trust_id
    rows = await transaction.rows(
        _SPEND, trust_id, [vote.contest_id for vote in votes], [vote.voter_id for vote in votes]
    )
    spent = {(row["contest_id"], row["voter_id"]) for row in rows}
    taken = [vote for vote in votes if (vote.contest_id, vote.voter_id) in spent]
    await transaction.run_many(_NOTE, [(trust_id, vote.contest_id) for vote in taken])
    posts: list[tuple[object, ...]] = [
        (trust_id, vote.contest_id, BallotStore.RECEIPT.value, vote.receipt) for vote in taken
    ]
    if recorded:
        await _record(transaction, taken)
    else:
        posts += [(trust_id, vote.contest_id, BallotStore.PAPER.value, vote.paper) for vote in taken]
    posts.sort(key=lambda _: token_bytes(16))  # shuffled: their order in the table tells nothing
    await transaction.run_many(_POST, posts)
    return spent


async def _record(transaction: Transaction, votes: Sequence[SealedVote]) -> None:
    """Keeps votes of a division with the names their voters have now."""
    found = await transaction.rows(
        _NAMES, transaction.trust_id, [vote.contest_id for vote in votes], [vote.voter_id for vote in votes]
    )
    names = {(row["contest_id"], row["voter_id"]): row["name"] for row in found}
    await transaction.run_many(
        _RECORD,
        [
            (transaction.trust_id, vote.contest_id, vote.voter_id, names[vote.contest_id, vote.voter_id], vote.paper)
            for vote in votes
        ],
    )


async def inbox_is_empty(transaction: Transaction, poll_id: UUID) -> bool:
    """Whether no paper of any contest of the poll waits."""
    return not await transaction.value(
        "select exists (select i.contest_id from ballot_inbox i join contest k on k.trust_id = $1 and k.id = i.contest_id"
        " where i.trust_id = $1 and k.poll_id = $2)",
        transaction.trust_id,
        poll_id,
    )


async def papers(transaction: Transaction, contest_id: UUID, *, recorded: bool) -> Counter[str]:
    """What the papers say, and how often."""
    source, content = ("recorded_vote", "paper") if recorded else ("ballot_paper", "content")
    rows = await transaction.rows(
        f"select {content} as content, count(*) as papers from {source} where trust_id = $1 and contest_id = $2 group by 1",
        transaction.trust_id,
        contest_id,
    )
    return Counter({row["content"]: row["papers"] for row in rows})


async def receipts(transaction: Transaction, contest_id: UUID) -> list[str]:
    rows = await transaction.rows(
        "select code from ballot_receipt where trust_id = $1 and contest_id = $2 order by code",
        transaction.trust_id,
        contest_id,
    )
    return [row["code"] for row in rows]


async def seal(connection: Connection) -> int:
    """Moves what may be moved, in the worker's role; how many papers and receipts were sealed.

    Of a contest in an open poll BATCH papers and receipts, chosen at random, wait on, so that the last batch is no smaller either.
    """
    if not await connection.fetchval(_ANY_READY):
        return 0
    async with connection.transaction():
        # casting waits for the moment this takes; nothing can come in between reading and emptying the inbox
        await connection.execute("lock table ballot_inbox in access exclusive mode")
        await connection.execute(_CHOOSE)
        await connection.execute("truncate ballot_inbox")
        papers = await connection.execute(
            "insert into ballot_paper (trust_id, contest_id, content) select trust_id, contest_id, content from chosen"
            f" where sealed and store = '{BallotStore.PAPER}' order by gen_random_uuid()"
        )
        receipts = await connection.execute(
            "insert into ballot_receipt (trust_id, contest_id, code) select trust_id, contest_id, content from chosen"
            f" where sealed and store = '{BallotStore.RECEIPT}' order by gen_random_uuid()"
        )
        await connection.execute(
            "insert into ballot_inbox (trust_id, contest_id, store, content) select trust_id, contest_id, store, content"
            " from chosen where not sealed order by gen_random_uuid()"
        )
        await connection.execute("drop table chosen")
    return sum(int(status.split()[-1]) for status in (papers, receipts))


_POLL_OF_POST = (
    "join contest k on k.trust_id = i.trust_id and k.id = i.contest_id"
    " join poll b on b.trust_id = i.trust_id and b.id = k.poll_id"
)
# every voter posts one receipt, so receipts tell how many wait
_ANY_READY = f"""
select exists (select 1 from ballot_inbox i {_POLL_OF_POST}
  group by i.trust_id, i.contest_id
  having count(*) filter (where i.store = '{BallotStore.RECEIPT}') >= {2 * BATCH} or bool_or({_IS_OVER}))
"""


_CHOOSE = f"""
create temporary table chosen as
select trust_id, contest_id, store, content, closed or (waiting >= {2 * BATCH} and place > {BATCH}) as sealed from (
  select i.*, {_IS_OVER} as closed,
    count(*) over (partition by i.trust_id, i.contest_id, i.store) as waiting,
    row_number() over (partition by i.trust_id, i.contest_id, i.store order by gen_random_uuid()) as place
  from ballot_inbox i {_POLL_OF_POST}) posts
"""
