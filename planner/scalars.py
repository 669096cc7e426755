"""The JSON of one value of a row."""

from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, get_named_type

from .bindings import Scalar
from .selected import SelectedField
from .statement import Statement
from .text import JsonText, JsonValue, Sql

_PLAIN_JSON = {"Int", "Float", "Boolean", "JSON"}  # their SQL text is their JSON


def scalar(statement: Statement, field: SelectedField, binding: Scalar, alias: str) -> JsonValue:
    statement.count(binding.weight)
    sql = statement.template(binding.sql, row=alias)
    kind = field.definition.type
    kind = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    named = get_named_type(kind)
    if isinstance(kind, GraphQLList) or not (
        isinstance(named, GraphQLEnumType) or named.name in _PLAIN_JSON or named.name == "ID"
    ):
        text = f"to_json({sql})::text"
    elif named.name in _PLAIN_JSON:
        text = f"{sql}::text"
    else:
        before = f"{statement.declared(field.parent).prefix}_" if named.name == "ID" else ""
        if not binding.nullable:
            return JsonText().add(f'"{before}', Sql(f"{sql}::text"), '"')
        text = f"'\"{before}'||{sql}||'\"'"
    return Sql(f"coalesce({text},'null')" if binding.nullable else text)
