"""`python -m api gias`: schools brought up to date from extracts of Get Information About Schools."""

import argparse
import asyncio
import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from rich.console import Console

from actions.trusts.loading import update_schools
from db.connection import APP_ROLE, open_pool
from db.identity.viewers import trusts_by_slug
from db.transactions import Transaction, Transactions
from db.trusts.schools import school_ids
from domain.trusts.loading import LoadReport

from ..errors import CommandError, no_such_trust
from ..settings import Settings
from .database import check_clock_of, prepare
from .load import DataError, print_report

NEEDED = {"URN", "EstablishmentName", "PhaseOfEducation (name)", "LA (name)"}
NEEDED_OF_LINKS = {"URN", "LinkURN", "LinkName", "LinkType"}


def rows_of_extract(path: Path, needed: Iterable[str]) -> Iterator[Mapping[str, str]]:
    """The rows of an extract, one after the other: Windows-1252 as it is published, or UTF-8. Raises DataError."""
    try:
        with path.open("rb") as file:
            encoding = "utf-8-sig" if file.read(3) == b"\xef\xbb\xbf" else "cp1252"
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = set(needed) - set(reader.fieldnames or [])
            if missing:
                raise DataError(f"{path} lacks the columns {', '.join(sorted(missing))}: is it a GIAS extract?")
            yield from reader
    except (OSError, ValueError, csv.Error) as error:
        raise DataError(f"{path} can't be read: {error}.") from None


async def update_from_gias(
    url: str, establishments: Path, links: Path | None, trust: str | None, add: int | None
) -> None:
    """Every school any trust has is brought up to date; `add` is the URN of one more school, for `trust`."""
    pool = await open_pool(url, APP_ROLE, 1, patient=True)
    report = LoadReport()
    try:
        transactions, trusts = Transactions(pool), await trusts_by_slug(pool)
        if trust is not None and trust not in trusts:
            raise no_such_trust(trust, trusts)
        wanted = {slug: set(await transactions.run(key, school_ids)) for slug, key in trusts.items()}
        if add is not None and trust is not None:
            wanted[trust].add(add)
        every = set[int]().union(*wanted.values())
        # the extract has some 50,000 schools: only those of ours are kept
        rows = [row for row in rows_of_extract(establishments, NEEDED) if _number(row) in every]
        linked = [row for row in rows_of_extract(links, NEEDED_OF_LINKS) if _number(row) in every] if links else []
        if add is not None and add not in {_number(row) for row in rows}:
            raise DataError(f"{establishments} has no school {add}.")
        for slug, key in trusts.items():
            own = [row for row in rows if _number(row) in wanted[slug]]
            own_links = [row for row in linked if _number(row) in wanted[slug]]

            async def update(
                transaction: Transaction, own: list[Mapping[str, str]] = own, links: list[Mapping[str, str]] = own_links
            ) -> None:
                await update_schools(transaction, own, links, report)

            await transactions.run(key, update)
            for row in own:
                if (row.get("CloseDate") or "").strip():
                    report.refused.append(
                        f"school {row['URN']} of {slug} has closed: if it goes on under another number, convertSchool"
                    )
    finally:
        await pool.close()
    print_report(Console(), report)


def _number(row: Mapping[str, str]) -> int:
    text = (row.get("URN") or "").strip()
    return int(text) if text.isdigit() else 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("establishments", type=Path, help="an extract edubasealldata….csv")
    parser.add_argument("links", nargs="?", type=Path, help="an extract links_edubasealldata….csv")
    parser.add_argument("--trust", help="the trust to add a school to")
    parser.add_argument("--add", type=int, help="the URN of the school to add")


def act(settings: Settings, arguments: argparse.Namespace) -> None:
    if (arguments.add is None) != (arguments.trust is None):
        raise CommandError("--add and --trust go together: the school, and the trust it joins.")
    url, _server = prepare(settings)
    asyncio.run(check_clock_of(settings, url))
    files = (arguments.establishments, arguments.links)
    asyncio.run(update_from_gias(url, *files, arguments.trust, arguments.add))
