"""Which parts of a request's variables a plan depends on.

Most variables are only bind parameters. Some decide the statement itself: `@include(if: $x)`, `first: $n` (a literal
LIMIT plans better than a parameter), which keys of `$filter` are set. They become part of the plan's key.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any


def _frozen(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple(sorted((key, _frozen(inner)) for key, inner in value.items()))
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _keys(value: Any) -> Hashable:
    return tuple(sorted(key for key, inner in value.items() if inner is not None)) if isinstance(value, Mapping) else ()


PROJECTIONS: Mapping[str, Callable[[Any], Hashable]] = {
    "value": _frozen,
    "keys": _keys,
    "given": lambda value: value is not None,
    # whatever a client writes there must not become part of a key: prefixes are short
    "prefix": lambda value: (
        value.partition("_")[0] if isinstance(value, str) and value.find("_") in range(1, 9) else None
    ),
}

Projection = tuple[str, str]  # variable, name of the projection


class Variables:
    """The coerced variables of one request; remembers what a compilation asked of them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.asked: list[Projection] = []

    def project(self, name: str, projection: str) -> Any:
        if (name, projection) not in self.asked:
            self.asked.append((name, projection))
        return PROJECTIONS[projection](self._values.get(name))

    def value(self, name: str) -> Any:
        self.project(name, "value")
        return self._values.get(name)


def structure_of(values: Mapping[str, Any], asked: Sequence[Projection]) -> tuple[Hashable, ...]:
    """The part of the variables a plan depends on."""
    return tuple(PROJECTIONS[projection](values.get(name)) for name, projection in asked)
