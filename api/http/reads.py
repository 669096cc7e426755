"""Reading by plans: requests of one trust for one plan that arrive together share one statement.

A request that finds a lane of its plan free goes at once, by the plan's own statement. What arrives while all are taken
waits and goes as one group, equal requests once. Whatever fails for a group is tried again for each alone, so that one
caller's trouble is theirs. No plan and no trust can hold all connections.
"""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID
from weakref import WeakKeyDictionary, WeakValueDictionary

from db.connection import BUSY, Pool
from db.micro_batcher import MicroBatcher
from domain.identity.viewer import Viewer
from planner import MOST_CHARACTERS, Plan

MOST_AT_ONCE = 32
MOST_EQUAL = 1_000  # of a plan whose answer is the same for all who share it
MOST_NODES = 2_000  # of a group
LONGEST_SHARED = 0.5  # seconds that a statement for several may take
LONGEST_PLANNING = 1.0  # seconds more, of the longest one: where a connection has not planned it yet
ALONE_FOR = 60.0  # seconds for which a plan is not shared after it took longer

Subject: TypeAlias = tuple[UUID, Plan]
Arguments: TypeAlias = Sequence[Any]


class Reads:
    """Of one process, on a pool of `connections`."""

    def __init__(self, pool: Pool, connections: int) -> None:
        self._pool = pool
        self._connections, self._of_trust = connections, max(1, connections * 3 // 4)
        self._together = MicroBatcher(self._read, lanes=self._lanes, most=self._most, harmless=True)
        self._trusts: WeakValueDictionary[UUID, asyncio.Semaphore] = WeakValueDictionary()
        self._slow: WeakKeyDictionary[Plan, float] = WeakKeyDictionary()  # until when a plan goes alone

    async def __call__(self, viewer: Viewer, plan: Plan, arguments: Arguments) -> bytes:
        """The JSON of the plan's `data`."""
        return await self._together((viewer.trust_id, plan), arguments, viewer.credential)

    def _lanes(self, subject: Subject) -> int:
        """Two of the eight connections: the server prepares one group while the database answers another (measured, a tenth
        more reads than by one). Four of a plan that is never shared."""
        return max(1, self._connections // (2 if self._most(subject) == 1 else 4))

    def _most(self, subject: Subject) -> int:
        _, plan = subject
        if not plan.varying:
            return MOST_EQUAL
        if plan.shared is None or self._slow.get(plan, 0.0) > time.monotonic():
            return 1
        return min(MOST_AT_ONCE, max(1, MOST_NODES // max(1, plan.nodes)))

    async def _read(self, subject: Subject, asked: Sequence[Arguments]) -> Sequence[bytes]:
        trust_id, plan = subject
        async with self._share(trust_id):
            if len(asked) == 1:  # what differs may be an array, which is no key
                return [await self._pool.fetchval(plan.sql, *asked[0])]
            differing = [plan.differing(each) for each in asked]
            distinct = dict(zip(differing, asked, strict=True))
            if len(distinct) == 1:
                return [await self._pool.fetchval(plan.sql, *asked[0])] * len(asked)
            answers = await self._shared(plan, list(distinct.values()))
            by_difference = dict(zip(distinct, answers, strict=True))
            return [by_difference[each] for each in differing]

    async def alone(self, trust_id: UUID, statement: str, *arguments: Any) -> Any:
        """The value of a statement that is part of something larger, within the trust's share of the connections."""
        async with self._share(trust_id):
            return await self._pool.fetchval(statement, *arguments)

    def _share(self, trust_id: UUID) -> asyncio.Semaphore:
        share = self._trusts.get(trust_id)
        if share is None:
            share = self._trusts[trust_id] = asyncio.Semaphore(self._of_trust)
        return share

    async def _shared(self, plan: Plan, asked: Sequence[Arguments]) -> Sequence[bytes]:
        """The answers to requests that all differ."""
        try:
            longest = LONGEST_SHARED + len(plan.sql) / MOST_CHARACTERS * LONGEST_PLANNING
            rows = await self._pool.fetch(plan.shared, *plan.shared_arguments(asked), timeout=longest)
        except BUSY:
            self._slow[plan] = time.monotonic() + ALONE_FOR
            raise
        by_place: dict[int, bytes] = dict(rows)
        return [by_place[place] for place, _ in enumerate(asked, start=1)]
