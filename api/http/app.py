"""The ASGI application: which path is answered by what."""

import asyncio
import gc
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from db.connection import Pool
from db.trusts.directory import trust_names
from schema.build import introspection, sdl

from ..settings import ROOT, Settings
from . import front_pages
from .answers import failed
from .documents import Documents
from .graphql import GraphQLEndpoint
from .oauth import TokenEndpoint
from .services import Services, open_services
from .uploads import UploadEndpoint

MOST_YOUNG = 50_000  # objects, before the collector looks. Python's own 700 are made ten times by one group of votes
LONGEST_READY = 2.0  # seconds, waiting for a connection included
GRAPHIQL = ROOT / "api" / "http" / "graphiql"
_GRAPHQL_PATH = re.compile(r"/([a-z0-9-]{1,80})/graphql")
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:;"
    " font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_COMPRESSED = [Middleware(GZipMiddleware, compresslevel=6)]  # only for what is public and the same for everybody

Answering = Callable[[Request, UUID], Awaitable[Response]]


class Application:
    """Everything of one server process. `url` is the database's. `services` are there while it serves."""

    services: Services
    _graphql: GraphQLEndpoint

    def __init__(self, settings: Settings, url: str) -> None:
        self._settings, self._url = settings, url
        self._pages = Starlette(lifespan=lambda _: self.lifespan())

    @property
    def pool(self) -> Pool:
        return self.services.pool

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        # the busiest path is told apart before Starlette's routing
        if scope["type"] == "http" and scope["method"] != "GET":
            match = _GRAPHQL_PATH.fullmatch(scope["path"])
            if match:
                try:
                    trust_id = await self.services.trusts.find(match.group(1))
                except Exception as error:
                    await failed(error, next(self.services.request_ids))(scope, receive, send)
                    return
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
        async with open_services(self._settings, self._url) as self.services:
            self._graphql = GraphQLEndpoint(self.services)
            self._pages.router.routes = self._routes(self.services)
            gc.collect()
            # both for the whole process and for good: what is made once is never looked at again by the collector, and
            # it looks seldom (measured, a tenth of a vote went into it)
            gc.freeze()
            gc.set_threshold(MOST_YOUNG)
            yield

    def _routes(self, services: Services) -> list[BaseRoute]:
        documents = self._of_trust(Documents(services))
        return [
            Route("/", self._told(self._home)),
            Route("/livez", _alive),
            Route("/readyz", self._ready),
            Mount("/graphiql", StaticFiles(directory=GRAPHIQL), middleware=_COMPRESSED),
            Mount("/docs", front_pages.TextFiles(directory=front_pages.DOCS), middleware=_COMPRESSED),
            Route("/{trust}", self._told(self._trust_page)),
            Route("/{trust}/graphql", self._of_trust(_graphiql), methods=["GET"]),
            Route("/{trust}/schema.graphql", self._of_trust(_schema_text), middleware=_COMPRESSED),
            Route("/{trust}/schema.json", self._of_trust(_schema_json), middleware=_COMPRESSED),
            Route("/{trust}/oauth/token", self._of_trust(TokenEndpoint(services)), methods=["POST"]),
            Route("/{trust}/imports", self._of_trust(UploadEndpoint(services)), methods=["POST"]),
            Route("/{trust}/data-requests/{request}", documents, methods=["GET"]),
            Route("/{trust}/register.{form}", documents, methods=["GET"]),
            Route("/{trust}/letters.pdf", documents, methods=["GET", "POST"]),
        ]

    def _told(self, answering: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """The same, whose failures are answered in the form all of ours have."""

        async def answer(request: Request) -> Response:
            try:
                return await answering(request)
            except ClientDisconnect:
                return Response(status_code=400)  # which nobody reads
            except Exception as error:
                return failed(error, next(self.services.request_ids))

        return answer

    def _of_trust(self, answering: Answering) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            trust_id = await self.services.trusts.find(request.path_params["trust"])
            return _no_trust() if trust_id is None else await answering(request, trust_id)

        return self._told(answer)

    async def _home(self, request: Request) -> Response:
        return front_pages.home(request, await self._names())

    async def _trust_page(self, request: Request) -> Response:
        slug = request.path_params["trust"]
        name = (await self._names()).get(slug)
        return _no_trust() if name is None else front_pages.trust(request, slug, name)

    async def _names(self) -> dict[str, str]:
        with self.services.execution_limit():
            return await trust_names(self.pool)

    async def _ready(self, _: Request) -> Response:
        try:
            async with asyncio.timeout(LONGEST_READY):
                await self.pool.fetchval("select 1")
        except Exception:  # whatever keeps the database from answering, we are not ready
            return JSONResponse({"status": "the database does not answer"}, 503, {"Retry-After": "1"})
        return JSONResponse({"status": "ready"})


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "alive"})


async def _graphiql(_: Request, __: UUID) -> Response:
    return FileResponse(GRAPHIQL / "page.html", headers={"Content-Security-Policy": _PAGE_POLICY})


async def _schema_text(_: Request, __: UUID) -> Response:
    return PlainTextResponse(sdl())


async def _schema_json(_: Request, __: UUID) -> Response:
    return Response(introspection(), media_type="application/json")


def _no_trust() -> Response:
    error = {"message": "There is no such trust.", "extensions": {"code": "TRUST_UNKNOWN"}}
    return JSONResponse({"errors": [error]}, status_code=404)
