"""The copy of everything that is held about somebody: rule 26."""

from db.privacy.declarations import ABOUT_PEOPLE
from db.tables import METADATA
from tests.api.downloads import fetch
from tests.conftest import Scenario
from tests.mutations import REQUEST_ABOUT_DATA
from tests.world import CARE, Known, World


def test_every_table_about_people_is_in_the_copy_of_their_data() -> None:
    pointing = {
        table.name
        for table in METADATA.tables.values()
        for key in table.foreign_key_constraints
        if key.referred_table.name == "person"
    }
    others = {
        "roll_entry",
        "credential",
        "recorded_vote",
        "person",
        "declaration",
        "consultation_answer",
        "audit_event",
        "membership_transition",
        "register_line",
        "removal",
    }

    assert pointing | others == {table for table, declared in ABOUT_PEOPLE.items() if declared.whose}


def test_a_copy_of_everything_about_oneself_for_people_and_for_machines(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, membership = await world.member()
        stranger, _ = await world.member()
        person = f"per_{known.person_id}"

        assert await world.refused(REQUEST_ABOUT_DATA, stranger, id=person, kind="EXPORT") == "NOT_FOUND"
        assert await world.refused(REQUEST_ABOUT_DATA, None, id=person, kind="EXPORT") == "NOT_SIGNED_IN"
        request = (await world.do(REQUEST_ABOUT_DATA, known, id=person, kind="EXPORT"))["dataRequest"]
        machines = await fetch(world, known, f"data-requests/{request['id']}.json")
        page = await fetch(world, known, f"data-requests/{request['id']}.html")

        everything = machines.json()
        assert machines.status_code == page.status_code == 200
        assert everything["person"][0]["given_name"] == "Amina"
        assert [step["status"] for step in everything["membership_transition"]] == ["SUBMITTED", "ADMITTED"]
        assert everything["register_line"][0]["service_address"] == "1 Canary Row, Aldington"
        assert "token_hash" not in machines.text
        assert "Everything CARE Foundation Trust holds about you" in page.text
        assert "Amina" in page.text
        for who, status in ((stranger, 404), (None, 401), (Known(None, "fms_x", CARE), 401)):
            assert (await fetch(world, who, f"data-requests/{request['id']}.json")).status_code == status
        assert (await fetch(world, known, f"data-requests/{membership}.json")).status_code == 404
        assert (await fetch(world, known, f"data-requests/{request['id']}.exe")).status_code == 404
        assert [body for _, body in await world.mails() if "everything CARE Foundation Trust holds" in body]

    in_a_world(story)
