"""There is one clock, and in tests it passes: no test rewrites a date to pretend it, or takes the machine's day for the trust's."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Date, DateTime

from db.tables import METADATA

PROJECT = Path(__file__).parents[2]
TESTS = PROJECT / "tests"
PRETENDED = "\0"  # what an f-string puts in: it can't be read here
UPDATE = re.compile(
    r'\bupdate\s+"?([\w\0]+)"?(?:\s+(?:as\s+)?(?!set\b)\w+)?\s+set\s+(.*?)(?=\s(?:where|from|returning)\b|$)',
    re.S | re.I,
)
ASSIGNED = re.compile(r'(?:^|,)\s*"?([\w\0]+)"?\s*(?:=|$)')
WORLDS_TIME = re.compile(r"\b(?:current_date|current_timestamp|localtimestamp)\b|(?<![\w.])(?:now|clock_timestamp)\(\)")

# facts no mutation states; nothing becomes due by them
EXCEPTIONS = {
    ("rows.py", "?"): "a value in every column, for migrations to carry over; nothing is asked of them",
    ("random_trust.py", "affiliation.since"): "schools that come and go, drawn at random with the people",
    ("random_trust.py", "affiliation.until"): "schools that come and go, drawn at random with the people",
}


def strings(tree: ast.AST) -> Iterator[str]:
    """Every string of a file; adjacent ones are one, and what an f-string puts in is PRETENDED."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else PRETENDED for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def rewritten(source: str) -> Iterator[str]:
    """The dated columns a file assigns in SQL; `?` where the statement does not show which."""
    for text in strings(ast.parse(source)):
        for table, assignments in UPDATE.findall(text):
            if table not in METADATA.tables:
                if table == PRETENDED:
                    yield "?"
                continue
            for column in ASSIGNED.findall(assignments):
                if PRETENDED in column:
                    yield f"{table}.?"
                elif column in METADATA.tables[table].columns and isinstance(
                    METADATA.tables[table].columns[column].type, Date | DateTime
                ):
                    yield f"{table}.{column}"


def asks_the_machine(source: str) -> Iterator[str]:
    """Where a file asks for the world's day or moment instead of the clock of its database."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            said = ast.unparse(node.func)
            if re.fullmatch(r"(?:datetime\.)?(?:date\.today|datetime\.(?:now|utcnow|today))", said):
                yield said
    for text in strings(tree):
        yield from WORLDS_TIME.findall(text)


def files(*folders: str) -> list[Path]:
    """But for this one, whose examples are bad on purpose."""
    found = {path for folder in folders for path in (TESTS / folder).rglob("*.py")}
    return sorted(found - {Path(__file__)})


def test_no_test_rewrites_a_date_to_make_time_pass() -> None:
    found = {(path.name, column) for path in files(".") for column in rewritten(path.read_text(encoding="utf-8"))}

    assert found == set(EXCEPTIONS), (
        "let time pass instead: world.pass_time, world.set_clock (tests/world/passing_time.py)"
    )


def test_no_test_takes_the_machines_time_for_the_trusts() -> None:
    found = {
        path.name: said
        for path in files("api", "db", "planner")
        if (said := list(asks_the_machine(path.read_text(encoding="utf-8"))))
    }

    assert found == {}, "ask the clock of the database: world.now, world.today (tests/world/passing_time.py), app_now()"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ('"update poll set opens_at = app_now()"', ["poll.opens_at"]),
        ('"update relationship r set since = since - 10, kind = $1 where id = $2"', ["relationship.since"]),
        ('"update membership set name = 1," " lapses_on = null from person p"', ["membership.lapses_on"]),
        ('f"update poll set {assignment} where id = $1"', ["poll.?"]),
        ('f"update {table} set x = 1"', ["?"]),
        ('"update poll set status = $1 where closes_at = $2"', []),
        ('"update ruleset set rules = rules || $2::jsonb"', []),
    ],
)
def test_a_rewritten_date_is_found(statement: str, found: list[str]) -> None:
    assert list(rewritten(f"execute({statement})")) == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("date.today()", ["date.today"]),
        ("datetime.now(UTC)", ["datetime.now"]),
        ('"select now() - since"', ["now()"]),
        ('"values (current_date)"', ["current_date"]),
        ('"select app_now(), legal_today()"', []),
        ("world.now()", []),
    ],
)
def test_the_machines_time_is_found(code: str, found: list[str]) -> None:
    assert list(asks_the_machine(code)) == found


# another clock than the database's, or another way to say what day it is
ANOTHER_CLOCK = re.compile(
    r"(?<![\w.])(now\(\)|current_date|current_timestamp|clock_timestamp\(\)|localtimestamp)"
    r"|datetime\.now\(|date\.today\(|datetime\.utcnow\(|time\.time\(|europe/london",
    re.IGNORECASE,
)
# file -> why it may
MAY_HAVE_ANOTHER = {
    "db/clock.py": "shifts it",
    "db/migrations/functions.py": "makes it",
    "domain/days.py": "in whose time a day begins",
    **dict.fromkeys(
        ("api/cli/demo.py", "api/cli/demo_client.py", "api/cli/demo_poll.py"), "a client of a running server"
    ),
    "api/logs.py": "when a line was written",
}


def other_clocks(text: str) -> list[str]:
    return [match.group() for match in ANOTHER_CLOCK.finditer(text)]


def test_there_is_one_clock_and_one_day() -> None:
    found = {
        str(path.relative_to(PROJECT)): clocks
        for layer in ("db", "actions", "domain", "schema", "api", "planner", "counting")
        for path in sorted((PROJECT / layer).rglob("*.py"))
        if "versions" not in path.parts and (clocks := other_clocks(path.read_text(encoding="utf-8")))
    }
    assert set(found) == set(MAY_HAVE_ANOTHER), found


def test_another_clock_is_noticed() -> None:
    assert other_clocks("where closes_at <= now()") == ["now()"]
    assert other_clocks("(app_now() at time zone 'Europe/London')::date") == ["Europe/London"]
    assert other_clocks("t.ended_at < current_date - 3 or x = app_now() and y = transaction.now()") == ["current_date"]
