"""`python -m api …`: the command line. Whatever a user can get wrong is answered by one sentence and exit status 1."""

import argparse
import asyncio
import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from counting import CountRefused
from db import embedded
from db.clock import ClockShifted, check_clock
from db.connection import OLDEST_SERVER, connect, with_database
from domain.intake.importing import ImportKind
from domain.refusals import Refusal

from .count import add_arguments, count_file
from .errors import CommandError
from .settings import ROOT, Settings, read_settings

# what only some commands need is imported by them: reading a ballot file should not wait for the whole schema

SDL_FILE = ROOT / "schema" / "schema.graphql"


def _database(settings: Settings) -> tuple[str, Any]:
    """The URL of the database, and the embedded server if that is what serves it."""
    if settings.database_url:
        return settings.database_url, None
    if embedded.started_as_root():
        print(
            "Started as root: the embedded PostgreSQL runs as the system user 'embedded_postgres' (made if missing),"
            f" and the folders above {settings.var} are made traversable for it. Set DATABASE_URL to avoid both."
        )
    server = embedded.start(settings.var / "postgres")
    url: str = with_database(server.get_uri(), embedded.DATABASE)
    asyncio.run(embedded.ensure_database(server.get_uri(), embedded.DATABASE))
    return url, server


async def _check_server(url: str) -> None:
    try:
        connection = await connect(url)
    except Exception as error:  # asyncpg raises many kinds here; all mean the same to the user
        raise CommandError(f"The database can't be reached ({type(error).__name__}): check DATABASE_URL.") from error
    try:
        version = int(await connection.fetchval("show server_version_num"))
    finally:
        await connection.close()
    if version < OLDEST_SERVER:
        raise CommandError(f"The database is PostgreSQL {version // 10000}; Folkmoot needs 18 or newer.")


async def _check_clock(settings: Settings, url: str) -> None:
    """Nobody is served by a shifted clock unless the settings say so. Raises ClockShifted."""
    connection = await connect(url)
    try:
        if await connection.fetchval("select to_regproc('app_now') is null"):
            raise CommandError(
                "The database has no tables of Folkmoot, or old ones: run `python -m api migrate` first."
            )
        await check_clock(connection, shift_allowed=settings.shifted_clock_allowed)
    finally:
        await connection.close()


def _prepare(settings: Settings) -> tuple[str, Any]:
    """A reachable database with the newest tables."""
    from db import migrate

    try:
        settings.var.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"The folder {settings.var} can't be made: make it writable or set VAR.") from error
    url, server = _database(settings)
    asyncio.run(_check_server(url))
    try:
        asyncio.run(migrate.upgrade(url))
    except migrate.MigrationError as error:
        raise CommandError(f"The tables can't be brought up to date ({error}).") from error
    return url, server


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CommandError(f"Port {settings.port} is taken: stop what uses it or set PORT.") from error


def _serve(settings: Settings, url: str) -> None:
    import uvicorn

    from . import logs
    from .app import Application

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


def run(settings: Settings, _: argparse.Namespace) -> None:
    """Everything at once: database, tables, trusts, demo people, worker, server."""
    from .load import load_with_progress

    _check_port(settings)
    url, _server = _prepare(settings)
    asyncio.run(_check_clock(settings, url))
    asyncio.run(load_with_progress(url, ROOT / "data", with_people=True))
    server = f"http://{settings.host}:{settings.port}"
    port = f" PORT={settings.port}" if settings.port != Settings().port else ""
    mails = (
        f"by SMTP to {settings.smtp_url.rpartition('@')[2]}"
        if settings.smtp_url
        else f"as files in {settings.var / 'mail'}"
    )
    print(
        f"\nAll trusts  {server}/\nGraphiQL    {server}/wessex-learning-trust/graphql\n"
        f"Sign in as clerk@wessex-learning-trust.example.org (or membership.officer@…, returning.officer@…, trustee@…)\n"
        f"Mails land {mails}\nThe whole story: make demo{port}, in another terminal\n",
        flush=True,
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # so that the worker and the database are stopped, too
    worker = subprocess.Popen(
        [sys.executable, "-m", "api", "worker"], cwd=ROOT, env={**os.environ, "DATABASE_URL": url}
    )
    try:
        _serve(settings, url)
    finally:
        worker.terminate()
        worker.wait(10)


def serve(settings: Settings, _: argparse.Namespace) -> None:
    """The server alone, on DATABASE_URL: for containers."""
    if not settings.database_url:
        raise CommandError("Set DATABASE_URL, or use `make run` for the embedded PostgreSQL.")
    asyncio.run(_check_server(settings.database_url))
    asyncio.run(_check_clock(settings, settings.database_url))
    _serve(settings, settings.database_url)


def worker(settings: Settings, _: argparse.Namespace) -> None:
    """The worker alone."""
    from . import logs
    from .worker import run_worker

    url = settings.database_url
    if not url:
        raise CommandError("Set DATABASE_URL, or use `make run`, which brings a worker.")
    asyncio.run(_check_server(url))
    asyncio.run(_check_clock(settings, url))
    logs.configure()
    asyncio.run(run_worker(settings, url))


def migrate_database(settings: Settings, arguments: argparse.Namespace) -> None:
    """Newest tables, or a new migration from what the tables in the code say."""
    from db import migrate

    if arguments.check:
        return _compare(settings)
    url, _server = _prepare(settings)
    if arguments.revision:
        asyncio.run(migrate.write_revision(url, arguments.revision))


def _compare(settings: Settings) -> None:
    from db import catalogue

    url, _server = _database(settings)
    asyncio.run(_check_server(url))
    try:
        found, acting = asyncio.run(catalogue.differences(url)), asyncio.run(catalogue.acting(url))
    except Exception as error:  # whatever SQLAlchemy and asyncpg call it
        raise CommandError(
            f"The database can't be compared ({type(error).__name__}: {str(error).splitlines()[0]})."
        ) from error
    if found:
        advice = "run `python -m api migrate` if the database is older than the code, and undo what was done by hand:"
        raise CommandError("\n".join([f"The database is not what the code says; {advice}", *found]))
    asyncio.run(_check_clock(settings, url))
    for role, logins in acting.items():  # what only people can judge
        print(f"May act as {role}: {logins}")


def load(settings: Settings, arguments: argparse.Namespace) -> None:
    """The five trusts, repeatably."""
    from .load import load_with_progress

    url, _server = _prepare(settings)
    asyncio.run(_check_clock(settings, url))
    asyncio.run(load_with_progress(url, arguments.folder, arguments.demo_people))


def update_schools(settings: Settings, arguments: argparse.Namespace) -> None:
    """Schools brought up to date from Get Information About Schools."""
    from .gias import update_from_gias

    if (arguments.add is None) != (arguments.trust is None):
        raise CommandError("--add and --trust go together: the school, and the trust it joins.")
    url, _server = _prepare(settings)
    asyncio.run(_check_clock(settings, url))
    files = (arguments.establishments, arguments.links)
    asyncio.run(update_from_gias(url, *files, arguments.trust, arguments.add))


def import_people(settings: Settings, arguments: argparse.Namespace) -> None:
    """People from a school's file: a dry run, unless --apply."""
    from .imports import import_file

    url, _server = _prepare(settings)
    asyncio.run(_check_clock(settings, url))
    asyncio.run(
        import_file(
            url,
            arguments.file,
            arguments.trust,
            arguments.officer,
            ImportKind.named(arguments.kind.upper()),
            arguments.exported_on,
            arguments.apply,
            settings.largest_upload,
        )
    )


def schema(_: Settings, arguments: argparse.Namespace) -> None:
    """Writes or checks schema/schema.graphql."""
    from schema.build import sdl

    if not arguments.check:
        SDL_FILE.write_text(sdl(), encoding="utf-8")
    elif not SDL_FILE.exists() or SDL_FILE.read_text(encoding="utf-8") != sdl():
        raise CommandError(
            "schema/schema.graphql is not what the code says: run `make schema` and read the difference."
        )


def count(_: Settings, arguments: argparse.Namespace) -> None:
    """Papers counted, from a ballot file."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that can't show a name still shows the count
    try:
        text = count_file(arguments)
    except OSError as error:
        raise CommandError(f"{arguments.file} can't be read: {error.strerror}.") from error
    if text is not None:
        sys.stdout.buffer.write(text.encode() + b"\n")


def demo(settings: Settings, _: argparse.Namespace) -> None:
    """The whole story, against a running server."""
    from .demo import run_demo

    asyncio.run(run_demo(f"http://{settings.host}:{settings.port}", settings.var))


def rehearse(settings: Settings, arguments: argparse.Namespace) -> None:
    """A trust moved through its timetable, on a copy whose clock is shifted."""
    from .rehearse import rehearse as act

    url, server = _database(settings)
    asyncio.run(_check_server(url))
    asyncio.run(act(url, arguments, embedded=server is not None))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m api", description="Folkmoot")
    commands = parser.add_subparsers(required=True)

    def command(name: str, act: Callable[[Settings, argparse.Namespace], None]) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=(act.__doc__ or "").strip())
        added.set_defaults(act=act)
        return added

    command("run", run)
    command("serve", serve)
    command("worker", worker)
    migrating = command("migrate", migrate_database).add_mutually_exclusive_group()
    migrating.add_argument("--revision", help="write a new migration with this message")
    migrating.add_argument(
        "--check", action="store_true", help="only compare tables, grants and policies with the code"
    )
    loading = command("load", load)
    loading.add_argument("folder", nargs="?", type=Path, default=ROOT / "data", help="where the data files are")
    loading.add_argument("--demo-people", action="store_true", help="also one invented person per office")
    updating = command("gias", update_schools)
    updating.add_argument("establishments", type=Path, help="an extract edubasealldata….csv")
    updating.add_argument("links", nargs="?", type=Path, help="an extract links_edubasealldata….csv")
    updating.add_argument("--trust", help="the trust to add a school to")
    updating.add_argument("--add", type=int, help="the URN of the school to add")
    importing = command("import", import_people)
    importing.add_argument("file", type=Path, help="a registration file (CSV) or a OneRoster delta (ZIP)")
    importing.add_argument("--trust", required=True, help="the trust's part of its address")
    importing.add_argument("--officer", required=True, help="the mailbox of the membership officer who imports")
    importing.add_argument("--kind", choices=("registration", "oneroster"), default="registration", help="its form")
    importing.add_argument("--exported-on", help="the day the file was exported, as 2026-03-14; today if left out")
    importing.add_argument("--apply", action="store_true", help="apply it after the check")
    command("schema", schema).add_argument("--check", action="store_true", help="only compare")
    add_arguments(command("count", count))
    rehearsing = command("rehearse", rehearse)
    rehearsing.add_argument("trust", nargs="?", help="the trust's part of its address")
    rehearsing.add_argument("--days", type=int, default=365, help="how far to go; 365 if left out")
    rehearsing.add_argument(
        "--in-place", metavar="NAME", help="on the database itself, which is called so: a copy of your own"
    )
    rehearsing.add_argument("--end", action="store_true", help="only set the clock of the database right again")
    command("demo", demo)
    arguments = parser.parse_args()
    try:
        arguments.act(read_settings(), arguments)
    except (ClockShifted, CommandError, CountRefused, Refusal, embedded.EmbeddedServerError) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
