"""Parsed and validated documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    StringValueNode,
    Visitor,
    parse,
    validate,
    visit,
)

from .budget import Budget, Weighing, introspects


class DocumentRefused(Exception):
    """The document can't be run; `errors` are in the form the client gets, `code` classifies them."""

    def __init__(self, errors: list[GraphQLError], code: str) -> None:
        super().__init__(code)
        self.errors = errors
        self.code = code


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document. `key` identifies its text."""

    key: str
    ast: DocumentNode
    operations: Mapping[str | None, OperationDefinitionNode]
    fragments: Mapping[str, FragmentDefinitionNode]
    introspects: bool

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Raises DocumentRefused unless exactly one operation is meant."""
        if name in self.operations:
            return self.operations[name]
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        message = "Say which operation to run: `operationName`." if name is None else "No operation of that name."
        raise DocumentRefused([GraphQLError(message)], "OPERATION_UNKNOWN")


def read_document(schema: GraphQLSchema, text: str, key: str, budget: Budget) -> Document:
    """Parses, weighs and validates `text`. Raises DocumentRefused."""
    try:
        ast = parse(text, max_tokens=budget.tokens)
    except GraphQLError as error:
        raise DocumentRefused([error], "GRAPHQL_PARSE_FAILED") from None
    if "\\u" in text and _has_nul(ast):
        raise DocumentRefused([GraphQLError("Text must not hold NUL.")], "BAD_USER_INPUT")
    over = Weighing(ast, budget).verdict()
    if over:
        raise DocumentRefused([GraphQLError(f"The document is too large: {over}.")], "QUERY_TOO_COMPLEX")
    errors = validate(schema, ast, max_errors=5, hide_suggestions=True)
    if errors:
        raise DocumentRefused(errors, "GRAPHQL_VALIDATION_FAILED")
    operations: dict[str | None, OperationDefinitionNode] = {
        each.name.value if each.name else None: each
        for each in ast.definitions
        if isinstance(each, OperationDefinitionNode)
    }
    fragments = {each.name.value: each for each in ast.definitions if isinstance(each, FragmentDefinitionNode)}
    if not operations:
        raise DocumentRefused([GraphQLError("The document holds no operation.")], "OPERATION_UNKNOWN")
    return Document(key, ast, operations, fragments, _mentions_introspection(ast))


def _has_nul(ast: DocumentNode) -> bool:
    """Whether a literal holds the one character that PostgreSQL takes in no text."""
    found = _Texts()
    visit(ast, found)
    return any("\0" in each for each in found.values)


class _Texts(Visitor):
    """What the literals of a document say."""

    def __init__(self) -> None:
        super().__init__()
        self.values: list[str] = []

    def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
        self.values.append(node.value)


def _mentions_introspection(ast: DocumentNode) -> bool:
    """Whether `__schema` or `__type` is selected anywhere, directly or in a fragment."""
    pending: list[Any] = [each.selection_set for each in ast.definitions if hasattr(each, "selection_set")]
    while pending:
        selection_set = pending.pop()
        if introspects(selection_set):
            return True
        inner = (getattr(node, "selection_set", None) for node in selection_set.selections)
        pending += [each for each in inner if each is not None]
    return False
