"""A field that carries its declaration: a StrawberryField with a binding."""

from collections.abc import Hashable, Sequence
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from .bindings import Binding


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


def planned_field(
    binding: Binding,
    description: str,
    sensitivity: Hashable = None,
    arguments: Sequence[StrawberryArgument] = (),
) -> Any:
    planned = PlannedField(description=description, default=None)
    planned.binding, planned.sensitivity = binding, sensitivity
    planned.arguments = list(arguments)
    return planned


def planned_argument(name: str, annotation: Any, description: str) -> StrawberryArgument:
    kind = StrawberryAnnotation(annotation)
    return StrawberryArgument(name, None, kind, description=description, default=strawberry.UNSET)
