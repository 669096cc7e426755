"""`POST /{trust}/imports`: files of people, from the body of an authenticated request."""

import asyncio
import re
import tempfile
from functools import partial
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions.intake.staging import UPLOADER, stage
from domain.identity.viewer import Viewer
from domain.intake.importing import ImportKind
from domain.refusals import Invalid, Refusal, RefusalCode

from ..people_files import day_of, hash_of, refuse, rows_of
from .documents import refused, viewer_of
from .services import Services

_FILE_NAME = re.compile(r"[\w .()-]{1,200}")


class UploadEndpoint:
    """`POST /{trust}/imports?kind=REGISTRATION&exportedOn=2026-03-14&name=pupils.csv`, the file as the body.

    Answers 202 with the id of the import, whose progress and report the API shows, or an error with a stable code.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

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
        try:
            kind = ImportKind.named(asked.get("kind", ImportKind.REGISTRATION.value))
        except ValueError:
            raise Invalid(
                RefusalCode.INPUT_INVALID, f"kind is one of {', '.join(ImportKind.values())}.", "kind"
            ) from None
        day, name = day_of(asked.get("exportedOn")), asked.get("name", "upload")
        if not _FILE_NAME.fullmatch(name):
            raise Invalid(RefusalCode.INPUT_INVALID, "name is a plain file name.", "name")
        with tempfile.TemporaryFile() as file:
            size = 0
            async for chunk in request.stream():
                size += len(chunk)
                if size > self._services.settings.largest_upload:
                    raise refuse(RefusalCode.FILE_TOO_LARGE)
                file.write(chunk)
            file.seek(0)
            digest = await asyncio.to_thread(hash_of, file)
            rows = partial(rows_of, file, kind)
            job = await stage(self._services.transactions, viewer, kind, name, day, rows, digest)
        return JSONResponse({"import": f"imp_{job}"}, status_code=202, headers={"Cache-Control": "no-store"})
