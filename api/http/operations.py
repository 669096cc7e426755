"""Documents that clients send, read once and remembered."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import OperationDefinitionNode, OperationType
from graphql.execution.get_variable_signature import get_variable_signature

from planner import Budget, Document, plain_variables, read_document
from schema.build import REGISTRY

from .mutation_steps import Step, steps_of

MOST_DOCUMENTS = 300
COST_OF_READING = 50  # of parsing and validating a new document, in objects


@dataclass(slots=True)
class Operation:
    """A document's operation with what is known about its variables."""

    document: Document
    node: OperationDefinitionNode
    plain: tuple[tuple[str, Any], ...] | None
    steps: Sequence[Step] | None  # of mutations that need no executor
    signatures: Mapping[str, Any]  # of its variables, as graphql-core has them


class Operations:
    """The operations of the documents last used."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._operations: dict[tuple[str, str | None], Operation] = {}

    def find(self, text: str, name: str | None, spend: Callable[[int], None]) -> Operation:
        """The operation meant, parsed and validated once; reading a new document is paid for, refused or not.

        Raises DocumentRefused, and whatever `spend` does.
        """
        document = self._documents.get(text)
        if document is not None:
            self._documents.move_to_end(text)
        known = self._operations.get((text, name))
        if known is not None:
            return known
        if document is None:
            spend(COST_OF_READING)
            key = hashlib.sha256(text.encode()).hexdigest()
            document = self._documents[text] = read_document(REGISTRY.schema, text, key, self._budget)
            if len(self._documents) > MOST_DOCUMENTS:
                forgotten, _ = self._documents.popitem(last=False)
                self._operations = {k: o for k, o in self._operations.items() if k[0] != forgotten}
        node = document.operation(name)
        steps = steps_of(REGISTRY.schema, document, node) if node.operation is OperationType.MUTATION else None
        signatures = {
            each.variable.name.value: get_variable_signature(REGISTRY.schema, each)
            for each in node.variable_definitions or ()
        }
        operation = self._operations[text, name] = Operation(document, node, plain_variables(node), steps, signatures)
        return operation
