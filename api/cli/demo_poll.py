"""The demo's poll: two contests, from draft to declaration."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from .demo_client import Actor, DemoError, Teller

TIME_FOR_VOTES = 12  # seconds
CONSTITUENCIES = ("PARENT_CARER", "STAFF", "COMMUNITY")
PAPERS = ("1 FOR", "1 FOR", "1 AGAINST", "1 FOR", "1 ABSTAIN")


class PollTeller(Teller):
    """The part of a story in which a poll is held."""

    async def hold_poll(self, officer: Actor, voters: Sequence[Actor]) -> tuple[str, list[dict[str, Any]]]:
        """A poll on the charter, for everybody, and on a uniform, for parents; its id and its contests as declared."""
        closes_at = datetime.now(UTC) + timedelta(seconds=TIME_FOR_VOTES)
        draft = {
            "title": "Spring poll",
            "secrecy": "CONFIDENTIAL",
            "opensAt": (datetime.now(UTC) + timedelta(seconds=1)).isoformat(),
            "closesAt": closes_at.isoformat(),
            "contests": [
                {
                    "title": "Membership charter",
                    "resolution": "That the trust adopts the membership charter.",
                    "constituencies": list(CONSTITUENCIES),
                },
                {
                    "title": "Uniform",
                    "resolution": "That no school asks for a blazer.",
                    "constituencies": ["PARENT_CARER"],
                },
            ],
        }
        poll: str = (await self.ask("draft-poll", officer, input=draft))["draftPoll"]["poll"]["id"]
        await self.ask("give-notice", officer, id=poll)
        await self.ask("freeze-roll", officer, id=poll)
        await asyncio.sleep(1)
        receipts = await self._vote(poll, voters)
        await self.wait_until(closes_at, "the poll closes")
        await self._count(officer, poll)
        await self.ask("declare-poll", officer, id=poll)
        return poll, [await self._declared(contest, given) for contest, given in receipts.items()]

    async def _vote(self, poll: str, voters: Sequence[Actor]) -> Mapping[str, list[str]]:
        """Everybody votes in every contest they may; the receipts of each contest."""
        step, receipts = self.step("the poll is voted in", len(voters)), dict[str, list[str]]()
        for number, voter in enumerate(voters):
            contests = (await self.ask("poll", voter, id=poll))["poll"]["contests"]
            for contest in (each["id"] for each in contests if each["viewerMayVote"]):
                paper, key = PAPERS[number % len(PAPERS)], secrets.token_hex(8)
                cast = await self.ask("cast-vote", voter, contestId=contest, paper=paper, idempotencyKey=key)
                receipts.setdefault(contest, []).append(cast["castVote"]["receipt"])
            self.progress.advance(step)
        return receipts

    async def _count(self, officer: Actor, poll: str) -> None:
        for _ in range(20):  # the worker seals the last papers within a second of closing
            try:
                await self.ask("count-poll", officer, id=poll)
                return
            except DemoError as error:
                if "PAPERS_NOT_SEALED" not in str(error) and "POLL_WRONG_STAGE" not in str(error):
                    raise
                await asyncio.sleep(0.5)
        raise DemoError("The papers were not sealed within 10 seconds: is the worker running?")

    async def _declared(self, contest: str, receipts: Sequence[str]) -> dict[str, Any]:
        """The contest with its declaration, checked as a voter and a counter would."""
        told: dict[str, Any] = (await self.ask("declaration", None, contestId=contest))["contest"]
        declaration = told["declaration"]
        missing = set(receipts) - set(declaration["receipts"])
        if missing:
            raise DemoError(f"{len(missing)} receipts are missing from the declaration.")
        if declaration["papers"] is not None and Counter(declaration["papers"]) != Counter(
            {f"1 {each['choice']}": each["papers"] for each in declaration["totals"]}
        ):
            raise DemoError("The published papers do not add up to the published totals.")
        return told
