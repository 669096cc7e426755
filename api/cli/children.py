"""Processes that `make run` starts: it keeps them going, and they never outlive it."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from .. import logs
from ..settings import ROOT

log = logging.getLogger("folkmoot.run")
LONGEST_STOP = 25.0  # seconds: what the server gives to requests under way, and a little
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a child is started again
STEADY_AFTER = 60.0  # seconds after which a child that ends is started again as if for the first time
LOOK_FOR_PARENT = 0.5  # seconds


# -- the parent -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Child:
    """A command of ours, as a process."""

    name: str
    command: Sequence[str]  # what follows `python -m api`


async def keep_running(children: Sequence[Child]) -> None:
    """Starts the children, and again each that ends, until this process is told to stop; then it stops them."""
    logs.configure()
    stopped = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stopped.set)
    await asyncio.gather(*(_keep(child, stopped) for child in children))


async def _keep(child: Child, stopped: asyncio.Event) -> None:
    pause = FIRST_PAUSE
    while not stopped.is_set():
        started = time.monotonic()
        status = await _run(child, stopped)
        if stopped.is_set():
            return
        if time.monotonic() - started > STEADY_AFTER:
            pause = FIRST_PAUSE
        log.warning({"child": child.name, "exit_status": status, "started_again_in": pause})
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def _run(child: Child, stopped: asyncio.Event) -> int:
    """Its exit status, when it has ended or been stopped."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api", *child.command, "--stop-with", str(os.getpid())),
        cwd=ROOT,
        start_new_session=True,  # Ctrl-C is told to us, who stop it in good order
    )
    ended, told = asyncio.create_task(process.wait()), asyncio.create_task(stopped.wait())
    await asyncio.wait((ended, told), return_when=asyncio.FIRST_COMPLETED)
    if not ended.done():
        process.terminate()
        await asyncio.wait((ended,), timeout=LONGEST_STOP)
        if not ended.done():
            process.kill()
    told.cancel()
    return await ended


# -- the child ------------------------------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stop-with", type=int, metavar="PID", help="stop when this process, which started it, ends")


def stop_in_order(parent: int | None) -> None:
    """From now on SIGTERM ends this process as if it had come to its end, embedded database included, and so does the
    end of its parent, however that ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if parent is not None:
        threading.Thread(target=_outlive_nobody, args=(parent,), daemon=True).start()


def _outlive_nobody(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_FOR_PARENT)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LONGEST_STOP)
    os._exit(1)
