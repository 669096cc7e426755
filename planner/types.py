"""What a GraphQL type is read from, declared over the class."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from .templates import Access, AccessProfile, Template, nobody, quoted

Type = TypeVar("Type", bound=type)


@dataclass(frozen=True, slots=True)
class PlannedType:
    """Where the rows of a GraphQL type come from and who may read them.

    `source` is a table or a sub-select template; `tenant` the column that carries the tenant, if not the registry's;
    `row_policy` who may see which rows; `field_policies` who may read the fields of a sensitivity; `prefix` that of its
    ids, where `node(id:)` reaches it.
    """

    source: Template
    row_policy: Access
    prefix: str | None = None
    tenant: str | None = None
    key: str = "id"
    field_policies: Mapping[Any, Access] = field(default_factory=dict)
    sensitivity: Hashable = None  # of the fields that declare none

    @property
    def cursor_prefix(self) -> str:
        """Of the cursors of its lists: a type without ids has places in a list all the same."""
        return self.prefix or "at"

    def may_read(self, sensitivity: Hashable, profile: AccessProfile) -> Template:
        """The predicate under which a field of this sensitivity is read; one the type does not list is read by nobody."""
        access = self.field_policies.get(self.sensitivity if sensitivity is None else sensitivity, nobody)
        return access(profile)


def planned(
    source: Any,
    *,
    row_policy: Access,
    prefix: str | None = None,
    tenant: str | None = None,
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
