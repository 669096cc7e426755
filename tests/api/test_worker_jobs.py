"""A loop for each job of the worker: none waits for another, and what fails is counted, named and tried again."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from api.worker.loop import work
from api.worker.mails import MOST_AT_ONCE
from api.worker.supervision import LONGEST_REST, Failures, Job, supervise
from domain.identity.viewer import Role
from tests.api.smtp import smtp_server
from tests.api.uploads import people, upload
from tests.conftest import Scenario
from tests.mutations import CAST
from tests.world import World

REQUEST = "mutation ($email: EmailAddress!) { requestSignInCode(input: {email: $email}) { challenge errors { code } } }"
WAITING = "select count(*) from ballot_inbox"
SENT = "select count(*) from outbox where sent_at is not null"


class Hanging:
    """A real SMTP server that says nothing more once it has been told whom a mail is for."""

    def __init__(self) -> None:
        self.greeted = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        self.greeted += 1
        await asyncio.sleep(3_600)
        return "250 OK"


@contextlib.asynccontextmanager
async def a_worker(world: World, settings: Settings | None = None) -> AsyncIterator[None]:
    stopped = asyncio.Event()
    working = asyncio.create_task(work(settings or world.settings, world.url, stopped))
    try:
        yield
    finally:
        stopped.set()
        await working


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    last = time.monotonic() + seconds
    while not await holds():
        assert time.monotonic() < last, "it did not come to pass"
        await asyncio.sleep(0.05)


async def paper_of_a_closed_poll(world: World) -> None:
    member, _ = await world.member()
    poll = await world.open_poll()
    await world.do(CAST, member, **world.paper(poll, "FOR"))
    assert await world.value(WAITING) > 0
    await world.set_clock(await world.moment_of("poll", poll, "closes_at"))


def test_papers_are_sealed_while_the_mail_server_hangs(in_a_world: Scenario, tmp_path: Path) -> None:
    hanging = Hanging()

    async def story(world: World, url: str) -> None:
        for number in range(2 * MOST_AT_ONCE):
            await world.do(REQUEST, email=f"someone{number}@example.org")

        async def hangs() -> bool:
            return hanging.greeted == MOST_AT_ONCE

        async def sealed() -> bool:
            return bool(await world.value(WAITING) == 0)

        async with a_worker(world, Settings(smtp_url=url, var=tmp_path)):
            await until(hangs)
            claimed = await world.value("select count(*) from outbox where tries > 0")
            assert claimed == MOST_AT_ONCE, "the minute of a claim is for a mail on its way"
            await paper_of_a_closed_poll(world)
            await until(sealed, seconds=3)
            assert await world.value(SENT) == 0

    with smtp_server(hanging) as url:
        in_a_world(partial(story, url=url))


def test_a_long_import_keeps_no_mail_and_no_paper_waiting(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    importing = asyncio.Event()

    async def never_ending(*_: Any) -> None:
        importing.set()
        await asyncio.sleep(3_600)

    monkeypatch.setattr("api.worker.imports.resume_import", never_ending)

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await upload(world, officer, people("Ann,Bell,Parent,,,,ann@example.org,,,,Y"))

        async with a_worker(world):
            await asyncio.wait_for(importing.wait(), 10)
            await world.do(REQUEST, email="someone@example.org")

            async def sent() -> bool:
                return bool(await world.value(SENT) > 0)

            await until(sent, seconds=3)

    in_a_world(story)


def test_a_job_that_fails_is_named_and_counted_while_the_others_go_on(
    in_a_world: Scenario, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(world: World) -> None:
        await paper_of_a_closed_poll(world)
        await world.owner.execute("alter table ballot_inbox rename to ballot_inbox_elsewhere")

        def failed() -> list[Any]:
            return [each.msg for each in caplog.records if isinstance(each.msg, dict) and each.msg.get("job")]

        async def twice() -> bool:
            return len(failed()) == 2

        async def sealed() -> bool:
            return bool(await world.value(WAITING) == 0)

        async with a_worker(world):
            await until(twice)
            await world.do(REQUEST, email="someone@example.org")
            await until(lambda: world.value(SENT), seconds=3)
            await world.owner.execute("alter table ballot_inbox_elsewhere rename to ballot_inbox")
            await until(sealed, seconds=8)

        sealing = {"job": "sealing", "failure": "UndefinedTableError"}
        assert failed()[:2] == [{**sealing, "in_a_row": 1}, {**sealing, "in_a_row": 2}]
        assert {each["job"] for each in failed()} == {"sealing"}

    in_a_world(story)


def fail() -> None:
    raise ZeroDivisionError


def test_what_fails_rests_ever_longer_and_not_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    failures = Failures("mails")
    rests: list[int] = []
    for _ in range(20):
        with failures.counted(trust="a"):
            fail()
        rests.append(round(failures.rest(trust="a")))
    assert rests[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert rests[-1] == LONGEST_REST
    assert failures.rest(trust="b") == 0, "who else it is done for does not rest"
    assert caplog.records[-1].msg == {"job": "mails", "trust": "a", "failure": "ZeroDivisionError", "in_a_row": 20}

    with failures.counted(trust="a"):
        pass
    assert failures.rest(trust="a") == 0
    with failures.counted(trust="a"):
        fail()
    assert caplog.records[-1].msg["in_a_row"] == 1


def test_a_loop_ends_when_the_worker_stops() -> None:
    async def story() -> None:
        stopped, looks = asyncio.Event(), 0

        async def look(_: Failures) -> None:
            nonlocal looks
            looks += 1
            if looks == 3:
                stopped.set()

        await asyncio.wait_for(supervise(Job("counting", look, pause=0.001), stopped), 2)
        assert looks == 3

    asyncio.run(story())
