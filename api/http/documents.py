"""Documents for people: extracts of the register, letters to print, the copy of one's own data."""

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from fpdf import FPDF
from fpdf.fonts import FontFace
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from actions.notifications.letters import Batch, letters_again, next_letters
from actions.privacy.requests import copy_of_data
from actions.register.inspections import extract
from db.transactions import Transaction
from domain.forms import Moment
from domain.identity.viewer import Viewer
from domain.refusals import Invalid, NotFound, Refusal, RefusalCode
from domain.text import neutralised
from planner import decode_id

from ..pages import page
from ..settings import ROOT
from .authentication import NotAuthenticated
from .limits import Turns
from .services import Services

FONT = ROOT / "data" / "fonts" / "DejaVuSans.ttf"
COLUMNS = {
    "number": "Number",
    "name": "Name",
    "service_address": "Service address",
    "class": "Class",
    "registered_on": "Registered",
    "ceased_on": "Ceased",
    "is_company_member": "Company member",
    "guarantee_pence": "Guarantee (pence)",
    "share_pence": "Share (pence)",
}
WIDTHS = (14, 48, 74, 40, 24, 24, 18, 20, 15)  # of the columns in the PDF, in millimetres of a page of 297
_EVERYBODY = "everybody"
# Each holds a thread, and writing a PDF takes much of a processor: two leave most of it to everybody else.
DOCUMENTS_AT_ONCE = 2
MOST_WAITING = 6
RETRY_AFTER = 15  # seconds; about as long as the PDF of a long register takes
MOST_LINES_OF_PDF = 2_000  # of a register; some twenty seconds
_WRITERS = ThreadPoolExecutor(DOCUMENTS_AT_ONCE, "documents")  # beside the threads that others wait for
_STATUS = {
    RefusalCode.NOT_FOUND: 404,
    RefusalCode.NOT_SIGNED_IN: 401,
    RefusalCode.NOT_PERMITTED: 403,
    RefusalCode.PERSON_NEEDED: 403,
}

Render = Callable[[], Response]  # takes its time, so it is called when the transaction is over, in a thread
Make = Callable[[Request, Transaction, Viewer], Awaitable[Render]]


class Documents:
    """Answers requests for documents, in the name of whoever's token they carry; 429 (TOO_MANY_AT_ONCE) with Retry-After
    where too many are being made already."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._turns = Turns(DOCUMENTS_AT_ONCE, MOST_WAITING, RETRY_AFTER)
        of_register, of_letters = ("members", "asAt"), ("batch",)
        self._made: dict[str, tuple[Make, Sequence[str]]] = {  # and what can be asked of it
            "register.csv": (_register_csv, of_register),
            "register.pdf": (_register_pdf, of_register),
            "letters.pdf": (_letters, of_letters),
        }

    async def __call__(self, request: Request, trust_id: UUID) -> Response:
        viewer = await viewer_of(self._services, request, trust_id)
        if isinstance(viewer, Response):
            return viewer
        make, asked = self._made.get(request.url.path.rpartition("/")[2], (_copy, ()))
        try:
            check_asked(request, asked)
            async with self._turns.turn():
                with self._services.execution_limit():
                    render = await self._services.transactions.run(
                        trust_id, lambda transaction: make(request, transaction, viewer)
                    )
                return await asyncio.get_running_loop().run_in_executor(_WRITERS, render)
        except Refusal as refusal:
            return refused(_STATUS.get(refusal.code, 422), refusal.code.value, refusal.message)


async def viewer_of(services: Services, request: Request, trust_id: UUID) -> Viewer | Response:
    """Whose token the request carries, or the answer to one without a good one. Raises BUSY or UNAVAILABLE."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return refused(401, "NOT_SIGNED_IN", "Send the token of a session.")
    try:
        address = request.client.host if request.client else "unknown"
        return (await services.authentication.caller(trust_id, token, address)).viewer
    except NotAuthenticated:
        return refused(401, "TOKEN_INVALID", "The token is not, or no longer, good.")


def check_asked(request: Request, known: Sequence[str]) -> None:
    """Whether the query of the request has nothing but these: what is misspelt would count as left out, and another
    answer look like the one that was asked for. Refusals: INPUT_INVALID."""
    for unknown in sorted(set(request.query_params) - set(known)):
        what = f"what can be said is {', '.join(known)}" if known else "nothing is"
        raise Invalid(RefusalCode.INPUT_INVALID, f"{unknown!r} is not asked; {what}.", "query")


def refused(status: int, code: str, message: str) -> Response:
    """An error in the form all of ours have."""
    body = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return JSONResponse(body, status_code=status, headers={"Cache-Control": "no-store"})


def _document(content: bytes | str, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)


# -- the register ---------------------------------------------------------------------------------------------------


def _moment(request: Request, name: str) -> datetime | None:
    """The moment of a parameter; None where it is left out. Refusals: INPUT_INVALID."""
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        moment: datetime = Moment().check(datetime.fromisoformat(text.replace(" ", "+")))
        return moment
    except (ValueError, Invalid):
        raise Invalid(RefusalCode.INPUT_INVALID, f"{name} is a moment such as 2026-03-14T12:00:00Z.", name) from None


def _cells(entry: Mapping[str, Any]) -> list[str]:
    return [_shown(entry[name]) for name in COLUMNS]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _everybody(request: Request) -> bool:
    """Whether the extract has also those who are members of a forum and not of the company. Refusals: INPUT_INVALID."""
    members = request.query_params.get("members")
    if members not in (None, "", _EVERYBODY):
        message = f"members is {_EVERYBODY}, or left out for the members of the company."
        raise Invalid(RefusalCode.INPUT_INVALID, message, "members")
    return members == _EVERYBODY


async def _register_csv(request: Request, transaction: Transaction, viewer: Viewer) -> Render:
    entries = await extract(
        transaction, viewer, _moment(request, "asAt") or await transaction.now(), "csv", _everybody(request)
    )

    def render() -> Response:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS.values())
        for entry in entries:
            writer.writerow([neutralised(cell) for cell in _cells(entry)])
        return _document(text.getvalue().encode("utf-8-sig"), "text/csv", "register.csv")

    return render


async def _register_pdf(request: Request, transaction: Transaction, viewer: Viewer) -> Render:
    moment = _moment(request, "asAt") or await transaction.now()
    entries = await extract(transaction, viewer, moment, "pdf", _everybody(request))
    if len(entries) > MOST_LINES_OF_PDF:
        raise Invalid(RefusalCode.EXTRACT_TOO_LONG)
    title = f"Register of members as at {moment:%d %B %Y, %H:%M} UTC"
    return lambda: _document(_register_document(title, entries), "application/pdf", "register.pdf")


def _new_document(orientation: Any) -> FPDF:
    document = FPDF(orientation=orientation, format="A4")
    document.add_font("DejaVu", fname=FONT)  # letters of every script our members write their names in
    document.set_font("DejaVu", size=9)
    document.set_auto_page_break(True, margin=15)
    return document


def _register_document(title: str, entries: Sequence[Mapping[str, Any]]) -> bytes:
    document = _new_document("landscape")
    document.set_title(title)
    document.add_page()
    document.set_font_size(14)
    document.cell(text=title, new_x="LMARGIN", new_y="NEXT")
    document.set_font_size(7)
    with document.table(col_widths=WIDTHS, headings_style=FontFace(fill_color=(230, 230, 230))) as table:
        for cells in (list(COLUMNS.values()), *(_cells(entry) for entry in entries)):
            row = table.row()
            for cell in cells:
                row.cell(cell)
    return bytes(document.output())


# -- letters --------------------------------------------------------------------------------------------------------


async def _letters(request: Request, transaction: Transaction, viewer: Viewer) -> Render:
    """POST makes the next batch; GET fetches one again, since a connection that was cut must lose no letter."""
    if request.method == "POST":
        batch = await next_letters(transaction, viewer)
    else:
        batch = await letters_again(transaction, viewer, _moment(request, "batch"))
    if batch is None:
        return lambda: Response(status_code=204)
    return lambda: _document(_letters_document(batch), "application/pdf", "letters.pdf")


def _letters_document(batch: Batch) -> bytes:
    document = _new_document("portrait")
    document.set_title(f"Letters, batch {batch.dispatched_at.isoformat()}")
    for letter in batch.letters:
        document.add_page()
        document.set_font_size(11)
        document.set_xy(20, 45)  # where the window of a C5 or DL envelope is
        document.multi_cell(90, 6, "\n".join([letter.name, *letter.address.split(", ")]), align="L")
        document.set_xy(20, 100)
        document.set_font_size(13)
        document.multi_cell(170, 7, letter.subject, align="L", new_x="LMARGIN", new_y="NEXT")
        document.set_font_size(11)
        for paragraph in letter.body.split("\n\n"):
            document.set_x(20)
            document.multi_cell(170, 6, " ".join(paragraph.split()) + "\n", align="L", new_x="LMARGIN", new_y="NEXT")
        document.set_x(20)
        document.multi_cell(170, 6, "\n" + batch.trust, align="L")
    return bytes(document.output())


# -- the copy of one's own data -------------------------------------------------------------------------------------


async def _copy(request: Request, transaction: Transaction, viewer: Viewer) -> Render:
    identifier, _, form = request.path_params.get("request", "").rpartition(".")
    key = decode_id("dat", identifier)
    if key is None or form not in ("json", "html"):
        raise NotFound()
    everything = await copy_of_data(transaction, viewer, key)

    def render() -> Response:
        if form == "json":
            content = orjson.dumps(everything["sections"], option=orjson.OPT_INDENT_2)
            return _document(content, "application/json", "everything-about-me.json")
        text = page("copy-of-data.html", everything)
        return _document(text, "text/html", "everything-about-me.html")

    return render
