"""Two records of one person become one."""

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.merging import (
    erase,
    merge,
    officer_of,
    per,
    person_of,
    twice,
    undo,
)
from tests.conftest import Scenario
from tests.mutations import ADMIT, ANSWER, UNDO_MERGE, act
from tests.world import World

VIEWER = "{ viewer { kind person { id } } }"
RESPONSES = "query ($id: ID!) { consultation(id: $id) { respondents questions { responseCount } } }"


def test_what_was_the_merged_ones_is_the_kept_ones(in_a_world: Scenario) -> None:
    """Rules 3a, 3d and 3g: the second application closes, all else goes over, and the merged record says where to."""

    async def story(world: World) -> None:
        (kept, membership), (merged, application) = await twice(world)

        await merge(world, kept, merged)

        one, other = await person_of(world, kept), await person_of(world, merged)
        assert {each["id"]: each["status"] for each in one["memberships"]} == {
            membership: "ADMITTED",
            application: "WITHDRAWN",
        }
        assert len(one["relationships"]) == 2
        assert (other["memberships"], other["relationships"], other["email"]) == ([], [], None)
        assert other["mergedInto"]["id"] == per(kept)
        assert [each["id"] for each in one["merges"]] == [each["id"] for each in other["merges"]]
        assert (await world.post({"query": VIEWER}, token=merged.token)).status_code == 401

    in_a_world(story)


def test_of_two_memberships_the_merged_ones_ends_in_the_open(in_a_world: Scenario) -> None:
    """Rules 3a and 5b: number, lines and history stay to be seen; undone, the register is corrected by another line."""

    async def story(world: World) -> None:
        (kept, first), (merged, second) = await world.member(), await world.member()
        number = (await member_of(world, await officer_of(world), second))["number"]

        made = await merge(world, kept, merged)

        ended = await member_of(world, await officer_of(world), second)
        assert (ended["status"], ended["number"], ended["ceasedOn"]) == ("DUPLICATE", number, await world.day())
        assert [each["change"] for each in ended["registerLines"]] == ["ENTERED", "CEASED"]
        assert {each["id"] for each in (await person_of(world, kept))["memberships"]} == {first, second}

        await undo(world, made)
        again = await member_of(world, await officer_of(world), second)
        assert (again["status"], again["number"], again["ceasedOn"]) == ("ADMITTED", number, None)
        assert [(each["change"], each["ceasedOn"]) for each in again["registerLines"]] == [
            ("ENTERED", None),
            ("CEASED", await world.day()),
            ("CORRECTED", None),
        ]
        assert [each["status"] for each in again["history"]] == ["SUBMITTED", "ADMITTED", "DUPLICATE", "ADMITTED"]
        assert [each["id"] for each in (await person_of(world, merged))["memberships"]] == [second]

    in_a_world(story)


def test_a_membership_goes_before_an_application(in_a_world: Scenario) -> None:
    """Rule 3a: of an application of the kept record and a membership of the merged one, the membership goes on."""

    async def story(world: World) -> None:
        (member, membership), (applicant, application) = await twice(world)

        await merge(world, applicant, member)

        assert {each["id"]: each["status"] for each in (await person_of(world, applicant))["memberships"]} == {
            membership: "ADMITTED",
            application: "WITHDRAWN",
        }

    in_a_world(story)


def test_of_two_answers_of_one_person_one_counts(in_a_world: Scenario) -> None:
    """Rule 3g: in the count so far, and in that which is published."""

    async def story(world: World) -> None:
        (kept, _), (merged, _), (third, _) = [await world.member() for _ in range(3)]
        consultation = await world.open_consultation()
        for known in (kept, merged, third):
            await world.do(ANSWER, known, input=world.answers(consultation, "YES"))
        clerk = await world.officer(Role.CLERK)

        made = await merge(world, kept, merged)
        counts = (await world.ask(RESPONSES, clerk, id=consultation["id"]))["consultation"]["questions"]
        assert counts[0]["responseCount"] == 2
        await undo(world, made)
        counts = (await world.ask(RESPONSES, clerk, id=consultation["id"]))["consultation"]["questions"]
        assert counts[0]["responseCount"] == 3
        await merge(world, kept, merged)
        await world.run_out(consultation)
        await world.do(act("closeConsultation", "consultation"), clerk, id=consultation["id"])

        closed = (
            "select (details->>'respondents')::int from audit_event where action = 'consultations:consultation:closed'"
        )
        assert await world.value(closed) == 2

    in_a_world(story)


def test_the_trail_of_both_is_found_and_the_merged_id_answers_officers_alone(in_a_world: Scenario) -> None:
    """Rules 3g and 25a: in the copy of the person's data as well; to others the record is not there."""

    async def story(world: World) -> None:
        (kept, _), (merged, _) = await twice(world)
        neighbour, _ = await world.member()
        events = "select count(*) from audit_event where subject_id = $1"
        registered = await world.value(events, merged.person_id)

        await merge(world, kept, merged)

        assert await world.value(events, merged.person_id) == registered + 1
        node = "query ($id: ID!) { node(id: $id) { id } }"
        for known in (kept, neighbour):
            assert (await world.ask(node, known, id=per(merged)))["node"] is None
        assert (await person_of(world, merged))["mergedInto"]["id"] == per(kept)
        people = "{ people(first: 50) { nodes { id } } }"
        listed = (await world.ask(people, await world.officer(Role.CLERK)))["people"]["nodes"]
        assert per(kept) in [each["id"] for each in listed]
        assert per(merged) not in [each["id"] for each in listed]

    in_a_world(story)


def test_an_erasure_takes_both_records_and_what_was_noted(in_a_world: Scenario) -> None:
    """Rules 26b and 3g: nothing of the merged record is left, and the merge stands."""

    async def story(world: World) -> None:
        (kept, membership), (merged, _) = await twice(world, familyName="Zyxwv")
        made = await merge(world, kept, merged)
        await world.do(act("resignMembership", "member"), kept, id=membership)
        await erase(world, kept)

        assert await world.value("select count(*) from person where family_name = 'Zyxwv'") == 0
        assert await world.value("select changes::text || reason from person_merge") == "{}"
        assert await world.refused(UNDO_MERGE, await officer_of(world), id=made) == "MERGE_STANDS"

    in_a_world(story)


def test_an_application_that_goes_over_is_admitted_under_the_kept_record(in_a_world: Scenario) -> None:
    """Rule 3d: nobody is asked any more whether the two are one."""

    async def story(world: World) -> None:
        same = {"givenName": "Amina", "familyName": "Twice"}
        (kept, first), (merged, second) = await world.applicant(**same), await world.applicant(**same)
        await world.do(act("withdrawApplication", "member"), kept, id=first)
        officer = await officer_of(world)
        assert await world.refused(ADMIT, officer, id=second) == "LOOKS_THE_SAME"

        await merge(world, kept, merged)

        await world.do(ADMIT, officer, id=second)
        assert (await world.ask(VIEWER, kept))["viewer"]["person"]["id"] == per(kept)

    in_a_world(story)


def test_a_child_two_parents_registered_is_one_child(in_a_world: Scenario) -> None:
    """Rules 3f, 3g and 6d: what the second parent said falls with the application that closes, until an officer records
    them; they see nothing of the child that is kept, and undone they see their own again."""

    async def story(world: World) -> None:
        (mother, _), (father, _) = await world.member(), await world.member()
        day = {"dateOfBirth": f"{(await world.today()).year - 12}-01-01", "familyName": "Twice"}
        application, kept = await world.child(mother, **day)
        _, merged = await world.child(father, **day)
        officer, node = await officer_of(world), "query ($id: ID!) { node(id: $id) { id } }"

        made = await merge(world, kept, merged)

        await world.do(ADMIT, officer, id=application)
        assert len((await person_of(world, kept))["memberships"]) == 2
        for child in (kept, merged):
            assert (await world.ask(node, father, id=child))["node"] is None
        record = (
            'mutation ($child: ID!, $who: ID!) { recordGuardian(input: {childId: $child, guardianId: $who, evidence: "x"})'
            " { person { id } errors { code } } }"
        )
        await world.do(record, officer, child=kept, who=per(father))
        assert (await world.ask(node, father, id=kept))["node"] is not None
        assert (await undo(world, made))["stayed"] == ["guardianship"]
        assert (await person_of(world, merged))["memberships"][0]["status"] == "SUBMITTED"

    in_a_world(story)
