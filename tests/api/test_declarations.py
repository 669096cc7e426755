"""What is declared of a poll, and to whom."""

import hashlib
import json
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest

from counting import Majority, Quorum, count_resolution, report
from domain.identity.viewer import Role
from domain.polls.papers import choices as choices_of
from tests.api.polls import DECLARATION, declared, voters
from tests.api.register_history import RENAME
from tests.api.test_data_requests import ANSWER
from tests.conftest import Scenario
from tests.mutations import ADMIT, CAST, REQUEST_ABOUT_DATA, act
from tests.world import World

DECLARED = Path(__file__).parents[1] / "counting" / "declared"


def test_a_resolution_is_voted_and_declared_and_anybody_can_recount_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 13)
        poll = await world.open_poll()
        choices = ["FOR"] * 7 + ["AGAINST"] * 3 + ["ABSTAIN"] * 2

        receipts = [
            (await world.do(CAST, voter, **world.paper(poll, choice)))["receipt"]
            for voter, choice in zip(people, choices, strict=False)
        ]
        node = await declared(world, poll)

        declaration, pack = node["declaration"], node["declaration"]["pack"]
        assert (declaration["outcome"], declaration["issued"], declaration["returned"]) == ("PASSED", 13, 12)
        assert declaration["totals"] == [
            {"choice": each, "papers": number} for each, number in Counter(choices).items()
        ]
        assert declaration["turnout"] == [{"constituency": "PARENT_CARER", "issued": 13, "returned": 12}]
        assert [(each["constituency"], each["issued"], each["returned"]) for each in pack["turnout"]] == [
            ("PARENT_CARER", 13, 12)
        ]
        assert set(receipts) == set(declaration["receipts"])
        assert len(declaration["papers"]) == len(declaration["receipts"]) == 12
        more_than_half = Majority(Fraction(1, 2), at_least=False, of_all_entitled=False)
        recount = count_resolution(choices_of(pack["papers"]), more_than_half, Quorum(0, Fraction(0)), 13, "Charter")
        assert recount.outcome.value == declaration["outcome"]
        assert report(recount.count) == pack["count"]
        assert hashlib.sha256("\n".join(pack["papers"]).encode()).hexdigest() == pack["ballotBoxHash"]
        numbers = await world.value(
            "select array_agg(member_number || ' PARENT_CARER' order by member_number) from roll_entry"
        )
        contest = world.contests[poll][0]
        salted = "query ($id: ID!) { contest(id: $id) { rollSalt } }"
        salt = (await world.ask(salted, await world.officer(Role.RETURNING_OFFICER), id=contest))["contest"]["rollSalt"]
        first = f"roll {contest.removeprefix('cts_')} {salt}"
        assert hashlib.sha256("\n".join([first, *numbers]).encode()).hexdigest() == node["rollHash"]
        assert (await world.ask(salted, await world.officer(Role.CLERK), id=contest))["contest"]["rollSalt"] == salt
        for each in (people[0], await world.officer(Role.TRUSTEE), await world.officer(Role.MEMBERSHIP_OFFICER)):
            assert (await world.ask(salted, each, id=contest))["contest"]["rollSalt"] is None, "a roll can't be guessed"

    in_a_world(story)


def test_a_division_publishes_names_to_those_who_were_entitled(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 2)
        poll = await world.open_poll(secrecy="RECORDED")
        await world.do(CAST, people[0], **world.paper(poll, "AGAINST"))

        node = await declared(world, poll)

        assert node["declaration"]["outcome"] == "NOT_PASSED"
        assert node["declaration"]["totals"] is None, "of so few, only the entitled learn who voted how"
        (contest,) = world.contests[poll]
        votes = "query ($id: ID!) { contest(id: $id) { recordedVotes { nodes { voter paper } } } }"
        ((seen,), outsider) = (
            (await world.ask(votes, people[1], id=contest))["contest"]["recordedVotes"]["nodes"],
            (await world.member())[0],
        )
        assert seen["paper"] == "1 AGAINST"
        assert seen["voter"].startswith("Amina Canary")
        for nobody in (outsider, await world.officer(Role.TRUSTEE), None):
            assert (await world.ask(votes, nobody, id=contest))["contest"]["recordedVotes"]["nodes"] == []

    in_a_world(story)


def test_a_division_names_its_voters_for_good_as_they_voted(in_a_world: Scenario) -> None:
    """Rule 15g: whoever is called otherwise since, was erased or is long forgotten; also an organisation."""

    async def story(world: World) -> None:
        officer, protector = [
            await world.officer(role) for role in (Role.MEMBERSHIP_OFFICER, Role.DATA_PROTECTION_OFFICER)
        ]
        returning = await world.officer(Role.RETURNING_OFFICER)
        people = [await world.member() for _ in range(3)]
        representative, membership, organisation = await world.organisation()
        await world.do(ADMIT, officer, id=membership)
        contest = world.contest_draft(constituencies=["PARENT_CARER", "PARTNER"])
        poll = await world.open_poll(secrecy="RECORDED", contests=[contest])
        for known, _ in people:
            await world.do(CAST, known, **world.paper(poll, "FOR"))
        await world.do(CAST, representative, **world.paper(poll, "AGAINST", on_behalf_of=organisation))
        await declared(world, poll)

        async def names() -> list[str]:
            votes = "query ($id: ID!) { contest(id: $id) { recordedVotes { nodes { voter } } } }"
            nodes = (await world.ask(votes, returning, id=world.contests[poll][0]))["contest"]["recordedVotes"]["nodes"]
            return sorted(each["voter"] for each in nodes)

        voted = await names()
        (renamed, _), *leavers = people
        await world.do(RENAME, officer, id=f"per_{renamed.person_id}", name="Afterwards")
        for known, membership in leavers:
            await world.do(act("resignMembership", "member"), known, id=membership)
        asked = await world.do(REQUEST_ABOUT_DATA, leavers[0][0], id=f"per_{leavers[0][0].person_id}", kind="ERASURE")
        await world.do(ANSWER, protector, id=asked["dataRequest"]["id"], granted=True)
        assert await names() == voted
        await world.pass_time(days=3_700)
        assert (await world.forget_overdue())["FORMER_MEMBER"] == 2
        returning = await world.officer(Role.RETURNING_OFFICER)
        assert await names() == voted

    in_a_world(story)


@pytest.mark.parametrize("path", sorted(DECLARED.glob("*.json")), ids=lambda path: path.stem)
def test_what_was_declared_before_there_were_contests_is_answered_as_it_was_declared(
    in_a_world: Scenario, path: Path
) -> None:
    pack = json.loads(path.read_text(encoding="utf-8"))

    async def story(world: World) -> None:
        await voters(world, 1)
        poll = await world.open_poll()
        await declared(world, poll)
        await world.owner.execute("update declaration set pack = $1", json.dumps(pack))

        told = (await world.ask(DECLARATION, id=world.contests[poll][0]))["contest"]["declaration"]

        assert told.pop("pack") == pack
        assert {each.pop("choice"): each.pop("papers") for each in told.pop("totals")} == pack["totals"]
        assert told == {name: pack[name] for name in told}

    in_a_world(story)


def test_a_tiny_roll_gets_an_outcome_without_figures(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        people = await voters(world, 2)
        poll = await world.open_poll()
        for voter in people:
            await world.do(CAST, voter, **world.paper(poll, "FOR"))

        declaration = (await declared(world, poll))["declaration"]

        assert declaration["outcome"] == "PASSED"
        assert declaration["totals"] is None
        assert declaration["papers"] is None
        assert declaration["pack"]["smallRollWarning"] is True
        assert "FOR" not in json.dumps(declaration["pack"])

    in_a_world(story)
