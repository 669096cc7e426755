"""The mails that the worker sends into a folder."""

import asyncio
import email
import email.policy
import re
from pathlib import Path

from api.settings import Settings
from api.worker.mails import deliver_due
from api.worker.postman import Postman
from api.worker.supervision import Failures
from db.identity.viewers import trusts_by_slug

from .trusts import Trusts


class Mails(Trusts):
    mail: Path
    settings: Settings

    async def deliver_due(self, postman: Postman) -> int:
        """One look at every trust's outbox, as the worker does; how many mails left."""
        trusts = await trusts_by_slug(self.app.pool)
        return await deliver_due(self.worker, postman, trusts, Failures("mails"), asyncio.Event())

    async def mails(self) -> list[tuple[str, str]]:
        """Sends what waits; recipient and body of every mail so far, the first queued first (by their UUIDv7)."""
        await self.deliver_due(Postman(self.settings))
        found = []
        for path in sorted(self.mail.glob("*.eml"), key=lambda path: path.name):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            assert body is not None
            found.append((str(message["To"]), body.get_content()))
        return found

    async def code_for(self, address: str) -> str:
        """The last sign-in code mailed to the address."""
        bodies = [body for recipient, body in await self.mails() if recipient == address]
        found = [match.group() for body in bodies if (match := re.search(r"\b\d{8}\b", body))]
        return found[-1]
