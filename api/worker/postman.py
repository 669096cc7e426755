"""Mails, delivered by SMTP or into files."""

import asyncio
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiosmtplib

from db.notifications.outbox import Mail

from ..settings import Settings

LONGEST_DELIVERY = 45  # seconds: a mail is claimed for a minute


class Postman:
    """Delivers by SMTP, or into files where no server is named."""

    def __init__(self, settings: Settings) -> None:
        self._from = settings.mail_from
        self._folder = settings.var / "mail"
        self._server = urlsplit(settings.smtp_url) if settings.smtp_url else None

    async def deliver(self, mail: Mail) -> None:
        """Raises SMTPException or OSError (TimeoutError) where it can't within LONGEST_DELIVERY."""
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
        sending = aiosmtplib.send(
            message,
            hostname=self._server.hostname or "localhost",
            port=self._server.port or (465 if self._server.scheme == "smtps" else 25),
            username=unquote(self._server.username) if self._server.username else None,
            password=unquote(self._server.password) if self._server.password else None,
            use_tls=self._server.scheme == "smtps",
            timeout=10,  # of each step
        )
        await asyncio.wait_for(sending, LONGEST_DELIVERY)


def _write(folder: Path, mail: Mail, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{mail.id}.eml"
    path.with_suffix(".part").write_bytes(bytes(message))
    path.with_suffix(".part").rename(path)
