"""Taking a file in: all of it, or nothing."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from db.intake import jobs
from db.intake.rows import add_rows
from db.transactions import Transaction, Transactions
from domain.audit.events import AuditAction
from domain.forms import Day, Text
from domain.identity.viewer import Role, Viewer, holder_of
from domain.intake.importing import ImportKind
from domain.refusals import Invalid, RefusalCode

from .jobs import BATCH, FIRST_LINE

OLDEST_FILE = 3650  # days: what it tells begins on its day
UPLOADER = holder_of(Role.MEMBERSHIP_OFFICER)


async def open_import(
    transaction: Transaction, viewer: Viewer, kind: ImportKind, file_name: str, exported_on: date | None
) -> UUID:
    """A new import, of a file of today where no day is said; its rows follow. Refusals: as UPLOADER, INPUT_INVALID, DATES_CONTRADICT."""
    UPLOADER.check(viewer)
    today = await transaction.today()
    day = today if exported_on is None else Day().check_field("exported_on", exported_on)
    if day > today:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "A file of the future can't be imported.", "exported_on")
    if (today - day).days > OLDEST_FILE:
        message = f"A file made more than {OLDEST_FILE // 365} years ago can't be imported."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "exported_on", days=OLDEST_FILE)
    return await jobs.add_job(transaction, kind, Text(200).check_field("file", file_name), day, viewer.person)


async def stage(
    transactions: Transactions,
    viewer: Viewer,
    kind: ImportKind,
    file_name: str,
    exported_on: date | None,
    rows: Callable[[], Iterator[Mapping[str, Any]]],
    sha256: str,
    claim: bool = False,
) -> UUID:
    """Takes a whole file in one transaction: all of it, or nothing where it turns out to be broken.

    `rows` reads the file from its beginning, outside the event loop: the server answers others meanwhile. It is called
    twice: once before the transaction, so that a broken file takes no connection from anybody.
    `claim`: the caller goes on with it, not the worker. Refusals: those of open_import, FILE_EMPTY, and whatever `rows` raises.
    """

    UPLOADER.check(viewer)
    if await asyncio.to_thread(lambda: sum(1 for _ in rows())) == 0:
        raise Invalid(RefusalCode.FILE_EMPTY, field="file")

    async def take(transaction: Transaction) -> UUID:
        job_id = await open_import(transaction, viewer, kind, file_name, exported_on)
        total, reading = 0, rows()
        while batch := await asyncio.to_thread(lambda: list(islice(reading, BATCH))):
            total += await add_rows(transaction, job_id, total + FIRST_LINE, batch)
        await jobs.finish_upload(transaction, job_id, total, sha256)
        if claim:
            await jobs.keep_claim(transaction, job_id)
        await transaction.audit(AuditAction.IMPORT_UPLOADED, job_id, viewer.person_id, rows=total)
        return job_id

    return await transactions.run(viewer.trust_id, take)
