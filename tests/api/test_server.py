"""What clients meet on the wire, slow ones, impatient ones and those behind a proxy."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import uvicorn

from api.http.server import MOST_PIPELINED, BehindProxy, options_of
from api.settings import Settings

LARGE = b"0123456789abcdef" * 500_000  # more than any buffer on the way

Answering = Callable[[Any, Any, Any], Awaitable[None]]


@asynccontextmanager
async def serving(answer: Answering, settings: Settings | None = None) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    """A server as we run it, of something that answers; and its port."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
        else:
            await answer(scope, receive, send)

    settings = replace(settings or Settings(), port=0)
    options: Any = options_of(settings)
    server = uvicorn.Server(uvicorn.Config(BehindProxy(application, settings), **options))  # type: ignore[arg-type]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    try:
        yield server, server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = (await receive())["body"]
    found = f"{scope['client'][0]} {scope['path']} ".encode() + body
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(found))]})
    await send({"type": "http.response.body", "body": found})


def request(path: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: here", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answer_on(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    return await reader.readexactly(int(length.split(b":")[1]))


def test_head_and_body_leave_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces: list[bytes] = []

    async def story() -> None:
        async with serving(echo) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            ours, written = writer.transport, type(writer.transport).write

            def write(transport: Any, data: bytes) -> None:
                if transport is not ours:
                    pieces.append(bytes(data))
                written(transport, data)

            monkeypatch.setattr(type(ours), "write", write)
            for number in range(3):
                writer.write(request(f"/{number}"))
                assert await answer_on(reader) == f"127.0.0.1 /{number} ".encode()
            writer.close()

    asyncio.run(story())
    assert [piece.count(b"HTTP/1.1 200") for piece in pieces] == [1, 1, 1]
    assert [piece[-3:-1] for piece in pieces] == [b"/0", b"/1", b"/2"]


def test_requests_sent_before_answers_are_read_are_answered_in_order() -> None:
    async def story() -> None:
        async with serving(echo) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"".join(request(f"/{number}", b"x" * number) for number in range(50)))
            for number in range(50):
                assert await answer_on(reader) == f"127.0.0.1 /{number} ".encode() + b"x" * number
            writer.close()

    asyncio.run(story())


async def until_it_ends(reader: asyncio.StreamReader) -> bytes:
    found = b""
    with contextlib.suppress(ConnectionError):
        while part := await reader.read(100_000):
            found += part
    return found


def test_who_asks_on_and_on_without_reading_is_cut_off_and_others_are_answered() -> None:
    async def story() -> None:
        async with serving(echo) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/x") * (MOST_PIPELINED * 10))
            assert (await until_it_ends(reader)).count(b"HTTP/1.1 200") < MOST_PIPELINED * 10
            writer.close()

            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/x") * (MOST_PIPELINED // 2))
            for _ in range(MOST_PIPELINED // 2):
                assert await answer_on(reader)
            writer.close()

    asyncio.run(story())


def test_who_reads_slowly_gets_everything_and_others_do_not_wait() -> None:
    async def large(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] != "/large":
            await echo(scope, receive, send)
            return
        headers = [(b"content-length", b"%d" % len(LARGE))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": LARGE})

    async def story() -> None:
        async with serving(large) as (_, port):
            slow, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/large"))
            await asyncio.sleep(0.05)
            other, to_other = await asyncio.open_connection("127.0.0.1", port)
            to_other.write(request("/small"))
            assert await answer_on(other) == b"127.0.0.1 /small "
            await slow.readuntil(b"\r\n\r\n")
            read = bytearray()
            while len(read) < len(LARGE):
                read += await slow.read(1_000_000)
                await asyncio.sleep(0.002)
            assert bytes(read) == LARGE
            to_other.close()
            writer.close()

    asyncio.run(story())


def test_a_piece_of_a_stream_does_not_wait_for_the_next() -> None:
    arrived = asyncio.Event()

    async def stream(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        await arrived.wait()
        await send({"type": "http.response.body", "body": b"second"})

    async def story() -> None:
        async with serving(stream) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/"))
            assert (await reader.readuntil(b"first\r\n")).endswith(b"\r\n\r\n5\r\nfirst\r\n")
            arrived.set()
            assert await reader.readuntil(b"0\r\n\r\n") == b"6\r\nsecond\r\n0\r\n\r\n"
            writer.close()

    asyncio.run(story())


@pytest.mark.parametrize("wish", ["Connection: close", None])
def test_connections_are_kept_unless_the_client_wants_none(wish: str | None) -> None:
    async def story() -> None:
        async with serving(echo) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/1", b"", *([wish] if wish else [])))
            assert await answer_on(reader) == b"127.0.0.1 /1 "
            if wish:
                assert await reader.read() == b""
            else:
                writer.write(request("/2"))
                assert await answer_on(reader) == b"127.0.0.1 /2 "
            writer.close()

    asyncio.run(story())


def test_what_is_under_way_is_answered_before_the_server_stops() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(scope: Any, receive: Any, send: Any) -> None:
        begun.set()
        await go_on.wait()
        await echo(scope, receive, send)

    async def story() -> None:
        async with serving(slowly) as (server, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            idle, to_idle = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/last"))
            await begun.wait()
            server.should_exit = True
            assert await idle.read() == b""
            go_on.set()
            assert await answer_on(reader) == b"127.0.0.1 /last "
            assert await reader.read() == b""
            to_idle.close()
            writer.close()

    asyncio.run(story())


@pytest.mark.parametrize(("trusted", "expected"), [("127.0.0.1", b"203.0.113.9"), ("10.0.0.1", b"127.0.0.1")])
def test_a_trusted_proxy_alone_says_whom_it_speaks_for(trusted: str, expected: bytes) -> None:
    async def story() -> None:
        async with serving(echo, Settings(trusted_proxies=trusted)) as (_, port):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request("/", b"", "X-Forwarded-For: 203.0.113.9"))
            assert await answer_on(reader) == expected + b" / "
            writer.close()

    asyncio.run(story())
