"""The worker: sends mails, seals papers, forgets what has expired. Any number may run; each does what is due."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from actions.intake.checking import resume_import
from actions.intake.jobs import fail_import
from actions.membership.lifecycle import keep_register
from actions.polls.casting import seal_papers
from db.clock import legal_today
from db.connection import APP_ROLE, BUSY, RETRIED, UNAVAILABLE, WORKER_ROLE, Pool, open_pool
from db.identity.viewers import trusts_by_slug
from db.intake import jobs
from db.notifications import notices, outbox
from db.notifications.outbox import Mail
from db.privacy.retention import forget_overdue
from db.transactions import Transactions
from domain.notifications.mail import MOST_TRIES
from domain.refusals import Refusal

from .imports import reference
from .settings import Settings

log = logging.getLogger("folkmoot.worker")
UNREACHABLE: tuple[type[Exception], ...] = (
    *UNAVAILABLE,
    *BUSY,
    *RETRIED,
)  # it may go better another time; any other error is of what is done
PUT_OFF: tuple[type[Exception], ...] = (*UNREACHABLE, Refusal)  # an import: another time, or by another worker
PAUSE = 0.5  # seconds between looks
PURGE_EVERY = 600  # looks


class Postman:
    """Delivers by SMTP, or into files where no server is named."""

    def __init__(self, settings: Settings) -> None:
        self._from = settings.mail_from
        self._folder = settings.var / "mail"
        self._server = urlsplit(settings.smtp_url) if settings.smtp_url else None

    async def deliver(self, mail: Mail) -> None:
        """Raises SMTPException or OSError where it can't."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._from, mail.recipient, mail.subject
        domain = parseaddr(self._from)[1].partition("@")[2]
        message["Message-ID"] = f"<{mail.id}@{domain}>"  # the same on every try: a second copy is told as one
        message.set_content(mail.body)
        if mail.html is not None:
            message.add_alternative(mail.html, subtype="html")
        if self._server is None:
            await asyncio.to_thread(_write, self._folder, mail, message)
            return
        await aiosmtplib.send(
            message,
            hostname=self._server.hostname or "localhost",
            port=self._server.port or (465 if self._server.scheme == "smtps" else 25),
            username=unquote(self._server.username) if self._server.username else None,
            password=unquote(self._server.password) if self._server.password else None,
            use_tls=self._server.scheme == "smtps",
            timeout=10,
        )


def _write(folder: Path, mail: Mail, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{mail.id}.eml"
    path.with_suffix(".part").write_bytes(bytes(message))
    path.with_suffix(".part").rename(path)


async def deliver_due(worker: Pool, postman: Postman, trust_id: UUID) -> int:
    """One look at the outbox of a trust; how many mails left."""
    delivered = 0
    for mail in await outbox.claim(worker, trust_id):
        try:
            await postman.deliver(mail)
        except Exception as error:  # one mail that can't be built or sent must keep no other waiting
            log.warning({"mail": str(mail.id), "failure": type(error).__name__})
            if _is_final(error) or mail.tries >= MOST_TRIES:
                await outbox.given_up(worker, mail, type(error).__name__)
                await notices.bounced(worker, trust_id, mail.id, type(error).__name__)
            else:
                await outbox.failed(worker, mail, type(error).__name__)
        else:
            await outbox.sent(worker, mail)
            await notices.dispatched(worker, trust_id, mail.id)
            delivered += 1
    return delivered


def _is_final(error: Exception) -> bool:
    """Whether trying again is of no use: the mailbox was turned away for good (RFC 5321: a 5xx reply), or the mail can't
    be built."""
    if not isinstance(error, aiosmtplib.SMTPException | OSError):
        return True
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(500 <= each.code < 600 for each in error.recipients)
    return isinstance(error, aiosmtplib.SMTPResponseException) and 500 <= error.code < 600


async def import_next(worker: Pool, app: Pool) -> bool:
    """Checks or applies one import of each trust that has one waiting; whether there was any.

    Raises PUT_OFF, after every trust has had its turn.
    """
    found, trouble = False, None
    for trust_id in (await trusts_by_slug(app)).values():
        try:
            found |= await import_next_of(worker, app, trust_id)
        except PUT_OFF as error:
            trouble = error
    if trouble is not None:
        raise trouble
    return found


async def import_next_of(worker: Pool, app: Pool, trust_id: UUID) -> bool:
    """The same of one trust. Raises PUT_OFF."""
    claimed = await jobs.claim_job(worker, trust_id)
    if claimed is None:
        return False
    job_id, tries = claimed
    try:
        await resume_import(Transactions(app), trust_id, job_id, reference())
    except Exception as error:  # a file that can't be worked off must keep nobody from the rest
        if isinstance(error, PUT_OFF) and tries < jobs.MOST_TRIES:
            raise
        log.error({"import": str(job_id), "failure": type(error).__name__})
        await Transactions(app).run(trust_id, lambda transaction: fail_import(transaction, job_id))
    return True


@contextmanager
def apart(doing: str, **whose: str) -> Iterator[None]:
    """What goes wrong inside is logged and stops nothing after it, unless the database can't be reached: UNREACHABLE."""
    try:
        yield
    except UNREACHABLE:
        raise
    except Exception as error:
        log.error({**whose, "doing": doing, "failure": type(error).__name__})


def duties_of_a_day(worker: Pool, app: Pool, trust_id: UUID) -> Mapping[str, Callable[[], Awaitable[dict[str, int]]]]:
    """What the passing of a day does to a trust: to members, and to what is kept too long; each says how many of what."""
    return {
        "keeping the register": partial(keep_register, Transactions(app), trust_id),
        "forgetting": partial(Transactions(worker).run, trust_id, forget_overdue),
    }


async def pass_the_day(worker: Pool, app: Pool) -> None:
    """The duties of a day, trust by trust."""
    for slug, trust_id in (await trusts_by_slug(app)).items():
        for doing, duty in duties_of_a_day(worker, app, trust_id).items():
            with apart(doing, trust=slug):
                done = await duty()
                if any(done.values()):
                    log.info({"trust": slug, **done})


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


@contextmanager
def put_off() -> Iterator[None]:
    """What can't be done now is logged, and done another time."""
    try:
        yield
    except UNREACHABLE as error:
        log.warning({"failure": type(error).__name__, "message": "the database does not answer; trying again"})
    except Refusal as refusal:
        log.warning({"failure": refusal.code.value, "message": "somebody else was faster"})


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
