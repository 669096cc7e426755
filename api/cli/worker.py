"""`python -m api worker`: the worker alone."""

import argparse
import asyncio

from .. import logs
from ..settings import Settings
from ..worker.loop import run_worker
from .children import add_arguments, stop_in_order
from .database import database_in_use

__all__ = ["act", "add_arguments"]


def act(settings: Settings, arguments: argparse.Namespace) -> None:
    stop_in_order(arguments.stop_with)
    url = database_in_use(settings, is_child=arguments.stop_with is not None)
    logs.configure()
    asyncio.run(run_worker(settings, url))
