"""One statement under construction: its parameters, its rows, what it costs, and what every table in it must carry."""

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLObjectType

from .bindings import Order
from .errors import NotPlannable, PlanRefused
from .registry import Registry
from .request import FromVariable, Given, Parameter, Request, plain
from .templates import ALWAYS, Lacking, Template, quoted
from .text import JsonText
from .types import PlannedType

MOST_NODES = 10_000  # a query may imply
MOST_CHARACTERS = 40_000  # of a statement: PostgreSQL plans a long one slowly, and each connection plans it anew


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Plan:
    """One statement. `nodes` is how many objects its `first` arguments imply.

    `lacks` names what the caller would have to be granted for all that was asked (`Lacking`), in order.

    `shared` is the same for several requests of one tenant whose callers have one access profile: a row for each, its
    place among them (from 1) and its JSON. Where it is None only requests with equal arguments can share: the plan can't
    be, or nothing in it varies and one answer serves all.
    """

    sql: str
    parameters: tuple[Parameter, ...]
    nodes: int
    lacks: tuple[str, ...] = ()
    shared: str | None = None
    varying: tuple[int, ...] = ()  # which parameters differ from request to request, from 0

    def arguments(self, request: Request) -> list[Any]:
        return [parameter(request) for parameter in self.parameters]

    def differing(self, arguments: Sequence[Any]) -> tuple[Any, ...]:
        """Those in which requests may differ: where these are equal, so are the answers."""
        return tuple(arguments[place] for place in self.varying)

    def shared_arguments(self, several: Sequence[Sequence[Any]]) -> list[Any]:
        """Those of `shared`: what differs is an array, in the order of the requests."""
        arguments = list(several[0])
        for place in self.varying:
            arguments[place] = [each[place] for each in several]
        return arguments


@dataclass(frozen=True, slots=True)
class _Bound:
    """A bind parameter, which until the statement is finished stands in its text as `hole`."""

    place: int  # from 1
    sql_type: str
    varies: bool

    @property
    def hole(self) -> str:
        return f"\0{self.place}\0"

    @property
    def alone(self) -> str:
        return f"${self.place}::{self.sql_type}"

    @property
    def shared(self) -> str:
        return f"q.p{self.place}" if self.varies else self.alone


_HOLE = re.compile("\0(\\d+)\0")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of some FROM by its alias, with the joins of that FROM, which to-one relations add to."""

    alias: str
    joins: list[str]


class Statement:
    """For one access profile; used once."""

    def __init__(self, registry: Registry, profile: Any) -> None:
        self.registry = registry
        self.profile = profile
        self._placeholder = re.compile(rf"\{{(row|other|value|{registry.tenant}|viewer\.(\w+))\}}")
        self._parameters: list[Parameter] = [lambda request: request.tenant]
        self._bound: dict[object, _Bound] = {}
        self._can_share = True
        self._aliases = 0
        self._nodes = 0
        self._factor = 1
        self._lacks: set[str] = set()

    def plan(self, text: JsonText) -> Plan:
        """The finished statement. Raises PlanRefused if it implies too much."""
        # set_config inside the statement keeps row-level security on without a second round trip; the outer row is
        # made before the sub-select is evaluated, and `is not null` makes a missing tenant an empty answer
        tenant, holey = self.registry.tenant, text.sql()
        bound = {each.place: each for each in self._bound.values()}
        with_tenant = f"with app as materialized (select set_config('app.{tenant}', $1::uuid::text, true) as {tenant}) "
        alone = _HOLE.sub(lambda hole: bound[int(hole[1])].alone, holey)
        sql = f"{with_tenant}select convert_to({alone}, 'UTF8') from app where app.{tenant} is not null"
        varying = [each for each in bound.values() if each.varies]
        shared = None
        if self._can_share and varying and not any(each.sql_type.endswith("[]") for each in varying):
            arrays = ", ".join(f"${each.place}::{each.sql_type}[]" for each in varying)
            names = ", ".join(f"p{each.place}" for each in varying)
            together = _HOLE.sub(lambda hole: bound[int(hole[1])].shared, holey)
            shared = (
                f"{with_tenant}select q.place, convert_to({together}, 'UTF8') from app,"
                f" unnest({arrays}) with ordinality as q({names}, place) where app.{tenant} is not null"
            )
        if self._nodes > MOST_NODES:
            raise PlanRefused(
                f"The query asks for up to {self._nodes} objects; {MOST_NODES} are allowed.", "QUERY_TOO_EXPENSIVE"
            )
        if len(sql) > MOST_CHARACTERS:
            raise PlanRefused("The query asks for too many different things at once.", "QUERY_TOO_EXPENSIVE")
        places = tuple(each.place - 1 for each in varying)
        return Plan(sql, tuple(self._parameters), self._nodes, tuple(sorted(self._lacks)), shared, places)

    # -- cost -----------------------------------------------------------------------------------------------------

    def count(self, nodes: int) -> None:
        self._nodes += self._factor * nodes

    @contextmanager
    def repeated(self, times: int) -> Iterator[None]:
        """What is counted inside is there so many times."""
        before = self._factor
        self._factor *= times
        yield
        self._factor = before

    # -- rows -----------------------------------------------------------------------------------------------------

    def alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    def row(self) -> Row:
        """A row of a FROM of its own."""
        return Row(self.alias(), [])

    def declared(self, target: GraphQLObjectType) -> PlannedType:
        declared = self.registry.types.get(target.name)
        if declared is None:
            raise NotPlannable(target.name)
        return declared

    def source(self, target: GraphQLObjectType, alias: str) -> str:
        return f"{self.template(self.declared(target).source)} {alias}"

    def key(self, target: GraphQLObjectType, alias: str) -> str:
        return f"{alias}.{quoted(self.declared(target).key)}"

    def visible(self, target: GraphQLObjectType, alias: str) -> list[str]:
        """The conditions that every use of a table carries: the tenant and the row policy."""
        declared = self.declared(target)
        predicate = self.template(self.row_policy(declared), row=alias)
        tenant = f"{alias}.{quoted(self.registry.tenant_column(declared))} = $1"
        return [tenant, *([] if predicate == ALWAYS else [f"({predicate})"])]

    def row_policy(self, declared: PlannedType) -> Template:
        """Which rows of the type this caller may see."""
        return self._noted(declared.row_policy(self.profile))

    def may_read(self, declared: PlannedType, sensitivity: Hashable) -> Template:
        """Of which rows this caller may read a field of this sensitivity."""
        return self._noted(declared.may_read(sensitivity, self.profile))

    def _noted(self, policy: Template) -> Template:
        if isinstance(policy, Lacking):
            self._lacks.add(policy.what)
        return policy

    def order_by(self, order: Sequence[Order], alias: str) -> str:
        return ", ".join(f"{alias}.{quoted(each.column)}{' desc' if each.descending else ''}" for each in order)

    # -- parameters -----------------------------------------------------------------------------------------------

    def goes_alone(self) -> None:
        """The statement serves one request at a time."""
        self._can_share = False

    def bind(self, identity: object, sql_type: str, parameter: Parameter, *, varies: bool = True) -> str:
        """The place of a bind parameter, the same for the same identity. `varies`: from request to request of a plan."""
        if identity not in self._bound:
            self._parameters.append(parameter)
            self._bound[identity] = _Bound(len(self._parameters), sql_type, varies)
        return self._bound[identity].hole

    def parameter(self, given: Given, sql_type: str, decode: Callable[[Any], Any] | None = None) -> str:
        convert = decode or plain
        if isinstance(given, FromVariable):
            return self.bind((given, sql_type, id(decode)), sql_type, lambda request: convert(given.read(request)))
        constant = convert(given.value)
        # bound once however often it is rendered; the parameter keeps `given` alive, so its id stays its own
        return self.bind(id(given), sql_type, lambda _, kept=given: constant, varies=False)  # type: ignore[misc]  # noqa: ARG005

    def template(
        self, template: Template, row: str | None = None, other: str | None = None, value: str | None = None
    ) -> str:
        """The template as SQL; what the caller is and has said becomes bind parameters."""

        def fill(match: re.Match[str]) -> str:
            name, fact = match.group(1), match.group(2)
            if fact is not None:
                sql_type, varies = self.registry.viewer_facts[fact], fact not in self.registry.profile_facts
                return self.bind(
                    ("viewer", fact), sql_type, lambda request: getattr(request.viewer, fact), varies=varies
                )
            filled = {"row": row, "other": other, self.registry.tenant: "$1", "value": value}[name]
            assert filled is not None, f"{{{name}}} has no meaning in {template!r}"
            return filled

        return self._placeholder.sub(fill, template)
