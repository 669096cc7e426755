"""How it is measured: interleaved rounds, by one load generator on the same machine."""

import itertools
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psutil
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.cli.load import load
from api.settings import ROOT
from db import embedded, migrate
from db.connection import Connection, connect, with_database

from .contenders import VAR, Contender, cpu_of, start_contenders
from .load import BenchError, Measured, drive
from .operations import ALONE, CONTENDERS, IDLE, OPERATIONS, RequestKeys, contest_of, requests_for, takes_part
from .seed import STEPS, TRUST, age_sessions, is_seeded, renew, reset_votes, seed, tally

MOST_PREPARED = 200_000  # requests made in advance, where each can be sent once
ROUNDS = 3
SECONDS = 4.0
WARM_UP = 1.0
CONNECTIONS = 32
# beside the others, at few and at many connections: ours and the bare handler alone
SCALED = {"member": (1, 256), "cast_vote": (1, 256), "mixed": (1, 32, 256)}
SETTINGS = {"shared_buffers": "1GB", "max_connections": "100", "max_wal_size": "4GB", "synchronous_commit": "on"}
FIGURES = {"rps": "requests/s", "p50_ms": "p50 ms", "p99_ms": "p99 ms", "p999_ms": "p99.9 ms", "cpu_us": "CPU us"}
RUNS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Load:
    """An operation, over so many connections at once."""

    operation: str
    connections: int

    @property
    def title(self) -> str:
        return self.operation if self.connections == CONNECTIONS else f"{self.operation}, {self.connections} at once"

    @property
    def votes(self) -> bool:
        return self.operation == "mixed" or self.operation.startswith("cast_vote")

    def takes(self, contender: str) -> bool:
        compared = self.connections == CONNECTIONS or self.operation in ALONE
        return takes_part(self.operation, contender) and (compared or contender in ("folkmoot", "bare"))


def loads(only: Sequence[str]) -> list[Load]:
    """What is measured: everything, or the operations named."""
    names = [*OPERATIONS, "mixed"]
    if unknown := set(only) - {*names, *CONTENDERS}:
        raise BenchError(f"There is no {', '.join(sorted(unknown))}; there are {', '.join([*names, *CONTENDERS])}.")
    return [
        Load(name, connections)
        for name in [each for each in names if each in only] or names
        for connections in ((1,) if name in ALONE else sorted({CONNECTIONS, *SCALED.get(name, ())}))
    ]


@dataclass(frozen=True, slots=True)
class Result:
    """Of one round. `cpu_us`: of server and PostgreSQL, a request."""

    measured: Measured
    cpu_us: float

    @property
    def figures(self) -> dict[str, float]:
        return {
            "rps": self.measured.requests / self.measured.seconds,
            **{name: getattr(self.measured, name) for name in ("p50_ms", "p99_ms", "p999_ms")},
            "cpu_us": self.cpu_us,
        }


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
    contender: Contender, load_: Load, keys: RequestKeys, round_number: int, postgres: psutil.Process
) -> Result:
    requests = requests_for(load_.operation, contender.name, keys, round_number, ROUNDS)
    if load_.votes:
        requests = iter(list(itertools.islice(requests, MOST_PREPARED)))  # made before the clock runs
    else:
        await drive(contender.port, requests, WARM_UP, load_.connections)
    before = cpu_of(contender, postgres)
    measured = await drive(contender.port, requests, SECONDS, load_.connections)
    cpu = cpu_of(contender, postgres) - before
    return Result(measured, cpu / measured.requests * 1e6)


async def check_votes(connection: Connection, contender: str, keys: RequestKeys, receipts: int | None) -> None:
    """Whether each vote that was answered is in the boxes, once, and nothing else. Raises BenchError."""
    spent, papers, given = await tally(connection, contest_of(contender, keys))
    if not spent == papers == given or (receipts is not None and receipts != given):
        answered = "" if receipts is None else f", {receipts} receipts were answered"
        raise BenchError(
            f"{contender}: {spent} credentials spent, {papers} papers and {given} receipts stored{answered}."
        )


def _median(results: Sequence[Result]) -> dict[str, float]:
    return {name: round(statistics.median(each.figures[name] for each in results), 2) for name in FIGURES}


async def run_bench(console: Console, only: Sequence[str] = ()) -> None:
    """Measures, prints, and writes var/bench.json and var/bench-runs.md. `only` narrows contenders and operations, for
    trying.

    The worker runs beside, as it does for users: its sealing of papers, which locks and empties the inbox, makes the slowest
    votes, whoever takes them (the 99th of a hundred 70 ms with it, 25 ms without).
    """
    measured = loads(only)
    url, keys = await prepare(console)
    postmaster = psutil.Process(int((VAR / "bench-postgres" / "postmaster.pid").read_text().split()[0]))
    contenders = start_contenders(console, url, keys, [name for name in only if name in CONTENDERS])
    worker = subprocess.Popen(
        [sys.executable, "-m", "api", "worker"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stderr=subprocess.DEVNULL,
    )
    connection = await connect(url)
    report: dict[str, dict[str, dict[str, float]]] = {}
    try:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Measuring", total=len(measured) * ROUNDS)
            for load_ in measured:
                results: dict[str, list[Result]] = {each.name: [] for each in contenders if load_.takes(each.name)}
                if load_.votes:
                    await reset_votes(connection)
                for round_number in range(ROUNDS):
                    for contender in contenders:
                        if contender.name in results:
                            if load_.votes:
                                await age_sessions(connection, IDLE.get(load_.operation, "10 seconds"))
                            result = await measure(contender, load_, keys, round_number, postmaster)
                            results[contender.name].append(result)
                    progress.advance(task)
                if load_.votes:
                    for name, found in results.items():
                        receipts = sum(each.measured.requests for each in found)
                        await check_votes(connection, name, keys, None if load_.operation == "mixed" else receipts)
                report[load_.title] = {name: _median(found) for name, found in results.items()}
    finally:
        await connection.close()
        for process in (worker, *(contender.process for contender in contenders)):
            process.terminate()
            process.wait(20)
    _print(console, report)
    if not only:
        _keep(console, report)


def _ratio(by: dict[str, dict[str, float]], one: str, other: str) -> str:
    return f"{by[one]['rps'] / by[other]['rps']:.2f}" if one in by and other in by else ""


def _print(console: Console, report: dict[str, dict[str, dict[str, float]]]) -> None:
    for title, by in report.items():
        table = Table("contender", *FIGURES.values(), "of bare", "Folkmoot is", title=title)
        for name, row in by.items():
            figures = (f"{row[each]:.{0 if each in ('rps', 'cpu_us') else 1}f}" for each in FIGURES)
            table.add_row(name, *figures, _ratio(by, name, "bare"), f"{_ratio(by, 'folkmoot', name)} x")
        console.print(table)


def _keep(console: Console, report: dict[str, dict[str, dict[str, float]]]) -> None:
    """The run, and a table of the last ones: Folkmoot's requests/s as a share of the bare handler's."""
    (VAR / "bench.json").write_text(json.dumps({"operations": report}, indent=1))
    line = {
        "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
        **{t: _ratio(by, "folkmoot", "bare") for t, by in report.items()},
    }
    history = VAR / "bench-runs.jsonl"
    with history.open("a") as file:
        file.write(json.dumps(line) + "\n")
    shown = [json.loads(each) for each in history.read_text().splitlines()[-RUNS_SHOWN:]]
    titles = list(dict.fromkeys(title for each in shown for title in each))
    rows = [titles, ["---"] * len(titles), *([each.get(title, "") for title in titles] for each in shown)]
    (VAR / "bench-runs.md").write_text("".join(f"| {' | '.join(row)} |\n" for row in rows))
    console.print(f"Written to {VAR / 'bench.json'}; the last {len(shown)} runs are in {VAR / 'bench-runs.md'}.")
