"""Random values for arguments, as literals or variables, whole or in parts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
)

PAGES = (1, 2, 3, 50)


class NoValue(Exception):
    """Nothing is known that an argument could be given."""


@dataclass
class RandomValues:
    """`ids` are ids that exist somewhere; `known` are values by the name of an argument or else of a scalar.

    `variables` and `definitions` grow as values are written as variables.
    """

    random: Random
    ids: Sequence[str]
    known: Mapping[str, Sequence[Any]]
    variables: dict[str, Any] = field(default_factory=dict)
    definitions: list[str] = field(default_factory=list)

    def argument(self, name: str, kind: Any) -> str:
        """What to write for an argument of this type. Raises NoValue."""
        return self._written(kind, self._value(name, kind))

    def either(self, kind: str, value: Any, literal: str) -> str:
        """As a variable or as the literal."""
        return self.variable(kind, value) if self.random.random() < 0.5 else literal

    def variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = value
        self.definitions.append(f"${name}: {kind}")
        return f"${name}"

    def _value(self, name: str, kind: Any) -> Any:
        kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if isinstance(kind, GraphQLList):
            return [self._value(name, kind.of_type) for _ in range(self.random.randint(0, 2))]
        if isinstance(kind, GraphQLEnumType):
            return self.random.choice(sorted(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return self._parts(kind)
        if name in ("first", "last"):
            return self.random.choice(PAGES)
        known = self.known.get(name) or self.known.get(kind.name) or (self.ids if kind.name == "ID" else None)
        if kind.name == "Boolean":
            known = (True, False)
        if not known:
            raise NoValue(f"Say what may be given for {name}: {kind.name}.")
        return self.random.choice(known)

    def _parts(self, kind: GraphQLInputObjectType) -> dict[str, Any]:
        required = {name for name, part in kind.fields.items() if isinstance(part.type, GraphQLNonNull)}
        chosen = required | set(
            self.random.sample(sorted(kind.fields), self.random.randint(0, min(2, len(kind.fields))))
        )
        return {name: self._part(name, kind.fields[name]) for name in sorted(chosen)}

    def _part(self, name: str, part: GraphQLInputField | GraphQLArgument) -> Any:
        may_be_null = not isinstance(part.type, GraphQLNonNull)
        return None if may_be_null and self.random.random() < 0.1 else self._value(name, part.type)

    def _written(self, kind: Any, value: Any) -> str:
        if self.random.random() < 0.5:
            return self.variable(str(kind), value)
        return self._literal(kind, value)

    def _literal(self, kind: Any, value: Any) -> str:
        kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        if value is None:
            return "null"
        if isinstance(kind, GraphQLList):
            return f"[{', '.join(self._literal(kind.of_type, each) for each in value)}]"
        if isinstance(kind, GraphQLEnumType):
            return str(value)
        if isinstance(kind, GraphQLInputObjectType):
            parts = (f"{name}: {self._written(kind.fields[name].type, each)}" for name, each in value.items())
            return f"{{{', '.join(parts)}}}"
        return json.dumps(value)
