"""What arrives together is served together, and nobody pays for another."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from db.connection import BUSY
from db.micro_batcher import SINGLES_AT_ONCE, MicroBatcher

Busy = BUSY[-1]  # TimeoutError


class Server:
    """Doubles numbers, a group at a time, each only when it is told to go on."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.served = 0
        self._gate = asyncio.Semaphore(0)

    def go_on(self, groups: int = 1) -> None:
        for _ in range(groups):
            self._gate.release()

    async def __call__(self, _: str, items: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(items))
        await self._gate.acquire()
        self.served += 1
        if any(item < 0 for item in items):
            raise ValueError(items)
        if any(item > 99 for item in items):
            raise Busy(items)
        return [2 * item for item in items]


def told(story: Callable[[Server], Awaitable[None]]) -> None:
    async def run() -> None:
        await story(Server())

    asyncio.run(run())


async def asked(batcher: MicroBatcher[str, int, int], items: Sequence[int], **more: Any) -> list["asyncio.Task[int]"]:
    tasks = [asyncio.create_task(batcher("subject", item, **more)) for item in items]
    await asyncio.sleep(0)
    return tasks


def test_a_lone_request_goes_at_once_and_what_arrives_meanwhile_goes_together() -> None:
    async def story(server: Server) -> None:
        batcher = MicroBatcher(server)
        tasks = await asked(batcher, [1, 2, 3, 4])
        assert server.groups == [[1]]
        server.go_on(2)
        assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
        assert server.groups == [[1], [2, 3, 4]]

    told(story)


def test_groups_are_as_large_and_lanes_as_many_as_their_subject_allows() -> None:
    async def story(server: Server) -> None:
        batcher = MicroBatcher(server, lanes=lambda _: 2, most=lambda _: 3)
        tasks = await asked(batcher, range(9))
        assert server.groups == [[0], [1]]
        server.go_on(9)
        assert await asyncio.gather(*tasks) == [2 * each for each in range(9)]
        assert [len(group) for group in server.groups] == [1, 1, 3, 3, 1]

    told(story)


def test_one_request_does_not_wait_behind_the_many_of_another() -> None:
    async def story(server: Server) -> None:
        batcher = MicroBatcher(server, most=lambda _: 4)
        await asked(batcher, [0])
        flood = await asked(batcher, range(10, 30), who="many")
        (one,) = await asked(batcher, [7], who="one")
        server.go_on(2)
        assert await one == 14
        assert server.groups[:2] == [[0], [10, 7, 11, 12]]
        server.go_on(9)
        await asyncio.gather(*flood)

    told(story)


def test_who_makes_a_group_fail_fails_alone() -> None:
    async def story(server: Server) -> None:
        tasks = await asked(MicroBatcher(server), [1, 2, -3, 4])
        server.go_on(9)
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert [answers[0], answers[1], answers[3]] == [2, 4, 8]
        assert isinstance(answers[2], ValueError)

    told(story)


def test_of_a_group_that_failed_a_few_go_at_a_time() -> None:
    async def story(server: Server) -> None:
        tasks = await asked(MicroBatcher(server), [1, *range(2, 40), -1])
        server.go_on(2)  # the lone one, and the group, which fails
        for _ in range(20):
            await asyncio.sleep(0)
        assert len(server.groups) - server.served == SINGLES_AT_ONCE
        server.go_on(99)
        assert (await asyncio.gather(*tasks, return_exceptions=True))[:-1] == [2 * each for each in range(1, 40)]

    told(story)


@pytest.mark.parametrize(("harmless", "served"), [(False, False), (True, True)])
def test_what_may_have_been_done_is_done_again_only_where_that_is_harmless(harmless: bool, served: bool) -> None:
    async def story(server: Server) -> None:
        tasks = await asked(MicroBatcher(server, harmless=harmless), [1, 2, 100])
        server.go_on(9)
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        assert (answers[1] == 4) is served
        assert isinstance(answers[2], Busy)

    told(story)


def test_a_caller_who_leaves_is_not_served_and_keeps_nobody_waiting() -> None:
    async def story(server: Server) -> None:
        batcher = MicroBatcher(server)
        first, second, third = await asked(batcher, [1, 2, 3])
        second.cancel()
        first.cancel()
        server.go_on(2)
        assert await third == 6
        assert server.groups == [[1], [3]]

    told(story)


def test_nothing_is_kept_of_subjects_nobody_asks_about() -> None:
    async def story(server: Server) -> None:
        batcher = MicroBatcher(server)
        server.go_on(1_000)
        tasks = [asyncio.create_task(batcher(f"subject {number % 100}", number)) for number in range(500)]
        tasks[3].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
        assert (batcher._queues, batcher._tasks) == ({}, set())

    told(story)
