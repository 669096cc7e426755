"""Extracts of the register: rule 5."""

import pytest

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
