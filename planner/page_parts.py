"""The parts of a connection that are aggregated from its page."""

from collections.abc import Callable

from graphql import GraphQLObjectType, SelectionSetNode

from .page_order import PageSize
from .reading import DocumentReader
from .selected import SelectedField
from .statement import Row, Statement
from .text import JsonText, JsonValue, Sql, json_object

ObjectText = Callable[[GraphQLObjectType, list[SelectionSetNode], Row], JsonText]  # what an object says of its row


class PageParts:
    """Of one page, which holds one row too many if it looks ahead; `used` tells whether any part needs the page."""

    def __init__(
        self,
        statement: Statement,
        document: DocumentReader,
        object_text: ObjectText,
        target: GraphQLObjectType,
        row: Row,
        size: PageSize,
        order: str,
        looks_ahead: bool,
        beyond: Callable[[str], str | None],
    ) -> None:
        self._statement, self._document, self._object_text = statement, document, object_text
        self._target, self._row, self._size, self._beyond = target, row, size, beyond
        numbered = f"{row.alias}.page_row{' desc' if size.from_end else ''}"
        self._order = numbered if looks_ahead else order
        self._within = f" filter (where {row.alias}.page_row<={size.rows})" if looks_ahead else ""
        self.used = False

    def part(self, field: SelectedField) -> JsonValue:
        if field.name == "__typename":
            return f'"{field.parent.name}"'
        if field.name == "nodes":
            return self._list(self._object_text(self._target, field.selections, self._row))
        inside = self._document.collect(field.target, field.selections)
        if field.name == "edges":
            return self._list(json_object([(key, self._edge(found)) for key, found in inside.items()]))
        return json_object([(key, self._page_info(found)) for key, found in inside.items()])

    def _aggregate(self, sql: str) -> Sql:
        self.used = True
        return Sql(sql)

    def _list(self, text: JsonText) -> Sql:
        return self._aggregate(
            f"coalesce('['||string_agg({text.sql()},',' order by {self._order}){self._within}||']','[]')"
        )

    def _cursor(self) -> str:
        prefix = self._statement.declared(self._target).cursor_prefix
        return f"'\"{prefix}_'||{self._statement.key(self._target, self._row.alias)}||'\"'"

    def _edge(self, field: SelectedField) -> JsonValue:
        match field.name:
            case "cursor":
                return Sql(self._cursor())
            case "node":
                return self._object_text(self._target, field.selections, self._row)
            case _:
                return f'"{field.parent.name}"'

    def _has_more(self, ends_here: bool, bound: str) -> JsonValue:
        """Whether the list goes on at this end of the page: one row too many was found, or it lies beyond a cursor."""
        beyond = self._beyond(bound)
        if not ends_here:
            return "false" if beyond is None else Sql(f"({beyond})::text")
        found = f"count(*)>{self._size.rows}"
        return self._aggregate(f"({found})::text" if beyond is None else f"({found} or {beyond})::text")

    def _page_info(self, field: SelectedField) -> JsonValue:
        cursors = f"array_agg({self._cursor()} order by {self._order}){self._within}"
        match field.name:
            case "hasNextPage":
                return self._has_more(not self._size.from_end, "before")
            case "hasPreviousPage":
                return self._has_more(self._size.from_end, "after")
            case "startCursor":
                return self._aggregate(f"coalesce(({cursors})[1],'null')")
            case "endCursor":
                return self._aggregate(f"coalesce(({cursors})[least(count(*),{self._size.rows})],'null')")
            case _:
                return f'"{field.parent.name}"'
