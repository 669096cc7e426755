"""The way from a document's text to the bytes of its answer, by HTTP and for whatever else runs in this process.

A query whose plan is known costs one dictionary look-up and one SQL statement whose bytes are the answer as they are.
A mutation runs by its declaration (mutations.py). Everything else, introspection among it, runs through graphql-core,
planned sub-trees included.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationType,
    SelectionSetNode,
    execute,
)

from domain.identity.viewer import ViewerKind
from planner import Document, DocumentRefused, Plan, PlannedExecutor, Request
from schema.build import REGISTRY

from .answers import Answer, failure, field_error
from .authentication import Caller
from .context import Context
from .limits import spend
from .mutations import run_steps
from .operations import Operation
from .services import Services

COST_OF_A_MUTATION = 10
CHARACTERS_A_NODE = 20  # of a new statement, which each connection has PostgreSQL plan
COSTS = {"requestSignInCode": 500, "signIn": 500}  # hashing a code is slow on purpose


async def ask(
    services: Services,
    caller: Caller,
    text: str,
    name: str | None = None,
    variables: Mapping[str, Any] | None = None,
    request_id: str | None = None,
) -> Answer:
    """The answer to the operation `name` of a document (its only one where None is named), as JSON in `body`.

    `caller` comes from `services.authentication.caller` (what it raises, `answers.failure` turns into an answer) and says which trust is asked, and in whose name; what is asked is
    taken from their allowance. `variables` are as JSON gives them. `request_id` is what errors and logs name; a new one
    where it is left out.

    Raises nothing but what cancels the task. The status is
    200 where the operation ran: refusals are in the payload of their mutation, errors of a field beside `data`,
    400 for a document, an operation or variables that can't be executed; nothing was,
    429 (RATE_LIMITED) where the allowance is spent, with `retryAfter` in seconds and as a header,
    503 (BUSY, UNAVAILABLE), after `settings.longest_execution` seconds at the latest; whether a mutation was done is then
    unknown, and its idempotency key makes asking again safe,
    500 (INTERNAL) for a mistake of ours, which is logged.
    """
    request_id = request_id or next(services.request_ids)
    try:
        with services.execution_limit():
            return await _run(services, caller, text, name, variables or {}, request_id)
    except Exception as error:
        return failure(error, request_id)


async def _run(
    services: Services, caller: Caller, text: str, name: str | None, given: Mapping[str, Any], request_id: str
) -> Answer:
    viewer = caller.viewer
    pay = partial(spend, services.allowances, viewer)
    operation = services.operations.find(text, name, pay)
    if operation.document.introspects and viewer.profile.kind is ViewerKind.ANONYMOUS:
        message = "Introspection is for signed-in callers; the schema is published at schema.graphql."
        raise DocumentRefused([GraphQLError(message)], "INTROSPECTION_NEEDS_SIGN_IN")
    plan: Plan | None = None
    nodes = _cost_of_writing(operation.document, operation.node.selection_set)
    if operation.node.operation is OperationType.QUERY:
        variables = operation.variables.coerce(given).coerced
        plan = services.planner.plan(
            operation.document,
            operation.node,
            viewer.profile,
            variables,
            lambda new: pay(len(new.sql) // CHARACTERS_A_NODE),
        )
        nodes = plan.nodes if plan else 1
    pay(nodes)
    if plan is not None:
        data = await services.reads(viewer, plan, plan.arguments(Request(viewer.trust_id, variables, caller)))
        body = b'{"data":' + data + b',"extensions":' + orjson.dumps(_extensions(nodes, plan.lacks)) + b"}"
        return Answer(200, body, nodes=nodes, document=operation.document.key[:12])
    if operation.steps is not None:
        values = operation.variables.coerce(given)
        context = Context(services, operation, caller, given, values.coerced)
        found, errors = await run_steps(operation.steps, context, values)
    else:
        context = Context(services, operation, caller, given)
        found, errors = await _execute(operation, name, given, context)
    nodes += context.nodes
    answer: dict[str, Any] = {"data": found, "extensions": _extensions(nodes, context.lacks)}
    if errors:
        answer["errors"] = [field_error(error, request_id) for error in errors]
    return Answer(200, orjson.dumps(answer), nodes=nodes)


async def _execute(
    operation: Operation, name: str | None, given: Mapping[str, Any], context: Context
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


def _extensions(nodes: int, lacks: Iterable[str]) -> dict[str, Any]:
    """What is said beside the data: its cost, and which scopes a partner's app would need for what is not in it."""
    scopes = sorted(lacks)
    return {"cost": {"nodes": nodes}, **({"missingScopes": scopes} if scopes else {})}


def _cost_of_writing(document: Document, selected: SelectionSetNode) -> int:
    """What the mutations of a selection cost, those in fragments included; its budget bounds how many these are."""
    cost = 0
    for node in selected.selections:
        if isinstance(node, FieldNode):
            cost += COSTS.get(node.name.value, COST_OF_A_MUTATION)
        elif isinstance(node, FragmentSpreadNode):
            cost += _cost_of_writing(document, document.fragments[node.name.value].selection_set)
        elif isinstance(node, InlineFragmentNode):
            cost += _cost_of_writing(document, node.selection_set)
    return cost
