"""`POST /{trust}/graphql`: what of a request is HTTP; the rest is `ask`."""

import hashlib
import re
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ..settings import ROOT
from .answers import Answer, failure
from .ask import ask
from .guard import BadRequest, ClientGone, check_headers, json_object, read_body
from .services import Services

SPECIFIC_TYPE = b"application/graphql-response+json; charset=utf-8"
GENERAL_TYPE = b"application/json; charset=utf-8"
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


class GraphQLEndpoint:
    """Serves every trust."""

    def __init__(self, services: Services) -> None:
        self._services = services
        texts = [path.read_text() for path in sorted((ROOT / "docs" / "operations").glob("*.graphql"))]
        self._registered = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}

    async def __call__(self, scope: Any, receive: Any, send: Any, trust_id: UUID) -> None:
        started = time.perf_counter()
        headers = dict(scope["headers"])
        inbound = headers.get(b"x-request-id", b"")
        request_id = inbound.decode() if _REQUEST_ID.fullmatch(inbound) else next(self._services.request_ids)
        specific = b"application/graphql-response+json" in headers.get(b"accept", b"")
        try:
            answer = await self._answer(scope, headers, receive, trust_id, specific, request_id)
        except ClientGone:
            return
        except Exception as error:
            answer = failure(error, request_id)
        kind = SPECIFIC_TYPE if specific else GENERAL_TYPE
        await send(
            {
                "type": "http.response.start",
                "status": answer.status,
                "headers": [
                    (b"content-type", kind),
                    (b"content-length", str(len(answer.body)).encode()),
                    (b"cache-control", b"no-store"),
                    (b"x-request-id", request_id.encode()),
                    *answer.headers,
                ],
            }
        )
        await send({"type": "http.response.body", "body": answer.body})
        self._services.log.note(
            {
                "request": request_id,
                "trust": str(trust_id),
                "document": answer.document,
                "status": answer.status,
                "ms": round((time.perf_counter() - started) * 1000, 1),
                "nodes": answer.nodes,
            }
        )

    async def _answer(
        self, scope: Any, headers: dict[bytes, bytes], receive: Any, trust_id: UUID, specific: bool, request_id: str
    ) -> Answer:
        if scope["method"] != "POST":
            raise BadRequest(405, "METHOD_NOT_ALLOWED", "Use POST.", ((b"allow", b"POST"),))
        settings = self._services.settings
        check_headers(headers, settings.largest_body)
        body = json_object(
            await read_body(receive, settings.largest_body, self._services.body_limit), settings.deepest_json
        )
        text, name, variables = self._parameters(body)
        client = scope.get("client") or ("unknown", 0)
        caller = await self._services.authentication.caller(trust_id, _bearer(headers), client[0])
        answer = await ask(self._services, caller, text, name, variables, request_id)
        if answer.status == 400 and not specific:  # GraphQL over HTTP: application/json says so in the body alone
            return Answer(200, answer.body)
        return answer

    def _parameters(self, body: Mapping[str, Any]) -> tuple[str, str | None, Mapping[str, Any]]:
        """Document text, operation name and variables. Raises BadRequest."""
        text, name, variables = body.get("query"), body.get("operationName"), body.get("variables")
        if text is None and "documentId" in body:
            text = self._registered.get(body["documentId"]) if isinstance(body["documentId"], str) else None
            if text is None:
                raise BadRequest(400, "DOCUMENT_UNKNOWN", "No document is registered under this documentId.")
        if not isinstance(text, str):
            raise BadRequest(400, "BAD_REQUEST", "`query` must be a string.")
        if name is not None and not isinstance(name, str):
            raise BadRequest(400, "BAD_REQUEST", "`operationName` must be a string.")
        if variables is not None and not isinstance(variables, dict):
            raise BadRequest(400, "BAD_REQUEST", "`variables` must be an object.")
        if not isinstance(body.get("extensions") or {}, dict):
            raise BadRequest(400, "BAD_REQUEST", "`extensions` must be an object.")
        return text, name or None, variables or {}


def _bearer(headers: Mapping[bytes, bytes]) -> str | None:
    """The token sent, if any. Raises BadRequest for another way of authenticating."""
    sent = headers.get(b"authorization")
    if sent is None:
        return None
    scheme, _, token = sent.partition(b" ")
    if scheme.lower() != b"bearer" or not token.isascii() or not 10 <= len(token) <= 200:
        raise BadRequest(
            401, "UNAUTHENTICATED", "Send `Authorization: Bearer <token>`.", ((b"www-authenticate", b"Bearer"),)
        )
    return token.decode()
