"""Accidents, locks, lost connections and callers who go away."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.api.requests import QUERY, code
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import CARE, World


def test_an_accident_is_masked_and_half_a_write_is_undone(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("Canary secret of the inside")

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        _, membership = await world.applicant()
        before = await world.contents()
        monkeypatch.setattr("actions.membership.decisions.notify_many", broken)

        answer = await world.post({"query": ADMIT, "variables": {"id": membership}}, token=officer.token)

        assert "Canary" not in answer.text
        assert code(answer) == "INTERNAL"
        assert await world.contents() == before

    in_a_world(story)


def test_a_lock_that_is_not_given_up_is_answered_and_nothing_is_written(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        _, membership = await world.applicant()
        before = await world.contents()
        async with world.owner.transaction():
            await world.owner.execute("select * from membership for update")

            answer = await world.post({"query": ADMIT, "variables": {"id": membership}}, token=officer.token)

        assert code(answer) == "BUSY"
        assert answer.json()["errors"][0]["extensions"]["retryAfter"] == 1
        assert await world.contents() == before
        await world.do(ADMIT, officer, id=membership)

    in_a_world(story)


def test_a_lost_database_is_said_and_found_again(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for _ in range(3):
            await world.owner.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            )
            answers = [await world.post(QUERY) for _ in range(12)]
            assert {answer.status_code for answer in answers} <= {200, 503}
            assert {code(answer) for answer in answers if answer.status_code == 503} <= {"UNAVAILABLE"}
            assert answers[-1].status_code == 200, "the pool has made new connections"

    in_a_world(story)


def test_a_caller_who_goes_away_leaves_no_open_transaction(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        waiting = [(await world.applicant())[1] for _ in range(8)]
        for number, membership in enumerate(waiting):
            asking = asyncio.create_task(world.ask(ADMIT, officer, id=membership))
            await asyncio.sleep(0.0005 * number)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

        open_ones = "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"
        assert await world.value(open_ones) == 0
        assert await world.value("select count(*) from membership where number is not null") == await world.value(
            "select count(*) from membership_transition where status = 'ADMITTED'"
        )
        for answer in [await world.post(QUERY) for _ in range(8)]:
            assert answer.json()["data"] == {"trust": {"slug": CARE}}

    in_a_world(story)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/{CARE}/register.csv"),
        ("POST", f"/{CARE}/letters.pdf"),
        ("POST", f"/{CARE}/oauth/token"),
        ("POST", f"/{CARE}/imports"),
        ("GET", f"/{CARE}"),
        ("GET", "/"),
        ("GET", "/not-heard-of-yet/schema.graphql"),
        ("POST", "/not-heard-of-yet/graphql"),
    ],
)
def test_whatever_is_asked_of_a_busy_database_is_answered_in_time(
    database: str, tmp_path: Path, method: str, path: str
) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path, pool_size=1, longest_execution=0.3, session_cache_seconds=0) as world:
            clerk = await world.officer(Role.CLERK)
            form = {"grant_type": "client_credentials", "client_id": "app_1", "client_secret": "x"}
            asked: dict[str, Any] = (
                {"data": form} if path.endswith("token") else {"headers": {"authorization": f"Bearer {clerk.token}"}}
            )
            async with world.app.pool.acquire():
                answer = await asyncio.wait_for(world.http.request(method, path, **asked), 5)

            assert (answer.status_code, code(answer)) == (503, "BUSY")
            assert answer.headers["retry-after"] == "1"

    asyncio.run(story())


def test_a_process_whose_connections_are_all_in_use_is_not_ready(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.http.app.LONGEST_READY", 0.3)

    async def story() -> None:
        async with World.of(database, tmp_path, pool_size=1) as world:
            async with world.app.pool.acquire():
                answer = await asyncio.wait_for(world.http.get("/readyz"), 5)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert (await world.http.get("/readyz")).status_code == 200

    asyncio.run(story())
