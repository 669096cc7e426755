"""The worker: a loop for each job. Any number of workers may run; each does what is due."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from actions.polls.casting import seal_papers
from db.connection import APP_ROLE, WORKER_ROLE, Pool, open_pool
from db.identity.viewers import trusts_by_slug
from db.privacy.retention import forget_passing

from ..settings import Settings
from .duties import Days
from .imports import import_due
from .mails import deliver_due
from .postman import Postman
from .supervision import Failures, Job, supervise

LONGEST_STOP = 5.0  # seconds for what is under way


@dataclass(frozen=True, slots=True)
class Tools:
    """What one worker process has one of. Its connections are enough for all jobs at once."""

    worker: Pool
    app: Pool
    postman: Postman
    stopped: asyncio.Event


@contextlib.asynccontextmanager
async def _tools(settings: Settings, url: str, stopped: asyncio.Event) -> AsyncIterator[Tools]:
    worker = await open_pool(url, WORKER_ROLE, 4, patient=True)
    try:
        app = await open_pool(url, APP_ROLE, 3, patient=True)
        try:
            yield Tools(worker, app, Postman(settings), stopped)
        finally:
            await app.close()
    finally:
        await worker.close()


def jobs(tools: Tools) -> Sequence[Job]:
    """Everything the worker does."""
    worker, app, stopped = tools.worker, tools.app, tools.stopped

    async def deliver(failures: Failures) -> None:
        await deliver_due(worker, tools.postman, await trusts_by_slug(worker), failures, stopped)

    async def purge(failures: Failures) -> None:
        for slug, trust_id in (await trusts_by_slug(worker)).items():
            with failures.counted(trust=slug):
                await forget_passing(worker, trust_id)

    return [
        Job("sealing", lambda _: seal_papers(worker)),
        Job("mails", deliver),
        Job("imports", lambda failures: import_due(worker, app, failures, stopped)),
        Job("duties of the day", Days(worker, app).look, pause=5),
        Job("purging", purge, pause=300),
    ]


async def work(settings: Settings, url: str, stopped: asyncio.Event) -> None:
    """Works until it is told to stop."""
    async with _tools(settings, url, stopped) as tools:
        loops = [asyncio.create_task(supervise(job, stopped)) for job in jobs(tools)]
        await stopped.wait()
        _, unfinished = await asyncio.wait(loops, timeout=LONGEST_STOP)
        for each in unfinished:  # every step is a transaction, and what is undone is done another time
            each.cancel()
        await asyncio.gather(*loops, return_exceptions=True)


async def run_worker(settings: Settings, url: str) -> None:
    """Works until the process is told to stop."""
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    await work(settings, url, stopped)
