"""What a death ends beside memberships (rules 4b, 4i, 6d and 7a): nobody dead answers for a child, or acts for others."""

import asyncio

from domain.identity.viewer import Role
from tests.api.test_guardians import CONSENT, RECORD_GUARDIAN
from tests.api.test_representatives import AUTHORISE
from tests.api.test_sign_in import SIGN_IN, request_code
from tests.conftest import Scenario
from tests.mutations import ADMIT, CAST, act
from tests.world import World

DIED = "mutation ($id: ID!, $on: Date!) { recordDeath(input: {personId: $id, diedOn: $on}) { person { id } errors { code } } }"


def test_a_child_whose_guardian_died_is_reached_through_the_school(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        (guardian, _), (other, _) = await world.member(), await world.member()
        membership, child = await world.child(guardian)
        await world.do(ADMIT, officer, id=membership)
        await world.pass_time(days=10)
        await world.do(DIED, officer, id=f"per_{guardian.person_id}", on=await world.day(-1))

        assert await world.value("select until = legal_today() - 1 from guardianship") is True
        assert (await world.keep_register())["lapsing"] == 1, "nobody consents"
        (letter,) = await world.owner.fetch("select channel, person_id from notice where kind = 'LAPSING'")
        assert (letter["channel"], f"per_{letter['person_id']}") == ("PRINT", child)
        dead = f"per_{guardian.person_id}"
        assert await world.refused(RECORD_GUARDIAN, officer, child=child, guardian=dead) == "NOT_FOUND"
        await world.do(RECORD_GUARDIAN, officer, child=child, guardian=f"per_{other.person_id}")
        await world.do(CONSENT, other, id=child, on=None)
        assert (await world.keep_register())["kept"] == 1

    in_a_world(story)


def test_a_dead_representative_acts_for_nobody_and_nobody_signs_in_as_them(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership, organisation = await world.organisation()
        await world.do(ADMIT, officer, id=membership)
        member, _ = await world.member()
        poll = await world.open_poll(contests=[world.contest_draft(constituencies=["PARENT_CARER", "PARTNER"])])
        address = await world.value("select email from person where id = $1", member.person_id)
        for each in (known, member):
            await world.do(DIED, officer, id=f"per_{each.person_id}", on=await world.day())

        assert await world.value("select until = legal_today() from authorisation") is True
        for caller in (known, member):
            answer = await world.post({"query": CAST, "variables": world.paper(poll, "FOR")}, token=caller.token)
            assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        revived = {"organisationId": organisation, "personId": f"per_{known.person_id}", "document": "Minute 9"}
        assert await world.refused(AUTHORISE, officer, input=revived) == "NOT_FOUND"
        challenge, code = await request_code(world, address)
        token = (await world.do(SIGN_IN, challenge=challenge, code=code))["token"]
        known_as = await world.value("select person_id from session where email = $1 and ended_at is null", address)
        assert token
        assert known_as is None

    in_a_world(story)


def test_a_death_is_on_the_trail_whoever_died_and_is_recorded_once(in_a_world: Scenario) -> None:
    """Rule 25a: also of somebody who is no member."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, application = await world.applicant()
        await world.do(act("withdrawApplication", "member"), known, id=application)
        (member, _), dead = await world.member(), f"per_{known.person_id}"
        assert await world.refused(DIED, officer, id=dead, on=await world.day(1)) == "DATES_CONTRADICT"
        assert await world.refused(DIED, officer, id=dead, on="1985-04-30") == "DATES_CONTRADICT", "before their birth"

        day = await world.day(-1)
        await world.do(DIED, officer, id=dead, on=day)
        await world.do(DIED, officer, id=f"per_{member.person_id}", on=day)

        events = await world.owner.fetch(
            "select subject_id, actor_id, details->>'died_on' as day from audit_event"
            " where action = 'people:person:died' order by at, id"
        )
        expected = {(each.person_id, officer.person_id, day) for each in (known, member)}
        assert {tuple(each.values()) for each in events} == expected
        assert len(events) == 2
        for each in (dead, f"per_{member.person_id}"):
            assert await world.refused(DIED, officer, id=each, on=await world.day()) == "DEATH_RECORDED"
        shown = "query ($id: ID!) { node(id: $id) { ... on Person { diedOn memberships { status } } } }"
        of_member = await world.ask(shown, officer, id=f"per_{member.person_id}")
        assert of_member["node"] == {"diedOn": day, "memberships": [{"status": "DECEASED"}]}

    in_a_world(story)


def test_two_officers_who_record_a_death_at_once_record_one(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, _ = await world.member()
        dead, days = f"per_{known.person_id}", (await world.day(-1), await world.day())

        answers = await asyncio.gather(*(world.ask(DIED, officer, id=dead, on=each) for each in days))

        codes = [[error["code"] for error in each["recordDeath"]["errors"]] for each in answers]
        assert sorted(codes) == [[], ["DEATH_RECORDED"]]
        recorded = days[codes.index([])]
        assert await world.value("select died_on::text from person where id = $1", known.person_id) == recorded
        assert await world.value("select count(*) from audit_event where action = 'people:person:died'") == 1

    in_a_world(story)
