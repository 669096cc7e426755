"""Mails, delivered by SMTP or into files."""

import asyncio
import logging
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from db.connection import Pool
from db.notifications import notices, outbox
from db.notifications.outbox import Mail
from domain.notifications.mail import MOST_TRIES

from ..settings import Settings

log = logging.getLogger("folkmoot.worker")


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
