"""`python -m api load`: the five trusts from the data files."""

import argparse
import asyncio
import csv
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from actions.trusts.loading import TrustPack, load_trust
from db.connection import APP_ROLE, open_pool
from db.transactions import Transactions
from domain.trusts.loading import Change, LoadReport

from ..errors import CommandError
from ..settings import ROOT, Settings
from .database import check_clock_of, prepare

SUCCESSORS = {"The Talentum Learning Trust": "leek-learning-trust"}  # schools now under the successor's name


class DataError(CommandError):
    """A data file is missing or unreadable."""


def _json(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{folder / name} can't be read: {error}.") from None


def _rows(folder: Path, name: str) -> list[Mapping[str, str]]:
    try:
        with (folder / name).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"{folder / name} can't be read: {error}.") from None


def demo_mailboxes(folder: Path = ROOT / "data") -> list[str]:
    """Of the people invented for trying out, before the `@` of their trust."""
    return [each["mailbox"] for each in _json(folder, "demo_people.json")["people"]]


def read_packs(folder: Path, with_people: bool) -> Iterator[TrustPack]:
    """The trusts of the data folder, each with what belongs to it. Raises DataError."""
    trusts, rules = _json(folder, "trusts.json")["trusts"], _json(folder, "rulesets.json")
    schools, links = _rows(folder, "establishments.csv"), _rows(folder, "establishment_links.csv")
    associates = _json(folder, "associates.json")["schools"]
    people = _json(folder, "demo_people.json")["people"] if with_people else []
    care = _json(folder, "consultations/care-foundation-trust-2017.json")
    by_name = {trust["name"]: trust["slug"] for trust in trusts} | SUCCESSORS
    for row in schools:
        if not {"URN", "Trusts (name)"} <= row.keys():
            raise DataError(f"{folder / 'establishments.csv'} lacks the column URN or Trusts (name).")
    for trust in trusts:
        slug = trust["slug"]
        own = [(row, True) for row in schools if by_name.get(row["Trusts (name)"]) == slug]
        own += [(row, False) for row in schools if not row["Trusts (name)"] and associates.get(row["URN"]) == slug]
        yield TrustPack(
            published=trust,
            rules=rules["trusts"][slug],
            rules_effective_from=date.fromisoformat(rules["effectiveFrom"]),
            schools=own,
            links=links,
            consultations=[care] if care["trustSlug"] == slug else [],
            people=people,
        )


async def load(
    url: str, folder: Path = ROOT / "data", with_people: bool = False, advance: Callable[[str], None] = lambda _: None
) -> LoadReport:
    """Loads every trust; says what became of each thing. `advance` is told each trust's name when it is done."""
    packs = list(read_packs(folder, with_people))
    report = LoadReport()
    pool = await open_pool(url, APP_ROLE, 1)
    try:
        for pack in packs:
            await load_trust(Transactions(pool), pack, report)
            advance(pack.published["name"])
    finally:
        await pool.close()
    return report


async def load_with_progress(url: str, folder: Path, with_people: bool) -> None:
    console = Console()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Loading trusts", total=len(_json(folder, "trusts.json")["trusts"]))
        report = await load(url, folder, with_people, lambda _: progress.advance(task))
    print_report(console, report)


def print_report(console: Console, report: LoadReport) -> None:
    """What became of each thing, as a table, and what was refused."""
    table = Table("", *(change.value for change in Change))
    for kind in dict.fromkeys(kind for kind, _ in report.changes):
        table.add_row(kind, *(str(report.changes[kind, change]) for change in Change))
    console.print(table)
    for refusal in report.refused:
        console.print(f"refused: {refusal}", highlight=False, markup=False)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "data", help="where the data files are")
    parser.add_argument("--demo-people", action="store_true", help="also one invented person per office")


def act(settings: Settings, arguments: argparse.Namespace) -> None:
    url, _server = prepare(settings)
    asyncio.run(check_clock_of(settings, url))
    asyncio.run(load_with_progress(url, arguments.folder, arguments.demo_people))
