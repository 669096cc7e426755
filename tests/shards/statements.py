"""The statements that the application sent during the tests, and where in the code each was first sent."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import takewhile
from pathlib import Path
from types import FrameType
from typing import IO, Any

import asyncpg

PROJECT = Path(__file__).parent.parent.parent
FOLDER = PROJECT / "var" / "shards"
# every statement asyncpg sends passes through one of these, as their first argument
GATES = ("execute", "_get_statement", "_copy_in", "_copy_out")
OPENS_TRANSACTIONS = "db/transactions.py:"  # where nothing else of ours stands between, a test wrote the statement
MOST_PLACES = 3


@dataclass(frozen=True)
class Statement:
    """`role`: whom the connection acts as; `place`: the innermost functions of ours, the nearest first."""

    sql: str
    role: str
    place: str


def read_statements(folder: Path = FOLDER) -> list[Statement]:
    """Each text once, of all workers of the last run of the tests."""
    lines = [line for file in sorted(folder.glob("statements-*.jsonl")) for line in file.read_text().splitlines()]
    found = [Statement(**json.loads(line)) for line in lines]
    return list({each.sql: each for each in reversed(found)}.values())


@contextmanager
def recorded(file: Path) -> Iterator[None]:
    """Writes every distinct statement that code of ours sends under a role of its own.

    What a test sends itself doesn't count, nor do connections that act as whoever the URL names.
    """
    kept = {name: getattr(asyncpg.Connection, name) for name in GATES}
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as out:
        seen: set[tuple[str, str]] = set()
        for name, method in kept.items():
            setattr(asyncpg.Connection, name, _listening(method, seen, out))
        try:
            yield
        finally:
            for name, method in kept.items():
                setattr(asyncpg.Connection, name, method)


def _listening(method: Any, seen: set[tuple[str, str]], out: IO[str]) -> Any:
    def listen(connection: Any, statement: str, *values: Any, **options: Any) -> Any:
        _note(connection, statement, seen, out)
        return method(connection, statement, *values, **options)

    return listen


def _note(connection: Any, sql: str, seen: set[tuple[str, str]], out: IO[str]) -> None:
    role = (connection._params.server_settings or {}).get("role")
    if role is None or (role, sql) in seen:
        return
    stack = list(_places(sys._getframe(2), sql))
    places = list(takewhile(lambda place: not place.startswith("tests/"), stack))
    if stack and all(place.startswith(OPENS_TRANSACTIONS) for place in places):
        return
    seen.add((role, sql))
    out.write(json.dumps(asdict(Statement(sql, role, " < ".join(places[:MOST_PLACES])))) + "\n")
    out.flush()


def _places(frame: FrameType | None, sql: str) -> Iterator[str]:
    """The functions of this project on the stack, innermost first, as file:function.

    Those that were given the text and pass it on don't count: they say nothing of who wrote it.
    """
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        ours = path.is_relative_to(PROJECT) and "site-packages" not in path.parts
        if ours and not _passes_on(frame, sql):
            yield f"{path.relative_to(PROJECT).as_posix()}:{frame.f_code.co_name}"
        frame = frame.f_back


def _passes_on(frame: FrameType, sql: str) -> bool:
    code = frame.f_code
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return any(frame.f_locals.get(name) is sql for name in arguments)
