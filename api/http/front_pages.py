"""The pages a newcomer meets first: `/` lists the trusts, `/{trust}` says where everything of one is.

Both are JSON for clients that ask for it. They are the same for everybody.
"""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from ..pages import page
from ..settings import ROOT

NAME = "Folkmoot"
PURPOSE = "The membership and engagement service of co-operative learning trusts."
DOCS = ROOT / "docs"
# what somebody who writes a client reads
FOR_CLIENTS = ("glossary.md", "rules.md", "security.md", "importing.md", "papers.md", "declaration.schema.json")
_STYLE = (ROOT / "data" / "pages" / "front.css").read_text(encoding="utf-8")
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}';"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "public, max-age=60",
    "Vary": "Accept",
}


class TextFiles(StaticFiles):
    """A folder of which a browser shows every file as text, whatever its ending."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
        return response


def home(request: Request, names: Mapping[str, str]) -> Response:
    """The trusts, by name. `names` are theirs, by their part of the address."""
    trusts = [{"slug": slug, "name": name, "url": f"/{slug}"} for slug, name in names.items()]
    return _answer(request, "home.html", {"name": NAME, "purpose": PURPOSE, "trusts": trusts})


def trust(request: Request, slug: str, name: str) -> Response:
    """Where the API of one trust, its schema and its pages are."""
    links = {
        "graphql": f"/{slug}/graphql",
        "schema": f"/{slug}/schema.graphql",
        "introspection": f"/{slug}/schema.json",
        "operations": [f"/docs/operations/{path.name}" for path in sorted((DOCS / "operations").glob("*.graphql"))],
        "docs": [f"/docs/{file}" for file in FOR_CLIENTS],
    }
    return _answer(request, "trust.html", {"slug": slug, "name": name, "links": links})


def _answer(request: Request, template: str, values: Mapping[str, Any]) -> Response:
    accepted = request.headers.get("accept", "")
    if "application/json" in accepted and "text/html" not in accepted:
        return JSONResponse(values, headers=_HEADERS)
    return HTMLResponse(page(template, {**values, "style": _STYLE}), headers=_HEADERS)
