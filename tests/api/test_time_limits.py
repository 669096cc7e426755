"""Many tasks under one time limit: each as if it had a timer of its own."""

import asyncio
from collections.abc import Awaitable
from random import Random

from api.http.time_limits import TimeLimit

SECONDS = 0.05


async def _under(limit: TimeLimit, work: Awaitable[str]) -> str:
    try:
        with limit():
            return await work
    except TimeoutError:
        return "took too long"


async def _done(seconds: float) -> str:
    await asyncio.sleep(seconds)
    return "done"


def test_of_many_that_begin_one_after_the_other_each_has_its_own_time() -> None:
    async def story() -> None:
        limit, random = TimeLimit(SECONDS), Random(1)
        lasting = [random.choice((0.0, 0.001, SECONDS / 2, SECONDS * 40)) for _ in range(200)]
        tasks = []
        for number, seconds in enumerate(lasting):
            tasks.append(asyncio.create_task(_under(limit, _done(seconds))))
            if number % 20 == 0:
                await asyncio.sleep(SECONDS / 5)

        expected = ["done" if seconds < SECONDS else "took too long" for seconds in lasting]

        assert await asyncio.gather(*tasks) == expected
        assert await _under(limit, _done(SECONDS * 40)) == "took too long", "also when nobody else was under it"

    asyncio.run(story())


def test_it_runs_out_when_it_says() -> None:
    async def story() -> None:
        limit, loop = TimeLimit(SECONDS), asyncio.get_running_loop()
        started = loop.time()

        await asyncio.gather(*(_under(limit, _done(30)) for _ in range(5)))

        assert SECONDS <= loop.time() - started < 10

    asyncio.run(story())


def test_who_has_done_in_time_is_never_cancelled_later() -> None:
    async def story() -> None:
        limit = TimeLimit(SECONDS)
        assert await _under(limit, _done(0)) == "done"

        await asyncio.sleep(SECONDS * 3)

    asyncio.run(story())


def test_who_ran_out_may_go_on_as_if_nobody_had_cancelled_them() -> None:
    async def story() -> None:
        assert await _under(TimeLimit(SECONDS), _done(30)) == "took too long"

        task = asyncio.current_task()
        assert task is not None
        assert task.cancelling() == 0

    asyncio.run(story())


def test_an_error_of_the_work_is_what_it_was_also_when_it_comes_of_running_out() -> None:
    async def broken() -> str:
        raise LookupError

    async def breaking() -> str:
        try:
            await asyncio.sleep(30)
        finally:
            raise LookupError

    async def story() -> None:
        limit = TimeLimit(SECONDS)
        found = await asyncio.gather(*(_under(limit, each) for each in (broken(), breaking())), return_exceptions=True)

        assert [type(each) for each in found] == [LookupError, LookupError]

    asyncio.run(story())


def test_who_is_cancelled_by_somebody_else_is_cancelled() -> None:
    async def story() -> None:
        task = asyncio.create_task(_under(TimeLimit(SECONDS), _done(30)))
        await asyncio.sleep(0)

        task.cancel()

        assert [type(each) for each in await asyncio.gather(task, return_exceptions=True)] == [asyncio.CancelledError]

    asyncio.run(story())


def test_who_is_cancelled_by_somebody_else_in_the_moment_of_running_out_is_cancelled() -> None:
    async def story() -> None:
        limit = TimeLimit(SECONDS)

        async def working() -> str:
            with limit() as run:
                # both before the task has its next turn
                asyncio.get_running_loop().call_soon(run.run_out)
                asyncio.get_running_loop().call_soon(task.cancel)
                return await _done(30)

        task = asyncio.create_task(working())

        assert [type(each) for each in await asyncio.gather(task, return_exceptions=True)] == [asyncio.CancelledError]

    asyncio.run(story())


def test_a_shorter_limit_within_a_longer_one_ends_its_own_part_alone() -> None:
    async def story() -> None:
        longer, shorter = TimeLimit(30), TimeLimit(SECONDS)

        async def work() -> str:
            return f"the inner part {await _under(shorter, _done(30))}"

        assert await _under(longer, work()) == "the inner part took too long"
        assert await _under(shorter, _under(longer, _done(30))) == "took too long"

    asyncio.run(story())
