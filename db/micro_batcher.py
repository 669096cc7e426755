"""Doing at once what several callers ask for at the same moment.

Requests that arrive while earlier ones are being served wait for each other and share one round trip (and, for
writes, one commit). Nobody waits for company: a request that finds no one in front of it goes alone, at once.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from uuid import UUID

from .connection import BUSY, UNAVAILABLE

Item = TypeVar("Item")


Result = TypeVar("Result")


MOST_AT_ONCE = 64
LANES = 2  # groups of one trust under way at the same time


class MicroBatcher(Generic[Item, Result]):
    """Runs `serve(trust, items)`, which answers every item in order.

    If it fails for a group each goes alone, unless it is unknown what was done.
    """

    def __init__(self, serve: Callable[[UUID, Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        self._serve = serve
        self._waiting: dict[UUID, deque[tuple[Item, asyncio.Future[Result]]]] = {}
        self._lanes: dict[UUID, int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, trust_id: UUID, item: Item) -> Result:
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(trust_id, deque())
        waiting.append((item, answer))
        if self._lanes.get(trust_id, 0) < LANES:
            self._lanes[trust_id] = self._lanes.get(trust_id, 0) + 1
            task = asyncio.create_task(self._work_off(trust_id, waiting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _work_off(self, trust_id: UUID, waiting: deque[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            while waiting:
                group = [waiting.popleft() for _ in range(min(len(waiting), MOST_AT_ONCE))]
                await self._answer(trust_id, group)
        finally:
            self._lanes[trust_id] -= 1

    async def _answer(self, trust_id: UUID, group: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._serve(trust_id, [item for item, _ in group])
        except Exception as error:
            # where the connection was lost nobody knows whether it was done: that must be said, never tried again
            if len(group) == 1 or isinstance(error, (*UNAVAILABLE, *BUSY)):
                for _, answer in group:
                    if not answer.done():
                        answer.set_exception(error)
                return
            for member in group:
                await self._answer(trust_id, [member])
            return
        for (_, answer), result in zip(group, results, strict=True):
            if not answer.done():  # a caller who went away no longer waits
                answer.set_result(result)
