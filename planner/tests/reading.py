"""From a document to its answer, as an application would do it."""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from graphql import execute

from planner import (
    Budget,
    Document,
    OperationVariables,
    Plan,
    PlannedExecutor,
    PlannedField,
    Planner,
    Request,
    read_document,
    resolve_planned,
)

from .library import REGISTRY
from .policies import Role, Viewer

LARGE = Budget(tokens=20_000, fields=5_000, aliases=5_000, depth=40, spreads=500, directives=500, definitions=200)


def planned(
    text: str,
    variables: Mapping[str, Any] | None = None,
    role: Role = Role.STAFF,
    planner: Planner | None = None,
) -> tuple[Plan, Mapping[str, Any]]:
    """The plan of a document, and its variables coerced."""
    document = read_document(REGISTRY.schema, text, text, LARGE)
    operation = document.operation(None)
    coerced = OperationVariables(REGISTRY.schema, operation).coerce(variables or {}).coerced
    plan = (planner or Planner(REGISTRY)).plan(document, operation, role, coerced)
    assert plan is not None, "every query without introspection can be planned"
    return plan, coerced


@dataclass
class Client:
    """Somebody who asks a library; `allowed` are the plans that ran below graphql-core."""

    connection: Any
    library_id: UUID
    viewer: Viewer
    planner: Planner = field(default_factory=lambda: Planner(REGISTRY))
    allowed: list[Plan] = field(default_factory=list)

    async def read(self, text: str, variables: Mapping[str, Any] | None = None) -> Any:
        """`data`, by one statement."""
        plan, coerced = planned(text, variables, self.viewer.role, self.planner)
        request = Request(self.library_id, coerced, self.viewer)
        return json.loads(await self.connection.fetchval(plan.sql, *plan.arguments(request)))

    async def execute(self, text: str) -> Any:
        """The response, by graphql-core with planned sub-trees."""
        document = read_document(REGISTRY.schema, text, text, LARGE)
        context = _Context(self, document)
        result: Any = execute(
            REGISTRY.schema,
            document.ast,
            context_value=context,
            executor_class=PlannedExecutor,
            operation_extensions={},
        )
        result = await result if hasattr(result, "__await__") else result
        return orjson.loads(orjson.dumps({"data": result.data, "errors": [e.message for e in result.errors or []]}))


class _Context:
    def __init__(self, client: Client, document: Document) -> None:
        self._client, self._document, self.connection = client, document, client.connection
        self._turn = asyncio.Lock()  # siblings are resolved at once; a connection serves one at a time

    async def _fetch(self, sql: str, *arguments: Any) -> Any:
        async with self._turn:
            return await self.connection.fetchval(sql, *arguments)

    def planned(self, planned_field: PlannedField, source: Any, info: Any) -> Awaitable[Any]:
        client = self._client
        return resolve_planned(
            client.planner,
            self._document,
            Request(client.library_id, {}, client.viewer),
            client.viewer.role,
            self._fetch,
            client.allowed.append,
            planned_field,
            source,
            info,
        )
