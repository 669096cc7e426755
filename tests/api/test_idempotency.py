"""A mutation that is sent again with its key."""

import asyncio

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.world import World


def test_the_same_idempotency_key_gives_the_same_answer(in_a_world: Scenario) -> None:
    keyed = """mutation ($id: ID!, $key: String!) {
      admitMember(input: {id: $id, idempotencyKey: $key}) { member { id number } errors { code path } } }"""
    other = 'mutation ($id: ID!, $key: String!) { refuseMember(input: {id: $id, reason: "x", idempotencyKey: $key}) { member { id } errors { code path } } }'

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        _, membership = await world.applicant()

        answers = await asyncio.gather(*(world.ask(keyed, officer, id=membership, key="k1") for _ in range(4)))

        assert all(answer == answers[0] for answer in answers)
        assert answers[0]["admitMember"]["member"]["number"] == 1
        assert await world.value("select count(*) from membership_transition where status = 'ADMITTED'") == 1
        assert await world.refused(other, officer, id=membership, key="k1") == "IDEMPOTENCY_KEY_REUSED"
        _, another = await world.applicant()
        assert await world.refused(keyed, officer, id=another, key="k1") == "IDEMPOTENCY_KEY_REUSED"

    in_a_world(story)
