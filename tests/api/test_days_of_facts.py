"""The days of what is known about people: rule 2a."""

from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.api.uploads import checked, delta, upload
from tests.conftest import Scenario
from tests.mutations import APPLY, END_RELATIONSHIP
from tests.world import Known, World

DECLARE = """mutation ($relationship: DeclaredRelationshipInput!) {
  declareRelationship(input: {relationship: $relationship}) {
    person { relationships { kind since verifiedOn } } errors { code message path } } }"""
CONSENT = """mutation ($child: ID!, $on: Date) { giveConsent(input: {childId: $child, expiresOn: $on}) {
  errors { code message path } } }"""


async def since_of(world: World, known: Known) -> list[str]:
    rows = await world.owner.fetch(
        "select kind || ' ' || since as told from relationship where person_id = $1 order by kind, since",
        known.person_id,
    )
    return [row["told"] for row in rows]


@pytest.mark.parametrize(
    ("since", "code", "says"),
    [
        ("0001-01-01", "INPUT_INVALID", "It must lie between 1900 and 2200."),
        ("1900-01-01", "DATES_CONTRADICT", "That is more than 120 years ago."),
        ("1984-01-01", "DATES_CONTRADICT", "It can't begin before the person was born."),
        ("2099-01-01", "DATES_CONTRADICT", "It can begin no later than in 400 days."),
        ("2999-01-01", "INPUT_INVALID", "It must lie between 1900 and 2200."),
    ],
)
def test_no_fact_begins_before_anybody_lived_or_in_decades(
    in_a_world: Scenario, since: str, code: str, says: str
) -> None:
    """However it is told; and each says why."""

    async def story(world: World) -> None:
        known, _ = await world.applicant(dateOfBirth="1985-05-01")
        told = {"kind": "COMMUNITY", "since": since}

        (alone,) = await world.refusals(DECLARE, known, relationship=told)
        facts = [{"kind": "PARENT_CARER", "schoolUrn": 118365}, told]
        applying = world.application(relationships=facts)
        (in_an_application,) = await world.refusals(APPLY, await world.newcomer(), input=applying)

        assert (alone["code"], alone["path"]) == (code, "relationship.since")
        assert (in_an_application["code"], in_an_application["path"]) == (code, "relationships.1.since")
        assert (
            says in (await world.ask(DECLARE, known, relationship=told))["declareRelationship"]["errors"][0]["message"]
        )

    in_a_world(story)


def test_a_wrong_first_day_is_declared_again_rightly(in_a_world: Scenario) -> None:
    """Later or earlier; without a day nothing is said of it, and what was verified stands."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, _ = await world.applicant()
        told: dict[str, Any] = {"kind": "COMMUNITY"}
        for day, since in (("2019-09-01", "2019-09-01"), ("2020-09-01", "2020-09-01"), ("2018-09-01", "2018-09-01")):
            await world.do(DECLARE, known, relationship=told | {"since": day})
            assert (await since_of(world, known))[0] == f"COMMUNITY {since}"
        await world.do(DECLARE, known, relationship=told)
        assert len(await since_of(world, known)) == 2

        key = await world.value(
            "select id from relationship where person_id = $1 and kind = 'COMMUNITY'", known.person_id
        )
        verify = 'mutation ($id: ID!) { verifyRelationship(input: {id: $id, evidence: "Seen"}) { errors { code } } }'
        await world.do(verify, officer, id=f"rel_{key}")
        await world.do(DECLARE, known, relationship=told | {"since": "2020-01-01"})
        assert [each for each in await since_of(world, known) if "COMM" in each] == ["COMMUNITY 2018-09-01"]

    in_a_world(story)


def test_no_end_is_announced_for_decades_to_come(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        parent, _ = await world.member()
        _, child = await world.child(parent)
        key = await world.value("select id from relationship where person_id = $1", parent.person_id)

        (of_fact,) = await world.refusals(END_RELATIONSHIP, parent, id=f"rel_{key}", until="2099-01-01")
        (of_consent,) = await world.refusals(CONSENT, parent, child=child, on="2099-01-01")

        assert (of_fact["code"], of_fact["path"]) == ("DATES_CONTRADICT", "until")
        assert (of_consent["code"], of_consent["path"]) == ("DATES_CONTRADICT", "expiresOn")
        # an end that was wrong: what was declared begins again
        await world.do(END_RELATIONSHIP, parent, id=f"rel_{key}", until=await world.day())
        fact = {"kind": "PARENT_CARER", "schoolUrn": 118365, "since": await world.day(-30)}
        await world.do(DECLARE, parent, relationship=fact)
        assert (await world.keep_register())["lapsing"] == 0

    in_a_world(story)


@pytest.mark.parametrize("day", ["31/12/2099", "0001-01-01", "2026-02-30"])
def test_an_end_in_a_file_that_nobody_can_read_is_left_to_a_human(in_a_world: Scenario, day: str) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        user = "U1,active,2026-01-01,S1,student,Ada,Delta,,5\n"

        _, lines, _ = await checked(
            world, officer, delta(user, f"E1,active,2026-01-01,S1,U1,student,{day}\n"), kind="ONEROSTER"
        )

        assert (lines[4]["outcome"], lines[4]["findings"]) == ("NEEDS_HUMAN", ["DAY_UNUSABLE"])

    in_a_world(story)


@pytest.mark.parametrize("day", ["1900-01-01", "2099-01-01"])
def test_no_file_is_of_a_day_long_ago_or_to_come(in_a_world: Scenario, day: str) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        answer = await upload(world, officer, delta("", ""), kind="ONEROSTER", exportedOn=day)

        assert answer.json()["errors"][0]["extensions"]["code"] == "DATES_CONTRADICT"

    in_a_world(story)
