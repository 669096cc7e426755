"""Random things done to members, and what the register must say of them."""

import json
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from domain.identity.viewer import Role
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
        change = self.random.choice(["join", "join", "move", "rename", "resign", "convert", "rejoin", "suspend"])
        if change == "join" or not self.members:
            known, membership = await self.world.member(constituency=self.random.choice(["STAFF", "PARENT_CARER"]))
            self.members.append((known, membership))
            await self._entered(membership)
        else:
            at = self.random.randrange(len(self.members))
            known, membership = self.members[at]
            said = self.said[membership]
            if change == "move" and said["ceasedOn"] is None:
                said["serviceAddress"] = f"{self.random.randrange(1000)} Moved Row"
                await self.world.do(MOVE, known, id=membership, address=said["serviceAddress"])
            elif change == "rename" and said["ceasedOn"] is None:
                name = f"Renamed{self.random.randrange(1000)}"
                said["name"] = f"Amina {name}"
                await self.world.do(RENAME, officer, id=f"per_{known.person_id}", name=name)
            elif change == "suspend" and said["ceasedOn"] is None:
                clerk = await self.world.officer(Role.CLERK)
                suspend = 'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "x"}) { member { id } errors { code } } }'
                await self.world.do(suspend, clerk, id=membership)
                await self.world.do(act("endSuspension", "member"), clerk, id=membership)
            elif change == "resign" and said["ceasedOn"] is None:
                await self.world.do(act("resignMembership", "member"), known, id=membership)
                said["ceasedOn"] = await self.world.day()
            elif change == "convert" and said["ceasedOn"] is None and said["code"] != "COMMUNITY":
                new = (await self.world.do(CONVERT, known, id=membership))["member"]["id"]
                await self.world.do(ADMIT, officer, id=new)
                said["ceasedOn"] = await self.world.day()
                self.members[at] = (known, new)
                await self._entered(new)
            elif change == "rejoin" and said["ceasedOn"] is not None:
                new = (await self.world.do(APPLY, known, input=await self.world.application_of(known)))["member"]["id"]
                await self.world.do(ADMIT, officer, id=new)
                self.members[at] = (known, new)
                await self._entered(new)
        moment = await self.world.value("select app_now()")
        self.snapshots.append((moment, {key: dict(line) for key, line in self.said.items()}))

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
