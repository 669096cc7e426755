"""What is forgotten when its time is over, as the tables declare.

Done in the worker's role, which alone may delete; what is looked for is told by days and states, never by names.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from uuid import UUID

from domain.governance.rulesets import RecordType
from domain.refusals import failure_code

from ..connection import UNAVAILABLE, Pool
from ..fragments.clock import NOW
from ..fragments.retention import overdue
from ..governance.rulesets import ruleset_in_force
from ..personal import Stays
from ..transactions import Transaction, Transactions
from .declarations import FOLLOWING, OVERDUE, PASSING, statement

log = logging.getLogger("folkmoot.worker")


def _forgetting(kind: RecordType) -> str:
    """Takes what is overdue of the kind, by the trust $1 and the day $2, and what goes with it; how many rows, without that."""
    table, time = OVERDUE[kind]
    with_it = [(other, each) for other, each in FOLLOWING if each.length is kind]
    taken = statement(table, time.then, f"t.trust_id = $1 and {overdue(time, '$1', '$2::date')}")
    parts = [f"done as ({taken} returning {'t.id' if with_it else '1'})"]
    for other, each in with_it:
        went = f"t.trust_id = $1 and t.{each.with_its} in (select id from done)"
        parts.append(f"{other}s as ({statement(other, each.then, went)})")
    return f"with {', '.join(parts)} select count(*) from done"


async def forget_overdue(transactions: Transactions, trust_id: UUID) -> dict[str, int]:
    """Takes everything that is overdue in the trust by its rules; how many rows of each type.

    What can't be taken of one type keeps no other from being taken; it is raised in the end.
    """
    done, failed = dict[str, int](), list[Exception]()
    for kind, (_, time) in OVERDUE.items():
        if not isinstance(time.then, Stays):
            with _told_in_the_end(failed, trust_id, kind.value):
                done[kind.value] = await transactions.run(trust_id, partial(_forget, kind=kind))
    for error in failed:
        raise error
    return done


async def _forget(transaction: Transaction, kind: RecordType) -> int:
    kept = timedelta(days=(await ruleset_in_force(transaction)).retention_days[kind])
    rows: int = await transaction.value(_forgetting(kind), transaction.trust_id, await transaction.today() - kept)
    return rows


async def forget_passing(worker: Pool, trust_id: UUID) -> None:
    """Takes what is kept for a while that no rules say: answers for retries, codes to sign in with, mails; as forget_overdue."""
    failed = list[Exception]()
    for table, time in PASSING:
        overdue = time.overdue.format(moment=f"{NOW} - interval '{time.length}'")
        with _told_in_the_end(failed, trust_id, table):
            await worker.execute(statement(table, time.then, f"t.trust_id = $1 and {overdue}"), trust_id)
    for error in failed:
        raise error


@contextmanager
def _told_in_the_end(failed: list[Exception], trust_id: UUID, what: str) -> Iterator[None]:
    """What goes wrong inside is logged and kept for later, unless the database is away."""
    try:
        yield
    except UNAVAILABLE:
        raise
    except Exception as error:
        log.error({"trust": str(trust_id), "forgetting": what, "failure": failure_code(error)})
        failed.append(error)
