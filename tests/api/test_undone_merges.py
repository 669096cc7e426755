"""What became one record is two again."""

from tests.api.merging import ADDED_TO, contents_without, merge, officer_of, per, person_of, twice, undo
from tests.conftest import Scenario
from tests.mutations import ANSWER, REQUEST_ABOUT_DATA, UNDO_MERGE
from tests.world import World

VIEWER = "{ viewer { kind person { id } } }"
RESPONSES = "query ($id: ID!) { consultation(id: $id) { respondents questions { responseCount } } }"


def test_undone_at_once_everything_is_as_it_was(in_a_world: Scenario) -> None:
    """Rule 3g: of a parent with a child, an office of nobody, an answer, letters, a request and an organisation."""

    async def story(world: World) -> None:
        kept, _ = await world.member()
        merged, _, _ = await world.organisation()
        await world.child(merged)
        await world.owner.execute("update person set phone = '01632 960001' where id = $1", merged.person_id)
        await world.owner.execute(
            "insert into person_identifier (trust_id, system, identifier, person_id)"
            " select trust_id, 'oneroster', '17', id from person where id = $1",
            merged.person_id,
        )
        consultation = await world.open_consultation()
        for known in (kept, merged):
            await world.do(ANSWER, known, input=world.answers(consultation, "YES"))
        await world.do(REQUEST_ABOUT_DATA, merged, id=per(merged), kind="OBJECTION")
        before = await contents_without(world, ADDED_TO)

        made = await merge(world, kept, merged)
        between = await contents_without(world, ADDED_TO)
        undone = await undo(world, made)

        moved = {table for table in before if before[table] != between[table]}
        assert moved >= {"person", "person_identifier", "relationship", "guardianship", "guardian_consent"}
        assert moved >= {"authorisation", "membership", "notice", "data_request", "consultation_question"}
        assert await contents_without(world, ADDED_TO) == before
        assert undone["stayed"] == []
        assert await world.refused(UNDO_MERGE, await officer_of(world), id=made) == "MERGE_UNDONE"

    in_a_world(story)


def test_what_came_since_stays_with_the_kept_one_and_is_said(in_a_world: Scenario) -> None:
    """Rule 3g."""

    async def story(world: World) -> None:
        (kept, _), (merged, application) = await twice(world)
        made = await merge(world, kept, merged)
        await world.owner.execute(
            "insert into relationship (trust_id, person_id, kind, since, source)"
            " select trust_id, id, 'COMMUNITY', '2026-01-01', 'DECLARED' from person where id = $1",
            kept.person_id,
        )
        undone = await undo(world, made)

        assert undone["stayed"] == ["relationship"]
        assert [each["kind"] for each in (await person_of(world, kept))["relationships"]].count("COMMUNITY") == 1
        other = await person_of(world, merged)
        assert [each["id"] for each in other["memberships"]] == [application]
        assert other["memberships"][0]["status"] == "SUBMITTED"

    in_a_world(story)


def test_a_membership_somebody_votes_by_does_not_go_back(in_a_world: Scenario) -> None:
    """Rules 3b and 8a: it was the merged record's, and the kept one is on an open roll by it."""

    async def story(world: World) -> None:
        (kept, _), (merged, _) = await world.applicant(), await world.member()
        made = await merge(world, kept, merged)
        poll = await world.open_poll()

        officer = await officer_of(world)
        assert await world.refused(UNDO_MERGE, officer, id=made) == "MERGE_STANDS"
        await world.close_poll(poll)
        await undo(world, made)

    in_a_world(story)


def test_one_merge_after_another_is_undone_in_turn(in_a_world: Scenario) -> None:
    """Rule 3g: the last first."""

    async def story(world: World) -> None:
        first, second, third = [(await world.applicant())[0] for _ in range(3)]
        before = await contents_without(world, ADDED_TO)
        one = await merge(world, second, third)
        other = await merge(world, first, second)

        officer = await officer_of(world)
        assert await world.refused(UNDO_MERGE, officer, id=one) == "MERGE_STANDS"
        await undo(world, other)
        await undo(world, one)
        assert await contents_without(world, ADDED_TO) == before

    in_a_world(story)
