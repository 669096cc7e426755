"""Answers in the form of GraphQL: status and bytes, and what a client learns of whatever went wrong."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.responses import Response

from db.connection import BUSY, UNAVAILABLE
from planner import DocumentRefused, PlanRefused

from .authentication import NotAuthenticated
from .guard import BadRequest

log = logging.getLogger("folkmoot.request")


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and further headers; `nodes` and `document` are for the log.

    The hash of a document is logged for reads only: a mutation's text may hold a choice, and there are only three.
    """

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()
    nodes: int = 0
    document: str = ""


def failure(error: Exception, request_id: str) -> Answer:
    """The answer to a request of which nothing, or nothing that is known, was done; what nobody expected is logged."""
    if isinstance(error, DocumentRefused):
        errors = [{k: v for k, v in each.formatted.items() if k != "extensions"} for each in error.errors]
        return Answer(400, _body(errors, error.code, request_id))
    if isinstance(error, PlanRefused):
        return Answer(400, _body([{"message": error.message}], error.code, request_id))
    bad = _as_bad_request(error)
    if bad is None:
        log.error({"request": request_id, "failure": "unexpected"}, exc_info=error)
        bad = BadRequest(500, "INTERNAL", "Something went wrong; quote the requestId.")
    more = {} if bad.retry_after is None else {"retryAfter": bad.retry_after}
    return Answer(bad.status, _body([{"message": bad.message}], bad.code, request_id, **more), bad.headers)


def failed(error: Exception, request_id: str) -> Response:
    """The same, of requests that do not come by GraphQL."""
    answer = failure(error, request_id)
    headers = {name.decode(): value.decode() for name, value in answer.headers}
    headers |= {"Cache-Control": "no-store", "X-Request-Id": request_id}
    return Response(answer.body, answer.status, headers, media_type="application/json")


def field_error(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """What a client learns of an error below a field: everything about its own document, nothing about ours."""
    formatted: dict[str, Any] = dict(error.formatted)
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        return formatted | {"extensions": {"code": "BAD_USER_INPUT", "requestId": request_id}}
    if isinstance(original, PlanRefused):
        extensions: dict[str, Any] = {"code": original.code, "requestId": request_id}
        return formatted | {"message": original.message, "extensions": extensions}
    bad = _as_bad_request(original)
    if bad is None:
        log.error({"request": request_id, "failure": "unexpected"}, exc_info=original)
        extensions = {"code": "INTERNAL", "requestId": request_id}
        return formatted | {"message": "Something went wrong; quote the requestId.", "extensions": extensions}
    extensions = {"code": bad.code, "requestId": request_id, "retryAfter": bad.retry_after}
    return formatted | {"message": bad.message, "extensions": extensions}


def _as_bad_request(error: Exception) -> BadRequest | None:
    """What is expected to happen, in the form all of it has."""
    if isinstance(error, BadRequest):  # the allowance that runs out on the way among them
        return error
    if isinstance(error, NotAuthenticated):
        challenge = ((b"www-authenticate", b"Bearer"),)
        return BadRequest(401, "UNAUTHENTICATED", "The token is not, or no longer, good.", challenge)
    if isinstance(error, BUSY):
        return BadRequest(503, "BUSY", "Too much at once; try again in a moment.", retry_after=1)
    if isinstance(error, UNAVAILABLE):
        return BadRequest(503, "UNAVAILABLE", "The database does not answer; try again soon.", retry_after=5)
    return None


def _body(errors: Sequence[dict[str, Any]], code: str, request_id: str, **more: object) -> bytes:
    extensions: dict[str, Any] = {"code": code, "requestId": request_id, **more}
    return orjson.dumps({"errors": [{**error, "extensions": extensions} for error in errors]})
