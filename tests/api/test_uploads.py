"""Files of people on their way in: who may send them, and what is no such file."""

import asyncio
import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import pytest

from actions.intake.staging import stage
from api.http import uploads
from api.people_files import rows_of
from domain.identity.viewer import Role
from domain.intake.importing import ImportKind
from tests.api.uploads import APPLY_IMPORT, HEADER, JOB, people, upload
from tests.conftest import Scenario
from tests.world import CARE, WESSEX, Known, World


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "FILE_EMPTY"),
        (people(), 422, "FILE_EMPTY"),
        (b"Forename,Surname\nAl,Bo\n", 422, "FILE_HEADER_WRONG"),
        ((HEADER + ",Extra\n").encode(), 422, "FILE_HEADER_WRONG"),
        ((HEADER + "\n").encode("utf-16"), 422, "FILE_ENCODING_WRONG"),
        (people("Al,Bo").replace(b"Al", b"A\x81l\xff"), 422, "FILE_ENCODING_WRONG"),
        (people("Al,Bo") + b"\x00", 422, "FILE_ENCODING_WRONG"),
        (people('"Al,Bo,Parent,118365,,,,,,,Y', *["Cy,Do,Parent,118365,,,,,,,Y"] * 2_000), 422, "FILE_MALFORMED"),
        (people('Al,"B"o",Parent,118365,,,,,,,Y'), 422, "FILE_MALFORMED"),
        (people("x" * 30_000), 422, "FILE_MALFORMED"),
        (b"a" * 300_001, 413, "FILE_TOO_LARGE"),
    ],
)
def test_a_bad_file_is_answered_with_its_code_and_leaves_nothing(
    database: str, tmp_path: Path, content: bytes, status: int, code: str
) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path, largest_upload=300_000) as world:
            officer = await world.officer(Role.MEMBERSHIP_OFFICER)
            before = await world.contents()

            answer = await upload(world, officer, content)

            assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
            assert await world.contents() == before

    asyncio.run(story())


def test_a_file_is_read_beside_the_event_loop(in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ZIP file of 350,000 entries takes seconds to open; everybody else is answered meanwhile."""
    readers = set()

    def noted(file: IO[bytes], kind: ImportKind) -> Iterator[dict[str, Any]]:
        for row in rows_of(file, kind):
            readers.add(threading.get_ident())
            yield row

    async def story(world: World) -> None:
        monkeypatch.setattr(uploads, "rows_of", noted)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        answer = await upload(world, officer, people(*["Al,Bo,Parent,118365,,,,,,,Y"] * 2_500))

        assert answer.status_code == 202
        assert readers
        assert threading.get_ident() not in readers

    in_a_world(story)


def test_who_may_upload_and_how_it_is_asked(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.CLERK)
        content = people("Al,Bo,Parent,118365,,,,,,,Y")

        assert (await upload(world, None, content)).status_code == 401
        assert (await upload(world, Known(None, "fms_wrong", CARE), content)).status_code == 401
        assert (await upload(world, clerk, content)).status_code == 403
        assert (await upload(world, Known(None, officer.token, WESSEX), content)).status_code == 401
        for asked in (
            {"kind": "EXCEL"},
            {"exportedOn": "14/03/2025"},
            {"exportedOn": "2100-01-01"},
            {"exportedOn": "0001-01-01"},
            {"name": "../../etc"},
            {"exported_on": "2025-03-14"},
        ):
            assert (await upload(world, officer, content, **asked)).status_code == 422
        job = (await upload(world, officer, content)).json()["import"]
        assert await world.refused(APPLY_IMPORT, officer, id=job) == "IMPORT_WRONG_STAGE"
        assert await world.refused(APPLY_IMPORT, clerk, id=job) == "NOT_PERMITTED"
        assert (await world.ask(JOB, clerk, id=job))["node"] is None
        assert (
            await world.refused(APPLY_IMPORT, await world.officer(Role.MEMBERSHIP_OFFICER, WESSEX), id=job)
            == "NOT_FOUND"
        )

    in_a_world(story)


def test_a_broken_file_takes_no_connection_and_leaves_a_trace(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = people('"Al,Bo,Parent,118365,,,,,,,Y')

    async def story() -> None:
        async with World.of(database, tmp_path, pool_size=1, session_cache_seconds=60) as world:
            officer = await world.officer(Role.MEMBERSHIP_OFFICER)
            await world.ask("{ viewer { kind } }", officer)  # is known from now on
            async with world.app.pool.acquire():
                answer = await asyncio.wait_for(upload(world, officer, content), 5)

            assert answer.status_code == 422
            (noted,) = [record.msg for record in caplog.records if record.name == "folkmoot.uploads"]
            assert noted == {
                "refused": "FILE_MALFORMED",
                "trust": str(await world.trust_id(CARE)),
                "person": str(officer.person_id),
                "bytes": len(content),
                "sha256": sha256(content).hexdigest(),
            }

    asyncio.run(story())


def test_a_crowd_of_files_waits_its_turn_and_leaves_connections_to_others(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = people("Al,Bo,Parent,118365,,,,,,,Y")
    taken = uploads.UPLOADS_AT_ONCE + uploads.MOST_WAITING
    at_work: list[int] = [0]  # how many, from one beginning or end to the next

    async def slowly(*given: Any) -> UUID:
        at_work.append(at_work[-1] + 1)
        await asyncio.sleep(0.3)
        job = await stage(*given)
        at_work.append(at_work[-1] - 1)
        return job

    async def story(world: World) -> None:
        monkeypatch.setattr(uploads, "stage", slowly)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        answers = await asyncio.gather(*(upload(world, officer, content) for _ in range(taken + 3)))

        assert sorted(answer.status_code for answer in answers) == [202] * taken + [429] * 3
        assert max(at_work) == uploads.UPLOADS_AT_ONCE
        away = next(answer for answer in answers if answer.status_code == 429)
        assert away.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_AT_ONCE"
        assert away.headers["retry-after"] == str(uploads.RETRY_AFTER)
        assert (await upload(world, officer, content)).status_code == 202

    in_a_world(story)
