"""Whatever is tried in a poll of several contests, each declares the first good paper of each of its voters and no other."""

import os
import secrets
from collections import Counter
from random import Random

import pytest

from domain.identity.viewer import Role
from tests.api.polls import COUNT, DECLARATION, DECLARE
from tests.conftest import Scenario
from tests.mutations import CAST
from tests.world import Known, World

CONSTITUENCIES = ("PARENT_CARER", "STAFF", "COMMUNITY")
PAPERS = ("1 FOR", "1 AGAINST", "1 ABSTAIN")
SPOILT = ("", "FOR", "2 FOR", "1 MAYBE")
STEPS = 60
SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))


class History:
    """A poll of up to four contests with electorates drawn at random, and what was accepted of what was tried."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.voters: list[tuple[Known, str]] = []
        self.accepted: dict[str, dict[str, tuple[str, str]]] = {}  # contest -> voter's token -> paper, receipt

    async def begin(self) -> None:
        for n in range(9):
            constituency = CONSTITUENCIES[n % 3]
            known, _ = await self.world.member(constituency=constituency, relationships=[{"kind": constituency}])
            self.voters.append((known, constituency))
        self.electorates = [
            self.random.sample(CONSTITUENCIES, self.random.randint(1, 3)) for _ in range(self.random.randint(2, 4))
        ]
        drafts = [self.world.contest_draft(constituencies=each) for each in self.electorates]
        secrecy = self.random.choice(["CONFIDENTIAL", "RECORDED"])
        self.poll = await self.world.open_poll(secrecy=secrecy, contests=drafts)
        self.contests = self.world.contests[self.poll]
        self.accepted = {contest: {} for contest in self.contests}

    async def step(self) -> None:
        """Somebody hands in a paper somewhere, or the worker seals what waits."""
        if self.random.random() < 0.1:
            await self.world.seal()
            return
        place = self.random.randrange(len(self.contests))
        (known, constituency), contest = self.random.choice(self.voters), self.contests[place]
        paper = self.random.choice(PAPERS * 2 + SPOILT)
        answer = (await self.world.ask(CAST, known, contest=contest, paper=paper))["castVote"]
        code = answer["errors"][0]["code"] if answer["errors"] else None
        if constituency not in self.electorates[place]:
            assert code == "NOT_ON_THE_ROLL", f"SEED={SEED}"
        elif known.token in self.accepted[contest]:
            assert code == "ALREADY_VOTED", f"SEED={SEED}"
        elif paper in SPOILT:
            assert code == "PAPER_INVALID", f"SEED={SEED}"
        else:
            assert code is None, f"SEED={SEED}"
            self.accepted[contest][known.token] = (paper, answer["receipt"])

    async def end(self) -> None:
        await self.world.close_poll(self.poll)
        officer = await self.world.officer(Role.RETURNING_OFFICER)
        for step in (COUNT, DECLARE):
            await self.world.do(step, officer, id=self.poll)


@pytest.mark.parametrize("round_number", range(3))
def test_each_contest_declares_what_was_accepted_in_it(in_a_world: Scenario, round_number: int) -> None:
    async def story(world: World) -> None:
        await world.set_rules(smallRoll=0, smallGroup=2)
        history = History(world, Random(SEED + round_number))
        await history.begin()
        for _ in range(STEPS):
            await history.step()
        await history.end()

        assert await world.value("select count(*) from ballot_inbox") == 0
        for contest, electorate in zip(history.contests, history.electorates, strict=True):
            told = (await world.ask(DECLARATION, id=contest))["contest"]
            accepted, declaration = history.accepted[contest].values(), told["declaration"]
            papers = [paper for paper, _ in accepted]
            assert declaration["papers"] == sorted(papers), f"SEED={SEED}"
            assert declaration["receipts"] == sorted(receipt for _, receipt in accepted), f"SEED={SEED}"
            assert declaration["issued"] == 3 * len(electorate)
            assert {each["choice"]: each["papers"] for each in declaration["totals"]} == {
                choice[2:]: Counter(papers)[choice] for choice in PAPERS
            }

    in_a_world(story)
