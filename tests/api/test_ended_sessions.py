"""A session that has ended is at its end, however well its token was remembered; and nobody acts for whom nothing is kept."""

import asyncio
from pathlib import Path

import pytest

from domain.identity.viewer import Role
from tests.api.test_data_requests import ANSWER
from tests.api.test_guardians import END_GUARDIANSHIP, RECORD_GUARDIAN
from tests.api.test_partners import END, registered_app, token
from tests.api.test_sign_in import END_ROLE, GRANT, WHO
from tests.conftest import Scenario
from tests.mutations import REQUEST_ABOUT_DATA
from tests.world import World

CONTACT = """mutation ($id: ID!) { changeContact(input: {personId: $id, contactAddress: "12 High Street"}) {
  person { id } errors { code } } }"""
RECTIFY = """mutation ($id: ID!) { requestAboutData(input: {personId: $id, kind: RECTIFICATION, detail: "The address"}) {
  dataRequest { id } errors { code } } }"""
REQUESTS = "{ dataRequests { nodes { detail answer } } }"


def test_who_loses_an_office_or_is_erased_does_nothing_more_with_a_remembered_token(
    database: str, tmp_path: Path
) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path, session_cache_seconds=3_600) as world:
            clerk, protector = await world.officer(Role.CLERK), await world.officer(Role.DATA_PROTECTION_OFFICER)
            officer, known = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.FORUM_MEMBER)
            for each in (officer, known):
                await world.ask(WHO, each)

            await world.do(END_ROLE, clerk, p=f"per_{officer.person_id}", r="MEMBERSHIP_OFFICER")
            asked = await world.do(REQUEST_ABOUT_DATA, known, id=f"per_{known.person_id}", kind="ERASURE")
            await world.do(ANSWER, protector, id=asked["dataRequest"]["id"], granted=True)

            for each in (officer, known):
                answer = await world.post({"query": WHO}, token=each.token)
                assert answer.status_code == 401

    asyncio.run(story())


def test_nothing_is_written_about_whoever_was_erased(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        protector, keeper = [
            await world.officer(role) for role in (Role.DATA_PROTECTION_OFFICER, Role.MEMBERSHIP_OFFICER)
        ]
        known = await world.officer(Role.FORUM_MEMBER)
        person = f"per_{known.person_id}"
        asked = await world.do(REQUEST_ABOUT_DATA, known, id=person, kind="ERASURE")
        await world.do(ANSWER, protector, id=asked["dataRequest"]["id"], granted=True)

        assert await world.refused(CONTACT, keeper, id=person) == "NOT_FOUND"
        assert await world.refused(GRANT, await world.officer(Role.CLERK), p=person, r="TRUSTEE") == "NOT_FOUND"

    in_a_world(story)


def test_who_asked_about_a_child_reads_the_answer_only_while_they_may_ask(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        protector, keeper = [
            await world.officer(role) for role in (Role.DATA_PROTECTION_OFFICER, Role.MEMBERSHIP_OFFICER)
        ]
        guardian, _ = await world.member()
        _, child = await world.child(guardian)
        await world.do(RECORD_GUARDIAN, keeper, child=child, guardian=f"per_{guardian.person_id}")
        asked = (await world.do(RECTIFY, guardian, id=child))["dataRequest"]["id"]
        assert len((await world.ask(REQUESTS, guardian))["dataRequests"]["nodes"]) == 1

        await world.do(END_GUARDIANSHIP, keeper, child=child, guardian=f"per_{guardian.person_id}")
        await world.do(ANSWER, protector, id=asked, granted=False)

        assert (await world.ask(REQUESTS, guardian))["dataRequests"]["nodes"] == []

    in_a_world(story)


def test_a_partners_token_ends_with_its_agreement_however_well_it_was_remembered(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path, session_cache_seconds=3_600) as world:
            agreement, credentials = await registered_app(world)
            access = (await token(world, credentials)).json()["access_token"]
            assert (await world.post({"query": WHO}, token=access)).status_code == 200

            await world.do(END, await world.officer(Role.CLERK), id=agreement)

            assert (await world.post({"query": WHO}, token=access)).status_code == 401

    asyncio.run(story())


BOTH = """mutation ($me: ID!, $friend: ID!) {
  a: endRole(input: {personId: $me, role: CLERK}) { person { id } errors { code } }
  b: grantRole(input: {personId: $friend, role: CLERK}) { person { id } errors { code } } }"""


@pytest.mark.parametrize("document", [BOTH, BOTH.replace("CLERK}) {", "CLERK}) @include(if: true) {")])
def test_who_gave_up_an_office_does_nothing_more_in_the_same_document(in_a_world: Scenario, document: str) -> None:
    async def story(world: World) -> None:
        clerk, friend = await world.officer(Role.CLERK), await world.officer(Role.FORUM_MEMBER)

        done = await world.ask(document, clerk, me=f"per_{clerk.person_id}", friend=f"per_{friend.person_id}")

        assert done["a"]["errors"] == []
        assert [error["code"] for error in done["b"]["errors"]] == ["NOT_SIGNED_IN"]
        held = "select count(*) from role_grant where person_id = $1 and role = 'CLERK' and ended_at is null"
        assert [await world.value(held, each.person_id) for each in (clerk, friend)] == [0, 0]

    in_a_world(story)
