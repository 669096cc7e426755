"""Polls at each of their stages."""

from typing import Any

from actions.polls.casting import seal_papers
from domain.identity.viewer import Role
from tests.mutations import DRAFT_POLL, act

from .client import CARE
from .trusts import Trusts


class Polls(Trusts):
    contests: dict[str, list[str]]  # of each poll drafted here, in order

    def contest_draft(self, **changes: Any) -> dict[str, Any]:
        return {
            "title": "Charter",
            "resolution": "That the charter be adopted.",
            "constituencies": ["PARENT_CARER", "STAFF"],
        } | changes

    def poll_draft(self, **changes: Any) -> dict[str, Any]:
        return {
            "title": "Spring poll",
            "secrecy": "CONFIDENTIAL",
            "opensAt": "2100-01-01T09:00:00Z",
            "closesAt": "2100-01-08T17:00:00Z",
            "contests": [self.contest_draft()],
        } | changes

    def paper(
        self, poll: str, choice: str, *, contest: int = 0, key: str | None = None, on_behalf_of: str | None = None
    ) -> dict[str, Any]:
        """The variables of CAST for a paper in the first contest of a poll, or in another."""
        where = self.contests[poll][contest]
        return {"contest": where, "paper": f"1 {choice}", "key": key, "for": on_behalf_of}

    async def drafted_poll(self, trust: str = CARE, **changes: Any) -> str:
        officer = await self.officer(Role.RETURNING_OFFICER, trust)
        poll = (await self.do(DRAFT_POLL, officer, input=self.poll_draft(**changes)))["poll"]
        self.contests[poll["id"]] = [contest["id"] for contest in poll["contests"]]
        return str(poll["id"])

    async def noticed_poll(self, trust: str = CARE, **changes: Any) -> str:
        """A poll with notice as long as the rules ask, and no rolls yet."""
        officer = await self.officer(Role.RETURNING_OFFICER, trust)
        # two hours more, for clocks may change meanwhile
        notice = await self.value(
            "select max((rules->>'resolutionNoticeDays')::int) from ruleset where trust_id = $1",
            await self.trust_id(trust),
        )
        dates = {"opensAt": await self.later(days=notice, hours=2), "closesAt": await self.later(days=notice + 7)}
        poll = await self.drafted_poll(trust, **(dates | changes))
        await self.do(act("giveNotice", "poll"), officer, id=poll)
        return poll

    async def frozen_poll(self, trust: str = CARE, **changes: Any) -> str:
        """As noticed_poll, whose rolls are everybody on the register now; not open yet."""
        poll = await self.noticed_poll(trust, **changes)
        await self.do(act("freezeRoll", "poll"), await self.officer(Role.RETURNING_OFFICER, trust), id=poll)
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
