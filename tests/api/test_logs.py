"""What is logged of a request."""

import asyncio
import json

import pytest

from tests.conftest import Scenario
from tests.world import World


def test_logs_hold_no_names_tokens_or_choices(
    in_a_world: Scenario, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.mutations import CAST

    async def story(world: World) -> None:
        voter, _ = await world.member()
        poll = await world.open_poll()
        await world.do(CAST, voter, **world.paper(poll, "ABSTAIN"))
        await world.ask("query Canary_operation { members { nodes { person { familyName } } } }", voter)
        await asyncio.sleep(0.3)
        logged = "".join(capfd.readouterr())
        assert '"status":200' in logged
        for secret in ("Canary", voter.token, voter.token[4:], "ABSTAIN", "example.org", str(voter.person_id)):
            assert secret not in logged
        for line in logged.splitlines():
            assert {"request", "trust", "document", "status", "ms", "nodes", "at"} == json.loads(line).keys()

    in_a_world(story)
