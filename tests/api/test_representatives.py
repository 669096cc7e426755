"""What somebody may do for an organisation they represent."""

from domain.identity.viewer import Role
from tests.api.polls import declared
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, CAST
from tests.world import Known, World

AUTHORISE = """mutation ($input: AuthoriseRepresentativeInput!) {
  authoriseRepresentative(input: $input) { organisation { id } errors { code } } }"""
MINE = (
    """query ($id: ID!) { poll(id: $id) { viewerMayVote viewerHasVoted contests { viewerMayVote viewerHasVoted } } }"""
)

VOTES = "query ($id: ID!) { contest(id: $id) { recordedVotes { nodes { paper } } } }"


async def may_and_has(world: World, who: Known, poll: str) -> tuple[bool, bool]:
    """Of a poll with one contest, which says the same as the poll."""
    told = (await world.ask(MINE, who, id=poll))["poll"]
    assert told.pop("contests") == [told]
    return told["viewerMayVote"], told["viewerHasVoted"]


def test_a_representative_may_vote_as_long_as_one_of_their_papers_was_not_received(in_a_world: Scenario) -> None:
    """Rules 7a and 7b: one person, two capacities; the poll says what casting does."""

    async def story(world: World) -> None:
        known, membership, organisation = await world.organisation()
        own = (await world.do(APPLY, known, input=await world.application_of(known)))["member"]["id"]
        for each in (membership, own):
            await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=each)
        poll = await world.open_poll(contests=[world.contest_draft(constituencies=["PARENT_CARER", "PARTNER"])])

        assert await may_and_has(world, known, poll) == (True, False)
        await world.do(CAST, known, **world.paper(poll, "FOR"))
        assert await may_and_has(world, known, poll) == (True, True), "the organisation's paper is still to come"
        await world.do(CAST, known, **world.paper(poll, "FOR", on_behalf_of=organisation))
        assert await may_and_has(world, known, poll) == (False, True)

    in_a_world(story)


def test_who_is_authorised_no_longer_may_not_vote_any_more(in_a_world: Scenario) -> None:
    """Rule 7c, and a poll in which only the organisation has a vote."""

    async def story(world: World) -> None:
        known, membership, organisation = await world.organisation()
        await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)
        deputy, _ = await world.member()
        poll = await world.open_poll(contests=[world.contest_draft(constituencies=["PARTNER"])])
        assert await may_and_has(world, deputy, poll) == (False, False)
        authorisation = {"organisationId": organisation, "personId": f"per_{deputy.person_id}", "document": "Minute 8"}
        await world.do(AUTHORISE, known, input=authorisation | {"until": await world.day(2)})

        assert await may_and_has(world, deputy, poll) == (True, False)
        await world.pass_time(days=1)
        assert await may_and_has(world, deputy, poll) == (True, False), "the last day"
        await world.pass_time(days=1)
        assert await may_and_has(world, deputy, poll) == (False, False)
        assert (
            await world.refused(CAST, deputy, **world.paper(poll, "FOR", on_behalf_of=organisation)) == "NOT_AUTHORISED"
        )

        assert await may_and_has(world, known, poll) == (True, False)
        await world.do(CAST, known, **world.paper(poll, "FOR", on_behalf_of=organisation))
        assert await may_and_has(world, known, poll) == (False, False), "their own paper was not received"

    in_a_world(story)


def test_a_representative_sees_the_division_their_organisation_voted_in(in_a_world: Scenario) -> None:
    """Names are for those who were entitled to vote (rule 12c), and who cast an organisation's vote was."""

    async def story(world: World) -> None:
        known, membership, organisation = await world.organisation()
        await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)
        outsider, _ = await world.member()
        poll = await world.open_poll(secrecy="RECORDED", contests=[world.contest_draft(constituencies=["PARTNER"])])
        await world.do(CAST, known, **world.paper(poll, "FOR", on_behalf_of=organisation))
        await declared(world, poll)

        (contest,) = world.contests[poll]
        assert len((await world.ask(VOTES, known, id=contest))["contest"]["recordedVotes"]["nodes"]) == 1
        assert (await world.ask(VOTES, outsider, id=contest))["contest"]["recordedVotes"]["nodes"] == []

    in_a_world(story)
