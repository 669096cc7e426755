"""Documents that clients send, read once and remembered."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graphql import OperationDefinitionNode, OperationType

from planner import Budget, Document, OperationVariables, read_document
from schema.build import REGISTRY

from .mutation_steps import Step, steps_of

MOST_DOCUMENTS = 300
COST_OF_READING = (
    2_000  # of parsing and validating a new document, in objects: up to 30 ms in which nobody else is answered
)


@dataclass(slots=True)
class Operation:
    """A document's operation with what is known about its variables."""

    document: Document
    node: OperationDefinitionNode
    variables: OperationVariables
    steps: Sequence[Step] | None  # of mutations that need no executor


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
        variables = OperationVariables(REGISTRY.schema, node)
        operation = self._operations[text, name] = Operation(document, node, variables, steps)
        return operation
