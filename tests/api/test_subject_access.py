"""The copy of everything that is held about somebody: rule 26."""

from typing import Any

from db.privacy.declarations import ABOUT_PEOPLE
from db.tables import METADATA
from domain.identity.viewer import Role
from tests.api.downloads import fetch
from tests.api.polls import COUNT, DECLARE, voters
from tests.conftest import Scenario
from tests.mutations import CAST, REQUEST_ABOUT_DATA
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


def test_a_copy_tells_of_a_vote_no_sooner_than_everybody_is_told(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        voter, other = await voters(world, 2)
        division, secret = await world.open_poll(secrecy="RECORDED"), await world.open_poll()
        officer = await world.officer(Role.DATA_PROTECTION_OFFICER)
        for poll in (division, secret):
            await world.do(CAST, voter, **world.paper(poll, "AGAINST"))

        async def told(who: Known, of: Known) -> tuple[Any, Any, Any]:
            """The polls in which they are on the roll, those of which it is told whether they voted, and their papers."""
            asked = await world.do(REQUEST_ABOUT_DATA, who, id=f"per_{of.person_id}", kind="EXPORT")
            copy = (await fetch(world, who, f"data-requests/{asked['dataRequest']['id']}.json")).json()
            papers = [each["paper"] for each in copy["recorded_vote"]]
            return len(copy["roll_entry"]), [bool(each["spent_on"]) for each in copy["credential"]], papers

        for who, of in ((officer, voter), (officer, other), (voter, voter)):
            assert await told(who, of) == (2, [], [])
        await world.close_poll(division)
        await world.close_poll(secret)
        assert await told(officer, voter) == (2, [True, True], []), "closed, and not declared"
        assert await told(officer, other) == (2, [False, False], [])
        for step in (COUNT, DECLARE):
            await world.do(step, await world.officer(Role.RETURNING_OFFICER), id=division)
        assert await told(officer, voter) == await told(voter, voter) == (2, [True, True], ["1 AGAINST"])
        assert await told(officer, other) == (2, [False, False], [])

    in_a_world(story)
