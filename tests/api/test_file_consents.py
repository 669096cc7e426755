"""A yes in writing that a file tells of: who applies by it, and who is said to have had it applied."""

from datetime import date
from uuid import UUID

import pytest

from domain.identity.viewer import Role
from tests.api.uploads import APPLY_IMPORT, applied, checked, people, work_off
from tests.conftest import Scenario
from tests.mutations import APPLY, act
from tests.world import CARE, World

CONTACT = (
    "mutation ($input: ChangeContactInput!) { changeContact(input: $input) { person { id } errors { code path } } }"
)
DIED = """mutation ($id: ID!, $day: Date!) { recordDeath(input: {personId: $id, diedOn: $day}) { person { id } errors { code } } }"""
YES = "Im,Port,Parent,118365,,02/06/1979,im@example.org,07700 900001,TN25 6AA,English,Y"


async def on_record(world: World) -> str:
    """Whom the row is of, with all that it tells, and no membership."""
    person = await world.value(
        "insert into person (trust_id, given_name, family_name, email, phone, contact_address, date_of_birth)"
        " values ($1, 'Im', 'Port', 'im@example.org', '+447700900001', 'TN25 6AA', '1979-06-02') returning id",
        await world.trust_id(CARE),
    )
    await world.owner.execute(
        "insert into relationship (trust_id, person_id, school_id, kind, since, source) select $1, $2, id, 'PARENT_CARER',"
        " $3, 'SCHOOL_SYSTEM' from school where trust_id = $1 and urn = 118365",
        await world.trust_id(CARE),
        person,
        date(2020, 9, 1),
    )
    return str(person)


def test_a_yes_is_something_new_of_whom_may_join_and_applied_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, person = await world.officer(Role.MEMBERSHIP_OFFICER), await on_record(world)

        job, lines, _ = await checked(world, officer, people(YES))
        assert (lines[2]["outcome"], lines[2]["findings"][-1]) == ("UPDATE", "APPLIES")
        await applied(world, officer, job)
        assert await world.value("select status from membership where person_id = $1", person) == "SUBMITTED"

        _, lines, _ = await checked(world, officer, people(YES))
        assert lines[2]["outcome"] == "UNCHANGED"

    in_a_world(story)


@pytest.mark.parametrize("ends_it", ["the clock", "the applicant"])
def test_a_draft_that_was_never_sent_is_no_application(in_a_world: Scenario, ends_it: str) -> None:
    """Rule 4a: while it is open the applicant may send it; once it is withdrawn nothing was ever applied for."""

    async def story(world: World) -> None:
        officer, person = await world.officer(Role.MEMBERSHIP_OFFICER), await on_record(world)
        known = await world.session(CARE, "im@example.org", UUID(person))
        own = await world.application_of(known, draft=True, dateOfBirth="1979-06-02")
        draft, yes = (await world.do(APPLY, known, input=own))["member"]["id"], people(YES)
        _, lines, _ = await checked(world, officer, yes)
        assert "APPLIES" not in lines[2]["findings"]

        if ends_it == "the clock":
            await world.pass_time(days=91)
            assert (await world.keep_register())["drafts"] == 1
        else:
            await world.do(act("withdrawApplication", "member"), known, id=draft)
        job, lines, _ = await checked(world, officer, yes)
        assert (lines[2]["outcome"], lines[2]["findings"][-1]) == ("UPDATE", "APPLIES")
        await applied(world, officer, job)

        statuses = "select string_agg(status, ' ' order by id) from membership where person_id = $1"
        assert await world.value(statuses, UUID(person)) == "WITHDRAWN SUBMITTED"

    in_a_world(story)


def test_a_yes_of_whom_no_constituency_takes_is_nothing_new(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, _ = await world.officer(Role.MEMBERSHIP_OFFICER), await on_record(world)
        await world.set_constituency_rule("PARENT_CARER", qualifyingKinds=["ALUMNUS"])

        _, lines, _ = await checked(world, officer, people(YES))

        assert lines[2]["outcome"] == "UNCHANGED"
        assert "APPLIES" not in lines[2]["findings"]

    in_a_world(story)


def test_a_postcode_where_no_address_is_known_is_something_new(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, person = await world.officer(Role.MEMBERSHIP_OFFICER), await on_record(world)
        await world.owner.execute("update person set contact_address = null, phone = null where id = $1", person)
        await world.set_constituency_rule("PARENT_CARER", qualifyingKinds=["ALUMNUS"])
        rows = [YES.replace("07700 900001", ""), YES.replace("TN25 6AA", "TN25 6AB")]

        job, lines, _ = await checked(world, officer, people(*rows))
        assert [lines[2]["outcome"], lines[3]["outcome"]] == ["UPDATE", "UPDATE"]
        await applied(world, officer, job)

        known = await world.owner.fetchrow("select contact_address, phone from person where id = $1", person)
        assert tuple(known) == ("TN25 6AA", "+447700900001"), "each from the first row that tells it"

    in_a_world(story)


def test_what_no_reader_can_take_for_a_name_or_a_postcode_is_not_kept(in_a_world: Scenario) -> None:
    """Rule 2e."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        rows = [
            YES.replace("Im,Port", "????,????"),
            YES.replace("TN25 6AA", "tn 256aa"),
            YES.replace("Im,Port", "Bo,Port").replace("TN25 6AA", "TN25"),
            YES.replace("Im,Port", "Cy,Port").replace("TN25 6AA", "not known"),
        ]

        job, lines, _ = await checked(world, officer, people(*rows))
        assert (lines[2]["outcome"], lines[2]["findings"][0]) == ("NEEDS_HUMAN", "NAME_UNREADABLE")
        assert [line for line in range(2, 6) if "POSTCODE_ODD" in lines[line]["findings"]] == [4]
        await applied(world, officer, job)

        kept = await world.owner.fetch(
            "select contact_address from person where family_name in ('Port', '????') order by given_name"
        )
        assert [each["contact_address"] for each in kept] == [None, None, "TN25 6AA"]

    in_a_world(story)


def test_who_corrected_telephone_and_address_is_known_all_the_same_and_the_dead_stay_dead(in_a_world: Scenario) -> None:
    """Rules 3d and 4a."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        rita = "Rita,Bell,Parent,118365,{},12/05/1970,,01889 562299,ST14 7AJ,English,Y"
        job, _, _ = await checked(world, officer, people(rita.format(1)))
        await applied(world, officer, job)
        person = await world.value("select id from person where given_name = 'Rita'")
        change = {"phone": "(01889) 562299", "contactAddress": "3 Mill Lane, Uttoxeter st147aj"}
        await world.do(CONTACT, officer, input={"personId": f"per_{person}", **change})
        await world.do(DIED, officer, id=f"per_{person}", day=await world.day())

        _, lines, _ = await checked(world, officer, people(rita.format(2)))

        assert (lines[2]["outcome"], lines[2]["person"]) == ("UPDATE", {"id": f"per_{person}"})
        assert await world.refused(CONTACT, officer, input={"personId": f"per_{person}", "phone": "garbage!"}) == (
            "INPUT_INVALID"
        )

    in_a_world(story)


def test_the_trail_names_the_officer_who_had_the_file_applied(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        uploader, applier = [await world.officer(Role.MEMBERSHIP_OFFICER) for _ in range(2)]
        job, _, _ = await checked(world, uploader, people(YES))
        await world.do(APPLY_IMPORT, applier, id=job)
        await work_off(world)

        actors = await world.owner.fetch(
            "select distinct a.actor_id from audit_event a join membership m on m.id = a.subject_id where m.name = 'Im Port'"
            " union select t.actor_id from membership_transition t join membership m on m.id = t.membership_id"
            " where m.name = 'Im Port'"
        )
        assert [each["actor_id"] for each in actors] == [applier.person_id]
        query = "query ($id: ID!) { node(id: $id) { ... on Import { createdBy { id } appliedBy { id } } } }"
        assert (await world.ask(query, applier, id=job))["node"] == {
            "createdBy": {"id": f"per_{uploader.person_id}"},
            "appliedBy": {"id": f"per_{applier.person_id}"},
        }

    in_a_world(story)
