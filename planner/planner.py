"""Plans, kept: by document, operation, access profile of the viewer and the part of the variables a plan depends on."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import FieldNode, GraphQLObjectType, OperationDefinitionNode

from .compiler import Compiler
from .errors import NotPlannable
from .query_documents import Document
from .registry import Registry
from .statement import Plan
from .variables import Projection, Variables, structure_of

MOST_VARIANTS = 50  # of one operation for one access profile of viewer


@dataclass(slots=True)
class _Operation:
    """The plans of one operation for one access profile; `asked` grows as compilations find what they depend on."""

    asked: list[Projection] = field(default_factory=list)
    plans: dict[tuple[Hashable, ...], Plan | None] = field(default_factory=dict)


class Planner:
    """Compiles on demand and remembers at most `most_operations` operations, the least recently used forgotten first."""

    def __init__(self, registry: Registry, most_operations: int = 300) -> None:
        self._registry = registry
        self._most = most_operations
        self._kept: OrderedDict[Hashable, _Operation] = OrderedDict()

    def plan(
        self,
        document: Document,
        operation: OperationDefinitionNode,
        profile: Any,
        variables: Mapping[str, Any],
        when_new: Callable[[Plan], None] | None = None,
    ) -> Plan | None:
        """The plan of a query, or None where it must be executed the ordinary way. Raises PlanRefused.

        `when_new` is told of a plan that had to be compiled, and may raise.
        """
        name = operation.name.value if operation.name else None
        return self._remembered(
            (document.key, name, profile),
            document,
            profile,
            variables,
            lambda compiler: compiler.operation(operation.selection_set),
            when_new,
        )

    def field_plan(
        self,
        document: Document,
        parent: GraphQLObjectType,
        nodes: list[FieldNode],
        profile: Any,
        variables: Mapping[str, Any],
    ) -> Plan:
        """The plan of one field met during ordinary execution. Raises PlanRefused."""
        places = tuple(node.loc.start if node.loc else id(node) for node in nodes)
        plan = self._remembered(
            (document.key, parent.name, places, profile),
            document,
            profile,
            variables,
            lambda compiler: compiler.field(parent, nodes),
        )
        if plan is None:
            raise NotPlannable(nodes[0].name.value)
        return plan

    def _remembered(
        self,
        key: Hashable,
        document: Document,
        profile: Any,
        variables: Mapping[str, Any],
        compile_with: Callable[[Compiler], Plan],
        when_new: Callable[[Plan], None] | None = None,
    ) -> Plan | None:
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = _Operation()
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        structure = structure_of(variables, kept.asked)
        if structure in kept.plans:
            return kept.plans[structure]
        asked = Variables(variables)
        try:
            plan = cast("Plan | None", compile_with(Compiler(self._registry, document.fragments, profile, asked)))
        except NotPlannable:
            plan = None
        kept.asked += [projection for projection in asked.asked if projection not in kept.asked]
        if len(kept.plans) >= MOST_VARIANTS:
            kept.plans.clear()
        kept.plans[structure_of(variables, kept.asked)] = plan
        if plan is not None and when_new is not None:
            when_new(plan)
        return plan
