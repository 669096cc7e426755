"""`python -m api import`: people from a school's file, in the name of an officer."""

import argparse
import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from actions.intake.applying import ImportById, apply_import_here
from actions.intake.checking import resume_import
from actions.intake.jobs import report
from actions.intake.staging import stage
from db.connection import APP_ROLE, Pool, open_pool
from db.identity.roles import officer_with_mailbox
from db.identity.viewers import trusts_by_slug
from db.transactions import Transactions
from domain.identity.viewer import AccessProfile, Role, Viewer, ViewerKind
from domain.intake.importing import Finding, ImportKind, RowOutcome
from domain.refusals import NotPermitted, RefusalCode

from ..errors import no_such_trust
from ..people_files import day_of, hash_of, reference, refuse, rows_of
from ..settings import Settings
from .database import check_clock_of, prepare


def _opened(path: Path, largest: int) -> IO[bytes]:
    """Refusals: FILE_TOO_LARGE, INPUT_INVALID for a file that can't be read."""
    try:
        if path.stat().st_size > largest:
            raise refuse(RefusalCode.FILE_TOO_LARGE, f"{path} is larger than {largest // 1_000_000} MB: split it.")
        return path.open("rb")
    except OSError as error:
        raise refuse(RefusalCode.INPUT_INVALID, f"{path} can't be read: {error.strerror}.") from None


async def import_file(
    url: str, path: Path, slug: str, mailbox: str, kind: ImportKind, exported_on: str | None, apply: bool, largest: int
) -> None:
    """Checks a file in the name of the officer with this mailbox, prints the report, and applies it if asked to."""
    console = Console()
    file = _opened(path, largest)
    pool = await open_pool(url, APP_ROLE, 1, patient=True)
    try:
        transactions, viewer = Transactions(pool), await _officer(pool, slug, mailbox)
        with file, Progress(console=console, transient=True) as progress:
            steps = {}

            def advance(name: str, rows: int) -> None:
                if name not in steps:
                    steps[name] = progress.add_task(name.capitalize(), total=None)
                progress.advance(steps[name], rows)

            digest = hash_of(file)
            rows = partial(rows_of, file, kind)
            job = await stage(transactions, viewer, kind, path.name, day_of(exported_on), rows, digest, claim=True)
            await resume_import(transactions, viewer.trust_id, job, reference(), advance)
            outcomes, findings = await report(transactions, viewer.trust_id, job)
            console.print(_table("outcome", outcomes, {each.value: each.description for each in RowOutcome}))
            console.print(_table("finding", findings, {each.value: each.description for each in Finding}))
            console.print(f"import imp_{job}: checked; nothing is changed", highlight=False)
            if apply:
                await transactions.run(
                    viewer.trust_id, lambda transaction: apply_import_here(transaction, viewer, ImportById(job))
                )
                await resume_import(transactions, viewer.trust_id, job, reference(), advance)
                console.print(f"import imp_{job}: applied", highlight=False)
            if waiting := outcomes.get(RowOutcome.NEEDS_HUMAN):
                console.print(_how_to_resolve(waiting), highlight=False)
    finally:
        await pool.close()


def _how_to_resolve(rows: int) -> str:
    counted = f"{rows} rows wait" if rows > 1 else "1 row waits"
    return (
        f"{counted} for the membership officer: resolveImportRow, today or later, now or when the file is applied"
        " (docs/importing.md, Resolving what needs a human)"
    )


def _table(title: str, counts: Mapping[str, int], described: Mapping[str, str]) -> Table:
    table = Table(title, "rows", "")
    for name, count in counts.items():
        table.add_row(name, str(count), described[name])
    return table


async def _officer(pool: Pool, slug: str, mailbox: str) -> Viewer:
    trusts = await trusts_by_slug(pool)
    if slug not in trusts:
        raise no_such_trust(slug, trusts)
    trust_id = trusts[slug]
    role = Role.MEMBERSHIP_OFFICER
    person = await Transactions(pool).run(
        trust_id, lambda transaction: officer_with_mailbox(transaction, mailbox, role)
    )
    if person is None:
        raise NotPermitted(RefusalCode.NOT_PERMITTED, f"{mailbox} is no membership officer's mailbox in {slug}.")
    return Viewer(trust_id, AccessProfile(ViewerKind.PERSON, roles=frozenset({role})), person)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a registration file (CSV) or a OneRoster delta (ZIP)")
    parser.add_argument("--trust", required=True, help="the trust's part of its address")
    parser.add_argument("--officer", required=True, help="the mailbox of the membership officer who imports")
    parser.add_argument("--kind", choices=("registration", "oneroster"), default="registration", help="its form")
    parser.add_argument("--exported-on", help="the day the file was exported, as 2026-03-14; today if left out")
    parser.add_argument("--apply", action="store_true", help="apply it after the check")


def act(settings: Settings, arguments: argparse.Namespace) -> None:
    url, _server = prepare(settings)
    asyncio.run(check_clock_of(settings, url))
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
