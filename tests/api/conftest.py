"""A command run in this process, and the copy that a rehearsal makes."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

import api.__main__ as commands
from db import clock
from db.connection import with_database
from tests.api.rehearsals import execute, name_of


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs a command in this process; its exit status, and what it printed."""

    def run(url: str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setattr("sys.argv", ["api", *arguments])
        capsys.readouterr()
        status = commands.main()
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


@pytest.fixture
def copy(database: str, server_url: str) -> Iterator[str]:
    """The URL of the copy a rehearsal makes, which is dropped in the end."""
    name = name_of(database) + "_rehearsal"
    yield with_database(server_url, name)
    for each in (name, name_of(database) + clock.UNFINISHED):
        asyncio.run(execute(server_url, f'drop database if exists "{each}" with (force)'))
