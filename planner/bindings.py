"""What a field reads: each binding is one sort of declaration, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .templates import ALWAYS, Template

DEFAULT_PAGE = 20
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Order:
    """One way to order a list: a column that is never null, then the key."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition a client may set: a predicate over `{row}` and `{value}`, and the SQL type of the value.

    `decode` reads what was given, and for what it can't read raises ValueError, which says what is expected: the document
    is then refused. `absent` is what holds of an argument nobody gave. `of_visible` is asked of callers who do not see every row, instead
    and only after the row policy: it looks at the row alone, so that time tells nothing of rows they do not see.
    `alone`: PostgreSQL must see the value to plan well (patterns, for one), so no statement serves several values.
    """

    predicate: Template
    sql_type: str
    decode: Callable[[Any], Any] | None = None
    absent: Template | None = None
    of_visible: Template | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value of the row. `nullable` says whether SQL may give NULL."""

    sql: Template
    nullable: bool
    weight: int = 0  # what reading it costs, in objects: for values that can be very large


@dataclass(frozen=True, slots=True)
class ToOne:
    """The row of the target whose key `sql` names."""

    sql: Template
    target_key: str | None = None


@dataclass(frozen=True, slots=True)
class ToMany:
    """A short list: at most `longest` rows of the target that satisfy `condition` over {row} (ours) and {other}.

    `exists` says of {row} whether there is a list at all; null otherwise.
    """

    condition: Template
    order: tuple[Order, ...]
    longest: int = LARGEST_PAGE
    exists: Template = ALWAYS
    weight: int = (
        0  # what the list costs however few of its rows are asked for, in objects: where they are reckoned together
    )


@dataclass(frozen=True, slots=True)
class Paged:
    """A keyset connection over rows of the target; `condition` as in ToMany."""

    condition: Template
    orders: Mapping[str, Order]
    default_order: Order | None
    filters: Mapping[str, Filter]
    arguments: Mapping[str, Filter]
    weight: int = 0  # as in ToMany


@dataclass(frozen=True, slots=True)
class Lookup:
    """A root field: the one row of the target whose column equals an argument (or that `condition` alone picks)."""

    condition: Template
    argument: str | None = None
    sql_type: str = "text"


@dataclass(frozen=True, slots=True)
class AnyNode:
    """The root field `node(id:)`: the type is told by the prefix of the id."""


@dataclass(frozen=True, slots=True)
class PayloadNode:
    """A field of a mutation's payload: the row whose key the payload carries, read after the write."""


Binding = Scalar | ToOne | ToMany | Paged | Lookup | AnyNode | PayloadNode
