"""What one server process has one of."""

import itertools
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from actions.polls.casting import Vote, cast_votes
from db.clock import check_clock
from db.connection import APP_ROLE, Pool, open_pool
from db.micro_batcher import MicroBatcher
from db.transactions import Transactions
from domain.refusals import Refusal
from planner import Planner
from schema.build import REGISTRY

from ..logs import RequestLog
from ..settings import Settings
from .authentication import Authentication
from .limits import RateLimiter
from .operations import Operations
from .reads import Reads
from .time_limits import TimeLimit
from .trusts import Trusts

LONGEST_BODY = 20.0  # seconds


@dataclass(frozen=True, slots=True)
class Services:
    """Made once, at start, and passed to whatever answers requests. Those who hold it never make a part of their own."""

    settings: Settings
    pool: Pool
    transactions: Transactions
    trusts: Trusts
    authentication: Authentication
    operations: Operations
    planner: Planner
    reads: Reads
    cast: MicroBatcher[UUID, Vote, str | Refusal]
    allowances: RateLimiter  # of objects, by caller
    token_tries: RateLimiter  # of secrets, by address
    body_limit: TimeLimit  # of a request's arrival
    execution_limit: TimeLimit  # of whatever follows
    log: RequestLog
    request_ids: Iterator[str]  # a new one each time


@asynccontextmanager
async def open_services(settings: Settings, url: str) -> AsyncIterator[Services]:
    """All of them, on the database of `url`, closed in the end. Raises ClockShifted."""
    pool = await open_pool(url, APP_ROLE, settings.pool_size)
    try:
        await check_clock(pool, shift_allowed=settings.shifted_clock_allowed)
        services = _on(pool, settings)
        await services.trusts.look()
        try:
            yield services
        finally:
            services.log.flush()
    finally:
        await pool.close()


def _on(pool: Pool, settings: Settings) -> Services:
    transactions, process = Transactions(pool), secrets.token_hex(6)
    execution_limit = TimeLimit(settings.longest_execution)
    return Services(
        settings=settings,
        pool=pool,
        transactions=transactions,
        trusts=Trusts(pool, execution_limit),
        authentication=Authentication(pool, transactions, settings, execution_limit),
        operations=Operations(settings.budget),
        planner=Planner(REGISTRY),
        reads=Reads(pool, settings.pool_size),
        cast=MicroBatcher(
            lambda trust_id, votes: transactions.run(trust_id, lambda transaction: cast_votes(transaction, votes))
        ),
        allowances=RateLimiter(settings.allowance, settings.allowance_per_second),
        token_tries=RateLimiter(60, 1),
        body_limit=TimeLimit(LONGEST_BODY),
        execution_limit=execution_limit,
        log=RequestLog(),
        request_ids=(f"{process}-{number:x}" for number in itertools.count(1)),
    )
