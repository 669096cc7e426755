"""Several contests in one poll: electorates that differ or overlap, drafted, held and declared together."""

from typing import Any, cast

import pytest

from actions.polls.kinds import KINDS, Kind
from domain.identity.viewer import Role
from domain.polls.contest import ContestKind
from tests.api.polls import COUNT, DECLARATION, DECLARE
from tests.conftest import Scenario
from tests.mutations import ADMIT, CAST, DRAFT_POLL, act
from tests.world import Known, World

NOTICE = act("giveNotice", "poll")
FREEZE = """mutation ($id: ID!) { freezeRoll(input: {id: $id}) {
  poll { id } errors { code message parameters { name value } } } }"""
MAY_AND_HAS = (
    "query ($id: ID!) { poll(id: $id) { viewerMayVote viewerHasVoted contests { viewerMayVote viewerHasVoted } } }"
)


def electorates(world: World, *each: list[str]) -> list[dict[str, Any]]:
    """Contests to draft, one for each list of constituencies."""
    return [world.contest_draft(title=f"Question {n}", constituencies=codes) for n, codes in enumerate(each, start=1)]


async def a_parent_and_a_teacher(world: World) -> tuple[Known, Known]:
    parent, _ = await world.member()
    teacher, _ = await world.member(constituency="STAFF", relationships=[{"kind": "STAFF"}])
    return parent, teacher


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"kind": "ELECTION"}, "CONTEST_NOT_AVAILABLE", "contests.1.kind"),
        ({"title": " "}, "INPUT_INVALID", "contests.1.title"),
        ({"resolution": "x" * 20_001}, "INPUT_INVALID", "contests.1.resolution"),
        ({"constituencies": []}, "INPUT_INVALID", "contests.1.constituencies"),
        ({"constituencies": ["STAFF", "GOVERNORS"]}, "INPUT_INVALID", "contests.1.constituencies.1"),
    ],
)
def test_a_contest_that_cannot_be_held_is_refused_by_its_place(
    in_a_world: Scenario, change: dict[str, Any], code: str, path: str
) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.RETURNING_OFFICER)
        draft = world.poll_draft(contests=[world.contest_draft(), world.contest_draft(**change)])

        assert await world.refusals(DRAFT_POLL, officer, input=draft) == [{"code": code, "path": path}]

    in_a_world(story)


def test_a_kind_of_contest_that_nothing_stores_and_counts_is_refused(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in tuple(KINDS):
        monkeypatch.delitem(cast(dict[ContestKind, Kind], KINDS), kind)

    async def story(world: World) -> None:
        officer = await world.officer(Role.RETURNING_OFFICER)
        for kind in ContestKind:
            draft = world.poll_draft(contests=[world.contest_draft(kind=kind.value)])
            assert await world.refused(DRAFT_POLL, officer, input=draft) == "CONTEST_NOT_AVAILABLE"

    in_a_world(story)


CHANGE = """mutation ($input: ChangePollInput!) { changePoll(input: $input) {
  poll { id title opensAt contests { title constituencies { constituency { code } } } } errors { code path } } }"""


def test_a_draft_is_changed_as_a_whole_until_notice_is_given(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, poll = await world.officer(Role.RETURNING_OFFICER), await world.drafted_poll()
        changed = world.poll_draft(title="Autumn poll", contests=electorates(world, ["STAFF"], ["PARENT_CARER"])) | {
            "id": poll
        }

        told = (await world.do(CHANGE, officer, input=changed))["poll"]
        assert (told["id"], told["title"]) == (poll, "Autumn poll")
        codes = [[each["constituency"]["code"] for each in contest["constituencies"]] for contest in told["contests"]]
        assert codes == [["STAFF"], ["PARENT_CARER"]]
        wrong = changed | {
            "secrecy": "SECRET",
            "closesAt": changed["opensAt"],
            "contests": [world.contest_draft(kind="ELECTION")],
        }
        refused = await world.refusals(CHANGE, officer, input=wrong)
        assert [each["path"] for each in refused] == ["secrecy", "closesAt", "contests.0.kind"]
        assert await world.refused(CHANGE, await world.officer(Role.CLERK), input=changed) == "NOT_PERMITTED"
        assert await world.refused(CHANGE, officer, input=changed | {"id": "pol_x"}) == "NOT_FOUND"
        await world.do(NOTICE, officer, id=poll)
        assert await world.refused(CHANGE, officer, input=changed) == "POLL_WRONG_STAGE"

    in_a_world(story)


def test_all_that_is_wrong_with_contests_is_told_at_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.RETURNING_OFFICER)
        wrong = [world.contest_draft(kind="ELECTION"), world.contest_draft(constituencies=["GOVERNORS"])]

        refused = await world.refusals(DRAFT_POLL, officer, input=world.poll_draft(contests=wrong))

        assert [each["path"] for each in refused] == [
            "contests.0.kind",
            "contests.1.constituencies.0",
        ]
        too_many = world.poll_draft(contests=[world.contest_draft()] * 21)
        assert await world.refused(DRAFT_POLL, officer, input=too_many) == "INPUT_INVALID"

    in_a_world(story)


def test_no_roll_is_frozen_while_one_of_them_is_empty_and_each_such_contest_is_named(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.RETURNING_OFFICER)
        await world.member()
        poll = await world.drafted_poll(contests=electorates(world, ["STAFF"], ["PARENT_CARER"], ["PARTNER"]))
        await world.do(NOTICE, officer, id=poll)

        refused = await world.refusals(FREEZE, officer, id=poll)

        assert [each["code"] for each in refused] == ["ROLL_EMPTY"] * 2
        assert [each["parameters"] for each in refused] == [
            [{"name": "contest", "value": title}] for title in ("Question 1", "Question 3")
        ]
        assert "Question 3" in refused[1]["message"]

    in_a_world(story)


def test_a_person_in_two_contests_hands_in_two_papers_each_by_itself(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        parent, teacher = await a_parent_and_a_teacher(world)
        poll = await world.open_poll(contests=electorates(world, ["PARENT_CARER", "STAFF"], ["PARENT_CARER"]))

        async def told(who: Known) -> list[tuple[bool, bool]]:
            of_poll = (await world.ask(MAY_AND_HAS, who, id=poll))["poll"]
            return [(each["viewerMayVote"], each["viewerHasVoted"]) for each in (of_poll, *of_poll["contests"])]

        assert await told(parent) == [(True, False)] * 3
        assert await told(teacher) == [(True, False), (True, False), (False, False)]
        first = await world.do(CAST, parent, **world.paper(poll, "FOR"))
        assert await told(parent) == [(True, True), (False, True), (True, False)]
        second = await world.do(CAST, parent, **world.paper(poll, "AGAINST", contest=1))
        assert await told(parent) == [(False, True)] * 3
        assert first["receipt"] != second["receipt"]
        for contest in (0, 1):
            assert await world.refused(CAST, parent, **world.paper(poll, "FOR", contest=contest)) == "ALREADY_VOTED"
        assert await world.refused(CAST, teacher, **world.paper(poll, "FOR", contest=1)) == "NOT_ON_THE_ROLL"
        assert await world.value("select count(*) from credential where spent_on is not null") == 2

    in_a_world(story)


def test_a_key_of_one_contest_is_not_good_for_another_of_the_poll(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        voter, _ = await world.member()
        poll = await world.open_poll(contests=electorates(world, ["PARENT_CARER"], ["PARENT_CARER"]))
        await world.do(CAST, voter, **world.paper(poll, "FOR", key="k"))

        other = world.paper(poll, "FOR", contest=1, key="k")
        assert await world.refused(CAST, voter, **other) == "IDEMPOTENCY_KEY_REUSED"

    in_a_world(story)


def test_a_representative_votes_where_their_organisation_may_and_not_for_themself(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership, organisation = await world.organisation()
        await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)
        await world.member()
        poll = await world.open_poll(contests=electorates(world, ["PARENT_CARER"], ["PARTNER"]))

        of_poll = (await world.ask(MAY_AND_HAS, known, id=poll))["poll"]
        assert [each["viewerMayVote"] for each in (of_poll, *of_poll["contests"])] == [True, False, True]
        theirs = [world.paper(poll, "FOR", contest=n, on_behalf_of=organisation) for n in (0, 1)]
        assert await world.refused(CAST, known, **theirs[0]) == "NOT_ON_THE_ROLL"
        await world.do(CAST, known, **theirs[1])
        of_poll = (await world.ask(MAY_AND_HAS, known, id=poll))["poll"]
        assert (of_poll["viewerMayVote"], of_poll["viewerHasVoted"]) == (False, False)

    in_a_world(story)


def test_all_contests_are_counted_and_declared_at_once_each_with_evidence_of_its_own(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.set_rules(smallRoll=0, smallGroup=2)
        parent, teacher = await a_parent_and_a_teacher(world)
        poll = await world.open_poll(contests=electorates(world, ["PARENT_CARER", "STAFF"], ["STAFF"]))
        votes = [(parent, "FOR", 0), (teacher, "FOR", 0), (teacher, "AGAINST", 1)]
        receipts = [
            (await world.do(CAST, who, **world.paper(poll, choice, contest=contest)))["receipt"]
            for who, choice, contest in votes
        ]
        await world.close_poll(poll)
        officer = await world.officer(Role.RETURNING_OFFICER)
        await world.do(COUNT, officer, id=poll)
        assert await world.value("select count(*) from declaration") == 0
        await world.do(DECLARE, officer, id=poll)

        first, second = [(await world.ask(DECLARATION, id=each))["contest"] for each in world.contests[poll]]

        assert first["poll"] == second["poll"] == {"status": "DECLARED"}
        assert (first["declaration"]["outcome"], second["declaration"]["outcome"]) == ("PASSED", "NOT_PASSED")
        assert first["declaration"]["papers"] == ["1 FOR", "1 FOR"]
        assert second["declaration"]["papers"] == ["1 AGAINST"]
        assert first["declaration"]["receipts"] == sorted(receipts[:2])
        assert second["declaration"]["receipts"] == receipts[2:]
        assert (first["declaration"]["issued"], second["declaration"]["issued"]) == (2, 1)
        assert first["rollHash"] == first["declaration"]["rollHash"] != second["rollHash"]
        pack = second["declaration"]["pack"]
        assert pack["poll"] == {"id": poll[4:], "title": "Spring poll"}
        assert (pack["contest"]["id"], pack["contest"]["title"]) == (world.contests[poll][1][4:], "Question 2")

    in_a_world(story)


def test_a_contest_is_seen_by_whoever_sees_its_poll(in_a_world: Scenario) -> None:
    seen = "query ($poll: ID!, $contest: ID!) { poll(id: $poll) { id } contest(id: $contest) { id } }"

    async def story(world: World) -> None:
        member, _ = await world.member()
        callers = (None, await world.newcomer(), member, await world.officer(Role.TRUSTEE))

        async def sees(poll: str) -> list[bool]:
            told = [await world.ask(seen, who, poll=poll, contest=world.contests[poll][0]) for who in callers]
            for each in told:
                assert (each["poll"] is None) == (each["contest"] is None)
            return [each["contest"] is not None for each in told]

        assert await sees(await world.drafted_poll()) == [False, False, False, True]
        poll = await world.open_poll()
        assert await sees(poll) == [True] * 4, "its notice is public"
        await world.close_poll(poll)
        for step in (COUNT, DECLARE):
            await world.do(step, await world.officer(Role.RETURNING_OFFICER), id=poll)
        assert await sees(poll) == [True] * 4

    in_a_world(story)
