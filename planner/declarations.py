"""What a GraphQL field reads, declared beside the field.

A declaration is a StrawberryField that carries a binding: this field is this column, this expression, this relation.
SQL in a declaration is a *template*: `{row}` stands for the row of the enclosing type, `{trust}` for the tenant,
`{viewer.name}` for a fact about the caller and `{value}` for an argument's value. All but `{row}` become bind parameters.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

Template = str
AccessProfile = Any  # hashable; what a plan may depend on about the caller
Access = Callable[[AccessProfile], Template]  # the predicate under which a caller of this profile may read
Type = TypeVar("Type", bound=type)

ALWAYS: Template = "true"
NEVER: Template = "false"
DEFAULT_PAGE = 20
LARGEST_PAGE = 100


def everybody(_: AccessProfile) -> Template:
    return ALWAYS


def nobody(_: AccessProfile) -> Template:
    return NEVER


@dataclass(frozen=True, slots=True)
class Order:
    """One way to order a list: a column that is never null, then the key."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition a client may set: a predicate over `{row}` and `{value}`, and the SQL type of the value.

    `absent` is what holds of an argument nobody gave.
    """

    predicate: Template
    sql_type: str
    decode: Callable[[Any], Any] | None = None
    absent: Template | None = None


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
    """A short list: at most `longest` rows of the target that satisfy `condition` over {row} (ours) and {other}."""

    condition: Template
    order: tuple[Order, ...]
    longest: int = LARGEST_PAGE


@dataclass(frozen=True, slots=True)
class Paged:
    """A keyset connection over rows of the target; `condition` as in ToMany."""

    condition: Template
    orders: Mapping[str, Order]
    default_order: Order | None
    filters: Mapping[str, Filter]
    arguments: Mapping[str, Filter]


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


class PlannedField(StrawberryField):
    """A field with a binding and a sensitivity. Reads below it are one statement; see execution.py."""

    binding: Binding
    sensitivity: Hashable

    def __copy__(self) -> "PlannedField":
        copied = super().__copy__()
        copied.binding, copied.sensitivity = self.binding, self.sensitivity
        return copied

    @property
    def is_basic_field(self) -> bool:
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Any) -> Any:
        return info.context.planned(self, source, info._raw_info)


def _planned(
    binding: Binding,
    sensitivity: Hashable,
    description: str,
    arguments: Sequence[StrawberryArgument] = (),
    default: Any = None,
) -> Any:
    planned = PlannedField(description=description, default=default)
    planned.binding, planned.sensitivity = binding, sensitivity
    planned.arguments = list(arguments)
    return planned


def _argument(name: str, annotation: Any, description: str) -> StrawberryArgument:
    kind = StrawberryAnnotation(annotation)
    return StrawberryArgument(name, None, kind, description=description, default=strawberry.UNSET)


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def column(attribute: Any, *, description: str, weight: int = 0, sensitivity: Hashable = None) -> Any:
    """The value of a mapped column."""
    element = attribute.__clause_element__()
    return _planned(Scalar(f"{{row}}.{quoted(element.name)}", bool(element.nullable), weight), sensitivity, description)


def expression(
    sql: Template, *, description: str, nullable: bool = True, weight: int = 0, sensitivity: Hashable = None
) -> Any:
    """A value computed from the row, the caller and the clock."""
    return _planned(Scalar(f"({sql})", nullable, weight), sensitivity, description)


def one(attribute: Any, *, description: str, target_key: str | None = None, sensitivity: Hashable = None) -> Any:
    """The row this column points to: a column, or a template. Null where there is none or it is hidden."""
    sql = attribute if isinstance(attribute, str) else f"{{row}}.{quoted(attribute.__clause_element__().name)}"
    return _planned(ToOne(sql, target_key), sensitivity, description)


def _condition(attribute: Any) -> Template:
    if isinstance(attribute, str):
        return attribute
    return f"{{other}}.{quoted(attribute.__clause_element__().name)} = {{row}}.id"


def many(
    attribute: Any,
    *,
    order: Sequence[Order],
    description: str,
    longest: int = LARGEST_PAGE,
    sensitivity: Hashable = None,
) -> Any:
    """The rows whose column points here: for lists that cannot grow beyond `longest`. Null where no row of the target is for
    this sort of caller."""
    return _planned(ToMany(_condition(attribute), tuple(order), longest), sensitivity, description)


def connection(
    attribute: Any = ALWAYS,
    *,
    description: str,
    orders: Mapping[str, Order] | None = None,
    default_order: Order | None = None,
    order_type: Any = None,
    filters: Mapping[str, Filter] | None = None,
    filter_type: Any = None,
    arguments: Mapping[str, tuple[Any, Filter, str]] | None = None,
    sensitivity: Hashable = None,
) -> Any:
    """A keyset connection over the rows whose column points here (at the root: over every visible row)."""
    declared = [
        _argument("first", int | None, f"How many, 1 to {LARGEST_PAGE}; {DEFAULT_PAGE} when left out."),
        _argument("after", str | None, "The cursor of the last one seen."),
    ]
    if filter_type is not None:
        declared.append(_argument("filter", filter_type | None, "Only those that satisfy every condition given."))
    if order_type is not None:
        declared.append(_argument("order_by", order_type | None, "The order of the list."))
    for name, (kind, _, text) in (arguments or {}).items():
        declared.append(_argument(name, kind | None, text))
    binding = Paged(
        _condition(attribute) if attribute != ALWAYS else ALWAYS,
        orders or {},
        default_order,
        filters or {},
        {name: condition for name, (_, condition, _) in (arguments or {}).items()},
    )
    return _planned(binding, sensitivity, description, declared)


def lookup(
    condition: Template,
    *,
    description: str,
    argument: tuple[str, Any, str, str] | None = None,
    sensitivity: Hashable = None,
) -> Any:
    """A root field for one row; `argument` is (name, type, SQL type, description), `{value}` its value in `condition`."""
    if argument is None:
        return _planned(Lookup(condition), sensitivity, description)
    name, kind, sql_type, text = argument
    return _planned(Lookup(condition, name, sql_type), sensitivity, description, [_argument(name, kind, text)])


def any_node(*, description: str, sensitivity: Hashable = None) -> Any:
    return _planned(AnyNode(), sensitivity, description, [_argument("id", strawberry.ID, "An id this API gave out.")])


def payload_node(*, description: str) -> Any:
    """A payload's object: set it to the key of the row that was written."""
    return _planned(PayloadNode(), None, description)


@dataclass(frozen=True, slots=True)
class PlannedType:
    """Where the rows of a GraphQL type come from and who may read them.

    `source` is a table or a sub-select template; `tenant` the column that carries the tenant; `row_policy` who may see
    which rows; `field_policies` who may read the fields of a sensitivity; `prefix` that of its ids, where `node(id:)` reaches it.
    """

    source: Template
    row_policy: Access
    prefix: str | None = None
    tenant: str = "trust_id"
    key: str = "id"
    field_policies: Mapping[Any, Access] = field(default_factory=dict)
    sensitivity: Hashable = None  # of the fields that declare none

    def may_read(self, sensitivity: Hashable, profile: AccessProfile) -> Template:
        """The predicate under which a field of this sensitivity is read; one the type does not list is read by nobody."""
        access = self.field_policies.get(self.sensitivity if sensitivity is None else sensitivity, nobody)
        return access(profile)


def planned(
    source: Any,
    *,
    row_policy: Access,
    prefix: str | None = None,
    tenant: str = "trust_id",
    key: str = "id",
    field_policies: Mapping[Any, Access],
    sensitivity: Hashable,
) -> Callable[[Type], Type]:
    """Declares what a Strawberry type is read from: a mapped class or a sub-select template."""
    sql = source if isinstance(source, str) else quoted(source.__table__.name)

    def declare(cls: Type) -> Type:
        declared = PlannedType(sql, row_policy, prefix, tenant, key, field_policies, sensitivity)
        setattr(cls, "__planned__", declared)  # noqa: B010 - the attribute is ours, the class is Strawberry's
        return cls

    return declare
