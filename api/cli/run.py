"""`make run`: everything at once."""

import argparse
import asyncio
import socket

from ..errors import CommandError
from ..settings import ROOT, Settings
from .children import Child, add_arguments, keep_running, stop_in_order
from .database import check_clock_of, prepare
from .load import demo_mailboxes, load_with_progress

__all__ = ["act", "add_arguments"]


def act(settings: Settings, arguments: argparse.Namespace) -> None:
    stop_in_order(arguments.stop_with)
    _check_port(settings)
    url, _server = prepare(settings)
    asyncio.run(check_clock_of(settings, url))
    asyncio.run(load_with_progress(url, ROOT / "data", with_people=True))
    server = f"http://{settings.host}:{settings.port}"
    port = f" PORT={settings.port}" if settings.port != Settings().port else ""
    mails = (
        f"by SMTP to {settings.smtp_url.rpartition('@')[2]}"
        if settings.smtp_url
        else f"as files in {settings.var / 'mail'}"
    )
    first, *others = sorted(demo_mailboxes())
    print(
        f"\nAll trusts  {server}/\nGraphiQL    {server}/wessex-learning-trust/graphql\n"
        f"Sign in as {first}@wessex-learning-trust.example.org (or {', '.join(f'{each}@…' for each in others)})\n"
        f"Mails land {mails}\nThe whole story: make demo{port}, in another terminal\n",
        flush=True,
    )
    asyncio.run(keep_running([Child("server", ["serve"]), Child("worker", ["worker"])]))


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CommandError(f"Port {settings.port} is taken: stop what uses it or set PORT.") from error
