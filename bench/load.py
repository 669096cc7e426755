"""A load generator: N connections, each sending its next prepared request as soon as the last is answered.

Written here because it must cost next to nothing beside the servers it measures on the same two cores, and send a
different body each time; it reads just enough of HTTP/1.1 to know where an answer ends.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

Asked: TypeAlias = tuple[bytes, bytes]  # a request, and what a right answer to it holds


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one run: requests answered, seconds, and milliseconds at the 50th, 99th and 99.9th percentile."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    p999_ms: float


class BenchError(Exception):
    """A contender gave a wrong answer; the message shows it."""


def post(path: str, body: bytes, headers: Sequence[tuple[str, str]] = ()) -> bytes:
    """A whole POST request."""
    lines = [f"POST {path} HTTP/1.1", "Host: bench", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[Asked], stop_at: float, latencies: list[float]) -> None:
        self._requests, self._stop_at, self._latencies = requests, stop_at, latencies
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name
        self._send()

    def _send(self) -> None:
        if time.perf_counter() >= self._stop_at or (asked := next(self._requests, None)) is None:
            self._transport.close()
            return
        request, self._expected = asked
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        if b"transfer-encoding: chunked" in head:
            if not self._buffer.endswith(b"0\r\n\r\n"):
                return
        else:
            start = head.index(b"content-length:") + 15
            length = int(head[start : (head + b"\r\n").index(b"\r\n", start)])
            if len(self._buffer) < end + 4 + length:
                return
        answer, self._buffer = self._buffer, b""
        self._latencies.append(time.perf_counter() - self._sent)
        if not answer.startswith(b"HTTP/1.1 200") or self._expected not in answer:
            if not self.done.done():
                self.done.set_exception(BenchError(f"expected {self._expected!r} in: {answer[:600]!r}"))
            self._transport.close()
            return
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None) if error is None else self.done.set_exception(error)


async def drive(port: int, requests: Iterator[Asked], seconds: float, connections: int = 32) -> Measured:
    """Drives a server on this machine for `seconds`, or until the requests run out. Raises BenchError."""
    latencies: list[float] = []
    started = time.perf_counter()
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: _Connection(requests, started + seconds, latencies), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for _, protocol in opened))
    elapsed = time.perf_counter() - started
    latencies.sort()
    return Measured(
        requests=len(latencies),
        seconds=elapsed,
        p50_ms=_percentile(latencies, 0.5),
        p99_ms=_percentile(latencies, 0.99),
        p999_ms=_percentile(latencies, 0.999),
    )


def _percentile(latencies: Sequence[float], share: float) -> float:
    return round(latencies[int(len(latencies) * share)] * 1000, 2)
