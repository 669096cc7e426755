"""Turns a GraphQL read into one SQL statement whose value is the JSON of `data`.

Knows GraphQL documents and tables; nothing of what they are about. Declare fields with `column`, `expression`, `one`,
`many`, `connection` and `lookup`, types with `planned`; collect them with `registry_of`; ask a `Planner` for plans.
README.md has an example.
"""

from .bindings import LARGEST_PAGE, Filter, Order
from .budget import Budget
from .coercion import OperationVariables
from .errors import NotPlannable, PlanRefused
from .execution import PlannedExecutor, resolve_planned
from .fields import PlannedField
from .identifiers import decode_id, decode_reference
from .list_fields import connection, many
from .object_fields import column, expression, one
from .planner import Planner
from .query_documents import Document, DocumentRefused, read_document
from .registry import Registry, registry_of
from .relay import Connection, Edge, Node, PageInfo
from .request import Request
from .root_fields import any_node, lookup, payload_node
from .statement import MOST_CHARACTERS, MOST_NODES, Plan
from .templates import ALWAYS, NEVER, Access, Lacking, everybody, nobody
from .types import PlannedType, planned

__all__ = [
    "ALWAYS",
    "LARGEST_PAGE",
    "MOST_CHARACTERS",
    "MOST_NODES",
    "NEVER",
    "Access",
    "Budget",
    "Connection",
    "Document",
    "DocumentRefused",
    "Edge",
    "Filter",
    "Lacking",
    "Node",
    "NotPlannable",
    "OperationVariables",
    "Order",
    "PageInfo",
    "Plan",
    "PlanRefused",
    "PlannedExecutor",
    "PlannedField",
    "PlannedType",
    "Planner",
    "Registry",
    "Request",
    "any_node",
    "column",
    "connection",
    "decode_id",
    "decode_reference",
    "everybody",
    "expression",
    "lookup",
    "many",
    "nobody",
    "one",
    "payload_node",
    "planned",
    "read_document",
    "registry_of",
    "resolve_planned",
]
