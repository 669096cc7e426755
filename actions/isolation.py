"""The same for many cases, of which one that fails keeps no other from it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from db.connection import UNAVAILABLE
from db.transactions import Transaction, Transactions

BATCH = 200  # cases a transaction, as long as none of them fails

Act = Callable[[Transaction, UUID], Awaitable[bool]]  # False where there is nothing to do any more


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many were done, and what went wrong with others."""

    done: int
    failed: Mapping[UUID, Exception]


async def each_in_isolation(transactions: Transactions, trust_id: UUID, cases: Sequence[UUID], act: Act) -> Outcome:
    """Acts on the cases in batches; those of a batch that fails once more, each in a transaction of its own.

    Raises what says that the database is away: that is no trouble of a case.
    """
    done, failed = 0, dict[UUID, Exception]()
    for start in range(0, len(cases), BATCH):
        batch = cases[start : start + BATCH]
        try:
            done += await transactions.run(trust_id, partial(_all, cases=batch, act=act))
        except UNAVAILABLE:
            raise
        except Exception:
            for case in batch:
                try:
                    done += await transactions.run(trust_id, partial(_all, cases=[case], act=act))
                except UNAVAILABLE:
                    raise
                except Exception as error:
                    failed[case] = error
    return Outcome(done, failed)


async def _all(transaction: Transaction, cases: Sequence[UUID], act: Act) -> int:
    return sum([await act(transaction, case) for case in cases])
