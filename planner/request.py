"""What bind parameters are taken from, and what an argument says, be it a literal or a variable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


@dataclass(slots=True)
class Request:
    """One request for a plan: whose rows, which coerced variables, and the caller, whose attributes are the facts."""

    tenant: Any
    variables: Mapping[str, Any]
    viewer: Any
    key: Any = None  # of the row a mutation wrote


Parameter = Callable[[Request], Any]


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class FromVariable:
    name: str
    key: str | None = None

    def read(self, request: Request) -> Any:
        value = request.variables.get(self.name)
        return value.get(self.key) if self.key is not None and value is not None else value


Given = Constant | FromVariable


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return [plain(inner) for inner in value] if isinstance(value, list) else value
