"""`make run` for real: its children are started again when they die, and nothing outlives it however it ends."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from api.settings import ROOT

LONGEST_START, LONGEST_STOP = 60, 20  # seconds


class Run:
    """`python -m api run` with a database of its own."""

    def __init__(self, var: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._var, self._log = var, var.with_suffix(".log")
        environment = {**os.environ, "PORT": str(self.port), "VAR": str(var)}
        environment.pop("DATABASE_URL", None)
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "api", "run"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )

    def child(self, name: str) -> psutil.Process | None:
        with contextlib.suppress(psutil.NoSuchProcess):
            for each in psutil.Process(self.process.pid).children():
                if name in each.cmdline():
                    return each
        return None

    def processes(self) -> list[psutil.Process]:
        """Everything that belongs to it, PostgreSQL's own process among them."""
        children = [self.child("serve"), self.child("worker")]
        postmaster = int((self._var / "postgres" / "postmaster.pid").read_text().split()[0])
        return [psutil.Process(self.process.pid), psutil.Process(postmaster), *filter(None, children)]

    def is_ready(self) -> bool:
        with (
            contextlib.suppress(URLError, OSError),
            urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer,
        ):
            return bool(answer.status == 200) and self.child("worker") is not None
        return False

    def said(self, **expected: object) -> bool:
        """Whether there is a line in the log with these values."""
        lines = [json.loads(line) for line in self._log.read_text().splitlines() if line.startswith("{")]
        return any(expected.items() <= line.items() for line in lines)


def until(holds: Callable[[], object], seconds: float) -> None:
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last, "it did not come to pass"
        time.sleep(0.1)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Run]]:
    started: list[Run] = []

    def run() -> Run:
        started.append(Run(tmp_path / "var"))
        until(started[-1].is_ready, LONGEST_START)
        return started[-1]

    yield run
    for each in started:
        each.process.kill()
        each.process.wait()


def nobody_is_left(processes: list[psutil.Process]) -> bool:
    return not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes)


def test_children_are_kept_going_and_stop_with_their_parent(start: Callable[[], Run]) -> None:
    run = start()
    for command, name in (("worker", "worker"), ("serve", "server")):
        child = run.child(command)
        assert child
        child.send_signal(signal.SIGKILL)
        until(lambda name=name: run.said(child=name, exit_status=-signal.SIGKILL), 30)  # type: ignore[misc]
        until(run.is_ready, 60)
    processes = run.processes()
    assert len(processes) == 4

    run.process.kill()
    run.process.wait()
    until(lambda: nobody_is_left(processes), LONGEST_STOP)

    run = start()  # the same database, after a death
    processes = run.processes()
    assert len(processes) == 4
    run.process.send_signal(signal.SIGTERM)
    assert run.process.wait(LONGEST_STOP) == 0
    assert nobody_is_left(processes)


def test_a_user_of_the_embedded_server_who_was_killed_is_forgotten(tmp_path: Path) -> None:
    """Or the server would wait for it, and never stop."""
    folder = tmp_path / "postgres"
    using = f"import sys; from pathlib import Path; from db import embedded; embedded.start(Path({str(folder)!r}))"
    command = [sys.executable, "-c", f"{using}; import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
    assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
    assert postmaster.is_running()

    assert subprocess.run([sys.executable, "-c", using], cwd=ROOT).returncode == 0

    assert nobody_is_left([postmaster])
