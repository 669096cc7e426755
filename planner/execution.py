"""Planned sub-trees inside ordinary execution: a resolver hands over finished JSON and graphql-core passes it through."""

from typing import Any

import orjson
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from .bindings import PayloadNode
from .fields import PlannedField
from .planner import Planner
from .query_documents import Document
from .request import Request


class FinishedJson:
    """The JSON of a sub-tree, ready to be sent."""

    __slots__ = ("fragment",)

    def __init__(self, text: bytes) -> None:
        self.fragment = orjson.Fragment(text)


class PlannedExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, which takes finished JSON as a completed value.

    `complete_value` is not public API of graphql-core: its version is pinned and tests/test_execution.py covers this.
    """

    def complete_value(self, return_type: Any, details: Any, info: Any, path: Any, result: Any, position: Any) -> Any:
        if type(result) is FinishedJson:
            return result.fragment
        return super().complete_value(return_type, details, info, path, result, position)


async def resolve_planned(
    planner: Planner,
    document: Document,
    request: Request,
    profile: Any,
    fetch: Any,
    allow: Any,
    field: PlannedField,
    source: Any,
    info: Any,
) -> FinishedJson | None:
    """Reads the sub-tree below a planned field in one statement.

    `fetch(sql, *arguments)` gives the statement's value; `allow(plan)` may refuse it before it runs.
    """
    if isinstance(field.binding, PayloadNode):
        request.key = getattr(source, field.python_name)
        if request.key is None:
            return None
    plan = planner.field_plan(document, info.parent_type, info.field_nodes, profile, request.variables)
    allow(plan)
    text = await fetch(plan.sql, *plan.arguments(request))
    return None if text is None or text == b"null" else FinishedJson(text)
