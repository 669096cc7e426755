"""`POST /{trust}/graphql`: from bytes to bytes.

A query whose plan is known costs one dictionary look-up and one SQL statement whose bytes go to the socket as they are.
A mutation runs by its declaration (api/mutations.py). Everything else, introspection among it, runs through graphql-core,
planned sub-trees included.
"""

import asyncio
import hashlib
import itertools
import logging
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType, execute

from actions.polls.casting import Vote, cast_votes
from db.connection import BUSY, UNAVAILABLE, Pool
from db.micro_batcher import MicroBatcher
from db.transactions import Transactions
from domain.identity.viewer import Viewer, ViewerKind
from domain.refusals import Refusal
from planner import (
    Document,
    DocumentRefused,
    Plan,
    PlannedExecutor,
    Planner,
    PlanRefused,
    Request,
    coerce_variables,
    plain_variables,
    read_document,
)
from schema.build import REGISTRY

from .authentication import Authentication, Caller, NotAuthenticated
from .context import Context, Operation
from .guard import BadRequest, ClientGone, check_headers, json_object, read_body
from .limits import RateLimiter
from .logs import RequestLog
from .mutation_steps import steps_of
from .mutations import run_steps
from .settings import ROOT, Settings

log = logging.getLogger("folkmoot.request")
MOST_DOCUMENTS = 300
COST_OF_READING = 50  # of parsing and validating a new document, in objects
COST_OF_A_MUTATION = 10
COSTS = {"requestSignInCode": 500, "signIn": 500}  # hashing a code is slow on purpose
ANONYMOUS_SHARE = 0.1
SPECIFIC_TYPE = b"application/graphql-response+json; charset=utf-8"
GENERAL_TYPE = b"application/json; charset=utf-8"
_SAYING = {
    "BUSY": "Too much at once; try again in a moment.",
    "UNAVAILABLE": "The database does not answer; try again soon.",
}
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")


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


class GraphQLEndpoint:
    """Serves every trust."""

    def __init__(
        self, pool: Pool, transactions: Transactions, authentication: Authentication, settings: Settings
    ) -> None:
        self.pool, self.transactions, self.authentication, self.settings = pool, transactions, authentication, settings
        self.planner = Planner(REGISTRY)
        self.log = RequestLog()
        self.cast = MicroBatcher[Vote, str | Refusal](
            lambda trust_id, votes: transactions.run(trust_id, lambda transaction: cast_votes(transaction, votes))
        )
        self._process, self._request_numbers = secrets.token_hex(6), itertools.count(1)
        self._limiter = RateLimiter(settings.allowance, settings.allowance_per_second)
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._operations: dict[tuple[str, str | None], Operation] = {}
        texts = [path.read_text() for path in sorted((ROOT / "docs" / "operations").glob("*.graphql"))]
        self._registered = {hashlib.sha256(text.encode()).hexdigest(): text for text in texts}

    async def __call__(self, scope: Any, receive: Any, send: Any, trust_id: UUID) -> None:
        started = time.perf_counter()
        headers = dict(scope["headers"])
        inbound = headers.get(b"x-request-id", b"")
        if inbound and _REQUEST_ID.fullmatch(inbound):
            request_id = inbound.decode()
        else:
            request_id = f"{self._process}-{next(self._request_numbers):x}"
        specific = b"application/graphql-response+json" in headers.get(b"accept", b"")
        try:
            answer = await self._answer(scope, headers, receive, trust_id, specific, request_id)
        except BadRequest as bad:
            more = {} if bad.retry_after is None else {"retryAfter": bad.retry_after}
            body = self._errors([{"message": bad.message}], bad.code, request_id, **more)
            answer = Answer(bad.status, body, bad.headers)
        except ClientGone:
            return
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
        self.log.note(
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
        check_headers(headers, self.settings.largest_body)
        body = json_object(await read_body(receive, self.settings.largest_body), self.settings.deepest_json)
        text, name, given = self._parameters(body)
        token = _bearer(headers)
        client = scope.get("client") or ("unknown", 0)
        try:
            async with asyncio.timeout(self.settings.longest_execution):
                caller = await self.authentication.caller(trust_id, token, client[0])
                return await self._run(text, name, given, caller, token, request_id)
        except NotAuthenticated:
            challenge = ((b"www-authenticate", b"Bearer"),)
            raise BadRequest(401, "UNAUTHENTICATED", "The token is not, or no longer, good.", challenge) from None
        except DocumentRefused as refused:
            status = 400 if specific else 200
            errors = [{k: v for k, v in error.formatted.items() if k != "extensions"} for error in refused.errors]
            return Answer(status, self._errors(errors, refused.code, request_id))
        except PlanRefused as plan_refused:
            status = 400 if specific else 200
            return Answer(status, self._errors([{"message": plan_refused.message}], plan_refused.code, request_id))
        except BadRequest:
            raise
        except BUSY:
            raise BadRequest(503, "BUSY", _SAYING["BUSY"], retry_after=1) from None
        except UNAVAILABLE:
            raise BadRequest(503, "UNAVAILABLE", _SAYING["UNAVAILABLE"], retry_after=5) from None
        except Exception:
            log.exception({"request": request_id, "failure": "unexpected"})
            raise BadRequest(500, "INTERNAL", "Something went wrong; quote the requestId.") from None

    async def _run(
        self, text: str, name: str | None, given: Mapping[str, Any], caller: Caller, token: str | None, request_id: str
    ) -> Answer:
        viewer = caller.viewer
        operation = self._operation(text, name, viewer)
        if operation.document.introspects and viewer.profile.kind is ViewerKind.ANONYMOUS:
            message = "Introspection is for signed-in callers; the schema is published at schema.graphql."
            raise DocumentRefused([GraphQLError(message)], "INTROSPECTION_NEEDS_SIGN_IN")
        plan: Plan | None = None
        nodes = _cost_of_writing(operation.node)
        if operation.node.operation is OperationType.QUERY:
            variables = coerce_variables(REGISTRY.schema, operation.node, operation.plain, given)
            plan = self.planner.plan(operation.document, operation.node, viewer.profile, variables)
            nodes = plan.nodes if plan else 1
        self.spend(viewer, nodes)
        if plan is not None:
            data = await self.pool.fetchval(plan.sql, *plan.arguments(Request(viewer.trust_id, variables, caller)))
            body = b'{"data":' + data + b',"extensions":' + orjson.dumps(_extensions(nodes, plan.lacks)) + b"}"
            return Answer(200, body, nodes=nodes, document=operation.document.key[:12])
        context = Context(self, operation, caller, token, given)
        if operation.steps is not None:
            data, errors = await run_steps(REGISTRY.schema, operation.node, operation.steps, context, given)
        else:
            data, errors = await self._execute(operation, name, given, context)
        nodes += context.nodes
        answer: dict[str, Any] = {"data": data, "extensions": _extensions(nodes, context.lacks)}
        if errors:
            answer["errors"] = [self._masked(error, request_id) for error in errors]
        return Answer(200, orjson.dumps(answer), nodes=nodes)

    async def _execute(
        self, operation: Operation, name: str | None, given: Mapping[str, Any], context: Context
    ) -> tuple[dict[str, Any] | None, Sequence[GraphQLError]]:
        result = execute(
            REGISTRY.schema,
            operation.document.ast,
            context_value=context,
            variable_values=dict(given),
            operation_name=name,
            executor_class=PlannedExecutor,
            hide_suggestions=True,
            operation_extensions={},
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        if result.data is None and result.errors and not any(error.path for error in result.errors):
            raise DocumentRefused(result.errors, "BAD_USER_INPUT")  # its variables were wrong: nothing was executed
        return result.data, result.errors or []

    def _operation(self, text: str, name: str | None, viewer: Viewer) -> Operation:
        """The operation meant, parsed and validated once; reading a new document is paid for, refused or not."""
        known = self._operations.get((text, name))
        if known is not None:
            return known
        document = self._documents.get(text)
        if document is None:
            self.spend(viewer, COST_OF_READING)
            key = hashlib.sha256(text.encode()).hexdigest()
            document = self._documents[text] = read_document(REGISTRY.schema, text, key, self.settings.budget)
            if len(self._documents) > MOST_DOCUMENTS:
                forgotten, _ = self._documents.popitem(last=False)
                self._operations = {k: o for k, o in self._operations.items() if k[0] != forgotten}
        node = document.operation(name)
        steps = steps_of(REGISTRY.schema, document, node) if node.operation is OperationType.MUTATION else None
        operation = self._operations[text, name] = Operation(document, node, plain_variables(node), steps)
        return operation

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

    def spend(self, viewer: Viewer, nodes: int) -> None:
        share = ANONYMOUS_SHARE if viewer.profile.kind is ViewerKind.ANONYMOUS else 1.0
        wait = self._limiter.take(viewer.credential, max(nodes, 1), share)
        if wait > 0:
            seconds = int(wait) + 1
            header = (b"retry-after", str(seconds).encode())
            raise BadRequest(429, "RATE_LIMITED", f"Try again in {seconds} seconds.", (header,), retry_after=seconds)

    def _masked(self, error: GraphQLError, request_id: str) -> dict[str, Any]:
        """What a client learns of an error: everything about its own document, nothing about ours."""
        formatted: dict[str, Any] = dict(error.formatted)
        original = error.original_error
        if isinstance(original, BadRequest):  # the allowance ran out on the way
            extensions = {"code": original.code, "requestId": request_id, "retryAfter": original.retry_after}
            formatted |= {"message": original.message, "extensions": extensions}
        elif isinstance(original, PlanRefused):
            formatted |= {"message": original.message, "extensions": {"code": original.code, "requestId": request_id}}
        elif original is None or isinstance(original, GraphQLError):
            formatted["extensions"] = {"code": "BAD_USER_INPUT", "requestId": request_id}
        elif isinstance(original, (*BUSY, *UNAVAILABLE)):
            code = "BUSY" if isinstance(original, BUSY) else "UNAVAILABLE"
            formatted["message"] = _SAYING[code]
            formatted["extensions"] = {"code": code, "requestId": request_id, "retryAfter": 1 if code == "BUSY" else 5}
        else:
            log.error({"request": request_id, "failure": "unexpected"}, exc_info=original)
            formatted["message"] = "Something went wrong; quote the requestId."
            formatted["extensions"] = {"code": "INTERNAL", "requestId": request_id}
        return formatted

    def _errors(self, errors: list[dict[str, Any]], code: str, request_id: str, **more: object) -> bytes:
        extensions: dict[str, Any] = {"code": code, "requestId": request_id, **more}
        return orjson.dumps({"errors": [{**error, "extensions": extensions} for error in errors]})


def _extensions(nodes: int, lacks: Iterable[str]) -> dict[str, Any]:
    """What is said beside the data: its cost, and which scopes a partner's app would need for what is not in it."""
    scopes = sorted(lacks)
    return {"cost": {"nodes": nodes}, **({"missingScopes": scopes} if scopes else {})}


def _cost_of_writing(operation: OperationDefinitionNode) -> int:
    """What the mutations of a document cost, fragments reckoned at one each."""
    names = (getattr(node, "name", None) for node in operation.selection_set.selections)
    return sum(COSTS.get(name.value, COST_OF_A_MUTATION) if name else COST_OF_A_MUTATION for name in names)


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
