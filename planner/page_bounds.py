"""Where a page begins and ends: after the row of one cursor, before the row of another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import GraphQLObjectType

from .bindings import Order
from .identifiers import decode_cursor
from .reading import DocumentReader
from .request import Given
from .selected import SelectedField
from .statement import Statement
from .templates import quoted


@dataclass(frozen=True, slots=True)
class _Bound:
    """A cursor that is given; `inside` is how the rows of the page compare with it, `outside` all others."""

    given: Given
    decode: Callable[[Any], Any]
    inside: str
    outside: str


class PageBounds:
    """Of one page. What is not rendered binds nothing."""

    def __init__(
        self,
        statement: Statement,
        document: DocumentReader,
        field: SelectedField,
        target: GraphQLObjectType,
        order: Sequence[Order],
    ) -> None:
        self._statement, self._target, self._order = statement, target, order
        up, down = (">", "<=") if not order[0].descending else ("<", ">=")
        back, forth = ("<", ">=") if not order[0].descending else (">", "<=")
        prefix = statement.declared(target).cursor_prefix
        self._bounds: dict[str, _Bound] = {}
        for name, inside, outside in (("after", up, down), ("before", back, forth)):
            given = document.argument(field, name)
            if given is not None and document.is_given(given):
                self._bounds[name] = _Bound(given, partial(decode_cursor, name, prefix), inside, outside)

    def conditions(self, alias: str) -> list[str]:
        """What holds of the rows between the bounds."""
        return [self._compared(alias, bound, bound.inside) for bound in self._bounds.values()]

    def beyond(self, name: str, where: Callable[[str], list[str]]) -> str | None:
        """Whether rows of the list, which is what satisfies `where`, lie on the other side of the bound; None without it."""
        bound = self._bounds.get(name)
        if bound is None:
            return None
        alias = self._statement.alias()
        conditions = " and ".join([*where(alias), self._compared(alias, bound, bound.outside)])
        return f"exists (select from {self._statement.source(self._target, alias)} where {conditions})"

    def _compared(self, alias: str, bound: _Bound, how: str) -> str:
        statement, target, order = self._statement, self._target, self._order
        key = statement.key(target, alias)
        cursor = statement.parameter(bound.given, "uuid", bound.decode)
        if len(order) == 1:
            return f"{key} {how} {cursor}"
        last, name = statement.alias(), quoted(order[0].column)
        visible = " and ".join(statement.visible(target, last))  # a hidden row is no place in the list
        there = f"{visible} and {statement.key(target, last)} = {cursor}"
        seen = f"(select {last}.{name} from {statement.source(target, last)} where {there})"
        return f"({alias}.{name}, {key}) {how} ({seen}, {cursor})"
