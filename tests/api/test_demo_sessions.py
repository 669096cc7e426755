"""The demo's officers stay signed in from one telling to the next, as an app on a telephone does."""

import asyncio
import contextlib
import stat
from pathlib import Path

from rich.progress import Progress

from api.cli.demo import Story
from api.cli.demo_client import Actor
from api.cli.demo_sessions import KeptSessions
from domain.identity.sign_in import CODES_AN_HOUR_PER_ADDRESS
from tests.conftest import Scenario
from tests.world import WESSEX, World

CODES = "select count(*) from sign_in_challenge where email like 'clerk@%'"


async def clerk(world: World, file: Path) -> tuple[Story, Actor]:
    """The clerk as one telling of the story has them, while a worker sends the mails."""

    async def send_mails() -> None:
        while True:
            await world.mails()
            await asyncio.sleep(0.05)

    story = Story(world.http, WESSEX, world.mail, Progress(), {}, KeptSessions(file, "http://test"))
    worker = asyncio.create_task(send_mails())
    try:
        return story, await story.officer("clerk")
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker


def test_any_number_of_tellings_ask_for_one_code(in_a_world: Scenario, tmp_path: Path) -> None:
    async def story(world: World) -> None:
        file = tmp_path / "sessions.json"
        for _ in range(CODES_AN_HOUR_PER_ADDRESS + 2):
            telling, officer = await clerk(world, file)
        assert await world.owner.fetchval(CODES) == 1
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

        await telling.ask("sign-out", officer)
        telling, officer = await clerk(world, file)
        assert (await telling.ask("who-am-i", officer))["viewer"]["roles"] == ["CLERK"]
        assert await world.owner.fetchval(CODES) == 2

    in_a_world(story)


def test_tokens_are_of_one_server_and_one_mailbox(tmp_path: Path) -> None:
    file = tmp_path / "sessions.json"
    kept = KeptSessions(file, "http://127.0.0.1:8123")
    kept.keep(WESSEX, "clerk@example.org", "one")
    kept.keep(WESSEX, "trustee@example.org", "two")

    assert kept.token(WESSEX, "clerk@example.org") == "one"
    assert kept.token(WESSEX, "trustee@example.org") == "two"
    assert kept.token("another-trust", "clerk@example.org") is None
    assert KeptSessions(file, "http://127.0.0.1:8000").token(WESSEX, "clerk@example.org") is None
    file.write_text('{"half')
    assert kept.token(WESSEX, "clerk@example.org") is None
