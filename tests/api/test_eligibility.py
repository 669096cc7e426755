"""Who may join which constituency: rules 3, 28a and 28f."""

from datetime import date, timedelta

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY
from tests.world import World


def test_the_viewer_sees_what_they_could_join_and_why(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, _ = await world.applicant()
        query = "{ viewer { eligibility { constituency { code } eligible reasons } } }"

        seen = {each["constituency"]["code"]: each for each in (await world.ask(query, known))["viewer"]["eligibility"]}

        assert (seen["PARENT_CARER"]["eligible"], seen["PARENT_CARER"]["reasons"]) == (True, ["QUALIFIES"])
        assert (seen["STAFF"]["eligible"], seen["STAFF"]["reasons"]) == (False, ["NO_RELATIONSHIP"])
        assert (await world.ask(query, await world.newcomer()))["viewer"]["eligibility"] == []

    in_a_world(story)


def test_several_constituencies_where_the_rules_allow_it_still_one_vote(in_a_world: Scenario) -> None:
    """Rules 3b and 28a: parent, also staff and former pupil."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, first = await world.member()
        relationships = [{"kind": "STAFF", "schoolUrn": 118365}, {"kind": "ALUMNUS", "schoolUrn": 118365}]
        application = await world.application_of(known, constituency="STAFF", relationships=relationships)
        assert await world.refused(APPLY, known, input=application) == "ALREADY_A_MEMBER"
        await world.set_rules(constituenciesPerPerson="SEVERAL")

        second = (await world.do(APPLY, known, input=application))["member"]["id"]
        await world.do(ADMIT, officer, id=second)

        assert await world.refused(APPLY, known, input=application) == "ALREADY_A_MEMBER", "not twice in one"
        await world.open_poll()
        assert await world.value("select count(*) from roll_entry where voter_id = $1", known.person_id) == 1
        assert {(await member_of(world, known, each))["status"] for each in (first, second)} == {"ADMITTED"}

    in_a_world(story)


def test_the_rules_may_put_staff_first(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.set_rules(firstClaim=["STAFF"])
        relationships = [{"kind": "STAFF", "schoolUrn": 118365}, {"kind": "PARENT_CARER", "schoolUrn": 118365}]
        newcomer = await world.newcomer()

        application = world.application(constituency="PARENT_CARER", relationships=relationships)
        assert await world.refused(APPLY, newcomer, input=application) == "ANOTHER_CONSTITUENCY_FIRST"
        await world.do(APPLY, newcomer, input=application | {"constituency": "STAFF"})

    in_a_world(story)


def test_a_sixteen_year_old_apprentice_is_staff_and_a_fifteen_year_old_needs_a_guardian(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        today = await world.today()
        staff = {"constituency": "STAFF", "relationships": [{"kind": "STAFF", "schoolUrn": 118365}]}
        sixteen, fifteen = (str(date(today.year - age, today.month, 1) - timedelta(days=1)) for age in (16, 15))

        await world.do(APPLY, await world.newcomer(), input=world.application(**staff, dateOfBirth=sixteen))
        young = world.application(**staff, dateOfBirth=fifteen)
        assert await world.refused(APPLY, await world.newcomer(), input=young) == "GUARDIAN_CONSENT_NEEDED"

    in_a_world(story)
