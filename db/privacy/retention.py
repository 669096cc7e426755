"""What is forgotten when its time is over, as the tables declare.

Done in the worker's role, which alone may delete; what is looked for is told by days and states, never by names.
"""

from datetime import timedelta
from uuid import UUID

from domain.governance.rulesets import RecordType

from ..connection import Pool
from ..fragments.clock import NOW
from ..fragments.retention import overdue
from ..governance.rulesets import ruleset_in_force
from ..personal import Stays
from ..transactions import Transaction
from .declarations import FOLLOWING, OVERDUE, PASSING, statement


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


async def forget_overdue(transaction: Transaction) -> dict[str, int]:
    """Takes everything that is overdue in the trust by its rules; how many rows of each type."""
    ruleset, today = await ruleset_in_force(transaction), await transaction.today()
    done = {}
    for kind, (_, time) in OVERDUE.items():
        if not isinstance(time.then, Stays):
            kept = timedelta(days=ruleset.retention_days[kind])
            done[kind.value] = await transaction.value(_forgetting(kind), transaction.trust_id, today - kept)
    return done


async def forget_passing(worker: Pool, trust_id: UUID) -> None:
    """Takes what is kept for a while that no rules say: answers for retries, codes to sign in with, mails."""
    for table, time in PASSING:
        overdue = time.overdue.format(moment=f"{NOW} - interval '{time.length}'")
        await worker.execute(statement(table, time.then, f"t.trust_id = $1 and {overdue}"), trust_id)
