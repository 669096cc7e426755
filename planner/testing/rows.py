"""Rows and values, each by a query of its own, with the predicates of the declarations written out."""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

from ..bindings import Order
from ..registry import Registry
from ..request import Request
from ..templates import quoted


@dataclass(frozen=True)
class Row:
    """One row of a type: `where` finds it again."""

    type_name: str
    where: str


def literal(value: Any, sql_type: str) -> str:
    if value is None:
        return f"null::{sql_type}"
    if isinstance(value, list | tuple):
        return "array[" + ",".join(literal(each, "text") for each in value) + f"]::{sql_type}"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return "'" + text.replace("'", "''") + f"'::{sql_type}"


class Rows:
    """What one caller may see. In SQL `mine` is the row at hand and `theirs` one that is looked for."""

    def __init__(self, connection: Any, registry: Registry, profile: Any, request: Request) -> None:
        self.registry, self.profile = registry, profile
        self._connection, self._request = connection, request
        self._turn = asyncio.Lock()  # graphql-core resolves siblings at once; a connection serves one at a time

    def fill(self, template: str, row: str = "mine", other: str = "theirs", value: str = "null") -> str:
        """The template with everything in its place; `value` is SQL."""
        given = {"row": row, "other": other, "value": value}
        given[self.registry.tenant] = literal(self._request.tenant, "uuid")
        for fact, sql_type in self.registry.viewer_facts.items():
            given[f"viewer.{fact}"] = literal(getattr(self._request.viewer, fact), sql_type)
        return re.sub(r"\{([a-z_.]+)\}", lambda match: given[match.group(1)], template)

    async def where(self, type_name: str, condition: str, order: str = "") -> list[Row]:
        """The visible rows of alias `theirs` that satisfy a condition, each with the key that names it."""
        declared = self.registry.types[type_name]
        source = self.fill(declared.source)
        identity = quoted(declared.key) if source.startswith("(") else "ctid"
        tenant = f"theirs.{quoted(self.registry.tenant_column(declared))} = {literal(self._request.tenant, 'uuid')}"
        policy = self.fill(declared.row_policy(self.profile), row="theirs")
        async with self._turn:
            found = await self._connection.fetch(
                f"select theirs.{identity}::text as identity from {source} theirs"
                f" where ({condition}) and {tenant} and ({policy}) {order}"
            )
        return [
            Row(type_name, f"mine.{identity}::text is not distinct from {literal(each['identity'], 'text')}")
            for each in found
        ]

    async def value(self, row: Row, template: str) -> Any:
        """An expression over `mine`, as JSON."""
        source = self.fill(self.registry.types[row.type_name].source)
        async with self._turn:
            text = await self._connection.fetchval(
                f"select to_jsonb({self.fill(template)})::text from {source} mine where {row.where}"
            )
        return None if text is None else json.loads(text)

    async def related(self, row: Row | None, type_name: str, condition: str, order: list[Order]) -> list[Row]:
        """The rows of a list in its order; `row` is None at the root, where {row} is the listed row itself."""
        if row is None:
            filled = self.fill(condition, row="theirs")
        else:
            columns = re.findall(r"\{row\}\.(\w+)", condition)
            values = {name: await self.value(row, f"mine.{name}") for name in set(columns)}
            filled = self.fill(re.sub(r"\{row\}\.(\w+)", lambda match: _untyped(values[match.group(1)]), condition))
        by = ", ".join(f"theirs.{quoted(each.column)}{' desc' if each.descending else ''}" for each in order)
        return await self.where(type_name, filled, f"order by {by}")


def _untyped(value: Any) -> str:
    return "null" if value is None else "'" + str(value).replace("'", "''") + "'"
