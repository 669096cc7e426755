"""A running application on a database of its own, and the people in it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

import httpx

from api.http.app import Application
from api.settings import Settings
from db.connection import WORKER_ROLE, Connection, Pool, connect, open_pool

from .client import CARE, WESSEX, Known
from .consultations import Consultations
from .mails import Mails
from .people import People
from .polls import Polls

__all__ = ["CARE", "WESSEX", "Known", "World"]


class World(People, Polls, Consultations, Mails):
    def __init__(
        self, app: Application, http: httpx.AsyncClient, owner: Connection, worker: Pool, mail: Path, url: str
    ) -> None:
        self.url = url
        self.app, self.http, self.owner, self.worker, self.mail = app, http, owner, worker, mail
        self.settings = Settings(var=mail.parent)
        self.contests = {}
        self._numbers = iter(range(10_000))

    @classmethod
    @contextlib.asynccontextmanager
    async def of(cls, url: str, folder: Path, **settings: Any) -> AsyncIterator[Self]:
        chosen = {"pool_size": 6, "session_cache_seconds": 0.0, "shifted_clock_allowed": True} | settings
        app = Application(Settings(var=folder, **chosen), url)
        owner = await connect(url)
        await owner.execute("set timezone = 'UTC'")
        worker = await open_pool(url, WORKER_ROLE, 1)
        async with (
            app.lifespan(),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http,
        ):
            yield cls(app, http, owner, worker, folder / "mail", url)
        await worker.close()
        await owner.close()
