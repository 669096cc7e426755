"""Asking a running server as people with their devices do, for the demo."""

import asyncio
import email
import email.policy
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from rich.progress import Progress, TaskID

from ..errors import CommandError
from ..settings import ROOT
from .demo_sessions import KeptSessions

MOST_TRIES = 5
LONGEST_WAIT = 10  # seconds, where the server says that waiting helps
OPERATIONS = ROOT / "docs" / "operations"


class DemoError(CommandError):
    """The story could not be told."""


@dataclass(slots=True)
class Actor:
    """Somebody with a device: a token once signed in, and an address of their own."""

    email: str
    headers: dict[str, str] = field(default_factory=dict)


class Client:
    """Asks one trust, and notes which operations were `used`."""

    def __init__(
        self, http: httpx.AsyncClient, slug: str, mailbox: Path, used: dict[str, None], sessions: KeptSessions
    ) -> None:
        self._http, self.slug, self._mailbox, self._used, self._sessions = http, slug, mailbox, used, sessions

    async def _post(self, asked: dict[str, Any], headers: dict[str, str]) -> Any:
        """The answer; asked again where the server says that waiting helps, as a client should."""
        for tries in range(1, MOST_TRIES + 1):
            body = (await self._http.post(f"/{self.slug}/graphql", json=asked, headers=headers)).json()
            first, *_ = body.get("errors") or [{}]
            wait = first.get("extensions", {}).get("retryAfter")
            if wait is None or wait > LONGEST_WAIT or tries == MOST_TRIES:
                break
            await asyncio.sleep(wait)
        return body

    async def ask(self, name: str, actor: Actor | None, /, **variables: Any) -> Any:
        """Runs docs/operations/NAME.graphql; its data. Refusals and errors end the story."""
        self._used[name] = None
        text = (OPERATIONS / f"{name}.graphql").read_text()
        headers = actor.headers if actor else {}
        body = await self._post({"query": text, "variables": variables}, headers)
        if body.get("errors"):
            raise DemoError(f"{name} was answered: {body['errors'][0]['message']}")
        data = body["data"]
        for value in data.values():
            if isinstance(value, dict) and value.get("errors"):
                raise DemoError(f"{name} was refused: {value['errors'][0]['code']}: {value['errors'][0]['message']}")
        return data

    async def sign_in(self, mailbox: str) -> Actor:
        """By the code that is mailed."""
        # every neighbour has a device of their own; a trusted proxy in front would say so in this header
        address = f"198.{random.randint(18, 19)}.{random.randint(0, 255)}.{random.randint(1, 254)}"
        actor = Actor(mailbox, {"X-Forwarded-For": address})
        read = set(self._mailbox.glob("*.eml"))
        challenge = (await self.ask("request-sign-in-code", actor, email=mailbox))["requestSignInCode"]["challenge"]
        code = await self._code(mailbox, read)
        token = (await self.ask("sign-in", actor, challenge=challenge, code=code))["signIn"]["token"]
        actor.headers["Authorization"] = f"Bearer {token}"
        return actor

    async def officer(self, office: str) -> Actor:
        """Whoever holds the office, by the session of an earlier telling if the server still knows it."""
        mailbox = f"{office}@{self.slug}.example.org"
        token = self._sessions.token(self.slug, mailbox)
        if token is not None:
            actor = Actor(mailbox, {"Authorization": f"Bearer {token}"})
            try:
                await self.ask("who-am-i", actor)
                return actor
            except DemoError:
                pass  # ended since
        actor = await self.sign_in(mailbox)
        self._sessions.keep(self.slug, mailbox, actor.headers["Authorization"].removeprefix("Bearer "))
        return actor

    async def _code(self, mailbox: str, read: set[Path]) -> str:
        """The code in a mail that has come since those were `read`."""
        for _ in range(100):
            for path in set(self._mailbox.glob("*.eml")) - read:
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = message.get_body()
                if message["To"] == mailbox and body is not None:
                    found = re.search(r"\b\d{8}\b", body.get_content())
                    if found:
                        return found.group()
            await asyncio.sleep(0.1)
        raise DemoError(
            f"No mail arrived in {self._mailbox} within 10 seconds: is the worker running, without SMTP_URL?"
        )


class Teller(Client):
    """Asks, and shows how far the story is."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        slug: str,
        mailbox: Path,
        progress: Progress,
        used: dict[str, None],
        sessions: KeptSessions,
    ) -> None:
        super().__init__(http, slug, mailbox, used, sessions)
        self.progress = progress

    def step(self, name: str, total: int) -> TaskID:
        return self.progress.add_task(f"{self.slug}: {name}", total=total)

    async def wait_until(self, moment: datetime, name: str) -> None:
        seconds = max(0, int((moment - datetime.now(UTC)).total_seconds()) + 1)
        step = self.step(f"{name} by the clock", seconds or 1)
        for _ in range(seconds):
            await asyncio.sleep(1)
            self.progress.advance(step)
