"""What a request must be before anything reads it: small, JSON, an object, not too deep, valid text."""

from typing import Any

import orjson

from .time_limits import TimeLimit

JSON_TYPE = b"application/json"


class BadRequest(Exception):
    """The request is answered with this status and code; `retry_after`, in seconds, is told in a header too."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        headers: tuple[tuple[bytes, bytes], ...] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after
        again = () if retry_after is None else ((b"retry-after", str(retry_after).encode()),)
        self.headers = (*headers, *again)


class ClientGone(Exception):
    """The client went away before its request was complete."""


def check_headers(headers: dict[bytes, bytes], largest: int) -> None:
    """Raises BadRequest. Asking for application/json is also what keeps other sites' forms out (CSRF)."""
    if headers.get(b"content-type", b"").split(b";")[0].strip().lower() != JSON_TYPE:
        raise BadRequest(415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json.")
    if headers.get(b"content-encoding", b"identity") != b"identity":
        raise BadRequest(415, "UNSUPPORTED_MEDIA_TYPE", "Send the body without content encoding.")
    length = headers.get(b"content-length", b"0")
    if not length.isdigit():
        raise BadRequest(400, "BAD_REQUEST", "Content-Length is no number.")
    if int(length) > largest:
        raise too_large(largest)


def too_large(largest: int) -> BadRequest:
    return BadRequest(413, "BODY_TOO_LARGE", f"The body is larger than {largest} bytes.", ((b"connection", b"close"),))


async def read_body(receive: Any, largest: int, limit: TimeLimit) -> bytes:
    """The whole body. Raises BadRequest as soon as it grows too large, or when it takes too long, ClientGone when the
    client goes away."""
    try:
        with limit():
            return await _read_body(receive, largest)
    except TimeoutError:
        raise BadRequest(408, "TOO_SLOW", "The body did not arrive in time; try again.", retry_after=1) from None


async def _read_body(receive: Any, largest: int) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        body += message.get("body", b"")
        if len(body) > largest:
            raise too_large(largest)
        if not message.get("more_body"):
            return body


def json_object(body: bytes, deepest: int) -> dict[str, Any]:
    """The JSON object in `body`. Raises BadRequest."""
    if body.count(b"[") + body.count(b"{") > deepest and _depth(body) > deepest:
        raise BadRequest(400, "BAD_REQUEST", f"The JSON is nested deeper than {deepest}.")
    if b"\\u0000" in body:
        raise BadRequest(400, "BAD_REQUEST", "Text must not hold NUL.")
    try:
        decoded = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest(400, "BAD_REQUEST", "The body is no valid JSON in UTF-8.") from None
    if not isinstance(decoded, dict):
        raise BadRequest(400, "BAD_REQUEST", "Send one operation as a JSON object.")
    return decoded


def _depth(body: bytes) -> int:
    """How deep arrays and objects nest, brackets inside strings left out."""
    depth = deepest = 0
    inside = False
    position, end = 0, len(body)
    while position < end:
        byte = body[position]
        if inside:
            if byte == 0x5C:  # backslash: the next byte says nothing
                position += 1
            elif byte == 0x22:
                inside = False
        elif byte == 0x22:
            inside = True
        elif byte in (0x5B, 0x7B):
            depth += 1
            deepest = max(deepest, depth)
        elif byte in (0x5D, 0x7D):
            depth -= 1
        position += 1
    return deepest
