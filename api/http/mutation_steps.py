"""What a mutation's document asks for, read once, so that it can be answered without graphql-core's executor.

The executor resolves, completes and awaits field by field. What a declared mutation answers is a small object of scalars
and errors, and sub-trees that are planned: its shape stands in the document. Whatever is out of the ordinary (directives, a
key asked for twice, fragments on other types) is left to the executor.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.schema.schema_converter import GraphQLCoreConverter

from planner import Document, PlannedField
from schema.mutation_fields import Mutation, mutation_of

Give = Callable[[Any], Any]


class _Unusual(Exception):
    """The document asks for something that only the executor knows."""


@dataclass(frozen=True, slots=True)
class PayloadField:
    """A field that is asked of an object: under which key, and where it stands; resolvers see it as their `info`."""

    key: str
    name: str
    parent_type: GraphQLObjectType
    field_nodes: list[FieldNode]


@dataclass(frozen=True, slots=True)
class Shape:
    """What is asked of an object: values, by the keys they are given under, and sub-trees that are planned."""

    keys: Sequence[str]
    values: Sequence[tuple[str, Give]]
    planned: Sequence[tuple[PayloadField, PlannedField]]


@dataclass(frozen=True, slots=True)
class Step:
    """One mutation of a document."""

    field: PayloadField
    definition: GraphQLField
    mutation: Mutation
    payload: "Shape"


def steps_of(schema: GraphQLSchema, document: Document, operation: OperationDefinitionNode) -> Sequence[Step] | None:
    """How the operation runs without the executor; None where it can't."""
    try:
        return [_step(document, field) for field in _fields(schema.mutation_type, operation.selection_set, document)]
    except _Unusual:
        return None


def _step(document: Document, field: PayloadField) -> Step:
    definition = field.parent_type.fields.get(field.name)
    mutation = None if definition is None else mutation_of(definition)
    if definition is None or mutation is None:
        raise _Unusual
    return Step(field, definition, mutation, _shape(get_named_type(definition.type), field.field_nodes[0], document))


def _shape(kind: Any, node: FieldNode, document: Document) -> Shape:
    keys: list[str] = []
    values: list[tuple[str, Give]] = []
    planned: list[tuple[PayloadField, PlannedField]] = []
    assert node.selection_set is not None, "the document is valid"
    for field in _fields(kind, node.selection_set, document):
        keys.append(field.key)
        if field.name == "__typename":
            values.append((field.key, partial(_typename, kind.name)))
            continue
        definition = kind.fields[field.name]
        declared = definition.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
        if isinstance(declared, PlannedField):
            planned.append((field, declared))
        else:
            value = _value(definition.type, field, document)
            values.append((field.key, partial(_attribute, declared.python_name, value)))
    return Shape(keys, values, planned)


def _typename(name: str, _: Any) -> str:
    return name


def _attribute(name: str, value: Give, source: Any) -> Any:
    return value(getattr(source, name))


def _value(kind: Any, field: PayloadField, document: Document) -> Give:
    """How a value of this type is given. Raises _Unusual."""
    if is_non_null_type(kind):
        return partial(_present, _value(kind.of_type, field, document), f"{field.parent_type}.{field.name}")
    if is_list_type(kind):
        return partial(_list, _value(kind.of_type, field, document))
    if is_leaf_type(kind):
        return partial(_leaf, kind.coerce_output_value)
    if not is_object_type(kind):
        raise _Unusual
    shape = _shape(kind, field.field_nodes[0], document)
    if shape.planned:
        raise _Unusual
    return partial(_plain, shape)


def _present(value: Give, name: str, source: Any) -> Any:
    if source is None:
        raise TypeError(f"Cannot return null for non-nullable field {name}.")
    return value(source)


def _list(value: Give, source: Any) -> Any:
    return None if source is None else [value(each) for each in source]


def _leaf(value: Give, source: Any) -> Any:
    return None if source is None else value(source)


def _plain(shape: Shape, source: Any) -> Any:
    return None if source is None else {key: give(source) for key, give in shape.values}


def _fields(parent: Any, selected: SelectionSetNode, document: Document) -> Iterator[PayloadField]:
    """The fields asked of an object, fragments on its own type among them. Raises _Unusual."""
    seen = set()
    for node in _flat(parent, selected, document):
        key = node.alias.value if node.alias else node.name.value
        if key in seen:
            raise _Unusual
        seen.add(key)
        yield PayloadField(key, node.name.value, parent, [node])


def _flat(parent: GraphQLObjectType, selected: SelectionSetNode, document: Document) -> Iterator[FieldNode]:
    for node in selected.selections:
        if node.directives:
            raise _Unusual
        if isinstance(node, FieldNode):
            yield node
            continue
        fragment: Any = document.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        on = fragment.type_condition
        if fragment.directives or (on is not None and on.name.value != parent.name):
            raise _Unusual
        yield from _flat(parent, fragment.selection_set, document)
