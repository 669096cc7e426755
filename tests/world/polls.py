"""Polls at each of their stages."""

from typing import Any

from actions.polls.casting import seal_papers
from domain.identity.viewer import Role
from tests.mutations import DRAFT_RESOLUTION, act

from .client import CARE
from .trusts import Trusts


class Polls(Trusts):
    def resolution(self, **changes: Any) -> dict[str, Any]:
        return {
            "title": "Charter",
            "resolution": "That the charter be adopted.",
            "secrecy": "CONFIDENTIAL",
            "constituencies": ["PARENT_CARER", "STAFF"],
            "opensAt": "2100-01-01T09:00:00Z",
            "closesAt": "2100-01-08T17:00:00Z",
        } | changes

    async def drafted_poll(self, trust: str = CARE, **changes: Any) -> str:
        officer = await self.officer(Role.RETURNING_OFFICER, trust)
        return str((await self.do(DRAFT_RESOLUTION, officer, input=self.resolution(**changes)))["poll"]["id"])

    async def frozen_poll(self, trust: str = CARE, **changes: Any) -> str:
        """A poll with notice as long as the rules ask, whose roll is everybody on the register now; not open yet."""
        officer = await self.officer(Role.RETURNING_OFFICER, trust)
        notice = await self.value(
            "select max((rules->>'resolutionNoticeDays')::int) from ruleset where trust_id = $1",
            await self.trust_id(trust),
        )
        dates = {"opensAt": await self.later(days=notice, hours=1), "closesAt": await self.later(days=notice + 7)}
        poll = await self.drafted_poll(trust, **(dates | changes))
        for step in ("giveNotice", "freezeRoll"):
            await self.do(act(step, "poll"), officer, id=poll)
        return poll

    async def open_poll(self, trust: str = CARE, **changes: Any) -> str:
        """As frozen_poll, when it has opened."""
        poll = await self.frozen_poll(trust, **changes)
        await self.set_clock(await self.moment_of("poll", poll, "opens_at"))
        return poll

    async def close_poll(self, poll: str) -> None:
        """Lets the poll run out, and the last papers be sealed."""
        await self.set_clock(await self.moment_of("poll", poll, "closes_at"))
        await self.seal()

    async def seal(self) -> int:
        return await seal_papers(self.worker)
