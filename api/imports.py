"""Files of people: read from disk by the command line, or from the body of an authenticated request."""

import asyncio
import csv
import io
import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions.intake.applying import ImportById, apply_import_here
from actions.intake.checking import Reference, resume_import
from actions.intake.jobs import report
from actions.intake.staging import UPLOADER, stage
from db.connection import APP_ROLE, Pool, open_pool
from db.identity.roles import officer_with_mailbox
from db.identity.viewers import trusts_by_slug
from db.transactions import Transactions
from domain.identity.viewer import AccessProfile, Role, Viewer, ViewerKind
from domain.intake import oneroster, registration
from domain.intake.importing import Finding, ImportKind, RowOutcome
from domain.intake.registration import vocabulary
from domain.intake.schoolbook import KnownSchool
from domain.refusals import Invalid, NotPermitted, Refusal, RefusalCode

from .authentication import Authentication
from .documents import refused, viewer_of
from .settings import ROOT

LARGEST_UNPACKED = 500_000_000  # bytes
LARGEST_CELL = 20_000  # characters; a quote that is never closed makes a cell of the rest of the file
_FILE_NAME = re.compile(r"[\w .()-]{1,200}")


@cache
def reference() -> Reference:
    """The words of offices, and every school of the published lists in data/."""
    data = ROOT / "data"
    with (data / "establishments.csv").open(encoding="utf-8-sig", newline="") as file:
        schools = [
            KnownSchool(int(row["URN"]), row["EstablishmentName"], f"{row['Locality']} {row['Town']}", False)
            for row in csv.DictReader(file)
        ]
    with (data / "establishment_links.csv").open(encoding="utf-8-sig", newline="") as file:
        links = [row for row in csv.DictReader(file) if row["LinkType"] == "Successor"]
    words = json.loads((data / "import_words.json").read_text(encoding="utf-8"))
    return Reference(vocabulary(words), schools, {int(row["URN"]): int(row["LinkURN"]) for row in links})


def _refuse(code: RefusalCode, message: str | None = None) -> Invalid:
    return Invalid(code, message, "file")


# -- reading files --------------------------------------------------------------------------------------------------


@contextmanager
def rows_of(file: IO[bytes], kind: ImportKind) -> Iterator[Iterator[dict[str, Any]]]:
    """The rows of a file, one after the other. Raises refusals with FILE_… codes, at the latest at the broken row."""
    if kind is ImportKind.REGISTRATION:
        yield _registration(file)
        return
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise _refuse(RefusalCode.FILE_TOO_LARGE)
            yield _oneroster(archive)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        raise _refuse(
            RefusalCode.FILE_MALFORMED, "A OneRoster delta is a ZIP file without a password; this can't be unpacked."
        ) from None


def _encoding(file: IO[bytes]) -> str:
    """UTF-8, or what older school systems write. Refusals: FILE_ENCODING_WRONG."""
    for encoding in ("utf-8-sig", "cp1252"):
        file.seek(0)
        reader = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            while text := reader.read(1 << 20):
                if "\0" in text:
                    raise _refuse(RefusalCode.FILE_ENCODING_WRONG, "The file is not text: save it as CSV in UTF-8.")
            return encoding
        except UnicodeDecodeError:
            continue
        finally:
            reader.detach()
    raise _refuse(RefusalCode.FILE_ENCODING_WRONG)


def _records(text: IO[str]) -> Iterator[list[str]]:
    """The records of a CSV file. Refusals: FILE_MALFORMED naming the line."""
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(text, strict=True)
    try:
        for record in reader:
            if any("\0" in cell for cell in record):
                raise _refuse(RefusalCode.FILE_ENCODING_WRONG, f"Line {reader.line_num} is no text.")
            yield record
    except csv.Error as error:
        raise _refuse(RefusalCode.FILE_MALFORMED, f"Line {reader.line_num} can't be read: {error}.") from None


def _registration(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        records = _records(text)
        header = next(records, None)
        if header is None:
            raise _refuse(RefusalCode.FILE_EMPTY)
        registration.check_header(header)
        names = [name.strip() for name in header]
        for record in records:
            yield dict(zip(names, record, strict=True)) if len(record) == len(names) else {"malformed": record}
    finally:
        text.detach()


def _oneroster(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    """Orgs, users, enrolments, in this order."""
    files = {Path(name).name: name for name in archive.namelist()}
    for name in oneroster.HEADERS:
        if name not in files:
            raise _refuse(RefusalCode.FILE_HEADER_WRONG, f"The ZIP file lacks {name}.")
        with archive.open(files[name]) as file:
            try:
                records = _records(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
                header = [cell.strip() for cell in next(records, [])]
                oneroster.check_header(name, header)
                for record in records:
                    if len(record) == len(header):
                        yield {"file": name, **dict(zip(header, record, strict=True))}
                    else:
                        yield {"file": name, "malformed": record}
            except UnicodeDecodeError:
                raise _refuse(RefusalCode.FILE_ENCODING_WRONG, f"{name} is not UTF-8.") from None


def _hash(file: IO[bytes]) -> str:
    digest = sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _day(text: str | None) -> date | None:
    """The day of a file, where one is said. Refusals: INPUT_INVALID."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(RefusalCode.INPUT_INVALID, f"{text!r} is no day of the form 2026-03-14.", "exportedOn") from None


# -- by HTTP --------------------------------------------------------------------------------------------------------


class UploadEndpoint:
    """`POST /{trust}/imports?kind=REGISTRATION&exportedOn=2026-03-14&name=pupils.csv`, the file as the body.

    Answers 202 with the id of the import, whose progress and report the API shows, or an error with a stable code.
    """

    def __init__(self, transactions: Transactions, authentication: Authentication, largest: int) -> None:
        self._transactions, self._authentication, self._largest = transactions, authentication, largest

    async def __call__(self, request: Request, trust_id: UUID) -> Response:
        viewer = await viewer_of(request, trust_id, self._authentication)
        if isinstance(viewer, Response):
            return viewer
        try:
            UPLOADER.check(viewer)
        except Refusal as refusal:
            return refused(403, refusal.code.value, refusal.message)
        try:
            return await self._take(request, viewer)
        except Refusal as refusal:
            status = 413 if refusal.code is RefusalCode.FILE_TOO_LARGE else 422
            return refused(status, refusal.code.value, refusal.message)

    async def _take(self, request: Request, viewer: Viewer) -> Response:
        asked = request.query_params
        try:
            kind = ImportKind.named(asked.get("kind", ImportKind.REGISTRATION.value))
        except ValueError:
            raise Invalid(
                RefusalCode.INPUT_INVALID, f"kind is one of {', '.join(ImportKind.values())}.", "kind"
            ) from None
        day, name = _day(asked.get("exportedOn")), asked.get("name", "upload")
        if not _FILE_NAME.fullmatch(name):
            raise Invalid(RefusalCode.INPUT_INVALID, "name is a plain file name.", "name")
        with tempfile.TemporaryFile() as file:
            size = 0
            async for chunk in request.stream():
                size += len(chunk)
                if size > self._largest:
                    raise _refuse(RefusalCode.FILE_TOO_LARGE)
                file.write(chunk)
            file.seek(0)
            digest = await asyncio.to_thread(_hash, file)
            with rows_of(file, kind) as rows:
                job = await stage(self._transactions, viewer, kind, name, day, rows, digest)
        return JSONResponse({"import": f"imp_{job}"}, status_code=202, headers={"Cache-Control": "no-store"})


# -- by the command line --------------------------------------------------------------------------------------------


def _opened(path: Path, largest: int) -> IO[bytes]:
    """Refusals: FILE_TOO_LARGE, INPUT_INVALID for a file that can't be read."""
    try:
        if path.stat().st_size > largest:
            raise _refuse(RefusalCode.FILE_TOO_LARGE, f"{path} is larger than {largest // 1_000_000} MB: split it.")
        return path.open("rb")
    except OSError as error:
        raise _refuse(RefusalCode.INPUT_INVALID, f"{path} can't be read: {error.strerror}.") from None


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

            digest = _hash(file)
            with rows_of(file, kind) as rows:
                job = await stage(transactions, viewer, kind, path.name, _day(exported_on), rows, digest, claim=True)
            await resume_import(transactions, viewer.trust_id, job, reference(), advance)
            outcomes, findings = await report(transactions, viewer.trust_id, job)
            if apply:
                await transactions.run(
                    viewer.trust_id, lambda transaction: apply_import_here(transaction, viewer, ImportById(job))
                )
                await resume_import(transactions, viewer.trust_id, job, reference(), advance)
    finally:
        await pool.close()
    console.print(_table("outcome", outcomes, {each.value: each.description for each in RowOutcome}))
    console.print(_table("finding", findings, {each.value: each.description for each in Finding}))
    console.print(f"import imp_{job}: {'applied' if apply else 'checked; nothing is changed'}", highlight=False)


def _table(title: str, counts: Mapping[str, int], described: Mapping[str, str]) -> Table:
    table = Table(title, "rows", "")
    for name, count in counts.items():
        table.add_row(name, str(count), described[name])
    return table


async def _officer(pool: Pool, slug: str, mailbox: str) -> Viewer:
    trust_id = (await trusts_by_slug(pool)).get(slug)
    if trust_id is None:
        raise Invalid(RefusalCode.INPUT_INVALID, f"There is no trust {slug!r}: name it as in its address.")
    role = Role.MEMBERSHIP_OFFICER
    person = await Transactions(pool).run(
        trust_id, lambda transaction: officer_with_mailbox(transaction, mailbox, role)
    )
    if person is None:
        raise NotPermitted(RefusalCode.NOT_PERMITTED, f"{mailbox} is no membership officer's mailbox in {slug}.")
    return Viewer(trust_id, AccessProfile(ViewerKind.PERSON, roles=frozenset({role})), person)
