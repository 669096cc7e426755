"""What people say of themselves makes nobody's row of a file theirs: rule 3d."""

from typing import Any

from domain.identity.viewer import Role
from tests.api.uploads import applied, checked, people
from tests.conftest import Scenario
from tests.world import CARE, Known, World

REGISTER = "mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) { person { id } errors { code } } }"
CONTACT = "mutation ($input: ChangeContactInput!) { changeContact(input: $input) { person { id } errors { code } } }"
DECLARE = """mutation ($urn: Int!) { declareRelationship(input: {relationship: {kind: PARENT_CARER, schoolUrn: $urn}}) {
  person { id } errors { code } } }"""
WANDA = "Wanda,Port,Parent,118365,,02/06/1979,wanda@example.org,07700 900001,TN25 6AA,English,Y"
TOLD = {"phone": "07700 900001", "contactAddress": "1 Canary Row, Aldington TN25 6AA"}


async def registered(world: World, mailbox: str) -> tuple[Known, str]:
    known = await world.session(CARE, mailbox, None)
    name = {"givenName": "Wanda", "familyName": "Port", "dateOfBirth": "1979-06-02"}
    person = (await world.do(REGISTER, known, input=name))["person"]["id"]
    await world.do(DECLARE, known, urn=118365)
    return known, person


async def judged(world: World, row: str) -> tuple[str, Any]:
    """The import of one row, and what was made of it."""
    job, lines, _ = await checked(world, await world.officer(Role.MEMBERSHIP_OFFICER), people(row))
    return job, lines[2]


def test_a_stranger_who_types_what_they_know_of_somebody_is_not_them(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        stranger, person = await registered(world, "stranger@example.org")
        await world.do(CONTACT, stranger, input={"personId": person, **TOLD})

        for row in (WANDA, WANDA.replace("wanda@example.org", "")):
            job, line = await judged(world, row)
            assert (line["outcome"], line["findings"][-1], line["person"]) == ("NEEDS_HUMAN", "MAYBE_THE_SAME", None)
            await applied(world, await world.officer(Role.MEMBERSHIP_OFFICER), job)
        assert await world.value("select count(*) from membership where name = 'Wanda Port'") == 0
        assert await world.value("select count(*) from relationship where source <> 'DECLARED'") == 0

    in_a_world(story)


def test_whoever_proved_the_mailbox_of_the_row_is_known_by_what_they_said(in_a_world: Scenario) -> None:
    """Who has the mailbox signs in as whoever the row would put on record: their word tells only which of its people they are."""

    async def story(world: World) -> None:
        _, person = await registered(world, "wanda@example.org")
        _, line = await judged(world, WANDA)
        assert (line["outcome"], line["person"]) == ("UPDATE", {"id": person})
        _, son = await judged(world, WANDA.replace("02/06/1979", "02/06/2003"))
        assert (son["outcome"], son["person"]) == ("NEW", None)

    in_a_world(story)


def test_what_an_officer_or_a_file_says_counts_and_what_is_typed_afterwards_does_not(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        other = WANDA.replace("wanda@example.org", "wanda@work.example")
        _, person = await registered(world, "stranger@example.org")
        told = {"personId": person, **TOLD}
        await world.do(CONTACT, officer, input=told)
        _, line = await judged(world, other.replace("wanda@work.example", ""))
        assert line["findings"][-2:] == ["BIRTH_DATE_NOT_COMPARED", "MAYBE_THE_SAME"], "a household shares the rest"
        _, line = await judged(world, other.replace("wanda@work.example", "stranger@example.org"))
        assert line["person"] == {"id": person}, "the mailbox is proved"

        known = await world.session(CARE, "stranger@example.org", None)
        await world.do(REGISTER, known, input={"givenName": "Wanda", "familyName": "Port", "dateOfBirth": "1979-06-02"})
        await world.do(CONTACT, known, input=told)
        _, line = await judged(world, other)
        assert line["outcome"] == "NEEDS_HUMAN", "typed anew by who may not be her"

    in_a_world(story)


def test_who_came_by_a_file_and_types_somebody_elses_number_is_not_them(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        namesake = "Wanda,Port,Parent,118365,,,namesake@example.org,,,English,N"
        job, _ = await judged(world, namesake)
        await applied(world, officer, job)
        known = await world.session(CARE, "namesake@example.org", None)
        name = {"givenName": "Wanda", "familyName": "Port"}
        person = (await world.do(REGISTER, known, input=name))["person"]["id"]
        await world.do(CONTACT, known, input={"personId": person, **TOLD})

        _, line = await judged(world, "Wanda,Port,Parent,118365,,,,07700 900001,TN25 6AA,English,Y")
        assert (line["outcome"], line["person"]) == ("NEEDS_HUMAN", None)

    in_a_world(story)


def test_a_child_registered_by_their_word_is_left_to_a_human(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        parent, _ = await world.member()
        born = f"{(await world.today()).year - 12}-05-01"
        await world.child(parent, givenName="Lily", familyName="Port", dateOfBirth=born)
        _, line = await judged(world, f"Lily,Port,Student,118365,7,01/05/{born[:4]},,07700 900001,TN25 6AA,English,Y")
        assert (line["outcome"], line["person"]) == ("NEEDS_HUMAN", None)

    in_a_world(story)
