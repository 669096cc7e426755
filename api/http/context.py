"""What resolvers may use of the request they serve: schema.context.Context, made real."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from actions.polls.casting import Vote
from domain.identity.viewer import Viewer
from domain.refusals import Refusal
from planner import MOST_NODES, Plan, PlannedField, PlanRefused, Request, resolve_planned

from .authentication import Caller
from .limits import spend
from .operations import Operation
from .services import Services

Result = TypeVar("Result")


class Context:
    """schema.context.Context, for one request. `variables` where those that were `given` are coerced already."""

    def __init__(
        self,
        services: Services,
        operation: Operation,
        caller: Caller,
        given: Mapping[str, Any],
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        self._services, self._operation, self._caller, self._given = services, operation, caller, given
        self._variables = variables
        self._has_ended = False  # whether an action has ended the caller's sessions
        self.nodes = 0  # what the planned sub-trees so far imply
        self.lacks: set[str] = set()  # the scopes that they would need

    @property
    def viewer(self) -> Viewer:
        return self._caller.viewer

    async def run(self, action: Callable[[Any], Awaitable[Result]]) -> Result:
        ended: set[UUID] = set()

        async def noted(transaction: Any) -> Result:
            result = await action(transaction)
            ended.update(transaction.signed_out)
            return result

        result = await self._services.transactions.run(self.viewer.trust_id, noted)
        self._has_ended |= self.viewer.person_id in ended
        return result

    async def cast(self, vote: Vote) -> str | Refusal:
        return await self._services.cast(self.viewer.trust_id, vote, self.viewer.credential)

    async def refresh_viewer(self) -> None:
        self._caller = await self._services.authentication.again(self._caller)

    async def refresh_ended_viewer(self) -> None:
        if self._has_ended:
            self._has_ended = False
            await self.refresh_viewer()

    def _allow(self, plan: Plan) -> None:
        self.nodes += plan.nodes
        if self.nodes > MOST_NODES:
            raise PlanRefused(f"The document asks for more than {MOST_NODES} objects.", "QUERY_TOO_EXPENSIVE")
        spend(self._services.allowances, self.viewer, plan.nodes)
        self.lacks.update(plan.lacks)

    def planned(self, field: PlannedField, source: Any, info: Any) -> Awaitable[Any]:
        if self._variables is None:  # the executor coerces its own
            operation = self._operation
            self._variables = operation.variables.coerce(self._given).coerced
        request = Request(self.viewer.trust_id, self._variables, self._caller)
        return resolve_planned(
            self._services.planner,
            self._operation.document,
            request,
            self.viewer.profile,
            partial(self._services.reads.alone, self.viewer.trust_id),
            self._allow,
            field,
            source,
            info,
        )
