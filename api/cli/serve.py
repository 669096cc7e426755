"""`python -m api serve`: the server alone."""

import argparse
import asyncio

import uvicorn

from .. import logs
from ..errors import CommandError
from ..http.app import Application
from ..settings import Settings
from .database import check_clock_of, check_server


def act(settings: Settings, _: argparse.Namespace) -> None:
    if not settings.database_url:
        raise CommandError("Set DATABASE_URL, or use `make run` for the embedded PostgreSQL.")
    asyncio.run(check_server(settings.database_url))
    asyncio.run(check_clock_of(settings, settings.database_url))
    serve(settings, settings.database_url)


def serve(settings: Settings, url: str) -> None:
    """Serves until it is told to stop."""
    logs.configure()
    uvicorn.run(
        Application(settings, url),
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        ws="none",
        timeout_graceful_shutdown=settings.graceful_shutdown,
    )
