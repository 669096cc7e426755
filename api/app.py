"""The ASGI application: which path is answered by what."""

import gc
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from db.clock import ClockShifted, check_clock
from db.connection import APP_ROLE, Pool, open_pool
from db.identity.viewers import trusts_by_slug
from db.transactions import Transactions
from db.trusts.directory import trust_names
from schema.build import introspection, sdl

from . import front_pages
from .authentication import Authentication
from .documents import Documents
from .graphql import GraphQLEndpoint
from .imports import UploadEndpoint
from .oauth import TokenEndpoint
from .settings import ROOT, Settings

LOOK_AGAIN_AFTER = 5.0  # seconds, for a trust nobody has heard of
_GRAPHQL_PATH = re.compile(r"/([a-z0-9-]{1,80})/graphql")
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:;"
    " font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_COMPRESSED = [Middleware(GZipMiddleware, compresslevel=6)]  # only for what is public and the same for everybody


class Application:
    """Everything of one server process. `url` is the database's."""

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings, self._url = settings, url
        self.pool: Pool = None
        self._trusts: dict[str, UUID] = {}
        self._look_again_at = 0.0
        self._graphql: GraphQLEndpoint | None = None
        self._tokens: TokenEndpoint | None = None
        self._uploads: UploadEndpoint | None = None
        self._documents: Documents | None = None
        self._pages = Starlette(
            routes=[
                Route("/", self._home),
                Route("/livez", self._alive),
                Route("/readyz", self._ready),
                Mount("/graphiql", StaticFiles(directory=ROOT / "api" / "graphiql"), middleware=_COMPRESSED),
                Mount("/docs", front_pages.TextFiles(directory=front_pages.DOCS), middleware=_COMPRESSED),
                Route("/{trust}", self._trust_page),
                Route("/{trust}/graphql", self._graphiql, methods=["GET"]),
                Route("/{trust}/schema.graphql", self._schema_text, middleware=_COMPRESSED),
                Route("/{trust}/schema.json", self._schema_json, middleware=_COMPRESSED),
                Route("/{trust}/oauth/token", self._token, methods=["POST"]),
                Route("/{trust}/imports", self._upload, methods=["POST"]),
                Route("/{trust}/data-requests/{request}", self._document, methods=["GET"]),
                Route("/{trust}/register.{form}", self._document, methods=["GET"]),
                Route("/{trust}/letters.pdf", self._document, methods=["POST"]),
            ],
            lifespan=lambda _: self.lifespan(),
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # the busiest path is told apart before Starlette's routing
        if scope["type"] == "http" and scope["method"] != "GET" and self._graphql is not None:
            match = _GRAPHQL_PATH.fullmatch(scope["path"])
            if match:
                trust_id = await self._trust(match.group(1))
                if trust_id is None:
                    await _no_trust()(scope, receive, send)
                else:
                    await self._graphql(scope, receive, send, trust_id)
                return
        if scope["type"] == "websocket":  # subscriptions are not served yet, by any protocol
            await send({"type": "websocket.close", "code": 1000})
            return
        await self._pages(scope, receive, send)

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Opens what requests need, and closes it again."""
        settings = self._settings
        self.pool = await open_pool(self._url, APP_ROLE, settings.pool_size)
        try:
            await check_clock(self.pool, shift_allowed=settings.shifted_clock_allowed)
        except ClockShifted:
            await self.pool.close()
            raise
        transactions = Transactions(self.pool)
        authentication = Authentication(self.pool, transactions, settings.network_key, settings.session_cache_seconds)
        self._graphql = GraphQLEndpoint(self.pool, transactions, authentication, settings)
        self._tokens = TokenEndpoint(transactions)
        self._documents = Documents(transactions, authentication)
        self._uploads = UploadEndpoint(transactions, authentication, settings.largest_upload)
        self._trusts = await trusts_by_slug(self.pool)
        gc.collect()
        gc.freeze()  # what is made once is never looked at again by the collector
        try:
            yield
        finally:
            self._graphql.log.flush()
            self._graphql = None
            await self.pool.close()

    async def _trust(self, slug: str) -> UUID | None:
        if slug not in self._trusts and time.monotonic() >= self._look_again_at:  # perhaps loaded while we run
            self._look_again_at = time.monotonic() + LOOK_AGAIN_AFTER
            self._trusts = await trusts_by_slug(self.pool)
        return self._trusts.get(slug)

    async def _home(self, request: Request) -> Response:
        return front_pages.home(request, await trust_names(self.pool))

    async def _trust_page(self, request: Request) -> Response:
        slug = request.path_params["trust"]
        name = (await trust_names(self.pool)).get(slug)
        return _no_trust() if name is None else front_pages.trust(request, slug, name)

    async def _alive(self, _: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def _ready(self, _: Request) -> Response:
        try:
            await self.pool.fetchval("select 1", timeout=2)
        except Exception:  # whatever keeps the database from answering, we are not ready
            return JSONResponse({"status": "the database does not answer"}, status_code=503)
        return JSONResponse({"status": "ready"})

    async def _graphiql(self, request: Request) -> Response:
        def page() -> Response:
            return FileResponse(
                ROOT / "api" / "graphiql" / "page.html", headers={"Content-Security-Policy": _PAGE_POLICY}
            )

        return await self._of_trust(request, page)

    async def _schema_text(self, request: Request) -> Response:
        return await self._of_trust(request, lambda: PlainTextResponse(sdl()))

    async def _schema_json(self, request: Request) -> Response:
        return await self._of_trust(request, lambda: Response(introspection(), media_type="application/json"))

    async def _token(self, request: Request) -> Response:
        trust_id = await self._trust(request.path_params["trust"])
        if trust_id is None or self._tokens is None:
            return _no_trust()
        return await self._tokens(request, trust_id)

    async def _upload(self, request: Request) -> Response:
        trust_id = await self._trust(request.path_params["trust"])
        if trust_id is None or self._uploads is None:
            return _no_trust()
        return await self._uploads(request, trust_id)

    async def _document(self, request: Request) -> Response:
        trust_id = await self._trust(request.path_params["trust"])
        if trust_id is None or self._documents is None:
            return _no_trust()
        return await self._documents(request, trust_id)

    async def _of_trust(self, request: Request, make: Callable[[], Response]) -> Response:
        return make() if await self._trust(request.path_params["trust"]) else _no_trust()


def _no_trust() -> Response:
    error = {"message": "There is no such trust.", "extensions": {"code": "TRUST_UNKNOWN"}}
    return JSONResponse({"errors": [error]}, status_code=404)
