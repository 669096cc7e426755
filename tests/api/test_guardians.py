"""Guardians, their consent, and the hand-over to young people: rule 6."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

from actions.membership.lifecycle import keep_register
from db.timetable import next_due
from db.transactions import Transactions
from domain.identity.viewer import Role
from tests.api.memberships import CHILD
from tests.api.test_rulesets import ADOPT
from tests.birthdays import birthday
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.mutations import ADMIT, WITHDRAW_CONSENT, act
from tests.world import CARE, World

CONSENT = "mutation ($id: ID!, $on: Date) { giveConsent(input: {childId: $id, expiresOn: $on}) { person { consents { until } } errors { code } } }"
RECORD_GUARDIAN = 'mutation ($child: ID!, $guardian: ID!) { recordGuardian(input: {childId: $child, guardianId: $guardian, evidence: "Court order"}) { person { guardians { guardian { id } } } errors { code } } }'
END_GUARDIANSHIP = "mutation ($child: ID!, $guardian: ID!) { endGuardianship(input: {childId: $child, guardianId: $guardian}) { person { id } errors { code } } }"
LATE = datetime(2040, 1, 1, tzinfo=UTC)
RESIGN = act("resignMembership", "member")


async def adopt_hand_over_at(world: World, age: int, days_ahead: int = 0) -> None:
    clerk, day = await world.officer(Role.CLERK), await world.day(days_ahead)
    await world.do(ADOPT, clerk, rules=stated_rules(guardianConsentAge=age), **{"from": day}, resolution="AGM")


def test_a_guardian_of_nobody_and_of_somebody_elses_child(in_a_world: Scenario) -> None:
    """Bad input of issue 3; rules 28c and 28e: foster or kin carer, looked-after child."""

    async def story(world: World) -> None:
        mother, _ = await world.member()
        carer, _ = await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        _, child = await world.child(mother)
        pair = {"child": child, "guardian": f"per_{carer.person_id}"}

        assert await world.refused(CONSENT, carer, id=child) == "NOT_A_GUARDIAN"
        assert await world.refused(CONSENT, carer, id=f"per_{mother.person_id}") == "NOT_A_GUARDIAN"
        assert await world.refused(RECORD_GUARDIAN, mother, **pair) == "NOT_PERMITTED"
        assert await world.refused(RECORD_GUARDIAN, officer, child=child, guardian=child) == "OWN_GUARDIAN"
        assert (
            await world.refused(
                RECORD_GUARDIAN, officer, child=f"per_{mother.person_id}", guardian=f"per_{carer.person_id}"
            )
            == "NO_CHILD"
        )
        await world.do(RECORD_GUARDIAN, officer, **pair)
        until = await world.day(100)
        consents = (await world.do(CONSENT, carer, id=child, on=until))["person"]["consents"]
        assert consents[-1]["until"] == until
        await world.do(END_GUARDIANSHIP, officer, **pair)
        assert await world.refused(END_GUARDIANSHIP, officer, **pair) == "NOT_A_GUARDIAN"
        assert await world.refused(WITHDRAW_CONSENT, carer, id=child) == "NOT_A_GUARDIAN"

    in_a_world(story)


def test_a_child_lapses_when_consent_is_withdrawn_and_is_handed_over_at_the_birthday(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member()
        born = birthday(await world.today(), -16) + timedelta(days=20)
        first, child = await world.child(guardian)
        second, other = await world.child(guardian, dateOfBirth=str(born))
        for each in (first, second):
            await world.do(ADMIT, officer, id=each)
        await world.pass_time(days=10)
        await world.do(WITHDRAW_CONSENT, guardian, id=child)

        assert (await world.keep_register())["lapsing"] == 1
        assert (await world.ask(CHILD, guardian, id=other))["node"] is not None
        turns = birthday(born, 16) - await world.today()
        await world.pass_time(days=turns.days - 1)
        assert (await world.keep_register())["handed_over"] == 0
        await world.pass_time(days=1)
        kept = await world.keep_register()
        assert (kept["lapsing"], kept["handed_over"]) == (0, 1)

        assert (await world.ask(CHILD, guardian, id=other))["node"] is None, "no longer theirs to see"
        assert (await world.ask(CHILD, guardian, id=child))["node"] is not None
        assert await world.value("select channel from notice where kind = 'HANDED_OVER'") == "PRINT", (
            "no mailbox of their own"
        )

    in_a_world(story)


def test_workers_that_come_at_once_hand_over_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member()
        born = birthday(await world.today(), -16) + timedelta(days=1)
        membership, _ = await world.child(guardian, dateOfBirth=str(born))
        await world.do(ADMIT, officer, id=membership)
        await world.pass_time(days=1)

        trust_id = await world.trust_id(CARE)
        kept = await asyncio.gather(*(keep_register(Transactions(world.app.pool), trust_id) for _ in range(4)))

        assert sorted(each["handed_over"] for each in kept) == [0, 0, 0, 1]
        assert await world.value("select count(*) from notice where kind = 'HANDED_OVER'") == 1

    in_a_world(story)


def test_consent_on_paper_is_recorded_by_the_officer(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member()
        _, child = await world.child(guardian)
        paper = "mutation ($c: ID!, $g: ID!) { giveConsent(input: {childId: $c, guardianId: $g, source: SCHOOL}) { person { consents { source } } errors { code } } }"
        person = f"per_{guardian.person_id}"

        assert await world.refused(paper, guardian, c=child, g=person) == "NOT_PERMITTED"
        assert await world.refused(paper, officer, c=child, g=child) == "NOT_A_GUARDIAN"
        consents = (await world.do(paper, officer, c=child, g=person))["person"]["consents"]
        assert [each["source"] for each in consents] == ["ONLINE", "SCHOOL"]

    in_a_world(story)


def test_new_rules_with_a_lower_age_hand_over_at_once_and_older_rules_give_the_guardian_back(
    in_a_world: Scenario,
) -> None:
    """Rule 6d by the rules in force on the day (rule 1c)."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member()
        born = birthday(await world.today(), -14)
        membership, child = await world.child(guardian, dateOfBirth=str(born))
        await world.do(ADMIT, officer, id=membership)

        await adopt_hand_over_at(world, 13)
        assert await world.refused(RESIGN, guardian, id=membership) == "NOT_FOUND"
        assert (await world.ask(CHILD, guardian, id=child))["node"] is None, "no longer theirs to see"
        assert (await world.keep_register())["handed_over"] == 1
        assert (await world.keep_register())["handed_over"] == 0

        await world.pass_time(days=1)
        await adopt_hand_over_at(world, 16)
        kept = await world.keep_register()
        assert (kept["lapsing"], kept["handed_over"]) == (0, 0), "what the guardian consented to was never taken back"
        await world.do(WITHDRAW_CONSENT, guardian, id=child)
        await world.do(CONSENT, guardian, id=child, on=None)
        await world.set_clock(
            await world.owner.fetchval(
                "select ($1::date + time '12:00') at time zone 'Europe/London'", birthday(born, 16)
            )
        )
        assert (await world.keep_register())["handed_over"] == 1, "told again: a guardian answered for them meanwhile"

    in_a_world(story)


def test_rules_that_newer_ones_replaced_before_their_day_hand_nobody_over_again(in_a_world: Scenario) -> None:
    """Rule 1b: adopted for a wrong day far ahead, and then for the right one."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member()
        membership, _ = await world.child(guardian, dateOfBirth=str(birthday(await world.today(), -14)))
        await world.do(ADMIT, officer, id=membership)
        for days_ahead in (200, 1):
            await adopt_hand_over_at(world, 13, days_ahead)

        handed_over = []
        for _ in range(4):
            handed_over.append((await world.keep_register())["handed_over"])
            await world.pass_time(days=1)
        assert handed_over == [0, 1, 0, 0]

    in_a_world(story)


def test_a_member_who_joined_alone_stays_one_when_the_age_goes_up(in_a_world: Scenario) -> None:
    """Rules 1c and 6d: the admission stands; a guardian may answer for them, and what such a guardian gives can end."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await adopt_hand_over_at(world, 13)
        guardian, _ = await world.member()
        born = birthday(await world.today(), -14)
        young, _ = await world.member(
            constituency="LEARNER", dateOfBirth=str(born), relationships=[{"kind": "LEARNER", "schoolUrn": 118365}]
        )
        await world.pass_time(days=1)
        await adopt_hand_over_at(world, 16)

        assert (await world.keep_register())["lapsing"] == 0
        child = f"per_{young.person_id}"
        await world.do(RECORD_GUARDIAN, officer, child=child, guardian=f"per_{guardian.person_id}")
        await world.do(CONSENT, guardian, id=child, on=None)
        await world.pass_time(days=1)
        await world.do(WITHDRAW_CONSENT, guardian, id=child)
        assert (await world.keep_register())["lapsing"] == 1
        letter = await world.value("select body from notice where kind = 'LAPSING'")
        assert "guardian's consent" in letter
        assert "let a guardian consent, which keeps the membership" in letter
        assert "relationship" not in letter
        await world.pass_time(days=200)
        assert (await world.keep_register())["lapsed"] == 1
        ended = await world.value("select body from notice where kind = 'LAPSED'")
        assert "because the guardian's consent that it needs is lacking" in ended

    in_a_world(story)


def test_the_hand_over_is_on_the_timetable_by_the_rules_in_force(in_a_world: Scenario) -> None:
    """Rule 6c: somebody born on 29 February is handed over on 1 March, where the year has no such day."""

    async def story(world: World) -> None:
        guardian, _ = await world.member()
        transactions, trust_id, start = Transactions(world.app.pool), await world.trust_id(CARE), await world.now()

        async def due() -> list[str]:
            found, after = [], start
            while event := await transactions.run(trust_id, partial(next_due, after=after, until=LATE)):
                found += [f"{event.moment:%Y-%m-%d}" for word in event.events if word.startswith("young person")]
                after = event.moment
            return found

        for born in ("2016-02-29", "2016-03-01", "2017-02-28"):
            await world.child(guardian, dateOfBirth=born)
        assert await due() == ["2032-02-29", "2032-03-01", "2033-02-28"]
        await adopt_hand_over_at(world, 13)
        assert await due() == ["2029-03-01", "2030-02-28"]

    in_a_world(story)


def test_a_guardian_who_comes_back_answers_from_that_day(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member()
        _, child = await world.child(guardian)
        pair = {"child": child, "guardian": f"per_{guardian.person_id}"}
        first = await world.today()
        await world.pass_time(days=5)
        await world.do(RECORD_GUARDIAN, officer, **pair)
        assert await world.value("select since from guardianship") == first, "they never ceased to be"

        await world.pass_time(days=5)
        await world.do(END_GUARDIANSHIP, officer, **pair)
        await world.pass_time(days=5)
        await world.do(RECORD_GUARDIAN, officer, **pair)
        assert await world.value("select since = legal_today() and until is null from guardianship") is True

    in_a_world(story)


def test_nobody_is_told_again_for_whom_no_guardian_answered_since(in_a_world: Scenario) -> None:
    """Rule 6d: told at 14, and not again when the age is raised to 16 at 19."""

    async def story(world: World) -> None:
        guardian, _ = await world.member()
        await adopt_hand_over_at(world, 14)
        born = birthday(await world.today(), -14) + timedelta(days=1)
        membership, _ = await world.child(guardian, dateOfBirth=str(born))
        await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)
        await world.pass_time(days=2)
        assert (await world.keep_register())["handed_over"] == 1
        await world.pass_time(days=5 * 366)
        await adopt_hand_over_at(world, 16)

        assert (await world.keep_register())["handed_over"] == 0

    in_a_world(story)
