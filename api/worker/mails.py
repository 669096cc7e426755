"""Mails that are due."""

import asyncio
import logging
from collections.abc import Mapping
from uuid import UUID

import aiosmtplib

from db.connection import Pool
from db.notifications import notices, outbox
from db.notifications.outbox import Mail
from domain.notifications.mail import MOST_TRIES

from .postman import Postman
from .supervision import Failures

log = logging.getLogger("folkmoot.worker")
MOST_AT_ONCE = 5  # on their way
MOST_IN_A_TURN = 10  # of one trust, before the others are asked
CLAIMING, DELIVERING = "claiming", "delivering"


async def deliver_due(
    worker: Pool, postman: Postman, trusts: Mapping[str, UUID], failures: Failures, stopped: asyncio.Event
) -> int:
    """Every mail that is due, the trusts taking turns; how many left.

    A mail is claimed when it can be taken on its way, so that the minute of a claim is for it alone, and a sign-in code
    queued meanwhile goes next among those of its trust.
    """
    delivered, waiting = 0, True
    free = asyncio.Semaphore(MOST_AT_ONCE)

    async def deliver(slug: str, mail: Mail) -> None:
        nonlocal delivered
        try:
            with failures.counted(trust=slug, doing=DELIVERING):
                left = await send(worker, postman, mail)
                delivered += left
        finally:
            free.release()

    async def turn_of(slug: str, trust_id: UUID) -> int:
        """Claims mails of one trust, each when there is room for it; how many."""
        for claimed in range(MOST_IN_A_TURN):
            if failures.rest(trust=slug, doing=CLAIMING) or failures.rest(trust=slug, doing=DELIVERING):
                return claimed
            await free.acquire()
            mail = None
            with failures.counted(trust=slug, doing=CLAIMING):
                mail = await outbox.claim(worker, trust_id)
            if mail is None:
                free.release()
                return claimed
            on_their_way.create_task(deliver(slug, mail))
        return MOST_IN_A_TURN

    async with asyncio.TaskGroup() as on_their_way:
        while waiting and not stopped.is_set():
            waiting = sum([await turn_of(slug, trust_id) for slug, trust_id in trusts.items()]) > 0
    return delivered


async def send(worker: Pool, postman: Postman, mail: Mail) -> bool:
    """Sends a claimed mail and notes what became of it; whether it left."""
    try:
        await postman.deliver(mail)
    except Exception as error:  # one mail that can't be built or sent must keep no other waiting
        failure = type(error).__name__
        log.warning({"mail": str(mail.id), "failure": failure})
        if _is_final(error) or mail.tries >= MOST_TRIES:
            await outbox.given_up(worker, mail, failure)
            await notices.bounced(worker, mail.trust_id, mail.id, failure)
        else:
            await outbox.failed(worker, mail, failure)
        return False
    await outbox.sent(worker, mail)
    await notices.dispatched(worker, mail.trust_id, mail.id)
    return True


def _is_final(error: Exception) -> bool:
    """Whether trying again is of no use: the mailbox was turned away for good (RFC 5321: a 5xx reply), or the mail can't
    be built."""
    if not isinstance(error, aiosmtplib.SMTPException | OSError):
        return True
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(500 <= each.code < 600 for each in error.recipients)
    return isinstance(error, aiosmtplib.SMTPResponseException) and 500 <= error.code < 600
