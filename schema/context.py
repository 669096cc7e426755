"""What a resolver may use of the request it serves."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

import strawberry

from domain.identity.viewer import Viewer
from planner import PlannedField

Result = TypeVar("Result")


class Context(Protocol):
    """Made per request by api."""

    @property
    def viewer(self) -> Viewer: ...

    async def run(self, action: Callable[[Any], Awaitable[Result]]) -> Result:
        """Runs an action in a write transaction of its own."""

    async def cast(self, vote: Any) -> Any:
        """Hands in a paper together with those that arrive at the same moment; a receipt or a refusal."""

    async def refresh_viewer(self) -> None:
        """Looks the caller up again after an action that changed who they are."""

    async def refresh_ended_viewer(self) -> None:
        """Looks the caller up again if an action of this request has ended their sessions."""

    def planned(self, field: PlannedField, source: Any, info: Any) -> Awaitable[Any]:
        """Reads the sub-tree below a planned field."""


Info = strawberry.Info[Context, None]
