"""Reading a document: what is selected, and what an argument says, be it a literal or a variable."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
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

from .request import Constant, FromVariable, Given
from .selected import SelectedField
from .variables import Variables


class DocumentReader:
    """Answers for one compilation; what it had to know of the variables is noted in them."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], variables: Variables) -> None:
        self._fragments = fragments
        self._variables = variables

    # -- what is selected -----------------------------------------------------------------------------------------

    def collect(self, parent: GraphQLObjectType, selections: Sequence[SelectionSetNode]) -> dict[str, SelectedField]:
        """The fields selected on `parent`, by response key, fragments expanded and directives applied."""
        collected: dict[str, SelectedField] = {}
        visited: set[str] = set()

        def gather(selection_set: SelectionSetNode) -> None:
            for node in selection_set.selections:
                if not self._included(node):
                    continue
                if isinstance(node, FieldNode):
                    key = (node.alias or node.name).value
                    collected.setdefault(key, SelectedField(parent, [])).nodes.append(node)
                elif isinstance(node, InlineFragmentNode):
                    if node.type_condition is None or _applies(parent, node.type_condition.name.value):
                        gather(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in visited:
                    visited.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    if _applies(parent, fragment.type_condition.name.value):
                        gather(fragment.selection_set)

        for selection_set in selections:
            gather(selection_set)
        return collected

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

    # -- what an argument says ------------------------------------------------------------------------------------

    def argument(self, field: SelectedField, name: str) -> Given | None:
        """What the document says of an argument; None where it says nothing."""
        found = field.argument(name)
        return None if found is None else _given(found, field.definition.args[name].type)

    def known(self, given: Given | None) -> Any:
        """The value itself, which becomes part of the statement and so of the plan's key."""
        return self._variables.value(given.name) if isinstance(given, FromVariable) else given and given.value

    def is_given(self, given: Given) -> bool:
        """Whether it has a value at all: null and absent are the same here."""
        if isinstance(given, Constant):
            return given.value is not None
        return given.key is not None or bool(self._variables.project(given.name, "given"))

    def prefix(self, given: FromVariable) -> Any:
        """The part of an id that tells its type, which decides the statement."""
        return self._variables.project(given.name, "prefix")

    def chosen_order(self, field: SelectedField) -> Any:
        """The value of `orderBy`, whose parts may be variables."""
        found = field.argument("orderBy")
        if not isinstance(found, ObjectValueNode):
            return self.known(self.argument(field, "orderBy"))
        return {name: self.known(given) for name, given in _parts(field, "orderBy", found).items()}

    def filter_values(self, field: SelectedField) -> dict[str, Given]:
        """The conditions of `filter` that are set, by name."""
        found = field.argument("filter")
        if found is None or isinstance(found, NullValueNode):
            return {}
        if isinstance(found, VariableNode):
            variable = found.name.value
            return {key: FromVariable(variable, key) for key in self._variables.project(variable, "keys")}
        parts = _parts(field, "filter", cast(ObjectValueNode, found))
        return {name: given for name, given in parts.items() if self.is_given(given)}


def _applies(parent: GraphQLObjectType, condition: str) -> bool:
    return condition == parent.name or any(interface.name == condition for interface in parent.interfaces)


def _given(node: ValueNode, kind: Any) -> Given:
    return FromVariable(node.name.value) if isinstance(node, VariableNode) else Constant(value_from_ast(node, kind))


def _parts(field: SelectedField, argument: str, literal: ObjectValueNode) -> dict[str, Given]:
    """What an input object written in the document says of each of its fields."""
    kind = cast(Any, get_named_type(field.definition.args[argument].type))
    return {each.name.value: _given(each.value, kind.fields[each.name.value].type) for each in literal.fields}
