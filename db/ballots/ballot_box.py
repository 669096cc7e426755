"""The sealed votes. Only actions.ballots and actions.counting may import this (a contract of the build).

A mark and a paper written by one transaction carry the same `xmin` and could be paired by whoever holds the database.
So a paper waits in the inbox, where it can be paired, only until it is moved: in batches of at least BATCH papers (or
when the poll has closed), shuffled, by another transaction, after which the inbox is truncated. See docs/secrecy.md.
"""

import secrets
from collections import Counter
from uuid import UUID

from ..connection import Connection
from ..work import Work

BATCH = 12

_MARK_AND_POST = """
with marked as (
  update roll_entry set voted_on = (now() at time zone 'Europe/London')::date
  where trust_id = $1 and ballot_id = $2 and person_id = $3 and voted_on is null returning 1
), noted as (
  insert into audit_event (trust_id, at, action, subject_id)
  select $1, date_trunc('day', now()), 'ballots:paper:received', $2 from marked
), {kept}
select count(*) from marked
"""
_CONFIDENTIAL = _MARK_AND_POST.format(
    kept="posted as (insert into ballot_inbox (trust_id, ballot_id, store, content) select $1, $2, post.store, post.content"
    " from marked, (values ('PAPER', $4::text), ('RECEIPT', $5::text)) as post(store, content))"
)
_RECORDED = _MARK_AND_POST.format(
    kept="named as (insert into recorded_vote (trust_id, ballot_id, person_id, choice) select $1, $2, $3, $4::text"
    " from marked), receipted as (insert into ballot_inbox (trust_id, ballot_id, store, content)"
    " select $1, $2, 'RECEIPT', $5::text from marked)"
)


async def cast(work: Work, ballot_id: UUID, person_id: UUID, paper: str, receipt: str, *, recorded: bool) -> bool:
    """Marks the voter and takes the paper in one statement; False when this voter's paper was taken already."""
    statement = _RECORDED if recorded else _CONFIDENTIAL
    taken: int = await work.value(statement, work.trust_id, ballot_id, person_id, paper, receipt)
    return taken == 1


async def inbox_is_empty(work: Work, ballot_id: UUID) -> bool:
    return not await work.value(
        "select exists (select ballot_id from ballot_inbox where trust_id = $1 and ballot_id = $2)",
        work.trust_id,
        ballot_id,
    )


async def papers(work: Work, ballot_id: UUID, *, recorded: bool) -> Counter[str]:
    """What the papers say, and how often."""
    source, content = ("recorded_vote", "choice") if recorded else ("ballot_paper", "content")
    rows = await work.rows(
        f"select {content} as content, count(*) as papers from {source} where trust_id = $1 and ballot_id = $2 group by 1",
        work.trust_id,
        ballot_id,
    )
    return Counter({row["content"]: row["papers"] for row in rows})


async def receipts(work: Work, ballot_id: UUID) -> list[str]:
    rows = await work.rows(
        "select code from ballot_receipt where trust_id = $1 and ballot_id = $2 order by code", work.trust_id, ballot_id
    )
    return [row["code"] for row in rows]


async def seal(connection: Connection) -> int:
    """Moves what may be moved, in the worker's role; how many papers and receipts were sealed."""
    if not await _ready(connection):
        return 0
    async with connection.transaction():
        # casting waits for the moment this takes; nothing can come in between reading and emptying the inbox
        await connection.execute("lock table ballot_inbox in access exclusive mode")
        ready = await _ready(connection)
        waiting = [
            tuple(row) for row in await connection.fetch("select trust_id, ballot_id, store, content from ballot_inbox")
        ]
        await connection.execute("truncate ballot_inbox")
        secrets.SystemRandom().shuffle(waiting)
        sealed = [post for post in waiting if post[:2] in ready]
        left = [post for post in waiting if post[:2] not in ready]
        for target, rows in (
            ("ballot_paper (trust_id, ballot_id, content)", [p for p in sealed if p[2] == "PAPER"]),
            ("ballot_receipt (trust_id, ballot_id, code)", [p for p in sealed if p[2] == "RECEIPT"]),
        ):
            await connection.execute(
                f"insert into {target} select * from unnest($1::uuid[], $2::uuid[], $3::text[])",
                [row[0] for row in rows],
                [row[1] for row in rows],
                [row[3] for row in rows],
            )
        await connection.executemany(
            "insert into ballot_inbox (trust_id, ballot_id, store, content) values ($1, $2, $3, $4)", left
        )
    return len(sealed)


async def _ready(connection: Connection) -> set[tuple[UUID, UUID]]:
    """The ballots with a batch of papers, and those that have closed."""
    rows = await connection.fetch(
        "select i.trust_id, i.ballot_id from ballot_inbox i join ballot b on b.trust_id = i.trust_id and b.id = i.ballot_id"
        " group by 1, 2 having count(*) filter (where i.store = 'RECEIPT') >= $1 or bool_or(b.closes_at <= now())",
        BATCH,
    )
    return {(row["trust_id"], row["ballot_id"]) for row in rows}
