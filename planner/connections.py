"""Connections: keyset pages of the rows related to another (at the root: of all that are visible)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from graphql import GraphQLObjectType, get_named_type

from .bindings import Paged
from .page_bounds import PageBounds
from .page_conditions import page_conditions
from .page_order import page_order, page_size, reversed_order
from .page_parts import ObjectText, PageParts
from .reading import DocumentReader
from .selected import SelectedField
from .statement import Row, Statement
from .text import JsonValue, Sql, json_object


class Connections:
    """The connections of one statement; `object_text` compiles what is on their pages."""

    def __init__(self, statement: Statement, document: DocumentReader, object_text: ObjectText) -> None:
        self._statement, self._document, self._object_text = statement, document, object_text

    def paged(self, field: SelectedField, binding: Paged, row: Row | None) -> JsonValue:
        """A page of the rows related to `row`, as the parts of a connection asked for."""
        statement, document, connection = self._statement, self._document, field.target
        target = cast(GraphQLObjectType, get_named_type(connection.fields["nodes"].type))
        wanted = document.collect(connection, field.selections)
        size = page_size(document, field)
        declared = statement.declared(target)
        order = page_order(document, field, binding, declared)
        conditions = page_conditions(statement, document, field, binding, declared, row)

        def where(alias: str) -> list[str]:
            return [*(render(alias) for render in conditions), *statement.visible(target, alias)]

        bounds = PageBounds(statement, document, field, target, order)

        beyond = partial(bounds.beyond, where=where)
        listed = statement.row()
        alias = listed.alias
        statement.count(size.rows + binding.weight)
        looks_ahead = self._looks_ahead(wanted, "hasPreviousPage" if size.from_end else "hasNextPage")
        by = statement.order_by(order, alias)
        page = PageParts(statement, document, self._object_text, target, listed, size, by, looks_ahead, beyond)
        members: list[tuple[str, JsonValue]] = []
        with statement.repeated(size.rows):
            for key, part in wanted.items():
                if part.name == "totalCount":
                    members.append((key, self._count(target, where)))
                else:
                    members.append((key, page.part(part)))
        text = json_object(members)
        if not page.used:
            return text
        inside = [*where(alias), *bounds.conditions(alias)]
        taken = statement.order_by(reversed_order(order), alias) if size.from_end else by
        # numbering the rows costs a third of a long page; it is needed only to tell the one row too many apart
        numbered = f", row_number() over (order by {taken}) as page_row" if looks_ahead else ""
        return Sql(
            f"(select {text.sql()} from (select {alias}.*{numbered} "
            f"from {statement.source(target, alias)} where {' and '.join(inside)} order by {taken} "
            f"limit {size.rows + looks_ahead}) {alias}{''.join(listed.joins)})"
        )

    def _count(self, target: GraphQLObjectType, where: Callable[[str], list[str]]) -> Sql:
        alias = self._statement.alias()
        source = self._statement.source(target, alias)
        return Sql(f"(select count(*) from {source} where {' and '.join(where(alias))})::text")

    def _looks_ahead(self, wanted: Mapping[str, SelectedField], asks: str) -> bool:
        """Whether it is asked if there is more where the page ends."""
        return any(
            found.name == asks
            for part in wanted.values()
            if part.name == "pageInfo"
            for found in self._document.collect(part.target, part.selections).values()
        )
