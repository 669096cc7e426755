"""Children who join, through the API: rule 6."""

import asyncio
import json
import math
import re
from time import perf_counter
from typing import Any

from domain.identity.viewer import Role
from tests.api.memberships import CHILD
from tests.api.test_applications import REGISTER
from tests.api.test_guardians import RECORD_GUARDIAN
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, REGISTER_CHILD, act
from tests.world import Known, World

ROUNDS = 20


def test_a_guardian_registers_a_child_who_is_admitted_and_stays_hidden(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        guardian, _ = await world.member()
        neighbour, _ = await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        membership, child = await world.child(guardian)
        await world.do(ADMIT, officer, id=membership)

        seen = (await world.ask(CHILD, guardian, id=child))["node"]
        assert (seen["givenName"], seen["ageBand"], len(seen["consents"])) == ("Cleo", "FROM_10_TO_12", 1)
        assert (await world.ask(CHILD, neighbour, id=child))["node"] is None
        for role in (Role.CLERK, Role.RETURNING_OFFICER):
            shown = (await world.ask(CHILD, await world.officer(role), id=child))["node"]
            safeguarded = [shown.pop(name) for name in ("dateOfBirth", "ageBand", "guardians", "consents")]
            assert (shown["givenName"], safeguarded) == ("Cleo", [None] * 4)
        children = (await world.ask("{ viewer { children { child { givenName } } } }", guardian))["viewer"]["children"]
        assert children == [{"child": {"givenName": "Cleo"}}]
        letters = [recipient for recipient, body in await world.mails() if "Cleo" in body]
        email = await world.value("select email from person where id = $1", guardian.person_id)
        assert letters == [email, email], "received and admitted, both through the guardian"

    in_a_world(story)


def test_what_keeps_a_child_out(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        guardian, _ = await world.member()
        child: dict[str, Any] = {
            "givenName": "Cleo", "familyName": "Canary", "dateOfBirth": "2016-05-01", "schoolUrn": 118365,
            "serviceAddress": "1 Canary Row",
        }  # fmt: skip

        for change, code in (
            ({"dateOfBirth": "2100-01-01"}, "DATES_CONTRADICT"),
            ({"dateOfBirth": "1990-01-01"}, "NO_CHILD"),
            ({"dateOfBirth": await world.day(-5 * 366)}, "TOO_YOUNG"),
            ({"schoolUrn": 100000}, "INPUT_INVALID"),
            ({"constituency": "STAFF"}, "NOT_ELIGIBLE"),
            ({"givenName": ""}, "INPUT_INVALID"),
        ):
            assert await world.refused(REGISTER_CHILD, guardian, input=child | change) == code
        assert await world.refused(REGISTER_CHILD, None, input=child) == "NOT_SIGNED_IN"
        learner = {"constituency": "LEARNER", "relationships": [{"kind": "LEARNER", "schoolUrn": 118365}]}
        alone = world.application(**learner, dateOfBirth="2014-05-01")
        assert await world.refused(APPLY, await world.newcomer(), input=alone) == "GUARDIAN_CONSENT_NEEDED"

    in_a_world(story)


ANSWER = """mutation ($input: RegisterChildInput!) { registerChild(input: $input) { errors { code path } member {
  status number appliedAt name serviceAddress school { urn } constituency { code } history { status reason }
  person { givenName familyName dateOfBirth ageBand phone email contactAddress relationships { kind source since until }
    guardians { source until } consents { source until } memberships { status } } } } }"""
LATER = """{ viewer { children { child { givenName familyName dateOfBirth phone guardians { source } consents { until }
    relationships { kind source } memberships { status name history { status } } } } }
  people { totalCount } members { totalCount } notices { totalCount } register { totalCount } }"""
MOMENTS = re.compile(r"\d{4}-\d{2}-\d{2}T[0-9:.]+(?:Z|[+-][0-9:]+)")


async def children_told(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """A child whom nobody knows, and one who is on the register by another parent."""
    mother, _ = await world.member()
    born = f"{(await world.today()).year - 12}-05-01"
    known = {
        "givenName": "Cleo", "familyName": "Twicee", "dateOfBirth": born, "schoolUrn": 118365, "serviceAddress": "1 Row",
    }  # fmt: skip
    membership, _ = await world.child(mother, **known)
    await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)
    return known | {"givenName": "Zita", "familyName": "Nobody"}, known


def shape(told: Any, child: dict[str, Any]) -> str:
    """What somebody sees, without what they said themself, and moments."""
    text = json.dumps(told).replace(child["givenName"], "GIVEN").replace(child["familyName"], "FAMILY")
    return MOMENTS.sub("MOMENT", text)


def test_whoever_registers_a_child_learns_nothing_of_whether_it_is_known(in_a_world: Scenario) -> None:
    """Rule 3h: in the answer, what follows in lists, notices and mails, and the trail."""

    async def story(world: World) -> None:
        seen = []
        for child in await children_told(world):
            stranger, _ = await world.member()
            mails = len(await world.mails())
            answer = await world.do(ANSWER, stranger, input=child)
            assert answer["member"]["status"] == "SUBMITTED"
            later = await world.ask(LATER, stranger)
            told = [body for _, body in (await world.mails())[mails:]]
            seen.append(shape([answer, later, told], child))

        assert seen[0] == seen[1]

    in_a_world(story)


def test_statuses_sizes_and_times_of_two_hundred_registrations_tell_nothing(in_a_world: Scenario) -> None:
    """Known and unknown children by turns: neither is slower, by ranks, so that a busy machine matters to neither."""

    async def story(world: World) -> None:
        unknown, known = await children_told(world)
        stranger, _ = await world.member()
        took: dict[str, list[float]] = {"known": [], "unknown": []}
        sizes = set()
        for number in range(100):
            pair = [("unknown", unknown | {"givenName": f"Zit{number:03}"}), ("known", known)]
            for name, child in pair if number % 2 else reversed(pair):
                body = {"query": ANSWER, "variables": {"input": child}}
                began = perf_counter()
                answer = await world.post(body, token=stranger.token)
                took[name].append(perf_counter() - began)
                assert answer.json()["data"]["registerChild"]["errors"] == []
                sizes.add(len(shape(answer.json(), child)))
                await forget_children(world, stranger)

        assert len(sizes) == 1
        assert ranked_higher(took["known"], took["unknown"]) < 5, "five standard deviations"

    in_a_world(story)


async def forget_children(world: World, guardian: Known) -> None:
    """The next child is the first."""
    for table, column in (("guardian_consent", "guardian_id"), ("guardianship", "guardian_id")):
        await world.owner.execute(f"delete from {table} where {column} = $1", guardian.person_id)


def ranked_higher(one: list[float], other: list[float]) -> float:
    """By how many standard deviations the ranks of the one differ from chance (Mann and Whitney 1947)."""
    higher = sum((a > b) + (a == b) / 2 for a in one for b in other)
    pairs = len(one) * len(other)
    return abs(higher - pairs / 2) / math.sqrt(pairs * (len(one) + len(other) + 1) / 12)


def test_four_parents_at_once_make_four_applications_and_no_member_unasked(in_a_world: Scenario) -> None:
    """Rules 3f and 3h, where the rules admit at once too: an officer decides, and one parent registers a child once."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("LEARNER", approval="AUTOMATIC")
        parents, officer = [(await world.member())[0] for _ in range(4)], await world.officer(Role.MEMBERSHIP_OFFICER)
        for number in range(ROUNDS):
            child = (await children_of(world, f"Round{number}")) | {}
            answers = await asyncio.gather(
                *(world.ask(REGISTER_CHILD, each, input=child) for each in [*parents, *parents])
            )
            codes = [[error["code"] for error in each["registerChild"]["errors"]] for each in answers]
            assert sorted(codes) == [[]] * 4 + [["ALREADY_A_MEMBER"]] * 4
            counted = "select array_agg(m.status) from membership m join person p on p.id = m.person_id where p.family_name = $1"
            assert await world.value(counted, child["familyName"]) == ["SUBMITTED"] * 4
            sent = [each["registerChild"]["member"]["id"] for each in answers if not each["registerChild"]["errors"]]
            admitted = await asyncio.gather(*(world.ask(ADMIT, officer, id=each) for each in sent))
            assert {each["admitMember"]["errors"][0]["code"] for each in admitted} == {"LOOKS_THE_SAME"}
        assert await world.value("select count(*) from register_line where name like 'Cleo%'") == 0

    in_a_world(story)


async def children_of(world: World, family: str) -> dict[str, Any]:
    born = f"{(await world.today()).year - 12}-05-01"
    return {
        "givenName": "Cleo", "familyName": family, "dateOfBirth": born, "schoolUrn": 118365, "serviceAddress": "1 Row",
    }  # fmt: skip


def test_a_child_whose_guardian_an_officer_recorded_is_not_put_on_record_again(in_a_world: Scenario) -> None:
    """Rule 3f."""

    async def story(world: World) -> None:
        mother, _ = await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        membership, child = await world.child(mother, givenName="Zoë", familyName="Once")
        await world.do(RECORD_GUARDIAN, officer, child=child, guardian=f"per_{mother.person_id}")
        await world.do(act("withdrawApplication", "member"), mother, id=membership)

        again, same = await world.child(mother, givenName="Zoe", familyName="ONCE")

        assert same == child
        assert await world.value("select source from guardianship where child_id::text = $1", child[4:]) == "VERIFIED"
        assert await world.value("select count(*) from relationship where person_id::text = $1", child[4:]) == 1
        twice = await children_of(world, "Once") | {"givenName": "Zoë"}
        twice["dateOfBirth"] = str(await world.value("select date_of_birth from person where id::text = $1", child[4:]))
        assert await world.refused(REGISTER_CHILD, mother, input=twice) == "ALREADY_A_MEMBER"
        await world.do(ADMIT, officer, id=again)

    in_a_world(story)


def test_a_parent_registers_a_child_without_joining(in_a_world: Scenario) -> None:
    """Rule 6d: on record is enough, with a birth date (rule 6k)."""

    async def story(world: World) -> None:
        parent = await world.newcomer()
        child = await children_of(world, "Alone")
        assert await world.refused(REGISTER_CHILD, parent, input=child) == "PERSON_NEEDED"
        await world.do(REGISTER, parent, born=None)
        assert await world.refused(REGISTER_CHILD, parent, input=child) == "NOT_A_GUARDIAN"
        young = str(await world.day(-17 * 366))
        assert await world.refused(REGISTER_CHILD, await on_record(world, young), input=child) == "NOT_A_GUARDIAN"
        await world.do(REGISTER, parent, born="1985-05-01")

        membership = (await world.do(REGISTER_CHILD, parent, input=child))["member"]["id"]

        await world.do(ADMIT, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership)
        seen = await world.ask("{ viewer { person { memberships { id } } children { child { givenName } } } }", parent)
        assert seen["viewer"] == {"person": {"memberships": []}, "children": [{"child": {"givenName": "Cleo"}}]}

    in_a_world(story)


async def on_record(world: World, born: str) -> Known:
    known = await world.newcomer()
    await world.do(REGISTER, known, born=born)
    return known
