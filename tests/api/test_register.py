"""The register as at any moment is what was done by then (rule 5e)."""

import asyncio
import json
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest

from db.transactions import Transaction, Transactions
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, act
from tests.world import CARE, Known, World

REGISTER = """query ($asAt: DateTime!, $after: String) { register(asAt: $asAt, first: 5, after: $after) {
  nodes { number name serviceAddress registeredOn ceasedOn constituency { code } } pageInfo { hasNextPage endCursor } } }"""
MOVE = "mutation ($id: ID!, $address: String!) { changeServiceAddress(input: {id: $id, serviceAddress: $address}) { member { id } errors { code } } }"
RENAME = 'mutation ($id: ID!, $name: String!) { changeName(input: {personId: $id, givenName: "Amina", familyName: $name}) { person { id } errors { code } } }'
CONVERT = """mutation ($id: ID!) { requestConversion(input: {id: $id, constituency: "COMMUNITY", relationships: [{kind: COMMUNITY}]}) {
  member { id } errors { code } } }"""
ENDS = ("resigned", "converted", "lapsed", "removed", "deceased", "dissolved")


class History:
    """Does random things to members and writes down, besides, what the register must say after each."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.reader: Known | None = None
        self.members: list[tuple[Known, str]] = []
        self.said: dict[str, dict[str, Any]] = {}  # by membership id
        self.snapshots: list[tuple[datetime, dict[str, dict[str, Any]]]] = []

    async def step(self) -> None:
        officer = await self.world.officer(Role.MEMBERSHIP_OFFICER)
        request_fingerprint = self.random.choice(
            ["join", "join", "move", "rename", "resign", "convert", "rejoin", "suspend"]
        )
        if request_fingerprint == "join" or not self.members:
            known, membership = await self.world.member(constituency=self.random.choice(["STAFF", "PARENT_CARER"]))
            self.members.append((known, membership))
            await self._entered(membership)
        else:
            at = self.random.randrange(len(self.members))
            known, membership = self.members[at]
            said = self.said[membership]
            if request_fingerprint == "move" and said["ceasedOn"] is None:
                said["serviceAddress"] = f"{self.random.randrange(1000)} Moved Row"
                await self.world.do(MOVE, known, id=membership, address=said["serviceAddress"])
            elif request_fingerprint == "rename" and said["ceasedOn"] is None:
                name = f"Renamed{self.random.randrange(1000)}"
                said["name"] = f"Amina {name}"
                await self.world.do(RENAME, officer, id=f"per_{known.person_id}", name=name)
            elif request_fingerprint == "suspend" and said["ceasedOn"] is None:
                clerk = await self.world.officer(Role.CLERK)
                suspend = 'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "x"}) { member { id } errors { code } } }'
                await self.world.do(suspend, clerk, id=membership)
                await self.world.do(act("endSuspension", "member"), clerk, id=membership)
            elif request_fingerprint == "resign" and said["ceasedOn"] is None:
                await self.world.do(act("resignMembership", "member"), known, id=membership)
                said["ceasedOn"] = await self.world.day()
            elif request_fingerprint == "convert" and said["ceasedOn"] is None and said["code"] != "COMMUNITY":
                new = (await self.world.do(CONVERT, known, id=membership))["member"]["id"]
                await self.world.do(ADMIT, officer, id=new)
                said["ceasedOn"] = await self.world.day()
                self.members[at] = (known, new)
                await self._entered(new)
            elif request_fingerprint == "rejoin" and said["ceasedOn"] is not None:
                new = (await self.world.do(APPLY, known, input=self.world.application()))["member"]["id"]
                await self.world.do(ADMIT, officer, id=new)
                self.members[at] = (known, new)
                await self._entered(new)
        moment = await self.world.value("select app_now()")
        self.snapshots.append((moment, {key: dict(facts) for key, facts in self.said.items()}))

    async def _entered(self, membership: str) -> None:
        row = await self.world.owner.fetchrow(
            "select m.name, m.service_address, m.number, c.code from membership m join constituency c on c.id = m.constituency_id where m.id = $1",
            UUID(membership[4:]),
        )
        self.said[membership] = {
            "name": row["name"],
            "serviceAddress": row["service_address"],
            "number": row["number"],
            "code": row["code"],
            "ceasedOn": None,
        }

    async def shown(self, moment: datetime) -> dict[int, tuple[Any, ...]]:
        """The register as the API shows it at that moment, page by page."""
        after, found = None, {}
        self.reader = self.reader or await self.world.officer(Role.MEMBERSHIP_OFFICER)
        while True:
            page = (await self.world.ask(REGISTER, self.reader, asAt=moment.isoformat(), after=after))["register"]
            for node in page["nodes"]:
                assert node["number"] not in found
                found[node["number"]] = (
                    node["name"],
                    node["serviceAddress"],
                    node["constituency"]["code"],
                    node["ceasedOn"],
                )
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    async def replayed(self, moment: datetime) -> dict[int, tuple[str, str | None]]:
        """What the audit trail alone says: numbers, classes and whether they have ceased."""
        found: dict[UUID, tuple[int, str, str | None]] = {}
        events = await self.world.owner.fetch(
            "select subject_id, action, details from audit_event where at <= $1 and trust_id = $2 order by at, id",
            moment,
            await self.world.trust_id(CARE),
        )
        for event in events:
            told, what = json.loads(event["details"]), event["action"].rpartition(":")[2]
            if event["action"] == "membership:membership:admitted":
                found[event["subject_id"]] = (told["number"], told["constituency"], None)
            elif what in ENDS and event["subject_id"] in found:
                found[event["subject_id"]] = (*found[event["subject_id"]][:2], told["ceased_on"])
        return {number: (code, ceased) for number, code, ceased in found.values()}


@pytest.mark.parametrize("seed", range(4))
def test_the_register_as_at_any_moment_is_what_was_done_and_what_the_audit_trail_replays(
    in_a_world: Scenario, seed: int
) -> None:
    async def story(world: World) -> None:
        history = History(world, Random(seed))
        for _ in range(25):
            await history.step()

        for moment, said in history.random.sample(history.snapshots, 8) + history.snapshots[-1:]:
            shown = await history.shown(moment)
            expected = {
                each["number"]: (each["name"], each["serviceAddress"], each["code"], each["ceasedOn"])
                for each in said.values()
            }
            assert shown == expected
            assert {n: (line[2], line[3]) for n, line in shown.items()} == await history.replayed(moment)

    in_a_world(story)


def test_nothing_of_the_register_can_be_rewritten(in_a_world: Scenario) -> None:
    """Rule 5b: append-only, by the grants of the database."""

    async def story(world: World) -> None:
        await world.member()
        trust = await world.trust_id(CARE)
        for statement in (
            "update register_line set name = 'x'",
            "delete from register_line",
            "delete from membership",
        ):

            async def rewrite(transaction: Transaction, statement: str = statement) -> None:
                await transaction.run(statement)

            with pytest.raises(Exception, match="permission denied"):
                await Transactions(world.app.pool).run(trust, rewrite)

    in_a_world(story)


def test_many_members_are_named_by_words_prefixes_and_likeness(in_a_world: Scenario) -> None:
    """Searching by name: accents and case do not matter; children's names are found by officers alone."""

    async def story(world: World) -> None:
        for given, family in (("Zoë", "O’Neill"), ("Łukasz", "Żak"), ("Siân", "Llŷr-Hughes"), ("Олена", "Шевченко")):
            await world.applicant(givenName=given, familyName=family)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, _ = await world.applicant(familyName="Neilson")
        query = "query ($name: String!) { members(filter: {name: $name}) { totalCount nodes { name } } }"

        async def found(name: str, who: Known | None = officer) -> set[str]:
            return {node["name"] for node in (await world.ask(query, who, name=name))["members"]["nodes"]}

        assert await found("zoe") == {"Zoë O’Neill"}
        assert await found("ZAK Luk") == {"Łukasz Żak"}
        assert await found("llyr") == {"Siân Llŷr-Hughes"}
        assert "Siân Llŷr-Hughes" in await found("lyr hughs"), "likeness, where nothing begins so"
        assert await found("шев") == {"Олена Шевченко"}
        for nothing in ("", "%", "_", "\\", "'", "%%%%", "zzzz"):
            assert await found(nothing) == set(), nothing
        assert await found("zoe", known) == set()
        assert await found("neilson", known) == {"Amina Neilson"}
        elsewhere = await world.officer(Role.MEMBERSHIP_OFFICER, "wessex-learning-trust")
        assert await found("zoe", elsewhere) == set()

    in_a_world(story)


def test_an_address_moves_while_it_is_read(in_a_world: Scenario) -> None:
    """A page of the register as at a moment does not change while lines are added."""

    async def story(world: World) -> None:
        history = History(world, Random(99))
        for _ in range(12):
            await history.step()
        moment = history.snapshots[-1][0]
        before = await history.shown(moment)

        async def resume_import() -> None:
            for _ in range(6):
                await history.step()

        _, during = await asyncio.gather(resume_import(), history.shown(moment))
        assert before == during == await history.shown(moment)

    in_a_world(story)
