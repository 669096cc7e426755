"""`python -m api serve`: the server alone."""

import argparse

import uvicorn

from .. import logs
from ..http.app import Application
from ..http.server import BehindProxy, options_of
from ..settings import Settings
from .children import add_arguments, stop_in_order
from .database import database_in_use

__all__ = ["act", "add_arguments"]


def act(settings: Settings, arguments: argparse.Namespace) -> None:
    stop_in_order(arguments.stop_with)
    url = database_in_use(settings, is_child=arguments.stop_with is not None)
    logs.configure()
    uvicorn.run(BehindProxy(Application(settings, url), settings), **options_of(settings))
