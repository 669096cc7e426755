"""Many tasks under one time limit: each as if it had a timer of its own."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from random import Random

from api.http.time_limits import TimeLimit

SECONDS = 0.05


def in_a_loop(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    @functools.wraps(test)
    def run() -> None:
        async def story() -> None:
            await test()

        asyncio.run(story())

    return run


async def _under(limit: TimeLimit, work: Awaitable[str]) -> str:
    try:
        with limit():
            return await work
    except TimeoutError:
        return "took too long"


async def _done(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


@in_a_loop
async def test_of_many_that_begin_one_after_the_other_each_has_its_own_time() -> None:
    limit = TimeLimit(SECONDS)
    lasting = [Random(1).choice((0.0, 0.001, SECONDS / 2, SECONDS * 4)) for _ in range(200)]
    tasks = []
    for number, seconds in enumerate(lasting):
        tasks.append(asyncio.create_task(_under(limit, _done(seconds))))
        if number % 20 == 0:
            await asyncio.sleep(SECONDS / 5)

    expected = ["done" if seconds < SECONDS else "took too long" for seconds in lasting]

    assert await asyncio.gather(*tasks) == expected
    assert await _under(limit, _done(SECONDS * 2)) == "took too long", "also when nobody else was under it"


@in_a_loop
async def test_it_runs_out_when_it_says() -> None:
    limit, loop = TimeLimit(SECONDS), asyncio.get_running_loop()
    started = loop.time()

    await asyncio.gather(*(_under(limit, _done(10)) for _ in range(5)))

    assert SECONDS <= loop.time() - started < 5


@in_a_loop
async def test_an_error_of_the_work_is_what_it_was() -> None:
    async def broken() -> str:
        raise LookupError

    limit = TimeLimit(SECONDS)
    found = await asyncio.gather(_under(limit, broken()), return_exceptions=True)

    assert [type(each) for each in found] == [LookupError]
    await asyncio.sleep(SECONDS * 2)  # nobody is cancelled by what has ended


@in_a_loop
async def test_who_is_cancelled_by_somebody_else_is_cancelled() -> None:
    limit = TimeLimit(SECONDS)
    task = asyncio.create_task(_under(limit, _done(10)))
    await asyncio.sleep(0)

    task.cancel()

    assert [type(each) for each in await asyncio.gather(task, return_exceptions=True)] == [asyncio.CancelledError]


@in_a_loop
async def test_who_is_cancelled_in_the_moment_it_runs_out_is_cancelled_too() -> None:
    limit = TimeLimit(0)
    task = asyncio.create_task(_under(limit, _done(10)))
    asyncio.get_running_loop().call_later(0, task.cancel)

    ended = (await asyncio.gather(task, return_exceptions=True))[0]

    assert isinstance(ended, asyncio.CancelledError)


@in_a_loop
async def test_a_shorter_limit_within_a_longer_one_ends_its_own_part_alone() -> None:
    longer, shorter = TimeLimit(10), TimeLimit(SECONDS)

    async def work() -> str:
        return f"the inner part {await _under(shorter, _done(10))}"

    assert await _under(longer, work()) == "the inner part took too long"
    assert await _under(shorter, _under(longer, _done(10))) == "took too long"
