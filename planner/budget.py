"""The budget a document must keep before it is validated.

It is linear: each fragment is weighed once, however often it is spread, where the usual depth and alias limiters walk
every spread again and can be stalled by a few hundred bytes.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


@dataclass(frozen=True, slots=True)
class Budget:
    """How large a document may be, fragments expanded. `introspection_depth` holds under `__schema` and `__type`."""

    tokens: int = 1000
    definitions: int = 30
    spreads: int = 60
    depth: int = 12
    introspection_depth: int = 16
    fields: int = 500
    aliases: int = 30
    directives: int = 20
    repeats: int = 8  # of one response key in a selection: validation compares every pair
    once: frozenset[str] = frozenset()  # mutations that may stand in a document at most once


@dataclass(slots=True)
class _Weight:
    """Of an expanded selection: its height, and how many fields, aliases and once-only mutations it holds."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    once: int = 0
    keys: Counter[str] = field(default_factory=Counter)  # response keys of this level, fragments included

    def add(self, other: "_Weight") -> None:
        self.depth = max(self.depth, other.depth)
        self.fields += other.fields
        self.aliases += other.aliases
        self.once += other.once
        self.keys.update(other.keys)


class _TooLarge(Exception):
    pass


class Weighing:
    """Weighs one document."""

    def __init__(self, ast: DocumentNode, budget: Budget) -> None:
        self._ast, self._budget = ast, budget
        self._fragments = {e.name.value: e for e in ast.definitions if isinstance(e, FragmentDefinitionNode)}
        self._weighed: dict[str, _Weight | None] = {}  # None while a fragment is being weighed: a cycle
        self._spreads = 0
        self._directives = 0

    def verdict(self) -> str | None:
        """What is too much, or None."""
        if len(self._ast.definitions) > self._budget.definitions:
            return f"more than {self._budget.definitions} definitions"
        try:
            for each in self._ast.definitions:
                if isinstance(each, OperationDefinitionNode):
                    self._directives += len(each.directives or ())
                    self._check(self._weigh(each.selection_set), introspects=introspects(each.selection_set))
        except _TooLarge as reason:
            return str(reason)
        except RecursionError:
            return "too deep"
        unused = self._fragments.keys() - self._weighed.keys()
        return "a fragment nobody uses" if unused else None

    def _check(self, weight: _Weight, introspects: bool) -> None:
        budget = self._budget
        depth = budget.introspection_depth if introspects else budget.depth
        for amount, most, what in (
            (weight.depth, depth, "levels"),
            (weight.fields, budget.fields, "fields"),
            (weight.aliases, budget.aliases, "aliases"),
            (self._spreads, budget.spreads, "fragment spreads"),
            (self._directives, budget.directives, "directives"),
            (max(weight.keys.values(), default=0), budget.repeats, "repetitions of one field"),
            (weight.once, 1, "mutation that may stand in a document only once"),
        ):
            if amount > most:
                raise _TooLarge(f"more than {most} {what}")

    def _weigh(self, selection_set: SelectionSetNode) -> _Weight:
        total = _Weight()
        for node in selection_set.selections:
            self._directives += len(node.directives or ())
            total.add(self._weight_of(node))
            self._check(total, introspects=True)
        return total

    def _weight_of(self, node: Any) -> _Weight:
        if isinstance(node, FieldNode):
            inner = self._weigh(node.selection_set) if node.selection_set else _Weight()
            once = inner.once + (node.name.value in self._budget.once)
            key = (node.alias or node.name).value
            return _Weight(inner.depth + 1, inner.fields + 1, inner.aliases + bool(node.alias), once, Counter({key: 1}))
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node.name.value)
        return self._weigh(node.selection_set)

    def _spread(self, name: str) -> _Weight:
        self._spreads += 1
        if name not in self._weighed:
            if name not in self._fragments:
                raise _TooLarge("a fragment that does not exist")
            self._weighed[name] = None
            fragment = self._fragments[name]
            self._directives += len(fragment.directives or ())
            self._weighed[name] = self._weigh(fragment.selection_set)
        weight = self._weighed[name]
        if weight is None:
            raise _TooLarge("a fragment that spreads itself")
        return weight


def introspects(selection_set: SelectionSetNode) -> bool:
    return any(isinstance(n, FieldNode) and n.name.value in ("__schema", "__type") for n in selection_set.selections)
