"""Random documents, generated from the schema: aliases, fragments, directives, variables, pages, filters, nodes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from schema.build import REGISTRY

DEEPEST = 6
ANYTHING = ("Member", "Person", "School", "Consultation", "ConsultationQuestion", "Poll", "Constituency", "Agreement")


@dataclass
class RandomDocument:
    """`ids` are ids that exist somewhere, in this trust or another; `text` and `variables` are the result."""

    random: Random
    ids: Sequence[str]
    variables: dict[str, Any] = field(default_factory=dict)
    _definitions: list[str] = field(default_factory=list)
    _fragments: list[str] = field(default_factory=list)
    _keys: int = 0

    def text(self) -> str:
        query = REGISTRY.schema.query_type
        assert query is not None
        body = self._selections(query, 0)
        declared = f"({', '.join(self._definitions)})" if self._definitions else ""
        return f"query Random{declared} {body}\n" + "\n".join(self._fragments)

    def _variable(self, kind: str, value: Any) -> str:
        name = f"v{len(self.variables)}"
        self.variables[name] = value
        self._definitions.append(f"${name}: {kind}")
        return f"${name}"

    def _selections(self, parent: GraphQLObjectType, depth: int) -> str:
        if self.random.random() < 0.05:
            return "{ __typename }"
        fields = list(parent.fields.items())
        if depth >= DEEPEST:
            fields = [(name, each) for name, each in fields if is_leaf_type(get_named_type(each.type))]
        chosen = self.random.sample(fields, min(len(fields), self.random.randint(1, 4)))
        parts = [self._field(name, each, depth) for name, each in chosen] or ["__typename"]
        if self.random.random() < 0.2:
            parts.append("__typename")

        if self.random.random() < 0.25 and depth < DEEPEST:
            parts.append(self._fragment(parent, depth))
        if self.random.random() < 0.1:
            parts.append(parts[0])  # the same field twice is merged
        return "{ " + " ".join(parts) + " }"

    def _fragment(self, parent: GraphQLObjectType, depth: int) -> str:
        inner = self._selections(parent, depth + 1)
        if self.random.random() < 0.5:
            return f"... on {parent.name} {inner}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {parent.name} {inner}")
        return f"...{name}"

    def _directive(self) -> str:
        if self.random.random() > 0.15:
            return ""
        value = self.random.random() < 0.5
        condition = self._variable("Boolean!", value) if self.random.random() < 0.5 else str(value).lower()
        return f" @{self.random.choice(('skip', 'include'))}(if: {condition})"

    def _field(self, name: str, each: GraphQLField, depth: int) -> str:
        self._keys += 1
        target = get_named_type(each.type)
        text = f"k{self._keys}: {name}{self._arguments(name, each)}{self._directive()}"
        if is_leaf_type(target):
            return text
        if isinstance(target, GraphQLInterfaceType):
            types = self.random.sample(ANYTHING, 3)
            inner = " ".join(f"... on {each} {self._selections(self._object(each), depth + 2)}" for each in types)
            return f"{text} {{ id __typename {inner} }}"
        assert isinstance(target, GraphQLObjectType)
        is_list = isinstance(each.type, GraphQLList | GraphQLNonNull)
        return (
            f"{text} {self._selections(target, depth + (2 if target.name.endswith('Connection') and is_list else 1))}"
        )

    def _object(self, name: str) -> GraphQLObjectType:
        found = REGISTRY.schema.type_map[name]
        assert isinstance(found, GraphQLObjectType)
        return found

    def _arguments(self, name: str, each: GraphQLField) -> str:
        given: list[str] = []
        choose = self.random
        if "id" in each.args:
            given.append(f"id: {self._either('ID!', choose.choice(self.ids), quote=True)}")
        if "urn" in each.args:
            given.append(f"urn: {self._either('Int!', choose.choice((118365, 118663, 143329, 1)))}")
        if "first" in each.args and choose.random() < 0.8:
            given.append(f"first: {self._either('Int', choose.choice((1, 2, 3, 50)))}")
        if "orderBy" in each.args and name == "schools" and choose.random() < 0.5:
            order = {"field": choose.choice(("NAME", "URN")), "direction": choose.choice(("ASC", "DESC"))}
            literal = f"{{field: {order['field']}, direction: {order['direction']}}}"
            way = choose.randrange(3)
            if way == 0:
                literal = self._variable("SchoolOrder", order)
            elif way == 1:
                column = self._variable("SchoolOrderField!", order["field"])
                literal = f"{{field: {column}, direction: {self._variable('OrderDirection!', order['direction'])}}}"
            given.append("orderBy: " + literal)
        if "after" in each.args and choose.random() < 0.2:
            prefix = {"schools": "sch_", "members": "mem_"}.get(name)
            known = [each for each in self.ids if prefix and each.startswith(prefix)]
            if known:
                given.append(f"after: {self._either('String', choose.choice(known), quote=True)}")
        if name == "members" and "filter" in each.args:
            given += self._member_arguments()
        if name == "consultations" and "filter" in each.args and choose.random() < 0.3:
            given.append(f"filter: {{isOpen: {choose.choice(('true', 'false', 'null'))}}}")
        return f"({', '.join(given)})" if given else ""

    def _member_arguments(self) -> list[str]:
        given, choose = [], self.random
        if choose.random() < 0.4:
            status = choose.choice(("ADMITTED", "SUBMITTED", "RESIGNED"))
            if choose.random() < 0.5:
                value = {"status": status, "school": choose.choice((None, *self.ids))}
                given.append("filter: " + self._variable("MemberFilter", value))
            else:
                given.append(f"filter: {{status: {status}}}")
        if choose.random() < 0.2:
            given.append(f"asAt: {self._either('Date', choose.choice(('2020-01-01', '2100-01-01')), quote=True)}")
        if choose.random() < 0.3:
            given.append("orderBy: {field: APPLIED_AT, direction: DESC}")
        return given

    def _either(self, kind: str, value: Any, quote: bool = False) -> str:
        """As a variable or as a literal."""
        if self.random.random() < 0.5:
            return self._variable(kind, value)
        return f'"{value}"' if quote else str(value)
