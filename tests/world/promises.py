"""What the schema promises of an answer: a planned answer reaches nobody who would notice a null in the wrong place, and
a refusal names fields that its input has."""

from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLAbstractType,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    build_schema,
    execute,
    get_named_type,
    parse,
    print_schema,
)
from graphql.execution.values import get_argument_values

from schema.build import REGISTRY

PLAIN = build_schema(print_schema(REGISTRY.schema))


def check_promises(query: str, variables: dict[str, Any], data: Any) -> None:
    """Fails where the answer is not of the types that the schema gives its fields."""
    completed = execute(
        PLAIN, parse(query), root_value=data, variable_values=variables, field_resolver=_found, type_resolver=_type_of
    )
    assert isinstance(completed, ExecutionResult)
    assert not completed.errors, completed.errors


def check_paths(query: str, errors: list[dict[str, Any]]) -> None:
    """Fails where a refusal of the one mutation in `query` names what is no field of its input."""
    (operation,) = (each for each in parse(query).definitions if isinstance(each, OperationDefinitionNode))
    (field,) = (each for each in operation.selection_set.selections if isinstance(each, FieldNode))
    mutation = REGISTRY.schema.mutation_type
    assert mutation is not None
    arguments = mutation.fields[field.name.value].args
    for path in (each["path"] for each in errors if each.get("path")):
        kind: Any = get_named_type(arguments["input"].type)
        for part in path.split("."):
            if str(kind) == "JSON":
                break  # what is inside is no part of the schema
            if not part.isdigit():
                assert part in getattr(kind, "fields", {}), (
                    f"{field.name.value} is refused at {path}, which its input lacks"
                )
                kind = get_named_type(kind.fields[part].type)


def _found(source: dict[str, Any], info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    return source[str(info.path.key)]


def _type_of(_: Any, info: GraphQLResolveInfo[Any], __: GraphQLAbstractType) -> str | None:
    """That of `node(id:)`, told by the prefix of the id."""
    field = info.parent_type.fields[info.field_name]
    given = get_argument_values(field, info.field_nodes[0], info.variable_values)
    return REGISTRY.prefixes[str(given["id"]).partition("_")[0]]
