"""Rule 1d: a constituency that rules adopted for a later day drop takes nobody any more, and leaves nobody stuck."""

import asyncio
import json
from typing import Any
from uuid import UUID

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.test_applications import CHANGE
from tests.api.test_one_membership import CONVERT, SUBMIT, WITHDRAW
from tests.api.test_rulesets import ADOPT
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.mutations import ADMIT, APPLY, APPLY_FOR_ORGANISATION
from tests.world import CARE, World

CLOSES = "CONSTITUENCY_CLOSES"
REFUSE = 'mutation ($id: ID!) { refuseMember(input: {id: $id, reason: "No longer there"}) { member { status } errors { code } } }'
ELIGIBILITY = "{ viewer { eligibility { constituency { code } reasons } } }"


def rules_without(*codes: str) -> dict[str, Any]:
    rules = stated_rules()
    return rules | {"constituencies": [each for each in rules["constituencies"] if each["code"] not in codes]}


async def adopt(world: World, rules: dict[str, Any], day: str) -> None:
    await world.do(ADOPT, await world.officer(Role.CLERK), rules=rules, **{"from": day}, resolution="AGM")


def test_nobody_applies_drafts_or_converts_to_it_once_the_rules_are_adopted(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        newcomer = await world.newcomer()
        known, membership = await world.member()
        relationships = [{"kind": "STAFF", "schoolUrn": 118365}, {"kind": "COMMUNITY"}]
        staff = world.application(constituency="STAFF", relationships=relationships)
        organisation = {"name": "The Canary Trust", "kind": "charity", "constituency": "PARTNER", "document": "Minute 8",
            "serviceAddress": "The Old Mill", "acceptsArticles": True}  # fmt: skip

        await adopt(world, rules_without("STAFF", "PARTNER", "COMMUNITY"), await world.day(30))

        for draft in (False, True):
            assert await world.refused(APPLY, newcomer, input=staff | {"draft": draft}) == CLOSES
        assert await world.refused(APPLY_FOR_ORGANISATION, known, input=organisation) == CLOSES
        assert await world.refused(CONVERT, known, id=membership, to="COMMUNITY") == CLOSES
        seen = (await world.ask(ELIGIBILITY, known))["viewer"]["eligibility"]
        assert CLOSES in next(each["reasons"] for each in seen if each["constituency"]["code"] == "STAFF")

        await adopt(world, rules_without("PARTNER"), await world.day(30))
        await world.do(APPLY, newcomer, input=staff)
        assert await world.refused(APPLY_FOR_ORGANISATION, known, input=organisation) == CLOSES

    in_a_world(story)


def test_rules_for_a_later_day_are_replaced_by_newer_ones_for_a_day_before(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        newcomer = await world.newcomer()
        relationships = [{"kind": "STAFF", "schoolUrn": 118365}]
        staff = world.application(constituency="STAFF", relationships=relationships)
        await adopt(world, rules_without("STAFF"), await world.day(400))
        assert await world.refused(APPLY, newcomer, input=staff) == CLOSES

        await adopt(world, stated_rules(), await world.day(10))

        await world.do(APPLY, newcomer, input=staff)
        for days, version in ((0, 1), (10, 3), (390, 3)):
            await world.pass_time(days=days)
            assert (await world.ask("{ trust { ruleset { version } } }"))["trust"]["ruleset"]["version"] == version

    in_a_world(story)


def test_its_first_claim_rests(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.set_rules(firstClaim=["STAFF"])
        relationships = [{"kind": each, "schoolUrn": 118365} for each in ("STAFF", "PARENT_CARER")]
        await adopt(world, rules_without("STAFF"), await world.day(30))

        await world.do(APPLY, await world.newcomer(), input=world.application(relationships=relationships))

    in_a_world(story)


def test_what_is_open_all_the_same_is_refused_withdrawn_or_taken_back(in_a_world: Scenario) -> None:
    """As an applicant leaves it who applies at the moment of the adoption."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        refused, withdrawn, drafted, forgotten = [
            await world.applicant(constituency="STAFF", draft=draft) for draft in (False, False, True, True)
        ]
        member, membership = await world.member(constituency="STAFF")
        await world.set_rules(constituencies=rules_without("STAFF")["constituencies"])

        assert await world.refused(ADMIT, officer, id=refused[1]) == "INPUT_INVALID"
        assert await world.refused(SUBMIT, drafted[0], id=drafted[1]) == "INPUT_INVALID"
        assert (await world.do(REFUSE, officer, id=refused[1]))["member"]["status"] == "REFUSED"
        for known, application in (withdrawn, drafted):
            await world.do(WITHDRAW, known, id=application)
        converted = (await world.do(CONVERT, member, id=membership, to="COMMUNITY"))["member"]["id"]
        await world.do(ADMIT, officer, id=converted)
        await world.pass_time(days=400)
        assert (await world.keep_register())["drafts"] == 1
        assert (await member_of(world, officer, forgotten[1]))["status"] == "WITHDRAWN"

    in_a_world(story)


def test_who_applies_while_rules_are_adopted_is_in_a_constituency_or_the_rules_are_not_adopted(
    in_a_world: Scenario,
) -> None:
    async def story(world: World) -> None:
        rules = stated_rules()
        for each in rules["constituencies"]:
            each["approval"] = "AUTOMATIC"
        await world.set_rules(constituencies=rules["constituencies"])
        clerk, day = await world.officer(Role.CLERK), str(await world.today())
        for _ in range(6):
            application = world.application(constituency="COMMUNITY", relationships=[{"kind": "COMMUNITY"}])
            joined, adopted = await asyncio.gather(
                world.ask(APPLY, await world.newcomer(), input=application),
                world.ask(ADOPT, clerk, rules=rules_without("COMMUNITY"), resolution="AGM", **{"from": day}),
            )
            assert joined["applyForMembership"]["errors"] or adopted["adoptRuleset"]["errors"], "both were done"
            if not adopted["adoptRuleset"]["errors"]:
                break

    in_a_world(story)


def test_a_draft_keeps_no_trust_from_changing_its_rules(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, draft = await world.applicant(
            constituency="COMMUNITY",
            relationships=[{"kind": "COMMUNITY"}, {"kind": "STAFF", "schoolUrn": 118365}],
            draft=True,
        )

        await adopt(world, rules_without("COMMUNITY"), await world.day(0))

        assert await world.refused(SUBMIT, known, id=draft, accepts=True) == "INPUT_INVALID"
        await world.do(CHANGE, known, id=draft, constituency="STAFF")
        await world.do(SUBMIT, known, id=draft, accepts=True)

    in_a_world(story)


def test_whoever_is_left_in_it_lapses_by_the_last_rules_that_had_it(in_a_world: Scenario) -> None:
    """As the adoption of rules left somebody who joined at that moment, before it waited for them."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member(constituency="STAFF")
        await world.pass_time(days=1)
        less, version = rules_without("STAFF"), "coalesce(max(version), 0) + 1"
        await world.owner.execute(
            f"insert into ruleset (trust_id, version, effective_from, rules) select $1, {version}, legal_today(), $2::jsonb"
            " from ruleset where trust_id = $1", await world.trust_id(CARE), json.dumps(less),
        )  # fmt: skip

        assert (await world.keep_register())["lapsing"] == 0
        await world.lose_ground(known)
        assert (await world.keep_register())["lapsing"] == 1
        await adopt(world, less, await world.day())
        await world.pass_time(days=200)
        assert (await world.keep_register())["lapsed"] == 1
        assert (await member_of(world, officer, membership))["status"] == "LAPSED"

    in_a_world(story)


def test_rules_that_never_held_are_not_the_last_that_had_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member(constituency="STAFF")
        await world.set_constituency_rule("STAFF", graceDays=100)
        mistaken = stated_rules()
        for each in mistaken["constituencies"]:
            each |= {"graceDays": 1, "qualifyingKinds": ["ALUMNUS"]}
        await adopt(world, mistaken, await world.day(20))
        await world.owner.execute(
            "insert into ruleset (trust_id, version, effective_from, rules) values ($1, 3, legal_today() + 10, $2::jsonb)",
            await world.trust_id(CARE), json.dumps(rules_without("STAFF")),
        )  # fmt: skip

        await world.pass_time(days=30)
        assert (await world.keep_register())["lapsing"] == 0
        await world.lose_ground(known)
        assert (await world.keep_register())["lapsing"] == 1
        lapses_on = await world.value("select lapses_on from membership where id = $1", UUID(membership[4:]))
        assert str(lapses_on) == await world.day(100)

    in_a_world(story)
