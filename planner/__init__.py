"""Turns a GraphQL read into one SQL statement whose value is the JSON of `data`.

Knows GraphQL documents and tables; nothing of what they are about. Declare fields with `column`, `expression`, `one`,
`many`, `connection` and `lookup`, types with `planned`; collect them with `registry_of`; ask a `Planner` for plans.
"""

from .coercion import coerce_variables, plain_variables
from .compiler import MOST_NODES, Plan
from .declarations import (
    ALWAYS,
    LARGEST_PAGE,
    NEVER,
    Access,
    Filter,
    Order,
    PlannedField,
    PlannedType,
    any_node,
    column,
    connection,
    everybody,
    expression,
    lookup,
    many,
    nobody,
    one,
    payload_node,
    planned,
)
from .errors import NotPlannable, PlanRefused
from .execution import PlannedExecutor, resolve_planned
from .planner import Planner
from .query_documents import Budget, Document, DocumentRefused, read_document
from .reading import Request
from .registry import Registry, registry_of

__all__ = [
    "ALWAYS",
    "LARGEST_PAGE",
    "MOST_NODES",
    "NEVER",
    "Access",
    "Budget",
    "Document",
    "DocumentRefused",
    "Filter",
    "NotPlannable",
    "Order",
    "Plan",
    "PlanRefused",
    "PlannedExecutor",
    "PlannedField",
    "PlannedType",
    "Planner",
    "Registry",
    "Request",
    "any_node",
    "coerce_variables",
    "column",
    "connection",
    "everybody",
    "expression",
    "lookup",
    "many",
    "nobody",
    "one",
    "payload_node",
    "plain_variables",
    "planned",
    "read_document",
    "registry_of",
    "resolve_planned",
]
