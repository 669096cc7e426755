"""Erasure, objection and rectification: rule 26."""

import json

from domain.identity.viewer import Role
from tests.api.test_guardians import RECORD_GUARDIAN
from tests.conftest import Scenario
from tests.mutations import REFUSE, REQUEST_ABOUT_DATA, act
from tests.world import World

ANSWER = 'mutation ($id: ID!, $granted: Boolean!) { answerDataRequest(input: {id: $id, granted: $granted, answer: "Done."}) { dataRequest { status kept { record reason until } } errors { code } } }'


def test_an_erasure_keeps_what_the_law_requires_and_says_so(in_a_world: Scenario) -> None:
    """Rules 5g and 26b: register core kept with the reason, contact gone."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.DATA_PROTECTION_OFFICER)
        keeper = await world.officer(Role.MEMBERSHIP_OFFICER)
        member, membership = await world.member()
        applicant, application = await world.applicant(serviceAddress="9 Gone Street")
        requests = [
            (await world.do(REQUEST_ABOUT_DATA, each, id=f"per_{each.person_id}", kind="ERASURE"))["dataRequest"]["id"]
            for each in (member, applicant)
        ]

        assert await world.refused(ANSWER, member, id=requests[0], granted=True) == "NOT_PERMITTED"
        assert await world.refused(ANSWER, officer, id=requests[0], granted=True) == "MEMBERSHIP_OPEN"
        await world.do(act("resignMembership", "member"), member, id=membership)
        await world.do(act("withdrawApplication", "member"), applicant, id=application)
        kept = [(await world.do(ANSWER, officer, id=each, granted=True))["dataRequest"]["kept"] for each in requests]

        assert [each["record"] for each in kept[0]] == ["AUDIT_TRAIL", "REGISTER"]
        assert "s" in kept[0][1]["reason"]
        assert kept[0][1]["until"] > "2036"
        assert [each["record"] for each in kept[1]] == ["AUDIT_TRAIL"]
        assert await world.refused(ANSWER, officer, id=requests[0], granted=False) == "REQUEST_ANSWERED"
        person = await world.owner.fetchrow("select * from person where id = $1", member.person_id)
        assert (person["given_name"], person["email"], person["date_of_birth"]) == ("(erased)", None, None)
        entries = (await world.ask("{ register { nodes { name serviceAddress ceasedOn } } }", keeper))["register"][
            "nodes"
        ]
        assert entries[0]["name"].startswith("Amina")
        assert entries[0]["ceasedOn"]
        left = json.dumps(
            [
                dict(row)
                for row in await world.owner.fetch("select * from membership where person_id = $1", applicant.person_id)
            ],
            default=str,
        )
        assert "Gone Street" not in left
        assert "Amina" not in left
        assert (
            await world.value(
                "select count(*) from relationship where person_id = any($1)", [member.person_id, applicant.person_id]
            )
            == 0
        )
        assert (await world.post({"query": "{ viewer { kind } }"}, token=member.token)).status_code == 401, "signed out"

    in_a_world(story)


def test_an_objection_ends_marketing_and_a_rectification_is_answered(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.DATA_PROTECTION_OFFICER)
        known, _ = await world.member()
        for kind, granted in (("OBJECTION", True), ("RECTIFICATION", False)):
            request = (await world.do(REQUEST_ABOUT_DATA, known, id=f"per_{known.person_id}", kind=kind))["dataRequest"]
            assert request["status"] == "OPEN"
            assert (await world.do(ANSWER, officer, id=request["id"], granted=granted))["dataRequest"]["kept"] == []

        assert await world.value("select marketing_opt_out from person where id = $1", known.person_id)
        seen = (await world.ask("{ dataRequests { nodes { status } } }", known))["dataRequests"]["nodes"]
        assert [each["status"] for each in seen] == ["DECLINED", "GRANTED"], "newest first"

    in_a_world(story)


def test_what_a_guardian_asked_for_is_granted_only_while_they_answer(in_a_world: Scenario) -> None:
    """Rule 6d: after the hand-over it is the young person's to ask."""

    async def story(world: World) -> None:
        officer, keeper = [
            await world.officer(role) for role in (Role.DATA_PROTECTION_OFFICER, Role.MEMBERSHIP_OFFICER)
        ]
        guardian, _ = await world.member()
        membership, child = await world.child(guardian)
        await world.do(RECORD_GUARDIAN, keeper, child=child, guardian=f"per_{guardian.person_id}")
        await world.do(REFUSE, keeper, id=membership, reason="Not now")
        asked = await world.do(REQUEST_ABOUT_DATA, guardian, id=child, kind="ERASURE")
        await world.set_rules(guardianConsentAge=10)

        request = asked["dataRequest"]["id"]
        assert await world.refused(ANSWER, officer, id=request, granted=True) == "NOT_A_GUARDIAN"
        await world.do(ANSWER, officer, id=request, granted=False)
        on_paper = await world.do(REQUEST_ABOUT_DATA, officer, id=child, kind="ERASURE")
        await world.do(ANSWER, officer, id=on_paper["dataRequest"]["id"], granted=True)

    in_a_world(story)
