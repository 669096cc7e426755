"""The reference executor: tiny, slow and obviously right.

graphql-core executes the document on a plain copy of the schema; every field is answered by one query of its own. Shares
nothing with the compiler but the declarations.
"""

from typing import Any
from uuid import UUID

from graphql import build_schema, execute, get_named_type, parse, print_schema

from ..bindings import AnyNode, Lookup, Paged, Scalar, ToMany, ToOne
from ..registry import Registry
from ..request import Request
from ..templates import NEVER, quoted
from .pages import page
from .rows import Row, Rows, literal


class ReferenceRefused(AssertionError):
    """The reference answers with errors. It may where the planner does not: it also reads the filter of a list of which
    nothing but `__typename` is asked."""


class Reference:
    """Of one schema."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._plain = build_schema(print_schema(registry.schema))

    async def data(self, connection: Any, profile: Any, request: Request, text: str) -> Any:
        """The value of `data`. The connection must see every row: tenant and policies are applied here.

        The variables of the request are those that were sent, not coerced.
        """
        # functions that declarations call may ask for the tenant
        await connection.execute(
            "select set_config($1, $2, false)", f"app.{self._registry.tenant}", str(request.tenant)
        )
        result = execute(
            self._plain,
            parse(text),
            variable_values=dict(request.variables),
            field_resolver=_Resolver(Rows(connection, self._registry, profile, request)).resolve,
            type_resolver=lambda row, *_: row.type_name,
        )
        if hasattr(result, "__await__"):
            result = await result
        if result.errors:
            raise ReferenceRefused(result.errors)
        return result.data


class _Resolver:
    def __init__(self, rows: Rows) -> None:
        self._rows, self._registry = rows, rows.registry

    async def resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        """graphql-core's field resolver; objects are rows, and the parts of a connection a dict."""
        if isinstance(source, dict):
            return source[info.field_name]
        declared = self._registry.fields[info.parent_type.name, info.field_name]
        if source is not None:
            policy = self._registry.types[info.parent_type.name].may_read(declared.sensitivity, self._rows.profile)
            if not await self._rows.value(source, policy):
                return None
        target = get_named_type(info.return_type)
        match declared.binding:
            case Scalar() as binding:
                return await self._scalar(source, binding, target.name)
            case Lookup() as binding:
                return await self._lookup(binding, target.name, arguments)
            case AnyNode():
                return await self._node(arguments["id"])
            case ToOne() as binding:
                return await self._to_one(source, binding, target.name)
            case ToMany() as binding:
                if self._registry.types[target.name].row_policy(self._rows.profile) == NEVER:
                    return None
                if not await self._rows.value(source, binding.exists):
                    return None
                listed = await self._rows.related(source, target.name, binding.condition, list(binding.order))
                return listed[: binding.longest]
            case Paged() as binding:
                return await page(self._rows, source, binding, target, arguments)
        raise AssertionError(f"{info.parent_type.name}.{info.field_name} can't be read alone.")

    async def _scalar(self, row: Row, binding: Scalar, scalar: str) -> Any:
        value = await self._rows.value(row, binding.sql)
        if scalar == "ID":
            return f"{self._registry.types[row.type_name].prefix}_{value}"
        return int(value) if scalar == "Int" and value is not None else value

    async def _lookup(self, binding: Lookup, type_name: str, arguments: dict[str, Any]) -> Row | None:
        value = arguments[binding.argument] if binding.argument else None
        if binding.sql_type == "uuid":
            value = _key(value, self._registry.types[type_name].prefix)
        filled = self._rows.fill(binding.condition, row="theirs", value=literal(value, binding.sql_type))
        return await self._first(type_name, filled)

    async def _to_one(self, row: Row, binding: ToOne, type_name: str) -> Row | None:
        key = await self._rows.value(row, binding.sql)
        column = quoted(binding.target_key or self._registry.types[type_name].key)
        return None if key is None else await self._first(type_name, f"theirs.{column} = '{key}'")

    async def _node(self, text: str) -> Row | None:
        prefix = text.partition("_")[0]
        name, key = self._registry.prefixes.get(prefix), _key(text, prefix)
        if name is None or key is None:
            return None
        return await self._first(name, f"theirs.{quoted(self._registry.types[name].key)} = '{key}'")

    async def _first(self, type_name: str, condition: str) -> Row | None:
        rows = await self._rows.where(type_name, condition)
        return rows[0] if rows else None


def _key(text: Any, prefix: str | None) -> UUID | None:
    """What an id of this prefix names."""
    try:
        return UUID(text.removeprefix(f"{prefix}_")) if str(text).startswith(f"{prefix}_") else None
    except ValueError:
        return None
