"""How it is measured: interleaved rounds, 32 connections."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psutil
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.cli.load import load
from api.settings import ROOT
from db import embedded, migrate
from db.connection import connect, with_database

from .contenders import VAR, Contender, cpu_of, start_contenders
from .load import Measured, drive
from .operations import (
    ALONE,
    CONTENDERS,
    EXPECTED,
    EXPECTED_RECEIPT,
    OPERATIONS,
    ROUNDS,
    RequestKeys,
    requests_for,
    takes_part,
)
from .seed import STEPS, TRUST, is_seeded, renew, reset_votes, seed

SECONDS = {"member": 4.0, "page": 4.0, "consultations": 4.0, "nested": 4.0, "search": 3.0, "cast_vote": 3.0}
WARM_UP = 1.0
SETTINGS = {"shared_buffers": "1GB", "max_connections": "100", "max_wal_size": "4GB", "synchronous_commit": "on"}


@dataclass(frozen=True, slots=True)
class Result:
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


async def prepare(console: Console) -> tuple[str, RequestKeys]:
    """A seeded database on an embedded server of its own; its URL and facts."""
    server = embedded.start(VAR / "bench-postgres", SETTINGS)
    await embedded.ensure_database(server.get_uri(), "bench")
    url = with_database(server.get_uri(), "bench")
    await migrate.upgrade(url)
    await load(url, with_people=True)
    connection = await connect(url)
    try:
        if not await is_seeded(connection):
            with Progress(console=console, transient=True) as progress:
                task = progress.add_task("Seeding", total=len(STEPS))
                await seed(connection, lambda _: progress.advance(task))
        await renew(connection)
        trust = await connection.fetchval("select id::text from trust where slug = $1", TRUST)
        return url, RequestKeys(
            trust=trust,
            people=await _column(
                connection,
                "select id::text from person where trust_id = $1 and email like 'person%' order by id",
                trust,
            ),
            memberships=await _column(
                connection, "select id::text from membership where trust_id = $1 order by id", trust
            ),
            contests=await _column(
                connection,
                "select k.id::text from contest k join poll b on b.trust_id = k.trust_id and b.id = k.poll_id"
                " where k.trust_id = $1 and b.status = 'ROLL_FROZEN' order by k.id",
                trust,
            ),
        )
    finally:
        await connection.close()


async def _column(connection: Any, statement: str, trust: str) -> list[str]:
    return [row[0] for row in await connection.fetch(statement, trust)]


async def measure(
    contender: Contender, operation: str, keys: RequestKeys, round_number: int, postgres: psutil.Process
) -> Result:
    expected = EXPECTED.get(operation) or EXPECTED_RECEIPT.get(contender.name, b'"castVote":"')
    requests = requests_for(operation, contender.name, keys, round_number)
    connections = 1 if operation in ALONE else 32
    if operation != "cast_vote":
        await drive(contender.port, requests, expected, WARM_UP, connections)
    else:
        requests = iter(list(requests))
    before = cpu_of(contender, postgres)
    measured: Measured = await drive(contender.port, requests, expected, SECONDS[operation], connections)
    cpu = cpu_of(contender, postgres) - before
    rps = measured.requests / measured.seconds
    return Result(rps, measured.p50_ms, measured.p99_ms, cpu / measured.requests * 1e6)


def _median(results: Sequence[Result]) -> dict[str, float]:
    return {
        name: round(statistics.median(getattr(result, name) for result in results), 2)
        for name in ("rps", "p50_ms", "p99_ms", "cpu_us")
    }


async def run_bench(console: Console, only: Sequence[str] = ()) -> None:
    """Measures, prints, and writes var/bench.json. `only` narrows contenders and operations, for trying."""
    operations = [name for name in OPERATIONS if name in only] or list(OPERATIONS)
    url, keys = await prepare(console)
    postmaster = psutil.Process(int((VAR / "bench-postgres" / "postmaster.pid").read_text().split()[0]))
    contenders = start_contenders(console, url, keys, [name for name in only if name in CONTENDERS])
    worker = subprocess.Popen(
        [sys.executable, "-m", "api", "worker"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stderr=subprocess.DEVNULL,
    )
    results: dict[str, dict[str, list[Result]]] = {
        o: {c.name: [] for c in contenders if takes_part(o, c.name)} for o in operations
    }
    try:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Measuring", total=len(operations) * ROUNDS * len(contenders))
            for operation in operations:
                if operation == "cast_vote":
                    connection = await connect(url)
                    await reset_votes(connection)
                    await connection.close()
                for round_number in range(ROUNDS):
                    for contender in contenders:
                        if not takes_part(operation, contender.name):
                            continue
                        results[operation][contender.name].append(
                            await measure(contender, operation, keys, round_number, postmaster)
                        )
                        progress.advance(task)
    finally:
        for process in (worker, *(contender.process for contender in contenders)):
            process.terminate()
            process.wait(20)
    report = {o: {name: _median(found) for name, found in by.items()} for o, by in results.items()}
    _print(console, report)
    if not only:
        (VAR / "bench.json").write_text(json.dumps({"operations": report}, indent=1))
        console.print(f"Written to {VAR / 'bench.json'}.")


def _print(console: Console, report: dict[str, dict[str, dict[str, float]]]) -> None:
    for operation, by in report.items():
        table = Table(
            "contender", "requests/s", "p50 ms", "p99 ms", "CPU us", "of bare", "Folkmoot is", title=operation
        )
        bare, ours = by.get("bare", {}).get("rps"), by.get("folkmoot", {}).get("rps")
        for name, row in by.items():
            of_bare = f"{row['rps'] / bare:.2f}" if bare else ""
            times = f"{ours / row['rps']:.2f} x" if ours else ""
            table.add_row(
                name, *(f"{row[k]:.0f}" if k in ("rps", "cpu_us") else f"{row[k]:.1f}" for k in row), of_bare, times
            )
        console.print(table)
