"""People who apply and join, their children and their organisations."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.identity.viewer import Role
from tests.mutations import ADMIT, APPLY, APPLY_FOR_ORGANISATION, END_RELATIONSHIP, REGISTER_CHILD, REGISTER_PERSON, act

from .client import CARE, Known
from .trusts import Trusts


class People(Trusts):
    _numbers: Iterator[int]

    async def newcomer(self, trust: str = CARE) -> Known:
        """A confirmed mailbox nobody knows."""
        return await self.session(trust, f"newcomer{next(self._numbers)}@example.org", None)

    def application(self, **changes: Any) -> dict[str, Any]:
        return {
            "givenName": "Amina",
            "familyName": f"Canary{next(self._numbers)}",
            "dateOfBirth": "1985-05-01",
            "constituency": "PARENT_CARER",
            "relationships": [{"kind": "PARENT_CARER", "schoolUrn": 118365}],
            "serviceAddress": "1 Canary Row, Aldington",
            "acceptsArticles": True,
        } | changes

    async def application_of(self, known: Known, **changes: Any) -> dict[str, Any]:
        """An application of somebody on record, by the name and birth date they have there."""
        person = await self.owner.fetchrow(
            "select given_name, family_name, date_of_birth from person where id = $1", known.person_id
        )
        own = {"givenName": person["given_name"], "familyName": person["family_name"]}
        if person["date_of_birth"] is not None:
            own["dateOfBirth"] = str(person["date_of_birth"])
        return self.application(**own | changes)

    async def tell_birth(self, known: Known, born: str) -> None:
        """Somebody on record without a date of birth says it."""
        person = await self.owner.fetchrow("select given_name, family_name from person where id = $1", known.person_id)
        await self.do(REGISTER_PERSON, known, given=person["given_name"], family=person["family_name"], born=born)

    async def applicant(self, trust: str = CARE, **changes: Any) -> tuple[Known, str]:
        """Somebody who has applied, and their application's id."""
        newcomer = await self.newcomer(trust)
        urn = await self.value("select min(urn) from school where trust_id = $1", await self.trust_id(trust))
        changes = {"relationships": [{"kind": changes.get("constituency", "PARENT_CARER"), "schoolUrn": urn}]} | changes
        payload = await self.do(APPLY, newcomer, input=self.application(**changes))
        person = UUID(payload["member"]["person"]["id"].removeprefix("per_"))
        return Known(person, newcomer.token, trust), payload["member"]["id"]

    async def member(self, trust: str = CARE, **changes: Any) -> tuple[Known, str]:
        """Somebody on the register, and their membership's id."""
        known, membership = await self.applicant(trust, **changes)
        await self.do(ADMIT, await self.officer(Role.MEMBERSHIP_OFFICER, trust), id=membership)
        return known, membership

    async def child(self, guardian: Known, **changes: Any) -> tuple[str, str]:
        """A learner of twelve whom the guardian has registered: the ids of the membership and of the child."""
        child = {
            "givenName": "Cleo",
            "familyName": f"Canary{next(self._numbers)}",
            "dateOfBirth": str((await self.today()).replace(day=1) - timedelta(days=12 * 366)),
            "schoolUrn": await self.value(
                "select min(urn) from school where trust_id = $1", await self.trust_id(guardian.trust)
            ),
            "serviceAddress": "1 Canary Row, Aldington",
        } | changes
        payload = await self.do(REGISTER_CHILD, guardian, input=child)
        return payload["member"]["id"], payload["member"]["person"]["id"]

    async def organisation(self, **changes: Any) -> tuple[Known, str, str]:
        """A representative, who is no member, with their organisation's membership and the organisation."""
        known, membership = await self.applicant()
        await self.do(act("withdrawApplication", "member"), known, id=membership)
        application = {
            "name": f"Canary {next(self._numbers)} Wildlife Trust",
            "kind": "charity",
            "constituency": "PARTNER",
            "serviceAddress": "The Old Mill",
            "document": "Minute 7 of 1 March",
            "acceptsArticles": True,
        } | changes
        payload = await self.do(APPLY_FOR_ORGANISATION, known, input=application)
        return known, payload["member"]["id"], payload["member"]["organisation"]["id"]

    async def told_by_school(self, known: Known) -> None:
        """What somebody said of themself their school's system says too: the rules may admit them at once (rule 4j)."""
        person = known.person_id
        await self.owner.execute("update relationship set source = 'SCHOOL_SYSTEM' where person_id = $1", person)
        await self.owner.execute("update person set declared = '{}' where id = $1", person)

    async def lose_ground(self, known: Known) -> None:
        """The relationships that somebody has declared end today."""
        query = "{ viewer { person { relationships { id until } } } }"
        day = await self.day()
        for each in (await self.ask(query, known))["viewer"]["person"]["relationships"]:
            if each["until"] is None:
                await self.do(END_RELATIONSHIP, known, id=each["id"], until=day)
