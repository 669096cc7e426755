"""Reading a document: what is selected, and what an argument says, be it a literal or a variable."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLObjectType,
    InlineFragmentNode,
    NullValueNode,
    ObjectValueNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    value_from_ast,
)

from .variables import Variables


@dataclass(slots=True)
class Request:
    """What bind parameters are taken from."""

    trust_id: Any
    variables: Mapping[str, Any]
    viewer: Any
    key: Any = None  # of the row a mutation wrote


Parameter = Callable[[Request], Any]


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class FromVariable:
    name: str
    key: str | None = None

    def read(self, request: Request) -> Any:
        value = request.variables.get(self.name)
        return value.get(self.key) if self.key is not None and value is not None else value


Given = Constant | FromVariable


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return [plain(inner) for inner in value] if isinstance(value, list) else value


class DocumentReader:
    """Answers for one compilation; what it had to know of the variables is noted in them."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], variables: Variables) -> None:
        self._fragments = fragments
        self._variables = variables

    def argument(self, field: GraphQLField, node: FieldNode, name: str) -> Given | None:
        """What the document says of an argument; None where it says nothing."""
        found = next((a.value for a in node.arguments or () if a.name.value == name), None)
        return None if found is None else self.given(found, field.args[name].type)

    def given(self, node: ValueNode, kind: Any) -> Given:
        if isinstance(node, VariableNode):
            return FromVariable(node.name.value)
        return Constant(value_from_ast(node, kind))

    def chosen(self, field: GraphQLField, node: FieldNode) -> Any:
        """The value of `orderBy`, whose parts may be variables."""
        found = next((a.value for a in node.arguments or () if a.name.value == "orderBy"), None)
        if not isinstance(found, ObjectValueNode):
            return self.known(self.argument(field, node, "orderBy"))
        kind = cast(Any, get_named_type(field.args["orderBy"].type))
        return {
            part.name.value: self.known(self.given(part.value, kind.fields[part.name.value].type))
            for part in found.fields
        }

    def known(self, given: Given | None) -> Any:
        """The value itself, which becomes part of the statement and so of the plan's key."""
        return self._variables.value(given.name) if isinstance(given, FromVariable) else given and given.value

    def is_given(self, given: Given) -> bool:
        """Whether it has a value at all: null and absent are the same here."""
        if isinstance(given, Constant):
            return given.value is not None
        return given.key is not None or bool(self._variables.project(given.name, "given"))

    def selections(self, nodes: list[FieldNode]) -> list[SelectionSetNode]:
        """What is selected below nodes of the same response key, to be merged."""
        return [node.selection_set for node in nodes if node.selection_set]

    def collect(self, parent: GraphQLObjectType, selections: Sequence[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        """The fields selected on `parent`, by response key, fragments expanded and directives applied."""
        collected: dict[str, list[FieldNode]] = {}
        visited: set[str] = set()

        def gather(selection_set: SelectionSetNode) -> None:
            for node in selection_set.selections:
                if not self._included(node):
                    continue
                if isinstance(node, FieldNode):
                    collected.setdefault((node.alias or node.name).value, []).append(node)
                elif isinstance(node, InlineFragmentNode):
                    if node.type_condition is None or self._applies(parent, node.type_condition.name.value):
                        gather(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                    visited.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    if self._applies(parent, fragment.type_condition.name.value):
                        gather(fragment.selection_set)

        for selection_set in selections:
            gather(selection_set)
        return collected

    def prefix(self, given: FromVariable) -> Any:
        """The part of an id that tells its type, which decides the statement."""
        return self._variables.project(given.name, "prefix")

    def _applies(self, parent: GraphQLObjectType, condition: str) -> bool:
        return condition == parent.name or any(interface.name == condition for interface in parent.interfaces)

    def _included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name in ("skip", "include"):
                value = next(iter(directive.arguments or ())).value
                if isinstance(value, VariableNode):
                    answer = bool(self._variables.value(value.name.value))
                else:
                    answer = cast(BooleanValueNode, value).value
                if answer is (name == "skip"):
                    return False
        return True

    def filter_values(self, field: GraphQLField, node: FieldNode) -> dict[str, Given]:
        """The conditions of `filter` that are set, by name."""
        if "filter" not in field.args:
            return {}
        argument = next((a for a in node.arguments or () if a.name.value == "filter"), None)
        kind = cast(Any, get_named_type(field.args["filter"].type))
        if argument is None or isinstance(argument.value, NullValueNode):
            return {}
        if isinstance(argument.value, VariableNode):
            variable = argument.value.name.value
            return {key: FromVariable(variable, key) for key in self._variables.project(variable, "keys")}
        literal = cast(ObjectValueNode, argument.value)
        found = {f.name.value: self.given(f.value, kind.fields[f.name.value].type) for f in literal.fields}
        return {name: given for name, given in found.items() if given is not None and self.is_given(given)}
