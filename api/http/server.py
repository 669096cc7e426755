"""How uvicorn serves the application: an answer leaves in one piece, and only requests that came by a proxy pay for it."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..settings import Settings
from .app import Application

MOST_PIPELINED = 1_000  # requests of one connection that wait for their turn


def options_of(settings: Settings) -> dict[str, Any]:
    """What uvicorn is told."""
    return {
        "host": settings.host,
        "port": settings.port,
        "http": _Protocol,
        "interface": "asgi3",
        "proxy_headers": False,  # BehindProxy reads them
        "access_log": False,
        "log_config": None,
        "ws": "none",
        "timeout_graceful_shutdown": settings.graceful_shutdown,
    }


class BehindProxy:
    """The application, told whom a trusted proxy speaks for where it says so."""

    def __init__(self, application: Application, settings: Settings) -> None:
        self._direct = application
        self._proxied = ProxyHeadersMiddleware(application, settings.trusted_proxies)

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        proxied = any(name.startswith(b"x-forwarded-") for name, _ in scope.get("headers", ()))
        return (self._proxied if proxied else self._direct)(scope, receive, send)


class _GatheringTransport:
    """A transport that keeps what is written until more is, or until the event loop turns: the head of an answer goes with
    its body, in one system call and one packet."""

    __slots__ = ("_kept", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._kept = b""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if self._kept:
            kept, self._kept = self._kept, b""
            self._transport.write(kept + data)
        elif data:
            self._kept = data
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._kept:
            kept, self._kept = self._kept, b""
            self._transport.write(kept)


class _Protocol(HttpToolsProtocol):
    """uvicorn's own, on such a transport; who asks on and on without waiting for answers is cut off, for what waits is kept
    in memory."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_GatheringTransport(transport, self.loop))  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if len(self.pipeline) > MOST_PIPELINED:
            self.transport.abort()
