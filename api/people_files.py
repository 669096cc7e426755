"""Files of people, read row by row, whoever brings them, and what they are read with."""

import csv
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from actions.intake.checking import Reference
from domain.intake import oneroster, registration
from domain.intake.importing import ImportKind
from domain.intake.registration import vocabulary
from domain.intake.schoolbook import KnownSchool
from domain.refusals import Invalid, RefusalCode

from .settings import ROOT

LARGEST_UNPACKED = 500_000_000  # bytes
# what a damaged archive makes Python raise, by the way it is packed; OSError: bzip2, and entries that are said to lie elsewhere
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError),
    *(UnicodeDecodeError, RuntimeError, NotImplementedError),
)
MOST_BIRTHS = 300_000  # they are held in memory
LARGEST_CELL = 20_000  # characters; a quote that is never closed makes a cell of the rest of the file


def refuse(code: RefusalCode, message: str | None = None) -> Invalid:
    return Invalid(code, message, "file")


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


def rows_of(file: IO[bytes], kind: ImportKind) -> Iterator[dict[str, Any]]:
    """The rows of a file from its beginning, one after the other; nothing is read before the first is asked for.

    Raises refusals with FILE_… codes, at the latest at the broken row.
    """
    if kind is ImportKind.REGISTRATION:
        yield from _registration(file)
        return
    try:
        with zipfile.ZipFile(file) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise refuse(RefusalCode.FILE_TOO_LARGE)
            yield from _oneroster(archive)
    except DAMAGED:
        raise refuse(
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
                    raise refuse(RefusalCode.FILE_ENCODING_WRONG, "The file is not text: save it as CSV in UTF-8.")
            return encoding
        except UnicodeDecodeError:
            continue
        finally:
            reader.detach()
    raise refuse(RefusalCode.FILE_ENCODING_WRONG)


def _records(text: IO[str]) -> Iterator[list[str]]:
    """The records of a CSV file. Refusals: FILE_MALFORMED naming the line."""
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(text, strict=True)
    try:
        for record in reader:
            if any("\0" in cell for cell in record):
                raise refuse(RefusalCode.FILE_ENCODING_WRONG, f"Line {reader.line_num} is no text.")
            yield record
    except csv.Error as error:
        raise refuse(RefusalCode.FILE_MALFORMED, f"Line {reader.line_num} can't be read: {error}.") from None


def _registration(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    encoding = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        records = _records(text)
        header = next(records, None)
        if header is None:
            raise refuse(RefusalCode.FILE_EMPTY)
        registration.check_header(header)
        names = [name.strip() for name in header]
        for record in records:
            yield dict(zip(names, record, strict=True)) if len(record) == len(names) else {"malformed": record}
    finally:
        text.detach()


def _oneroster(archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    """Orgs, users, enrolments, in this order; users with what demographics tell, where there are any."""
    files = {Path(name).name: name for name in archive.namelist()}
    births = _births(archive, files[oneroster.DEMOGRAPHICS]) if oneroster.DEMOGRAPHICS in files else {}
    for name in oneroster.HEADERS:
        if name not in files:
            raise refuse(RefusalCode.FILE_HEADER_WRONG, f"The ZIP file lacks {name}.")
        for cells in _table(archive, name, files[name]):
            if name == oneroster.USERS and "malformed" not in cells:
                cells = oneroster.with_birth(cells, births)
            yield {"file": name, **cells}


def _births(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """The birth dates in demographics, by whose they are. Refusals: FILE_TOO_LARGE for more than there are in any trust."""
    births: dict[str, str] = {}
    for cells in _table(archive, oneroster.DEMOGRAPHICS, path):
        told = oneroster.birth_told(cells) if "malformed" not in cells else None
        if told is not None:
            births[told[0]] = told[1]
        if len(births) > MOST_BIRTHS:
            message = f"{oneroster.DEMOGRAPHICS} has more than {MOST_BIRTHS} people."
            raise refuse(RefusalCode.FILE_TOO_LARGE, message)
    return births


def _table(archive: zipfile.ZipFile, name: str, path: str) -> Iterator[dict[str, Any]]:
    """The rows of one of its files, by the header's names."""
    with archive.open(path) as file:
        try:
            records = _records(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
            header = [cell.strip() for cell in next(records, [])]
            oneroster.check_header(name, header)
            for record in records:
                yield dict(zip(header, record, strict=True)) if len(record) == len(header) else {"malformed": record}
        except UnicodeDecodeError:
            raise refuse(RefusalCode.FILE_ENCODING_WRONG, f"{name} is not UTF-8.") from None


def hash_of(file: IO[bytes]) -> str:
    digest = sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def day_of(text: str | None) -> date | None:
    """The day of a file, where one is said. Refusals: INPUT_INVALID."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(RefusalCode.INPUT_INVALID, f"{text!r} is no day of the form 2026-03-14.", "exportedOn") from None
