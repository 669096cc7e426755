"""Polls counted and declared, and people to vote in them."""

from typing import Any

from domain.identity.viewer import Role
from tests.mutations import act
from tests.world import World

COUNT, DECLARE = act("countPoll", "poll"), act("declarePoll", "poll")
DECLARATION = "query ($id: ID!) { contest(id: $id) { poll { status } rollHash declaration { outcome issued returned totals { choice papers } turnout { constituency issued returned } receipts papers pack rollHash } } }"


async def declared(world: World, poll: str) -> dict[str, Any]:
    """The first contest of the poll, once all are declared."""
    officer = await world.officer(Role.RETURNING_OFFICER)
    await world.close_poll(poll)
    for step in (COUNT, DECLARE):
        await world.do(step, officer, id=poll)
    contest: dict[str, Any] = (await world.ask(DECLARATION, id=world.contests[poll][0]))["contest"]
    return contest


async def voters(world: World, number: int) -> list[Any]:
    return [(await world.member())[0] for _ in range(number)]
