"""Merging beside whatever else happens to the two: one of each, and nothing half done."""

import asyncio

from domain.identity.viewer import Role
from tests.api.merging import ADDED_TO, ERASE, contents_without, merge, officer_of, per, person_of, twice, undo
from tests.conftest import Scenario
from tests.mutations import ADMIT, ANSWER, CAST, MERGE, REQUEST_ABOUT_DATA, UNDO_MERGE, act
from tests.world import World

ROUNDS = 5
FREEZE = act("freezeRoll", "poll")
OPEN = (
    "select count(*) from membership where person_id = any($1) and status in ('ADMITTED', 'SUBMITTED', 'UNDER_REVIEW')"
)
HOLDS_OF_MERGED = """select count(*) from membership m join person p on p.id = m.person_id
  where p.merged_into_id is not null"""


def test_two_officers_merge_the_same_two_either_way_round(in_a_world: Scenario) -> None:
    """Rule 3g: one merge; undone by two at once, undone once."""

    async def story(world: World) -> None:
        officers = [await officer_of(world) for _ in range(2)]
        for _ in range(ROUNDS):
            (one, _), (other, _) = await world.applicant(), await world.applicant()
            before = await contents_without(world, ADDED_TO)
            pairs = [(one, other), (other, one)] * 2

            answers = await asyncio.gather(
                *(
                    world.ask(MERGE, officers[n % 2], kept=per(kept), merged=per(merged))
                    for n, (kept, merged) in enumerate(pairs)
                )
            )

            codes = [[error["code"] for error in each["mergePeople"]["errors"]] for each in answers]
            assert codes.count([]) == 1
            assert {code for each in codes for code in each} == {"RECORD_MERGED"}
            made = next(each["mergePeople"]["personMerge"] for each in answers if not each["mergePeople"]["errors"])
            undone = await asyncio.gather(*(world.ask(UNDO_MERGE, each, id=made["id"]) for each in officers))
            errors = [[error["code"] for error in each["undoMerge"]["errors"]] for each in undone]
            assert sorted(errors) == [[], ["MERGE_UNDONE"]]
            assert await contents_without(world, ADDED_TO) == before

    in_a_world(story)


def test_beside_an_admission_there_is_one_member(in_a_world: Scenario) -> None:
    """Rules 3a and 3g."""

    async def story(world: World) -> None:
        officers = [await officer_of(world) for _ in range(2)]
        for _ in range(ROUNDS):
            (kept, first), (merged, second) = await world.applicant(), await world.applicant()

            await asyncio.gather(
                world.ask(MERGE, officers[0], kept=per(kept), merged=per(merged)),
                world.ask(ADMIT, officers[1], id=second),
                world.ask(ADMIT, officers[1], id=first),
            )

            assert await world.value(OPEN, [kept.person_id, merged.person_id]) == 1
            assert await world.value(HOLDS_OF_MERGED) == 0
            ceased = (
                "select count(*) from membership m where number is not null and (ceased_on is not null) is distinct from"
                " (select l.ceased_on is not null from register_line l where l.membership_id = m.id order by line desc limit 1)"
            )
            assert await world.value(ceased) == 0

    in_a_world(story)


def test_beside_a_roll_and_a_vote_there_is_one_vote(in_a_world: Scenario) -> None:
    """Rule 3b: the roll is frozen before the merge, and refuses it, or after, and has one of them; a vote is cast all the
    same."""

    async def story(world: World) -> None:
        officer, returning = await officer_of(world), await world.officer(Role.RETURNING_OFFICER)
        for _ in range(ROUNDS):
            (kept, _), (merged, _) = await world.member(), await world.member()
            poll = await world.noticed_poll()

            merging, frozen = await asyncio.gather(
                world.ask(MERGE, officer, kept=per(kept), merged=per(merged)), world.ask(FREEZE, returning, id=poll)
            )

            on_roll = await world.value(
                "select count(*) from roll_entry r join contest c on c.id = r.contest_id where c.poll_id = $1::uuid"
                " and voter_id = any($2)",
                poll.removeprefix("pol_"),
                [kept.person_id, merged.person_id],
            )
            assert frozen["freezeRoll"]["errors"] == []
            codes = [each["code"] for each in merging["mergePeople"]["errors"]]
            assert (codes, on_roll) in [([], 1), (["ON_OPEN_ROLL"], 2)]

    in_a_world(story)


def test_beside_a_vote_being_cast(in_a_world: Scenario) -> None:
    """Rules 3b and 8a: the kept one's vote is received, and once."""

    async def story(world: World) -> None:
        officer = await officer_of(world)
        (kept, _) = await world.member()
        poll = await world.open_poll()
        late = [(await world.applicant())[0] for _ in range(2)]

        answers = await asyncio.gather(
            *(world.ask(MERGE, officer, kept=per(kept), merged=per(each)) for each in late),
            *(world.ask(CAST, kept, **world.paper(poll, "FOR")) for _ in range(3)),
        )

        assert [each["mergePeople"]["errors"] for each in answers[:2]] == [[], []]
        errors = [[error["code"] for error in each["castVote"]["errors"]] for each in answers[2:]]
        assert sorted(errors) == [[], ["ALREADY_VOTED"], ["ALREADY_VOTED"]]
        assert await world.value("select count(*) from credential where spent_on is not null") == 1

    in_a_world(story)


def test_beside_an_answer_to_a_consultation_one_counts(in_a_world: Scenario) -> None:
    """Rule 3g: whichever came first."""

    async def story(world: World) -> None:
        officer, clerk = await officer_of(world), await world.officer(Role.CLERK)
        for _ in range(ROUNDS):
            (kept, _), (merged, _) = await world.member(), await world.member()
            consultation = await world.open_consultation()
            await world.do(ANSWER, kept, input=world.answers(consultation, "YES"))

            await asyncio.gather(
                world.do(MERGE, officer, kept=per(kept), merged=per(merged)),
                world.post(
                    {"query": ANSWER, "variables": {"input": world.answers(consultation, "NO")}}, token=merged.token
                ),
            )

            query = "query ($id: ID!) { consultation(id: $id) { questions { responseCount } } }"
            questions = (await world.ask(query, clerk, id=consultation["id"]))["consultation"]["questions"]
            assert questions[0]["responseCount"] == 1

    in_a_world(story)


def test_beside_an_erasure_nothing_of_the_erased_is_left(in_a_world: Scenario) -> None:
    """Rules 3g and 26b: the merge finds nobody there any more, or the erasure takes both records."""

    async def story(world: World) -> None:
        officer, protector = await officer_of(world), await world.officer(Role.DATA_PROTECTION_OFFICER)
        for _ in range(ROUNDS):
            (kept, _), (merged, _) = await world.applicant(), await world.applicant(familyName="Zyxwv")
            for known in (kept, merged):
                for each in (await person_of(world, known))["memberships"]:
                    await world.do(act("withdrawApplication", "member"), known, id=each["id"])
            asked = await world.do(REQUEST_ABOUT_DATA, merged, id=per(merged), kind="ERASURE")

            merging, erasing = await asyncio.gather(
                world.ask(MERGE, officer, kept=per(kept), merged=per(merged)),
                world.ask(ERASE, protector, id=asked["dataRequest"]["id"]),
            )

            merged_first = merging["mergePeople"]["errors"] == []
            assert merged_first or [each["code"] for each in merging["mergePeople"]["errors"]] == ["NOT_FOUND"]
            if erasing["answerDataRequest"]["errors"]:
                assert merged_first
                await world.do(ERASE, protector, id=asked["dataRequest"]["id"])
            assert await world.value("select count(*) from person where family_name = 'Zyxwv'") == 0

    in_a_world(story)


def test_admitting_two_who_look_the_same_at_once_admits_none_unasked(in_a_world: Scenario) -> None:
    """Rule 3d."""

    async def story(world: World) -> None:
        (_, application), (_, other) = [await world.applicant(givenName="Amina", familyName="Twice") for _ in range(2)]
        officers = [await officer_of(world) for _ in range(2)]

        answers = await asyncio.gather(
            *(world.ask(ADMIT, each, id=which) for each, which in zip(officers, (application, other), strict=True))
        )

        codes = [[error["code"] for error in each["admitMember"]["errors"]] for each in answers]
        assert codes == [["LOOKS_THE_SAME"], ["LOOKS_THE_SAME"]]
        assert await undo_is_clean(world)

    in_a_world(story)


async def undo_is_clean(world: World) -> bool:
    """Merged and parted again, the two are what they were."""
    (kept, _), (merged, _) = await twice(world, familyName="Again")
    before = await contents_without(world, ADDED_TO)
    await undo(world, await merge(world, kept, merged))
    return await contents_without(world, ADDED_TO) == before
