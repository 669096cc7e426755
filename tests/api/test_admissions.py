"""Admitting and refusing those who have applied."""

import asyncio

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.conftest import Scenario
from tests.mutations import ADMIT, CORRECT, REFUSE, act
from tests.world import World

RESIGN = act("resignMembership", "member")
BOARD_ADMITS = "mutation ($id: ID!, $minute: String) { admitMember(input: {id: $id, minute: $minute}) { member { id status } errors { code } } }"


def test_an_applicant_is_admitted_with_the_next_number_and_told(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        (_, first), (_, second) = await world.applicant(), await world.applicant()

        numbers = [(await world.do(ADMIT, officer, id=each))["member"]["number"] for each in (second, first)]

        assert numbers == [1, 2]
        bodies = [body for _, body in await world.mails()]
        assert [body for body in bodies if "number 2" in body]
        history = (
            "query ($id: ID!) { node(id: $id) { ... on Member { history { status actor { id } rulesetVersion } } } }"
        )
        steps = (await world.ask(history, officer, id=first))["node"]["history"]
        assert [step["status"] for step in steps] == ["SUBMITTED", "ADMITTED"]
        assert steps[1]["actor"]["id"] == f"per_{officer.person_id}"

    in_a_world(story)


def test_two_officers_admit_at_once_and_one_wins(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        _, membership = await world.applicant()

        answers = await asyncio.gather(*(world.ask(ADMIT, officer, id=membership) for _ in range(5)))

        errors = [answer["admitMember"]["errors"] for answer in answers]
        assert errors.count([]) == 1
        assert {error[0]["code"] for error in errors if error} == {"APPLICATION_NOT_OPEN"}
        assert await world.value("select max(number) from membership") == 1

    in_a_world(story)


def test_numbers_have_no_gaps_when_many_are_admitted_at_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        waiting = [(await world.applicant())[1] for _ in range(12)]

        await asyncio.gather(*(world.do(ADMIT, officer, id=each) for each in waiting))

        numbers = await world.value("select array_agg(number order by number) from membership")
        assert numbers == list(range(1, 13))

    in_a_world(story)


def test_an_application_is_refused_with_a_reason_the_applicant_is_told(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant()

        assert await world.refused(REFUSE, officer, id=membership, reason=" ") == "INPUT_INVALID"
        refused = await world.do(REFUSE, officer, id=membership, reason="Lives elsewhere.")
        assert refused["member"]["status"] == "REFUSED"
        assert any("Lives elsewhere." in body for _, body in await world.mails())
        assert await world.refused(ADMIT, officer, id=membership) == "APPLICATION_NOT_OPEN"
        assert await world.refused(RESIGN, known, id=membership) == "MEMBERSHIP_NOT_OPEN"

    in_a_world(story)


def test_admission_judges_the_age_on_its_own_day(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant(constituency="COMMUNITY", relationships=[{"kind": "COMMUNITY"}])
        child = {
            "personId": f"per_{known.person_id}",
            "dateOfBirth": await world.day(-365 * 10),
            "evidence": "A passport",
        }
        await world.do(CORRECT, officer, input=child)

        refusals = await world.refusals(ADMIT, officer, id=membership)
        assert [(each["code"], each["path"]) for each in refusals] == [
            ("TOO_YOUNG", "id"),
            ("GUARDIAN_CONSENT_NEEDED", "id"),
        ]

    in_a_world(story)


def test_where_the_board_decides_the_clerk_enters_its_minute(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.set_constituency_rule("STAFF", approval="BOARD")
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant(constituency="STAFF")

        assert await world.refused(BOARD_ADMITS, officer, id=membership, minute="Minute 3") == "NOT_PERMITTED"
        assert await world.refused(BOARD_ADMITS, clerk, id=membership) == "MINUTE_NEEDED"
        assert await world.refused(BOARD_ADMITS, known, id=membership, minute="Mine") == "NOT_PERMITTED"
        await world.do(BOARD_ADMITS, clerk, id=membership, minute="Minute 3")

        assert (await member_of(world, clerk, membership))["history"][-1]["reason"] == "Minute 3"

    in_a_world(story)
