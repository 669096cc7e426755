"""Doing at once what several callers ask for at the same moment.

Requests that arrive while earlier ones are being served wait for each other and share one round trip (and, for
writes, one commit). Nobody waits for company: a request that finds a lane free goes alone, at once.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .connection import BUSY, UNAVAILABLE

Subject = TypeVar("Subject", bound=Hashable)
Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_AT_ONCE = 64
SINGLES_AT_ONCE = 4  # of a group that failed


@dataclass(slots=True)
class _Queue(Generic[Item, Result]):
    """What waits for one subject, by who asks; and how many lanes are under way."""

    waiting: OrderedDict[Hashable, deque[tuple[Item, asyncio.Future[Result]]]] = field(default_factory=OrderedDict)
    lanes: int = 0

    def add(self, who: Hashable, item: Item, answer: asyncio.Future[Result]) -> None:
        self.waiting.setdefault(who, deque()).append((item, answer))

    def take(self, most: int) -> list[tuple[Item, asyncio.Future[Result]]]:
        """The next group: one of each who asks, in turns, so that nobody's many keep back another's one."""
        group: list[tuple[Item, asyncio.Future[Result]]] = []
        while self.waiting and len(group) < most:
            who, items = self.waiting.popitem(last=False)
            member = items.popleft()
            if items:
                self.waiting[who] = items
            if not member[1].done():  # a caller who went away no longer waits
                group.append(member)
        return group


class MicroBatcher(Generic[Subject, Item, Result]):
    """Runs `serve(subject, items)`, which answers every item in order: at most `lanes(subject)` groups of a subject at a
    time, of at most `most(subject)` items. One lane makes the largest groups: measured, a third less work a vote than two.

    If it fails for a group each goes alone, a few at a time; unless it is unknown what was done, and doing it again is not `harmless`.
    """

    def __init__(
        self,
        serve: Callable[[Subject, Sequence[Item]], Awaitable[Sequence[Result]]],
        *,
        lanes: Callable[[Subject], int] = lambda _: 1,
        most: Callable[[Subject], int] = lambda _: MOST_AT_ONCE,
        harmless: bool = False,
    ) -> None:
        self._serve, self._lanes, self._most = serve, lanes, most
        self._never_again: tuple[type[Exception], ...] = () if harmless else (*UNAVAILABLE, *BUSY)
        self._queues: dict[Subject, _Queue[Item, Result]] = {}  # of the subjects that somebody asks about now
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, subject: Subject, item: Item, who: Hashable = None) -> Result:
        queue = self._queues.get(subject)
        if queue is None:
            queue = self._queues[subject] = _Queue()
        if queue.lanes >= self._lanes(subject):
            answer: asyncio.Future[Result] = self._loop.create_future()
            queue.add(who, item, answer)
            return await answer
        queue.lanes += 1
        try:
            (result,) = await self._serve(subject, [item])
            return result
        finally:
            self._go_on(subject, queue)

    def _go_on(self, subject: Subject, queue: _Queue[Item, Result]) -> None:
        """The lane serves who came meanwhile, or is free."""
        if queue.waiting:
            task = asyncio.create_task(self._work_off(subject, queue))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            return
        queue.lanes -= 1
        if not queue.lanes:
            del self._queues[subject]

    async def _work_off(self, subject: Subject, queue: _Queue[Item, Result]) -> None:
        try:
            while group := queue.take(self._most(subject)):
                await self._answer(subject, group)
        finally:
            self._go_on(subject, queue)

    async def _answer(self, subject: Subject, group: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        try:
            results = await self._serve(subject, [item for item, _ in group])
        except Exception as error:
            # where the connection was lost nobody knows whether it was done: that must be said, never tried again
            if len(group) == 1 or isinstance(error, self._never_again):
                for _, answer in group:
                    if not answer.done():
                        answer.set_exception(error)
                return
            await self._answer_singly(subject, group)
            return
        for (_, answer), result in zip(group, results, strict=True):
            if not answer.done():
                answer.set_result(result)

    async def _answer_singly(self, subject: Subject, group: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        places = asyncio.Semaphore(SINGLES_AT_ONCE)

        async def answer(member: tuple[Item, asyncio.Future[Result]]) -> None:
            async with places:
                await self._answer(subject, [member])

        await asyncio.gather(*map(answer, group))
