"""`POST /{trust}/imports`: files of people, from the body of an authenticated request."""

import asyncio
import logging
import re
import tempfile
from functools import partial
from os import SEEK_END
from typing import IO
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions.intake.staging import UPLOADER, stage
from domain.identity.viewer import Viewer
from domain.intake.importing import ImportKind
from domain.refusals import Invalid, Refusal, RefusalCode

from ..people_files import day_of, hash_of, refuse, rows_of
from .documents import check_asked, refused, viewer_of
from .limits import Turns
from .services import Services

# Each holds a connection and a thread while its file is stored: two leave to everybody else most of a pool of eight.
UPLOADS_AT_ONCE = 2
MOST_WAITING = 4
RETRY_AFTER = 15  # seconds; about as long as a file of some megabytes takes
log = logging.getLogger("folkmoot.uploads")

_ASKED = ("kind", "exportedOn", "name")
_FILE_NAME = re.compile(r"[\w .()-]{1,200}")


class UploadEndpoint:
    """`POST /{trust}/imports?kind=REGISTRATION&exportedOn=2026-03-14&name=pupils.csv`, the file as the body.

    Answers 202 with the id of the import, whose progress and report the API shows, or an error with a stable code: 429
    (TOO_MANY_AT_ONCE) with Retry-After where too many are being taken in already.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turns = Turns(UPLOADS_AT_ONCE, MOST_WAITING, RETRY_AFTER)

    async def __call__(self, request: Request, trust_id: UUID) -> Response:
        viewer = await viewer_of(self._services, request, trust_id)
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
        check_asked(request, _ASKED)  # a day misspelt would make an old file one of today
        try:
            kind = ImportKind.named(asked.get("kind", ImportKind.REGISTRATION.value))
        except ValueError:
            raise Invalid(
                RefusalCode.INPUT_INVALID, f"kind is one of {', '.join(ImportKind.values())}.", "kind"
            ) from None
        day, name = day_of(asked.get("exportedOn")), asked.get("name", "upload")
        if not _FILE_NAME.fullmatch(name):
            raise Invalid(RefusalCode.INPUT_INVALID, "name is a plain file name.", "name")
        self._turns.check()
        with tempfile.TemporaryFile() as file:
            try:
                await self._receive(request, file)
                async with self._turns.turn():
                    digest = await asyncio.to_thread(hash_of, file)
                    rows = partial(rows_of, file, kind)
                    job = await stage(self._services.transactions, viewer, kind, name, day, rows, digest)
            except Refusal as refusal:
                await _note(viewer, refusal, file)
                raise
        return JSONResponse({"import": f"imp_{job}"}, status_code=202, headers={"Cache-Control": "no-store"})

    async def _receive(self, request: Request, file: IO[bytes]) -> None:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > self._services.settings.largest_upload:
                raise refuse(RefusalCode.FILE_TOO_LARGE)
            file.write(chunk)
        file.seek(0)


async def _note(viewer: Viewer, refusal: Refusal, file: IO[bytes]) -> None:
    """What is kept of a file that is refused: who sent it, why not, and by what the file is known again."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    log.warning(
        {
            "refused": refusal.code.value,
            "trust": str(viewer.trust_id),
            "person": str(viewer.person_id),
            "bytes": size,
            "sha256": await asyncio.to_thread(hash_of, file),
        }
    )
