"""What resolvers may use of the request they serve: schema.context.Context, made real."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from graphql import OperationDefinitionNode

from actions.polls.casting import Vote
from domain.identity.viewer import Viewer
from domain.refusals import Refusal
from planner import MOST_NODES, Document, Plan, PlannedField, PlanRefused, Request, coerce_variables, resolve_planned
from schema.build import REGISTRY

from .authentication import Caller, NotAuthenticated

if TYPE_CHECKING:
    from .graphql import GraphQLEndpoint
    from .mutation_steps import Step

Result = TypeVar("Result")


@dataclass(slots=True)
class Operation:
    """A document's operation with what is known about its variables."""

    document: Document
    node: OperationDefinitionNode
    plain: tuple[tuple[str, Any], ...] | None
    steps: "Sequence[Step] | None"  # of mutations that need no executor


class Context:
    """schema.context.Context, for one request."""

    def __init__(
        self,
        endpoint: "GraphQLEndpoint",
        operation: Operation,
        caller: Caller,
        token: str | None,
        given: Mapping[str, Any],
    ) -> None:
        self._endpoint, self._operation, self._caller, self._token = endpoint, operation, caller, token
        self._given = given
        self.nodes = 0  # what the planned sub-trees so far imply
        self.lacks: set[str] = set()  # the scopes that they would need

    @property
    def viewer(self) -> Viewer:
        return self._caller.viewer

    async def run(self, action: Callable[[Any], Awaitable[Result]]) -> Result:
        return await self._endpoint.transactions.run(self.viewer.trust_id, action)

    async def cast(self, vote: Vote) -> str | Refusal:
        return await self._endpoint.cast(self.viewer.trust_id, vote)

    async def refresh_viewer(self) -> None:
        authentication, trust_id = self._endpoint.authentication, self.viewer.trust_id
        authentication.forget(trust_id, self._token)
        try:
            self._caller = await authentication.caller(trust_id, self._token, "")
        except NotAuthenticated:  # signed out
            self._caller = await authentication.caller(trust_id, None, "")

    def _allow(self, plan: Plan) -> None:
        self.nodes += plan.nodes
        if self.nodes > MOST_NODES:
            raise PlanRefused(f"The document asks for more than {MOST_NODES} objects.", "QUERY_TOO_EXPENSIVE")
        self._endpoint.spend(self.viewer, plan.nodes)
        self.lacks.update(plan.lacks)

    def planned(self, field: PlannedField, source: Any, info: Any) -> Awaitable[Any]:
        variables = coerce_variables(REGISTRY.schema, self._operation.node, self._operation.plain, self._given)
        request = Request(self.viewer.trust_id, variables, self._caller)
        return resolve_planned(
            self._endpoint.planner,
            self._operation.document,
            request,
            self.viewer.profile,
            self._endpoint.pool.fetchval,
            self._allow,
            field,
            source,
            info,
        )
