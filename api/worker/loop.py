"""The worker: sends mails, seals papers, forgets what has expired. Any number may run; each does what is due."""

import asyncio
import signal

from actions.polls.casting import seal_papers
from db.clock import legal_today
from db.connection import APP_ROLE, WORKER_ROLE, Pool, open_pool
from db.identity.viewers import trusts_by_slug
from db.notifications import outbox

from ..settings import Settings
from .duties import pass_the_day
from .imports import import_next
from .postman import Postman, deliver_due
from .trouble import apart, put_off

PAUSE = 0.5  # seconds between looks
PURGE_EVERY = 600  # looks


async def look_once(worker: Pool, postman: Postman, purges: bool) -> bool:
    """Seals papers, and sends every trust's mails; nobody waits for another's trouble. Whether more mails may wait."""
    is_busy = False
    with apart("sealing"):
        await seal_papers(worker)
    for slug, trust_id in (await trusts_by_slug(worker)).items():
        with apart("mails", trust=slug):
            is_busy |= await deliver_due(worker, postman, trust_id) >= outbox.MOST_AT_ONCE
            if purges:
                await outbox.purge(worker, trust_id)
    return is_busy


async def work_at_length(worker: Pool, app: Pool) -> None:
    """What takes long, one thing after the other: imports, and once a day what the passing of a day does."""
    day = None
    while True:
        with put_off():
            today = await legal_today(app)
            if today != day:  # also after a start: what was done today finds nothing to do
                await pass_the_day(worker, app)
                day = today
        with put_off():
            while await import_next(worker, app):
                pass
        await asyncio.sleep(PAUSE)


async def run_worker(settings: Settings, url: str) -> None:
    """Works until it is told to stop."""
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    worker, app = await open_pool(url, WORKER_ROLE, 3, patient=True), await open_pool(url, APP_ROLE, 2, patient=True)
    postman = Postman(settings)
    at_length = asyncio.create_task(work_at_length(worker, app))  # mails and papers don't wait for it
    looks = 0
    while not stopped.is_set():
        is_busy = False
        with put_off():
            is_busy = await look_once(worker, postman, purges=looks % PURGE_EVERY == 0)
        looks += 1
        if is_busy:  # more mails wait than one look takes
            continue
        try:
            await asyncio.wait_for(stopped.wait(), PAUSE)
        except TimeoutError:
            continue
    at_length.cancel()  # every step of it is a transaction, and what is undone is done another time
    await asyncio.gather(at_length, return_exceptions=True)
    await worker.close()
    await app.close()
