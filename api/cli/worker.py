"""`python -m api worker`: the worker alone."""

import argparse
import asyncio

from .. import logs
from ..errors import CommandError
from ..settings import Settings
from ..worker.loop import run_worker
from .database import check_clock_of, check_server


def act(settings: Settings, _: argparse.Namespace) -> None:
    url = settings.database_url
    if not url:
        raise CommandError("Set DATABASE_URL, or use `make run`, which brings a worker.")
    asyncio.run(check_server(url))
    asyncio.run(check_clock_of(settings, url))
    logs.configure()
    asyncio.run(run_worker(settings, url))
