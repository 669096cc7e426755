"""Whom nobody makes one: who are two, whose case it is, who is on a roll, who is being removed."""

from domain.identity.viewer import Role
from tests.api.merging import (
    RECORD_DEATH,
    erase,
    merge,
    not_merged,
    officer_of,
    per,
    person_of,
)
from tests.conftest import Scenario
from tests.mutations import CAST, MERGE, act
from tests.world import World

VIEWER = "{ viewer { kind person { id } } }"
RESPONSES = "query ($id: ID!) { consultation(id: $id) { respondents questions { responseCount } } }"


def test_two_who_are_evidently_two_stay_two(in_a_world: Scenario) -> None:
    """Rule 3d: a record and itself, different birth dates, guardian and child, dead and alive, nobody, the erased."""

    async def story(world: World) -> None:
        (kept, _), (other, _) = await world.member(), await world.member(dateOfBirth="1986-05-01")
        _, child = await world.child(kept)

        assert await not_merged(world, kept, kept) == ["SAME_RECORD"]
        assert await not_merged(world, kept, other) == ["PEOPLE_DIFFER"]
        assert set(await not_merged(world, child, kept)) == {"PEOPLE_DIFFER"}
        dead, _ = await world.member()
        await world.do(RECORD_DEATH, await officer_of(world), id=per(dead), day=await world.day())
        assert await not_merged(world, kept, dead) == ["PEOPLE_DIFFER"]
        gone, application = await world.applicant()
        await world.do(act("withdrawApplication", "member"), gone, id=application)
        await erase(world, gone)
        assert await not_merged(world, kept, gone) == ["NOT_FOUND"]
        again, _ = await world.applicant()
        await merge(world, kept, again)
        assert await not_merged(world, kept, again) == ["RECORD_MERGED"]
        assert await not_merged(world, again, kept) == ["RECORD_MERGED"]

    in_a_world(story)


def test_nobody_decides_whom_they_are_one_with(in_a_world: Scenario) -> None:
    """Rule 17d: not the officer themself, not their child; and a record that holds an office is kept."""

    async def story(world: World) -> None:
        officer, clerk = await officer_of(world), await world.officer(Role.CLERK)
        kept, _ = await world.member()
        await world.tell_birth(officer, "1980-01-01")
        _, child = await world.child(officer)
        _, other_child = await world.child(kept)

        for one, other in ((per(kept), per(officer)), (per(officer), per(kept)), (other_child, child)):
            assert await world.refused(MERGE, officer, kept=one, merged=other) == "OWN_CASE"
        assert await world.refused(MERGE, officer, kept=per(kept), merged=per(clerk)) == "ROLE_HELD"
        assert await world.refused(MERGE, clerk, kept=per(kept), merged=per(clerk)) == "NOT_PERMITTED"

    in_a_world(story)


def test_nobody_comes_by_an_office_through_a_mailbox(in_a_world: Scenario) -> None:
    """Rule 17d: whoever holds an office, and has no mailbox, is given none of a record that becomes theirs."""

    async def story(world: World) -> None:
        clerk, (other, _) = await world.officer(Role.CLERK), await world.member()
        await world.owner.execute("update person set email = null where id = $1", clerk.person_id)

        await merge(world, clerk, other)

        assert (await person_of(world, clerk))["email"] is None
        assert (await person_of(world, clerk))["dateOfBirth"] == "1985-05-01"

    in_a_world(story)


def test_nobody_gets_out_of_a_removal_or_a_suspension(in_a_world: Scenario) -> None:
    """Rules 4g and 4h."""

    async def story(world: World) -> None:
        (kept, _), (removed, under_removal), (suspended, membership) = [await world.member() for _ in range(3)]
        clerk = await world.officer(Role.CLERK)
        propose = (
            'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "x"}) { removal { id } errors { code } } }'
        )
        suspend = (
            'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "x"}) { member { id } errors { code } } }'
        )
        await world.do(propose, clerk, id=under_removal)
        await world.do(suspend, clerk, id=membership)

        assert await not_merged(world, kept, removed) == ["REMOVAL_OPEN"]
        assert await not_merged(world, kept, suspended) == ["MEMBERSHIP_SUSPENDED"]
        await merge(world, removed, kept)

    in_a_world(story)


def test_never_two_votes_and_no_roll_is_changed(in_a_world: Scenario) -> None:
    """Rules 3b and 8a: whoever is on an open roll is kept, two on one wait for its end; what was cast stays as it was."""

    async def story(world: World) -> None:
        (kept, _), (merged, _) = await world.member(), await world.member()
        poll = await world.open_poll()
        late, _ = await world.applicant()

        assert await not_merged(world, kept, merged) == ["ON_OPEN_ROLL"]
        assert await not_merged(world, late, merged) == ["ON_OPEN_ROLL"]
        await merge(world, merged, late)
        for known in (kept, merged):
            await world.do(CAST, known, **world.paper(poll, "FOR"))
        await world.close_poll(poll)
        rolls = await world.value("select array_agg(r::text order by r::text) from roll_entry r")
        await merge(world, kept, merged)

        assert await world.value("select array_agg(r::text order by r::text) from roll_entry r") == rolls
        officer = await world.officer(Role.RETURNING_OFFICER)
        await world.do(act("countPoll", "poll"), officer, id=poll)
        await world.open_poll()
        voters = "select count(*) from roll_entry where voter_id = any($1)"
        assert await world.value(voters, [kept.person_id, merged.person_id]) == 3  # two before, one since

    in_a_world(story)
