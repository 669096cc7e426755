"""The reference executor: tiny, slow and obviously right.

graphql-core executes the document on a plain copy of the schema; every field is answered by one query of its own, as the
owner, with the declaration's predicates written out. Shares nothing with the compiler but the declarations.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from graphql import GraphQLObjectType, execute, get_named_type, parse

from api.authentication import Caller
from planner.declarations import NEVER, AnyNode, Lookup, Order, Paged, Scalar, ToMany, ToOne, quoted
from schema.build import REGISTRY
from tests.world.promises import PLAIN


@dataclass(frozen=True)
class Row:
    """One row of a type: `where` finds it again."""

    type_name: str
    where: str


class Reference:
    def __init__(self, connection: Any, trust_id: UUID, caller: Caller) -> None:
        self._connection, self._trust_id, self._caller = connection, trust_id, caller
        self._profile = caller.viewer.profile
        self._turn = asyncio.Lock()  # graphql-core resolves siblings at once; a connection serves one at a time

    async def data(self, text: str, variables: dict[str, Any]) -> Any:
        result = execute(
            PLAIN,
            parse(text),
            variable_values=variables,
            field_resolver=self._resolve,
            type_resolver=lambda row, *_: row.type_name,
        )
        if hasattr(result, "__await__"):
            result = await result
        assert not result.errors, result.errors
        return result.data

    def _fill(self, template: str, row: str = "mine", other: str = "theirs", value: Any = None) -> str:
        def literal(found: Any) -> str:
            if found is None:
                return "null"
            if isinstance(found, bool):
                return str(found).lower()
            if isinstance(found, list):
                return "array[" + ",".join(literal(each) for each in found) + "]::text[]"
            return "'" + str(found).replace("'", "''") + "'"

        def replaced(match: re.Match[str]) -> str:
            name = match.group(1)
            if name.startswith("viewer."):
                fact = name.removeprefix("viewer.")
                return f"{literal(getattr(self._caller, fact))}::{REGISTRY.viewer_facts[fact]}"
            return {"row": row, "other": other, "trust": f"'{self._trust_id}'::uuid", "value": literal(value)}[name]

        return re.sub(r"\{([a-z_.]+)\}", replaced, template)

    def _visible(self, type_name: str, alias: str) -> str:
        declared = REGISTRY.types[type_name]
        return f"{alias}.{quoted(declared.tenant)} = '{self._trust_id}' and ({self._fill(declared.row_policy(self._profile), alias)})"

    def _source(self, type_name: str) -> str:
        return self._fill(REGISTRY.types[type_name].source)

    async def _rows(self, type_name: str, condition: str, order: str = "") -> list[Row]:
        """The visible rows of alias `theirs`, each with the key that names it."""
        declared = REGISTRY.types[type_name]
        is_table = not declared.source.startswith("(")
        identity = "theirs.ctid::text" if is_table else f"theirs.{quoted(declared.key)}::text"
        async with self._turn:
            found = await self._connection.fetch(
                f"select {identity} as identity from {self._source(type_name)} theirs"
                f" where {condition} and {self._visible(type_name, 'theirs')} {order}"
            )
        column = "ctid" if is_table else quoted(declared.key)
        cast = "tid" if is_table else "uuid"

        def where(identity: str | None) -> str:
            return f"mine.{column} is null" if identity is None else f"mine.{column} = '{identity}'::{cast}"

        return [Row(type_name, where(row["identity"])) for row in found]

    async def _value(self, row: Row, sql: str) -> Any:
        async with self._turn:
            text = await self._connection.fetchval(
                f"select to_jsonb({sql})::text from {self._source(row.type_name)} mine where {row.where}"
            )
        return None if text is None else json.loads(text)

    async def _resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        if isinstance(source, dict):
            return source[info.field_name]
        parent = info.parent_type
        declared = REGISTRY.fields[parent.name, info.field_name]
        target = get_named_type(info.return_type)
        binding = declared.binding
        if isinstance(source, Row):
            predicate = REGISTRY.types[parent.name].may_read(declared.sensitivity, self._profile)
            if not await self._value(source, self._fill(predicate)):
                return None
        if isinstance(binding, Scalar):
            value = await self._value(source, self._fill(binding.sql))
            if target.name == "ID":
                return f"{REGISTRY.types[parent.name].prefix}_{value}"
            return int(value) if target.name == "Int" and value is not None else value
        if isinstance(binding, Lookup):
            return await self._lookup(binding, target.name, arguments)
        if isinstance(binding, AnyNode):
            return await self._node(arguments["id"])
        if isinstance(binding, ToOne):
            key = await self._value(source, self._fill(binding.sql))
            column = quoted(binding.target_key or REGISTRY.types[target.name].key)
            rows = await self._rows(target.name, f"theirs.{column} = '{key}'") if key is not None else []
            return rows[0] if rows else None
        if isinstance(binding, ToMany):
            if REGISTRY.types[target.name].row_policy(self._profile) == NEVER:
                return None
            return (await self._related(source, target.name, binding.condition, list(binding.order)))[:100]
        assert isinstance(binding, Paged)
        return await self._page(source, binding, target, arguments)

    async def _related(self, source: Row | None, type_name: str, condition: str, order: list[Order]) -> list[Row]:
        if source is None:
            filled = self._fill(condition, row="theirs")
        else:
            needed = {
                name: await self._value(source, f"mine.{name}")
                for name in set(re.findall(r"\{row\}\.(\w+)", condition))
            }
            filled = re.sub(
                r"\{row\}\.(\w+)",
                lambda match: "null" if (value := needed[match.group(1)]) is None else f"'{value}'",
                condition,
            )
            filled = self._fill(filled)
        by = ", ".join(f"theirs.{quoted(each.column)}{' desc' if each.descending else ''}" for each in order)
        return await self._rows(type_name, f"({filled})", f"order by {by}")

    async def _lookup(self, binding: Lookup, type_name: str, arguments: dict[str, Any]) -> Row | None:
        value = arguments[binding.argument] if binding.argument else None
        rows = await self._rows(type_name, f"({self._fill(binding.condition, row='theirs', value=value)})")
        return rows[0] if rows else None

    async def _node(self, text: str) -> Row | None:
        prefix, _, key = text.partition("_")
        name = REGISTRY.prefixes.get(prefix)
        try:
            rows = await self._rows(name, f"theirs.id = '{UUID(key)}'") if name else []
        except ValueError:
            return None
        return rows[0] if rows else None

    async def _page(self, source: Row | None, binding: Paged, target: Any, arguments: dict[str, Any]) -> dict[str, Any]:
        assert isinstance(target, GraphQLObjectType)
        type_name = get_named_type(target.fields["nodes"].type).name
        declared = REGISTRY.types[type_name]
        order = binding.default_order
        chosen = arguments.get("orderBy")
        if chosen:
            order = Order(binding.orders[chosen["field"]].column, chosen.get("direction") == "DESC")
        keys = [Order(declared.key, bool(order and order.descending))]
        orders = [order, *keys] if order and order.column != declared.key else keys
        rows = await self._related(source, type_name, binding.condition, orders)
        for name, value in (arguments.get("filter") or {}).items():
            condition = binding.filters[name]
            decoded = condition.decode(value) if condition.decode else value
            kept = (
                await self._rows(type_name, f"({self._fill(condition.predicate, row='theirs', value=decoded)})")
                if value is not None
                else rows
            )
            rows = [row for row in rows if row in kept]
        for name, declared_argument in binding.arguments.items():
            value = arguments.get(name.replace("as_at", "asAt"))
            predicate = declared_argument.absent if value is None else declared_argument.predicate
            if predicate is not None:
                kept = await self._rows(type_name, f"({self._fill(predicate, row='theirs', value=value)})")
                rows = [row for row in rows if row in kept]
        cursors = [f"{declared.prefix}_{await self._value(row, f'mine.{quoted(declared.key)}')}" for row in rows]
        after = arguments.get("after")
        start = cursors.index(after) + 1 if after in cursors else 0
        if after and after not in cursors:  # of a row that is not in this list: only the order by key knows its place
            place = [cursor for cursor in cursors if cursor > after] if len(orders) == 1 else []
            start = len(cursors) - len(place)
        first = arguments.get("first") or 20
        page = list(zip(cursors, rows, strict=True))[start : start + first]
        return {
            "totalCount": len(rows),
            "nodes": [row for _, row in page],
            "edges": [{"cursor": cursor, "node": row} for cursor, row in page],
            "pageInfo": {
                "hasNextPage": len(rows) > start + first,
                "startCursor": page[0][0] if page else None,
                "endCursor": page[-1][0] if page else None,
            },
        }
