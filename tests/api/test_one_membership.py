"""One person has one open membership, whatever happens at once: rules 3a and 28b."""

import asyncio

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.test_rulesets import ADOPT
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.mutations import ADMIT, APPLY, APPLY_FOR_ORGANISATION, act
from tests.world import Known, World

RESIGN = act("resignMembership", "member")
WITHDRAW = act("withdrawApplication", "member")
SUBMIT = "mutation ($id: ID!) { submitApplication(input: {id: $id, acceptsArticles: true}) { member { status } errors { code } } }"
CONVERT = """mutation ($id: ID!, $to: String!) { requestConversion(input: {id: $id, constituency: $to,
  relationships: [{kind: COMMUNITY}]}) { member { id } errors { code } } }"""


async def adopt_number_of_constituencies(world: World, number: str) -> None:
    clerk, rules = await world.officer(Role.CLERK), stated_rules(constituenciesPerPerson=number, firstClaim=[])
    for each in rules["constituencies"]:
        each["takesOrganisations"] |= each["code"] == "COMMUNITY"
    await world.do(ADOPT, clerk, rules=rules, **{"from": await world.day()}, resolution="AGM")


async def in_staff_too(world: World, known: Known, **changes: object) -> dict[str, object]:
    staff = [{"kind": "STAFF", "schoolUrn": 118365}]
    return await world.application_of(known, constituency="STAFF", relationships=staff, **changes)


def test_a_person_has_one_open_membership(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()

        assert await world.refused(APPLY, known, input=await world.application_of(known)) == "ALREADY_A_MEMBER"
        await world.do(RESIGN, known, id=membership)
        again = await world.do(APPLY, known, input=await world.application_of(known))
        number = (await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=again["member"]["id"]))[
            "member"
        ]["number"]
        assert number == 2, "a new number; the old entry stays"

    in_a_world(story)


def test_two_applications_at_once_leave_one(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()
        await world.do(RESIGN, known, id=membership)

        own = await world.application_of(known)
        answers = await asyncio.gather(*(world.ask(APPLY, known, input=own) for _ in range(6)))

        codes = [answer["applyForMembership"]["errors"] for answer in answers]
        assert codes.count([]) == 1
        assert all(errors[0]["code"] == "ALREADY_A_MEMBER" for errors in codes if errors)
        assert await world.value("select count(*) from membership where status = 'SUBMITTED'") == 1

    in_a_world(story)


def test_a_newcomer_who_sends_the_form_twice_at_once_is_one_person(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        newcomer, own = await world.newcomer(), world.application()

        answers = await asyncio.gather(*(world.ask(APPLY, newcomer, input=own) for _ in range(5)))

        assert [answer["applyForMembership"]["errors"] for answer in answers].count([]) == 1
        assert await world.value("select count(*) from person where given_name = 'Amina'") == 1

    in_a_world(story)


def test_two_parents_of_one_mailbox_are_two_members(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        numbers = set()
        for name in ("Ann", "Ben"):
            parent = await world.session("care-foundation-trust", "both@example.org", None)
            applied = await world.do(APPLY, parent, input=world.application(givenName=name))
            numbers.add((await world.do(ADMIT, officer, id=applied["member"]["id"]))["member"]["number"])

        assert numbers == {1, 2}
        assert await world.value("select count(*) from person where email = 'both@example.org'") == 2

    in_a_world(story)


def test_of_two_applications_that_waited_one_is_admitted_once_the_rules_allow_one(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await adopt_number_of_constituencies(world, "SEVERAL")
        known, first = await world.applicant()
        second = (await world.do(APPLY, known, input=await in_staff_too(world, known)))["member"]["id"]
        await adopt_number_of_constituencies(world, "ONE")

        answers = await asyncio.gather(*(world.ask(ADMIT, officer, id=each) for each in (first, second)))
        codes = [[error["code"] for error in answer["admitMember"]["errors"]] for answer in answers]
        assert sorted(codes) == [[], ["ALREADY_A_MEMBER"]]
        admitted, waiting = (first, second) if codes[0] == [] else (second, first)
        assert await world.refused(ADMIT, officer, id=waiting) == "ALREADY_A_MEMBER"
        await world.do(RESIGN, known, id=admitted)
        await world.do(ADMIT, officer, id=waiting)

    in_a_world(story)


def test_a_draft_is_sent_only_where_it_is_the_one_there_may_be(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await adopt_number_of_constituencies(world, "SEVERAL")
        known, first = await world.applicant()
        draft = (await world.do(APPLY, known, input=await in_staff_too(world, known, draft=True)))["member"]["id"]
        await adopt_number_of_constituencies(world, "ONE")

        assert await world.refused(SUBMIT, known, id=draft) == "ALREADY_A_MEMBER"
        await world.do(WITHDRAW, known, id=first)
        assert (await world.do(SUBMIT, known, id=draft))["member"]["status"] == "SUBMITTED"

    in_a_world(story)


def test_a_conversion_exchanges_one_membership_and_leaves_no_second(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await adopt_number_of_constituencies(world, "SEVERAL")
        known, parent = await world.member()
        staff = (await world.do(APPLY, known, input=await in_staff_too(world, known)))["member"]["id"]
        await world.do(ADMIT, officer, id=staff)
        asked = (await world.do(CONVERT, known, id=parent, to="COMMUNITY"))["member"]["id"]
        await adopt_number_of_constituencies(world, "ONE")

        assert await world.refused(ADMIT, officer, id=asked) == "ALREADY_A_MEMBER"
        assert (await member_of(world, known, parent))["status"] == "ADMITTED", "as before the rules changed"
        await world.do(RESIGN, known, id=staff)
        await world.do(ADMIT, officer, id=asked)
        assert (await member_of(world, known, parent))["status"] == "CONVERTED"

    in_a_world(story)


def test_an_organisation_too_is_admitted_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await adopt_number_of_constituencies(world, "SEVERAL")
        known, first, _ = await world.organisation(name="The Canary Trust")
        application = {"name": "The Canary Trust", "kind": "charity", "constituency": "COMMUNITY", "document": "Minute 8",
            "serviceAddress": "The Old Mill", "acceptsArticles": True}  # fmt: skip
        second = (await world.do(APPLY_FOR_ORGANISATION, known, input=application))["member"]["id"]
        await adopt_number_of_constituencies(world, "ONE")

        await world.do(ADMIT, officer, id=first)
        assert await world.refused(ADMIT, officer, id=second) == "ALREADY_A_MEMBER"

    in_a_world(story)
