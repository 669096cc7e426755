"""The register as at any moment is what was done by then (rule 5e)."""

import asyncio
from random import Random

import pytest

from db.transactions import Transaction, Transactions
from tests.api.register_history import History
from tests.conftest import Scenario
from tests.world import CARE, World


@pytest.mark.parametrize("seed", range(4))
def test_the_register_as_at_any_moment_is_what_was_done_and_what_the_audit_trail_replays(
    in_a_world: Scenario, seed: int
) -> None:
    async def story(world: World) -> None:
        history = History(world, Random(seed))
        for _ in range(25):
            await history.step()

        for moment, said in history.random.sample(history.snapshots, 8) + history.snapshots[-1:]:
            shown = await history.shown(moment)
            expected = {
                each["number"]: (each["name"], each["serviceAddress"], each["code"], each["ceasedOn"])
                for each in said.values()
            }
            assert shown == expected
            assert {n: (line[2], line[3]) for n, line in shown.items()} == await history.replayed(moment)

    in_a_world(story)


def test_nothing_of_the_register_can_be_rewritten(in_a_world: Scenario) -> None:
    """Rule 5b: append-only, by the grants of the database."""

    async def story(world: World) -> None:
        await world.member()
        trust = await world.trust_id(CARE)
        for statement in (
            "update register_line set name = 'x'",
            "delete from register_line",
            "delete from membership",
        ):

            async def rewrite(transaction: Transaction, statement: str = statement) -> None:
                await transaction.run(statement)

            with pytest.raises(Exception, match="permission denied"):
                await Transactions(world.app.pool).run(trust, rewrite)

    in_a_world(story)


def test_an_address_moves_while_it_is_read(in_a_world: Scenario) -> None:
    """A page of the register as at a moment does not change while lines are added."""

    async def story(world: World) -> None:
        history = History(world, Random(99))
        for _ in range(12):
            await history.step()
        moment = history.snapshots[-1][0]
        before = await history.shown(moment)

        async def further_steps() -> None:
            for _ in range(6):
                await history.step()

        _, during = await asyncio.gather(further_steps(), history.shown(moment))
        assert before == during == await history.shown(moment)

    in_a_world(story)
