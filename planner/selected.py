"""A field where a document selects it."""

from dataclasses import dataclass
from typing import cast

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    SelectionSetNode,
    ValueNode,
    get_named_type,
)


@dataclass(frozen=True, slots=True)
class SelectedField:
    """`definition` is the schema's; `nodes` are all those of one response key, to be merged."""

    parent: GraphQLObjectType
    nodes: list[FieldNode]

    @property
    def name(self) -> str:
        return self.nodes[0].name.value

    @property
    def definition(self) -> GraphQLField:
        return cast(GraphQLField, self.parent.fields[self.name])

    @property
    def target(self) -> GraphQLObjectType:
        """The type of the field, which must be an object or a list of objects."""
        return cast(GraphQLObjectType, get_named_type(self.definition.type))

    @property
    def selections(self) -> list[SelectionSetNode]:
        """What is selected below."""
        return [node.selection_set for node in self.nodes if node.selection_set]

    def argument(self, name: str) -> ValueNode | None:
        """What the document writes for an argument; validation has seen that all nodes write the same."""
        return next((each.value for each in self.nodes[0].arguments or () if each.name.value == name), None)
