"""Random documents, generated from the schema: aliases, fragments, directives, variables, pages, filters, nodes."""

import json
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType, get_named_type, is_leaf_type

from ..registry import Registry
from .values import NoValue, RandomValues

DEEPEST = 6


class RandomDocument:
    """One query. `ids` are ids that exist somewhere, of any tenant; `values` what may be given for arguments.

    `values` is by the name of an argument or input field, or else of a scalar; arguments of which nothing is known are
    left out. Enums, booleans, pages and cursors need none.
    """

    def __init__(
        self, registry: Registry, random: Random, ids: Sequence[str], values: Mapping[str, Sequence[Any]]
    ) -> None:
        self._registry, self._random, self._ids = registry, random, ids
        self._values = RandomValues(random, ids, values)
        self._fragments: list[str] = []
        self._keys = 0

    @property
    def variables(self) -> dict[str, Any]:
        """Those of the text that was made."""
        return self._values.variables

    def text(self) -> str:
        query = self._registry.schema.query_type
        assert query is not None
        body = self._selections(query, 0)
        declared = f"({', '.join(self._values.definitions)})" if self._values.definitions else ""
        return f"query Random{declared} {body}\n" + "\n".join(self._fragments)

    def _selections(self, parent: GraphQLObjectType, depth: int) -> str:
        if self._random.random() < 0.05:
            return "{ __typename }"
        fields = list(parent.fields.items())
        if depth >= DEEPEST:
            fields = [(name, each) for name, each in fields if is_leaf_type(get_named_type(each.type))]
        chosen = self._random.sample(fields, min(len(fields), self._random.randint(1, 4)))
        parts = [self._field(name, each, depth) for name, each in chosen] or ["__typename"]
        if self._random.random() < 0.2:
            parts.append("__typename")
        if self._random.random() < 0.25 and depth < DEEPEST:
            parts.append(self._fragment(parent, depth))
        if self._random.random() < 0.1:
            parts.append(parts[0])  # the same field twice is merged
        return "{ " + " ".join(parts) + " }"

    def _fragment(self, parent: GraphQLObjectType, depth: int) -> str:
        inner = self._selections(parent, depth + 1)
        if self._random.random() < 0.5:
            return f"... on {parent.name} {inner}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {parent.name} {inner}")
        return f"...{name}"

    def _directive(self) -> str:
        if self._random.random() > 0.15:
            return ""
        value = self._random.random() < 0.5
        condition = self._values.either("Boolean!", value, str(value).lower())
        return f" @{self._random.choice(('skip', 'include'))}(if: {condition})"

    def _field(self, name: str, each: GraphQLField, depth: int) -> str:
        self._keys += 1
        target = get_named_type(each.type)
        text = f"k{self._keys}: {name}{self._arguments(each)}{self._directive()}"
        if is_leaf_type(target):
            return text
        if isinstance(target, GraphQLInterfaceType):
            types = list(self._registry.schema.get_possible_types(target))
            chosen = self._random.sample(types, min(3, len(types)))
            inner = " ".join(f"... on {kind.name} {self._selections(kind, depth + 2)}" for kind in chosen)
            return f"{text} {{ id __typename {inner} }}"
        assert isinstance(target, GraphQLObjectType)
        return f"{text} {self._selections(target, depth + (2 if _page_of(target) else 1))}"

    def _arguments(self, each: GraphQLField) -> str:
        given: list[str] = []
        size = self._random.choice(("first", "first", "last"))  # a page is cut at one end
        for name, argument in each.args.items():
            is_required = isinstance(argument.type, GraphQLNonNull)
            if name in ("first", "last") and name != size:
                continue
            if not is_required and self._random.random() < (0.2 if name == size else 0.7):
                continue
            if name in ("after", "before"):
                given += self._cursor(name, each)
                continue
            try:
                given.append(f"{name}: {self._values.argument(name, argument.type)}")
            except NoValue:
                if is_required:
                    raise
        return f"({', '.join(given)})" if given else ""

    def _cursor(self, name: str, each: GraphQLField) -> list[str]:
        listed = _page_of(get_named_type(each.type))
        prefix = self._registry.types[listed].prefix if listed else None
        cursors = [known for known in self._ids if prefix and known.startswith(f"{prefix}_")]
        if not cursors:
            return []
        cursor = self._random.choice(cursors)
        return [f"{name}: " + self._values.either("String", cursor, json.dumps(cursor))]


def _page_of(target: Any) -> str | None:
    """The name of the type that a connection lists; None of what is no connection."""
    nodes = target.fields.get("nodes")
    return get_named_type(nodes.type).name if nodes and "pageInfo" in target.fields else None
