"""The roll of a poll: who is on it stays on it (rules 28p to 28r)."""

from domain.identity.viewer import Role
from tests.api.polls import voters
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.mutations import ADMIT, CAST, act
from tests.world import World


def test_how_many_of_a_constituency_may_vote_is_for_officers(in_a_world: Scenario) -> None:
    query = "query ($id: ID!) { contest(id: $id) { rollCount constituencies { rollCount } } }"

    async def story(world: World) -> None:
        (voter,) = await voters(world, 1)
        poll = await world.open_poll()

        seen = (await world.ask(query, voter, id=world.contests[poll][0]))["contest"]
        assert [row["rollCount"] for row in seen["constituencies"]] == [None, None]
        officer = await world.officer(Role.RETURNING_OFFICER)
        seen = (await world.ask(query, officer, id=world.contests[poll][0]))["contest"]
        assert sorted(row["rollCount"] for row in seen["constituencies"]) == [0, 1]

    in_a_world(story)


def test_leaving_after_the_roll_is_frozen_keeps_the_vote(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        voter, membership = await world.member()
        await world.member()
        poll = await world.open_poll()
        await world.do(act("resignMembership", "member"), voter, id=membership)

        await world.do(CAST, voter, **world.paper(poll, "FOR"))

    in_a_world(story)


def test_the_roll_stays_as_it_was_frozen_whoever_comes_leaves_or_changes_the_rules(in_a_world: Scenario) -> None:
    """Approval after the roll; a member who leaves, and a school that leaves, after it; articles changed mid-poll."""

    async def story(world: World) -> None:
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.CLERK)
        stays, _ = await world.member()
        leaves, membership = await world.member()
        late, application = await world.applicant()
        poll = await world.open_poll()
        await world.do(ADMIT, officer, id=application)
        await world.do(act("resignMembership", "member"), leaves, id=membership)
        school = (await world.ask("{ school(urn: 118365) { id } }"))["school"]["id"]
        end = "mutation ($id: ID!, $until: Date!) { endAffiliation(input: {schoolId: $id, until: $until}) { school { id } errors { code } } }"
        await world.do(end, clerk, id=school, until=await world.day())
        adopt = 'mutation ($rules: JSON!, $on: Date!) { adoptRuleset(input: {rules: $rules, effectiveFrom: $on, resolution: "Minute"}) { ruleset { version } errors { code } } }'
        rules = stated_rules()
        for each in rules["constituencies"]:
            each |= {"voteAge": 60, "standAge": 60, "officeAge": 60}
        await world.do(adopt, clerk, rules=rules, on=await world.day())
        await world.keep_register()

        for voter in (stays, leaves):
            await world.do(CAST, voter, **world.paper(poll, "FOR"))
        assert await world.refused(CAST, late, **world.paper(poll, "FOR")) == "NOT_ON_THE_ROLL"

    in_a_world(story)
