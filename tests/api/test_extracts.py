"""Extracts of the register: rule 5."""

import asyncio
import threading
from itertools import islice
from typing import Any

import pytest

from api.http import documents
from domain.identity.viewer import Role
from tests.api.downloads import fetch
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import World


def test_an_extract_of_the_register_hides_where_children_live_and_starts_no_formula(in_a_world: Scenario) -> None:
    """Companies Act 2006 ss.113 to 116; rule 5c: public inspection of children's addresses."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        guardian, _ = await world.member(givenName="=HYPERLINK(1)", serviceAddress="+44 Formula Street")
        before = await world.now()
        membership, _ = await world.child(guardian, serviceAddress="The Secret House")
        await world.do(ADMIT, officer, id=membership)

        extract = await fetch(world, officer, "register.csv")
        assert extract.status_code == 200
        text = extract.content.decode("utf-8-sig")
        assert "Secret House" not in text
        assert "Aldington Primary School" in text
        assert "'=HYPERLINK(1)" in text
        assert "'+44 Formula Street" in text
        earlier = (await fetch(world, officer, "register.csv", asAt=before.isoformat())).content.decode("utf-8-sig")
        assert len(earlier.splitlines()) == 2
        assert (await fetch(world, officer, "register.pdf")).content.startswith(b"%PDF-")
        assert (await fetch(world, officer, "register.csv", asAt="yesterday")).status_code == 422
        assert (await fetch(world, guardian, "register.csv")).status_code == 403
        assert (await fetch(world, None, "register.pdf")).status_code == 401
        assert (await fetch(world, officer, "register.exe")).status_code == 404
        assert await world.value("select count(*) from audit_event where action = 'register:register:extracted'") == 3

    in_a_world(story)


@pytest.mark.parametrize(
    ("path", "method", "asked"),
    [
        ("register.csv", "GET", {"members": "all"}),
        ("register.pdf", "GET", {"members": "Everybody"}),
        ("register.csv", "GET", {"member": "everybody"}),
        ("register.csv", "GET", {"asat": "2026-03-14T12:00:00Z"}),
        ("letters.pdf", "POST", {"Batch": "2026-03-14T12:00:00Z"}),
        ("data-requests/dat_00000000-0000-0000-0000-000000000000.json", "GET", {"form": "html"}),
    ],
)
def test_a_word_misspelt_is_not_taken_for_one_left_out(
    in_a_world: Scenario, path: str, method: str, asked: dict[str, str]
) -> None:
    """Else the register as it is now, or without whom was asked for, would look like the answer."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await world.member()
        before = await world.contents()

        answer = await fetch(world, officer, path, method, **asked)

        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "INPUT_INVALID"
        assert next(iter(asked)) in error["message"]
        assert await world.contents() == before
        whole = await fetch(world, officer, "register.csv", members="everybody")
        assert len(whole.content.decode("utf-8-sig").splitlines()) == 2

    in_a_world(story)


def test_a_crowd_of_documents_waits_its_turn_and_keeps_nobody_from_signing_in(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = documents.DOCUMENTS_AT_ONCE + documents.MOST_WAITING
    at_work: list[int] = [0]  # how many, from one beginning or end to the next
    lock, done = threading.Lock(), threading.Event()

    def slowly(*_: Any) -> bytes:
        with lock:
            at_work.append(at_work[-1] + 1)
        done.wait(30)
        with lock:
            at_work.append(at_work[-1] - 1)
        return b"%PDF-"

    async def story(world: World) -> None:
        monkeypatch.setattr(documents, "_register_document", slowly)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        crowd = [asyncio.create_task(fetch(world, officer, "register.pdf")) for _ in range(taken + 3)]
        try:
            for away in islice(asyncio.as_completed(crowd), 3):
                assert (await away).status_code == 429
            async with asyncio.timeout(20):
                await world.do('mutation { requestSignInCode(input: {email: "a@example.org"}) { errors { code } } }')
        finally:
            done.set()
        answers = await asyncio.gather(*crowd)

        assert sorted(answer.status_code for answer in answers) == [200] * taken + [429] * 3
        assert max(at_work) == documents.DOCUMENTS_AT_ONCE
        sent_away = next(answer for answer in answers if answer.status_code == 429)
        assert sent_away.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_AT_ONCE"
        assert sent_away.headers["retry-after"] == str(documents.RETRY_AFTER)

    in_a_world(story)


def test_a_register_too_long_for_a_pdf_is_had_as_a_table(in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(world: World) -> None:
        monkeypatch.setattr(documents, "MOST_LINES_OF_PDF", 1)
        await world.member()
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        assert (await fetch(world, officer, "register.pdf")).status_code == 200
        await world.member()
        before = await world.contents()

        refused = await fetch(world, officer, "register.pdf")

        assert refused.status_code == 422
        assert refused.json()["errors"][0]["extensions"]["code"] == "EXTRACT_TOO_LONG"
        assert await world.contents() == before
        assert (await fetch(world, officer, "register.csv")).status_code == 200

    in_a_world(story)
