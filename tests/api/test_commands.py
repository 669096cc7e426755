"""The command line, as a process: what a user gets wrong is one sentence and exit status 1."""

import asyncio
import os
import socket
import subprocess
import sys
from datetime import timedelta
from importlib.metadata import distributions
from pathlib import Path

import pytest

from api.cli import database as database_of_commands
from api.errors import CommandError
from api.settings import ROOT, SettingError, read_settings
from db import clock, migrate
from db.connection import Connection, connect
from tests.api.rehearsals import execute, name_of
from tests.world import CARE

OURS = {"api", "schema", "actions", "db", "domain", "planner", "counting", "bench", "tests"}


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "PORT", "SMTP_URL")}
    return subprocess.run(
        [sys.executable, "-m", "api", *arguments],
        cwd=ROOT,
        env={**env, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    return line


def test_a_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        assert "is taken" in sentence(command("run", PORT=port, VAR=str(tmp_path)))


def test_an_unreachable_database(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"

    assert "can't be reached" in sentence(command("migrate", DATABASE_URL=url, VAR=str(tmp_path)))
    assert "can't be reached" in sentence(command("serve", DATABASE_URL=url))


def test_a_trust_that_is_not_there_is_told_from_a_database_without_any(
    database: str, copy: str, server_url: str, tmp_path: Path
) -> None:
    asyncio.run(execute(server_url, f'create database "{name_of(copy)}"'))

    def told(url: str) -> str:
        asked = ("import", "data/members_sample.csv", "--trust", "care", "--officer", "x@example.org")
        return sentence(command(*asked, DATABASE_URL=url, VAR=str(tmp_path), SHIFTED_CLOCK="allowed"))

    assert f"one of {CARE}, " in told(database)
    assert "nor any other in this database" in told(copy)


def test_a_table_in_use_while_migrating(database: str, tmp_path: Path) -> None:
    async def hold() -> Connection:
        await migrate.downgrade(database, "0003")
        reader = await connect(database)
        await reader.execute("begin; select count(*) from audit_event")
        return reader

    with asyncio.Runner() as runner:
        reader = runner.run(hold())
        said = sentence(command("migrate", DATABASE_URL=database, VAR=str(tmp_path)))
        runner.run(reader.close())

    assert said == (
        "The tables can't be brought up to date (a table was in use for more than 2s: try again when less is going on)."
    )


def test_a_database_somebody_has_changed_by_hand(database: str, tmp_path: Path) -> None:
    environment = {"DATABASE_URL": database, "VAR": str(tmp_path), "SHIFTED_CLOCK": "allowed"}

    async def change(statement: str) -> None:
        owner = await connect(database)
        await owner.execute(statement)
        await owner.close()

    async def shift() -> None:
        owner = await connect(database)
        await clock.shift_by(owner, timedelta(days=9))
        await owner.close()

    checked = command("migrate", "--check", **environment)
    assert checked.returncode == 0
    assert "May act as folkmoot_app: " in checked.stdout

    asyncio.run(change("grant delete on register_line to folkmoot_app"))
    checked = command("migrate", "--check", **environment)
    assert checked.returncode == 1
    assert checked.stderr.splitlines() == [
        "The database is not what the code says; run `python -m api migrate` if the database is older than the code,"
        " and undo what was done by hand:",
        "register_line: folkmoot_app may delete: declared as [nothing], found as [on the whole]",
    ]

    asyncio.run(change("revoke delete on register_line from folkmoot_app"))
    asyncio.run(
        change(
            "create or replace function app_now() returns timestamptz stable parallel safe return timestamptz 'epoch'"
        )
    )
    assert "function app_now(): declared as" in command("migrate", "--check", **environment).stderr

    asyncio.run(shift())
    assert "shifted by 9 days" in sentence(command("migrate", "--check", **environment | {"SHIFTED_CLOCK": ""}))


def test_a_database_that_is_too_old(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_of_commands, "OLDEST_SERVER", 990000)

    with pytest.raises(CommandError, match="newer"):
        asyncio.run(database_of_commands.check_server(database))


def test_settings_that_cannot_be_used() -> None:
    assert "DATABASE_URL must begin" in sentence(command("serve", DATABASE_URL="mysql://x"))
    assert "PORT='http'" in sentence(command("run", PORT="http"))
    assert "Set DATABASE_URL" in sentence(command("serve"))
    assert "Set DATABASE_URL" in sentence(command("worker"))
    with pytest.raises(SettingError):
        read_settings({"POOL_SIZE": "0"})


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    assert "can't be made" in sentence(command("migrate", VAR=str(blocked / "var")))


def test_the_demo_without_a_server() -> None:
    assert "make run" in sentence(command("demo", PORT="1"))


def test_the_schema_file_is_what_the_code_says() -> None:
    assert command("schema", "--check").returncode == 0


def test_our_folders_are_nobody_elses_packages() -> None:
    """Top-level names like `api` must never come from site-packages."""
    installed = {
        path.parts[0].removesuffix(".py")
        for distribution in distributions()
        for path in distribution.files or ()
        if path.suffix == ".py" and not path.parts[0].startswith("..")
    }

    assert not installed & OURS
