"""A trust full of people, members, polls and consultations made up at random, with every edge of a day and a moment."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from db.connection import Connection
from db.transactions import Transaction
from domain.governance.qualification import RelationshipKind
from domain.governance.rulesets import Ruleset, parse_ruleset
from domain.membership.lifecycle import CURRENT, ENDED, MembershipStatus
from domain.membership.removal import RemovalStage
from domain.notifications.notice import NoticeKind
from domain.people.relationships import RelationshipSource
from tests.birthdays import birthday

PEOPLE, ORGANISATIONS, POLLS, CONSULTATIONS = 120, 30, 30, 60
AGES = (0, 3, 6, 8, 10, 11, 12, 13, 15, 16, 17, 18, 40)
STATUSES = [*MembershipStatus, *[MembershipStatus.ADMITTED, MembershipStatus.LAPSING] * 6]
STORED_STAGES = ("DRAFT", "NOTICE_GIVEN", "COUNTED", "DECLARED", *["ROLL_FROZEN"] * 6)


class RandomTrust:
    """Made in one transaction of the owner, so that the database's clock stands still and its moment can be met."""

    CALLERS = 15  # of the people: who act for organisations, and ask what they may do

    trust_id: UUID
    ruleset: Ruleset
    now: datetime
    today: date
    people: Sequence[UUID]
    organisations: Sequence[UUID]

    def __init__(self, owner: Connection, random: Random) -> None:
        self.owner, self.random = owner, random

    async def make(self) -> None:
        self.trust_id = await self.owner.fetchval("select id from trust where slug = 'care-foundation-trust'")
        self.now, self.today = await self.owner.fetchrow("select app_now(), legal_today()")
        await self._rules()
        await self._affiliations()
        self.people = [await self._person() for _ in range(PEOPLE)]
        self.organisations = [await self._organisation(number) for number in range(ORGANISATIONS)]
        for person in self.people:
            await self._told_of(person)
        await self._memberships()
        await self._removals()
        for _ in range(POLLS):
            await self._poll()
        for _ in range(CONSULTATIONS):
            await self._consultation()

    @property
    def callers(self) -> Sequence[UUID]:
        return self.people[: self.CALLERS]

    @property
    def transaction(self) -> Transaction:
        return Transaction(self.owner, self.trust_id)

    # -- reading ------------------------------------------------------------------------------------------------

    async def rows(self, statement: str) -> list[SimpleNamespace]:
        """Rows as they are stored; `statement` says `$1` for the trust, and is no rendering of a condition."""
        return [SimpleNamespace(**row) for row in await self.owner.fetch(statement, self.trust_id)]

    async def grouped(self, columns: str, table: str, by: str) -> dict[UUID, list[SimpleNamespace]]:
        found: dict[UUID, list[SimpleNamespace]] = defaultdict(list)
        for row in await self.rows(f"select {by} as of, {columns} from {table} where trust_id = $1"):
            found[row.of].append(row)
        return found

    # -- making -------------------------------------------------------------------------------------------------

    async def add(self, table: str, **columns: object) -> UUID:
        names, places = ", ".join(columns), ", ".join(f"${n}" for n in range(2, len(columns) + 2))
        added: UUID = await self.owner.fetchval(
            f"insert into {table} (trust_id, {names}) values ($1, {places}) returning id",
            self.trust_id,
            *columns.values(),
        )
        return added

    def day(self) -> date:
        return self.today + timedelta(days=self.random.choice([-400, -30, -1, 0, 0, 1, 30]))

    def moment(self) -> datetime:
        return self.now + self.random.choice([-1, 0, 0, 1]) * self.random.choice(
            [timedelta(microseconds=1), timedelta(hours=1), timedelta(days=9)]
        )

    def period(self, ends: bool = False) -> tuple[date, date | None]:
        since, until = sorted((self.day(), self.day()))
        return since, until if ends or self.random.random() < 0.6 else None

    def birth(self) -> date | None:
        """Unknown, on 29 February, or about the birthday of an age."""
        kind = self.random.random()
        if kind < 0.15:
            return None
        if kind < 0.3:
            return date(self.random.choice([2008, 2012, 2016, 2020]), 2, 29)
        born = birthday(self.today, -self.random.choice(AGES)) + timedelta(days=self.random.choice([-1, 0, 0, 1]))
        return min(born, self.today)

    async def _rules(self) -> None:
        changes = {
            "firstClaim": self.random.choice([["STAFF"], ["LEARNER", "STAFF"]]),
            "suspendedMayVote": self.random.random() < 0.5,
            "guardianConsentAge": self.random.choice([13, 16]),
            "digitalConsent": [
                {"since": "2017-01-01", "age": 13},
                {"since": str(self.today + timedelta(days=self.random.choice([0, 1]))), "age": 15},
            ],
        }
        version, rules = await self.owner.fetchrow(
            "update ruleset set rules = rules || $2::jsonb where trust_id = $1 returning version, rules",
            self.trust_id, json.dumps(changes),
        )  # fmt: skip
        rules = json.loads(rules) | {"guardianConsentAge": self.random.choice([13, 16])}
        closing = self.random.choice(rules["constituencies"])["code"]
        later = rules | {"constituencies": [each for each in rules["constituencies"] if each["code"] != closing]}
        void = rules | {"constituencies": []}  # which the next version replaces on its day or before
        adopted = ((void, 0), (rules, 0), (void, self.random.choice([1, 2])), (later, 1))
        for number, (each, days) in enumerate(adopted, start=version + 1):
            await self.add(
                "ruleset", version=number, effective_from=self.today + timedelta(days=days), rules=json.dumps(each),
            )  # fmt: skip
        self.ruleset = replace(parse_ruleset(version + 2, self.today, rules), closing=frozenset({closing}))

    async def _affiliations(self) -> None:
        rows = await self.rows("select id from school where trust_id = $1 order by id")
        self.schools = [row.id for row in rows]
        for row in await self.rows("select id from affiliation where trust_id = $1 order by id"):
            since, until = self.period()
            await self.owner.execute(
                "update affiliation set since = $3, until = $4 where trust_id = $1 and id = $2",
                self.trust_id, row.id, None if self.random.random() < 0.3 else since, until,
            )  # fmt: skip

    async def _person(self) -> UUID:
        return await self.add(
            "person",
            given_name="R",
            family_name="Random",
            date_of_birth=self.birth(),
            email="r@example.org" if self.random.random() < 0.5 else None,
            marketing_opt_out=self.random.random() < 0.5,
            admitted_too_young=self.random.random() < 0.5,
            died_on=self.today if self.random.random() < 0.1 else None,
        )

    async def _organisation(self, number: int) -> UUID:
        organisation = await self.add("organisation", name=f"Random {number}", kind="charity")
        for person in self.random.sample(self.callers, 3):
            since, until = self.period()
            await self.add(
                "authorisation",
                organisation_id=organisation, person_id=person, since=since, until=until, document="Minute",
            )  # fmt: skip
        return organisation

    async def _told_of(self, person: UUID) -> None:
        for _ in range(self.random.randrange(4)):
            since, until = self.period()
            kind = self.random.choice([*RelationshipKind, RelationshipKind.LEARNER]).value
            school = self.random.choice([None, *self.schools[:4]])
            await self.add(
                "relationship",
                person_id=person, school_id=school, kind=kind, since=since, until=until,
                source=self.random.choice([*RelationshipSource]).value,
            )  # fmt: skip
        others = [each for each in self.people if each != person]
        for guardian in self.random.sample(others, self.random.choice([0, 1, 1, 2])):
            since, until = self.period()
            pair = {"child_id": person, "guardian_id": guardian}
            await self.add(
                "guardianship", **pair, since=since, until=until, source=self.random.choice([*RelationshipSource]).value
            )
            if self.random.random() < 0.8:
                since, until = self.period(ends=self.random.random() < 0.7)
                await self.add("guardian_consent", **pair, source="FORM", since=since, until=until)
        if self.random.random() < 0.3:
            kind = self.random.choice([NoticeKind.HANDED_OVER, NoticeKind.INVITATION]).value
            await self.add("notice", kind=kind, channel="PRINT", person_id=person, language="en", subject="S", body="B",
                queued_at=self.now - timedelta(days=self.random.choice([0, 30, 400])))  # fmt: skip

    async def _memberships(self) -> None:
        self.number = 100_000
        self.constituencies = [
            row.id for row in await self.rows("select id from constituency where trust_id = $1 order by position")
        ]
        for person in self.people:
            first, second = self.random.sample(self.constituencies, 2)
            membership = await self._membership(first, self.random.choice(STATUSES), person_id=person)
            if self.random.random() < 0.5:
                status = self.random.choice([*MembershipStatus])
                await self._membership(second, status, person_id=person, converted_from_id=membership)
        for organisation in self.organisations:
            status = self.random.choice(STATUSES)
            first, second = self.random.sample(self.constituencies, 2)
            membership = await self._membership(first, status, organisation_id=organisation)
            await self._membership(second, MembershipStatus.SUBMITTED, organisation_id=organisation)
            await self.owner.execute(
                "update authorisation set application_id = $2 where id in (select id from authorisation where trust_id = $1"
                " and organisation_id = $3 order by id limit 1)",
                self.trust_id, membership, organisation,
            )  # fmt: skip

    async def _removals(self) -> None:
        rows = await self.rows("select id, person_id from membership where trust_id = $1 and name = 'R Random'")
        for row in self.random.sample(rows, 60):
            await self.add(
                "removal",
                membership_id=row.id,
                proposed_by_id=row.person_id or self.people[0],
                stage=self.random.choice([*RemovalStage, *[RemovalStage.DECIDED] * 5]).value,
                ground="Random", proposed_on=self.today, notice_until=self.today,
                appeal_until=None if self.random.random() < 0.2 else self.day(),
            )  # fmt: skip

    async def _membership(self, constituency: UUID, status: MembershipStatus, **of: UUID) -> UUID:
        self.number += 1
        registered_on, ceased_on = self.period(ends=True)
        is_registered = status in CURRENT | ENDED
        return await self.add(
            "membership",
            constituency_id=constituency,
            status=status.value,
            name="R Random",
            service_address="1 High Street",
            ruleset_version=self.ruleset.version,
            number=self.number if is_registered else None,
            registered_on=registered_on if is_registered else None,
            ceased_on=ceased_on if status in ENDED else None,
            lapses_on=self.day()
            if status is MembershipStatus.LAPSING
            or (status is MembershipStatus.SUSPENDED and self.random.random() < 0.5)
            else None,
            **of,
        )

    async def _poll(self) -> None:
        later = timedelta(days=10 if self.random.random() < 0.2 else 0)  # not open yet
        opens_at, closes_at = self.moment() + later, self.moment() + later
        if opens_at == closes_at:
            closes_at += timedelta(microseconds=1)
        poll = await self.add(
            "poll",
            title="Random",
            secrecy="CONFIDENTIAL",
            status=self.random.choice(STORED_STAGES),
            opens_at=min(opens_at, closes_at),
            closes_at=max(opens_at, closes_at),
            ruleset_version=1,
        )
        for place in range(1, self.random.choice([2, 2, 3])):
            await self._contest(poll, place)

    async def _contest(self, poll: UUID, place: int) -> None:
        contest = await self.add(
            "contest",
            poll_id=poll, place=place, title="Random", kind="RESOLUTION", method="RESOLUTION",
            resolution="That it be so.", resolution_kind="ORDINARY",
        )  # fmt: skip
        entries = await self.rows(
            "select id, constituency_id, number, coalesce(person_id, organisation_id) as voter from membership"
            " where trust_id = $1 and number > 100000 and converted_from_id is null order by number"
        )
        chosen = self.random.sample(entries, 20)
        await self.owner.executemany(
            "insert into roll_entry (trust_id, contest_id, voter_id, membership_id, constituency_id, member_number)"
            " values ($1, $2, $3, $4, $5, $6)",
            [(self.trust_id, contest, each.voter, each.id, each.constituency_id, each.number) for each in chosen],
        )
        await self.owner.executemany(
            "insert into credential (trust_id, contest_id, voter_id, spent_on) values ($1, $2, $3, $4)",
            [
                (self.trust_id, contest, each.voter, self.today if self.random.random() < 0.5 else None)
                for each in chosen
            ],
        )

    async def _consultation(self) -> None:
        text: dict[str, Any] = dict.fromkeys(("title", "purpose", "proposer", "decision_maker"), "Random")
        status = self.random.choice(["DRAFT", "CLOSED", "OUTCOME_PUBLISHED", *["PUBLISHED"] * 6])
        moments = [None if self.random.random() < 0.2 else self.moment() for _ in range(2)]
        if None not in moments:
            moments.sort(key=lambda moment: moment or self.now)
        await self.add(
            "consultation",
            **text, kind="ENGAGEMENT", audience=[], status=status, opens_at=moments[0], closes_at=moments[1],
        )  # fmt: skip
