"""Applying, admitting, refusing, withdrawing, resigning, and who sees the register."""

import asyncio
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from domain.identity.viewer import Role
from domain.privacy.small_groups import suppress_small_groups
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, act
from tests.world import CARE, WESSEX, World

REFUSE = "mutation ($id: ID!, $reason: String!) { refuseMember(input: {id: $id, reason: $reason}) { member { id status } errors { code field } } }"
WITHDRAW, RESIGN = act("withdrawApplication", "member"), act("resignMembership", "member")
MEMBERS = "query ($asAt: Date) { members(asAt: $asAt) { totalCount nodes { id number status person { familyName } } } }"


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


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"acceptsArticles": False}, "CONSENT_REQUIRED"),
        ({"constituency": "GOVERNORS"}, "INPUT_INVALID"),
        ({"constituency": "STAFF"}, "NOT_ELIGIBLE"),
        ({"relationships": []}, "INPUT_INVALID"),
        ({"relationships": [{"kind": "PARENT_CARER", "schoolUrn": 1}]}, "INPUT_INVALID"),
        ({"relationships": [{"kind": "PARENT_CARER", "schoolUrn": 143329}]}, "INPUT_INVALID"),  # a school of Wessex
        ({"relationships": [{"kind": "PARENT_CARER", "since": "2100-01-01"}]}, "NOT_ELIGIBLE"),
        (
            {"constituency": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}], "dateOfBirth": "2015-01-01"},
            "TOO_YOUNG",
        ),
        ({"constituency": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}], "dateOfBirth": None}, "TOO_YOUNG"),
        ({"dateOfBirth": "2100-01-01"}, "DATES_CONTRADICT"),
        ({"givenName": "  "}, "INPUT_INVALID"),
        ({"familyName": "x" * 101}, "INPUT_INVALID"),
        ({"serviceAddress": ""}, "INPUT_INVALID"),
    ],
)
def test_an_application_that_cannot_stand_is_refused(in_a_world: Scenario, change: dict[str, Any], code: str) -> None:
    async def story(world: World) -> None:
        newcomer = await world.newcomer()

        assert await world.refused(APPLY, newcomer, input=world.application(**change)) == code

    in_a_world(story)


def test_a_person_has_one_open_membership(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()

        assert await world.refused(APPLY, known, input=world.application()) == "ALREADY_A_MEMBER"
        await world.do(RESIGN, known, id=membership)
        again = await world.do(APPLY, known, input=world.application())
        number = (await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=again["member"]["id"]))[
            "member"
        ]["number"]
        assert number == 2, "a new number; the old entry stays"

    in_a_world(story)


def test_two_applications_at_once_leave_one(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()
        await world.do(RESIGN, known, id=membership)

        answers = await asyncio.gather(*(world.ask(APPLY, known, input=world.application()) for _ in range(6)))

        codes = [answer["applyForMembership"]["errors"] for answer in answers]
        assert codes.count([]) == 1
        assert all(errors[0]["code"] == "ALREADY_A_MEMBER" for errors in codes if errors)
        assert await world.value("select count(*) from membership where status = 'SUBMITTED'") == 1

    in_a_world(story)


def test_a_newcomer_who_sends_the_form_twice_at_once_is_one_person(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        newcomer = await world.newcomer()

        answers = await asyncio.gather(*(world.ask(APPLY, newcomer, input=world.application()) for _ in range(5)))

        assert [answer["applyForMembership"]["errors"] for answer in answers].count([]) == 1
        assert await world.value("select count(*) from person where given_name = 'Amina'") == 1

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


def test_only_the_membership_officer_decides_and_never_on_their_own(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.applicant()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        elsewhere = await world.officer(Role.MEMBERSHIP_OFFICER, WESSEX)

        assert await world.refused(ADMIT, None, id=membership) == "NOT_SIGNED_IN"
        assert await world.refused(ADMIT, known, id=membership) == "NOT_PERMITTED"
        for role in (Role.TRUSTEE, Role.RETURNING_OFFICER, Role.CLERK, Role.DATA_PROTECTION_OFFICER, Role.FORUM_MEMBER):
            assert await world.refused(ADMIT, await world.officer(role), id=membership) == "NOT_PERMITTED"
        assert await world.refused(ADMIT, elsewhere, id=membership) == "NOT_FOUND"
        for garbage in ("mem_garbage", "per_" + membership[4:], ""):
            assert await world.refused(ADMIT, officer, id=garbage) == "NOT_FOUND"
        own = await world.do(APPLY, officer, input=world.application())
        assert await world.refused(ADMIT, officer, id=own["member"]["id"]) == "OWN_APPLICATION"
        assert await world.refused(REFUSE, officer, id=own["member"]["id"], reason="x") == "OWN_APPLICATION"

    in_a_world(story)


def test_a_withdrawn_application_can_no_longer_be_admitted(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant()
        stranger, _ = await world.applicant()

        assert await world.refused(WITHDRAW, stranger, id=membership) == "NOT_FOUND"
        await world.do(WITHDRAW, known, id=membership)

        assert await world.refused(ADMIT, officer, id=membership) == "CONSENT_WITHDRAWN"
        assert await world.refused(WITHDRAW, known, id=membership) == "APPLICATION_NOT_OPEN"

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
        await world.owner.execute(
            "update person set date_of_birth = $2 where id = $1",
            known.person_id,
            await world.today() - timedelta(days=365 * 10),
        )

        assert await world.refused(ADMIT, officer, id=membership) == "TOO_YOUNG"

    in_a_world(story)


def test_officers_see_the_register_members_themselves_and_others_nobody(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        (one, own), (_, other) = await world.member(), await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        assert (await world.ask(MEMBERS, officer))["members"]["totalCount"] == 2
        assert [m["id"] for m in (await world.ask(MEMBERS, one))["members"]["nodes"]] == [own]
        for nobody in (
            None,
            await world.newcomer(),
            await world.officer(Role.MEMBERSHIP_OFFICER, WESSEX),
            await world.officer(Role.TRUSTEE),
        ):
            assert (await world.ask(MEMBERS, nobody))["members"] == {"totalCount": 0, "nodes": []}
        node = "query ($id: ID!) { node(id: $id) { id } }"
        assert (await world.ask(node, one, id=other))["node"] is None
        assert (await world.ask(node, one, id=own))["node"] == {"id": own}
        assert (await world.ask(node, await world.officer(Role.CLERK, WESSEX), id=own))["node"] is None

    in_a_world(story)


def test_the_register_as_at_a_day(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        start = await world.today()
        first, membership = await world.member()
        await world.pass_time(days=150)
        await world.member()
        await world.pass_time(days=215)
        await world.do(RESIGN, first, id=membership)
        await world.pass_time(days=365)
        await world.member()

        for day, count in {-1: 0, 0: 1, 364: 2, 365: 1, 729: 1, 730: 2}.items():
            as_at = str(start + timedelta(days=day))
            assert (await world.ask(MEMBERS, officer, asAt=as_at))["members"]["totalCount"] == count, day

    in_a_world(story)


def test_counts_are_public_and_small_groups_are_not(in_a_world: Scenario) -> None:
    counts = "{ trust { memberCounts { members constituency { code } } } }"

    async def story(world: World) -> None:
        async def shown() -> dict[str, Any]:
            rows = (await world.ask(counts))["trust"]["memberCounts"]
            return {row["constituency"]["code"]: row["members"] for row in rows}

        for _ in range(3):
            await world.member()
        assert (await shown())["PARENT_CARER"] is None
        assert (await shown())["STAFF"] == 0
        for _ in range(8):
            await world.member()
        assert (await shown())["PARENT_CARER"] == 11
        await world.member(constituency="STAFF", relationships=[{"kind": "STAFF"}])
        hidden = await shown()
        assert hidden["STAFF"] is None
        assert hidden["PARENT_CARER"] is None, "or staff would be the total less the rest"

    in_a_world(story)


def test_counts_in_sql_follow_the_rule_in_the_domain(in_a_world: Scenario) -> None:
    counts = "{ trust { memberCounts { members constituency { code } } } }"
    codes = ("COMMUNITY", "LEARNER", "PARENT_CARER", "PARTNER", "STAFF")

    async def story(world: World) -> None:
        trust, random = await world.trust_id(CARE), Random(7)
        for _ in range(40):
            numbers = {code: random.choice((0, 1, 2, 5, 9, 10, 11, 12, 30)) for code in codes}
            await world.owner.execute("delete from membership; delete from person where family_name = 'Counted'")
            for code, number in numbers.items():
                await world.owner.execute(
                    "with people as (insert into person (trust_id, given_name, family_name)"
                    " select $1, 'N', 'Counted' from generate_series(1, $3) returning id)"
                    " insert into membership (trust_id, person_id, constituency_id, status, name, service_address, ruleset_version, number, registered_on)"
                    " select $1, p.id, c.id, 'ADMITTED', 'N Counted', 'x', 1, nextval('numbers'), legal_today() from people p, constituency c"
                    " where c.trust_id = $1 and c.code = $2",
                    trust,
                    code,
                    number,
                )
            rows = (await world.ask(counts))["trust"]["memberCounts"]
            assert {row["constituency"]["code"]: row["members"] for row in rows} == suppress_small_groups(
                numbers, 10
            ), numbers

    async def with_numbers(world: World) -> None:
        await world.owner.execute("create temporary sequence numbers")
        await story(world)

    in_a_world(with_numbers)


def test_the_same_idempotency_key_gives_the_same_answer(in_a_world: Scenario) -> None:
    keyed = """mutation ($id: ID!, $key: String!) {
      admitMember(input: {id: $id, idempotencyKey: $key}) { member { id number } errors { code field } } }"""
    other = 'mutation ($id: ID!, $key: String!) { refuseMember(input: {id: $id, reason: "x", idempotencyKey: $key}) { member { id } errors { code field } } }'

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        _, membership = await world.applicant()

        answers = await asyncio.gather(*(world.ask(keyed, officer, id=membership, key="k1") for _ in range(4)))

        assert all(answer == answers[0] for answer in answers)
        assert answers[0]["admitMember"]["member"]["number"] == 1
        assert await world.value("select count(*) from membership_transition where status = 'ADMITTED'") == 1
        assert await world.refused(other, officer, id=membership, key="k1") == "IDEMPOTENCY_KEY_REUSED"
        _, another = await world.applicant()
        assert await world.refused(keyed, officer, id=another, key="k1") == "IDEMPOTENCY_KEY_REUSED"

    in_a_world(story)


def test_row_level_security_holds_where_a_predicate_is_forgotten(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.member(WESSEX)
        care = await world.trust_id(CARE)

        async with world.owner.transaction():
            await world.owner.execute("set local role folkmoot_app")
            assert await world.value("select count(*) from membership") == 0, "without a trust nothing is seen"
            await world.value("select set_config('app.trust', $1, true)", str(care))
            assert await world.value("select count(*) from membership") == 0
            assert await world.value("select count(*) from school") == 10

    in_a_world(story)
