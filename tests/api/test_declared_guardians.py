"""What somebody says of a child gives them nothing that others say of it, until an officer has confirmed it: rule 6d."""

from typing import Any
from uuid import UUID

import pytest

from domain.identity.viewer import Role
from tests.api.memberships import CHILD
from tests.api.test_guardians import CONSENT, RECORD_GUARDIAN
from tests.api.uploads import applied, checked, people
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, REFUSE, REQUEST_ABOUT_DATA, WITHDRAW_CONSENT, act
from tests.world import CARE, Known, World

CONTACT = "mutation ($input: ChangeContactInput!) { changeContact(input: $input) { person { id } errors { code } } }"
ADDRESS = """mutation ($id: ID!) { changeServiceAddress(input: {id: $id, serviceAddress: "2 Canary Row"}) {
  member { serviceAddress } errors { code } } }"""
RESIGN = act("resignMembership", "member")
WITHDRAW = act("withdrawApplication", "member")
SEEN = """{ viewer { children { child { givenName dateOfBirth phone contactAddress email
  relationships { source school { name } } guardians { source } consents { until }
  memberships { id status serviceAddress } } } } }"""
APPLICATION = "query ($id: ID!) { node(id: $id) { ... on Member { status serviceAddress school { urn } } } }"


async def child_seen(world: World, who: Known) -> Any:
    (seen,) = (await world.ask(SEEN, who))["viewer"]["children"]
    return seen["child"]


async def told_by_the_officer(world: World, child: str) -> Known:
    """What somebody else tells of the child is on record; the officer who wrote it down."""
    officer = await world.officer(Role.MEMBERSHIP_OFFICER)
    told = {"personId": child, "phone": "07700 900123", "contactAddress": "9 Secret Street"}
    await world.do(CONTACT, officer, input=told)
    return officer


@pytest.mark.parametrize("ends_it", ["the officer", "the applicant"])
def test_whose_application_for_a_child_is_over_is_nobody_to_it(in_a_world: Scenario, ends_it: str) -> None:
    async def story(world: World) -> None:
        stranger, _ = await world.member()
        membership, child = await world.child(stranger, givenName="Lily")
        officer = await told_by_the_officer(world, child)

        if ends_it == "the officer":
            await world.do(REFUSE, officer, id=membership, reason="No child of yours")
        else:
            assert (await world.do(WITHDRAW, stranger, id=membership))["member"]["status"] == "WITHDRAWN"

        assert await child_seen(world, stranger) is None
        assert (await world.ask(CHILD, stranger, id=child))["node"] is None
        application = (await world.ask(APPLICATION, stranger, id=membership))["node"]
        assert application["status"] == ("REFUSED" if ends_it == "the officer" else "WITHDRAWN")
        for kind in ("EXPORT", "ERASURE"):
            assert await world.refused(REQUEST_ABOUT_DATA, stranger, id=child, kind=kind) == "NOT_FOUND"
        assert await world.refused(CONTACT, stranger, input={"personId": child, "phone": "07700 900124"}) == "NOT_FOUND"
        assert await world.refused(CONSENT, stranger, id=child, on=None) == "NOT_A_GUARDIAN"
        assert await world.value("select count(*) from guardian_consent where until is null") == 0
        if ends_it == "the officer":
            letters = [body for _, body in await world.mails() if "No child of yours" in body]
            assert len(letters) == 1, "and they are told"

    in_a_world(story)


def test_the_schools_file_tells_a_stranger_nothing_of_the_child_they_named(in_a_world: Scenario) -> None:
    """As it was done: name, birth date and mobile are those of a girl whom the stranger knows."""

    async def story(world: World) -> None:
        stranger, _ = await world.member()
        born = f"{(await world.today()).year - 12}-05-01"
        membership, child = await world.child(stranger, givenName="Lily", familyName="Port", dateOfBirth=born)
        mobile = {"personId": child, "phone": "07700 900001"}
        assert await world.refused(CONTACT, stranger, input=mobile) == "NOT_FOUND"
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        row = f"Lily,Port,Student,118365,7,01/05/{born[:4]},,07700 900001,TN25 6AA,English,Y"

        await applied(world, officer, (await checked(world, officer, people(row)))[0])
        await world.do(REFUSE, officer, id=membership, reason="No child of yours")

        told = await world.owner.fetchrow("select phone, contact_address from person where id::text = $1", child[4:])
        assert tuple(told) == (None, None), "what the school says is not of the record a stranger made"
        assert await child_seen(world, stranger) is None
        assert await world.refused(REQUEST_ABOUT_DATA, stranger, id=child, kind="EXPORT") == "NOT_FOUND"

    in_a_world(story)


def test_a_guardian_by_their_own_word_sees_what_they_said_and_acts_in_the_application(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        mother, _ = await world.member()
        membership, child = await world.child(mother)
        officer = await told_by_the_officer(world, child)

        seen = await child_seen(world, mother)
        assert (seen["givenName"], seen["dateOfBirth"] is not None) == ("Cleo", True)
        assert [seen[name] for name in ("phone", "contactAddress", "email")] == [None] * 3
        assert [each["source"] for each in seen["relationships"] + seen["guardians"]] == ["DECLARED"] * 2
        assert len(seen["consents"]) == 1
        expected = {"id": membership, "status": "SUBMITTED", "serviceAddress": "1 Canary Row, Aldington"}
        assert seen["memberships"] == [expected]
        for kind in ("EXPORT", "ERASURE"):
            assert await world.refused(REQUEST_ABOUT_DATA, mother, id=child, kind=kind) == "NOT_FOUND"
        assert await world.refused(CONTACT, mother, input={"personId": child, "phone": "07700 900124"}) == "NOT_FOUND"
        assert (await world.do(ADDRESS, mother, id=membership))["member"] == {"serviceAddress": "2 Canary Row"}
        await world.do(WITHDRAW_CONSENT, mother, id=child)
        assert await world.refused(ADMIT, officer, id=membership) == "GUARDIAN_CONSENT_NEEDED"
        await world.do(CONSENT, mother, id=child, on=None)

        await world.do(ADMIT, officer, id=membership)
        assert (await child_seen(world, mother))["contactAddress"] == "9 Secret Street", "the officer took their word"
        await world.do(REQUEST_ABOUT_DATA, mother, id=child, kind="EXPORT")
        await world.do(CONTACT, mother, input={"personId": child, "phone": "07700 900124"})
        await world.do(RESIGN, mother, id=membership)

    in_a_world(story)


def test_a_guardian_whom_an_officer_recorded_stays_one_whatever_becomes_of_the_application(
    in_a_world: Scenario,
) -> None:
    async def story(world: World) -> None:
        mother, _ = await world.member()
        stranger, _ = await world.member()
        membership, child = await world.child(stranger)
        officer = await told_by_the_officer(world, child)
        await world.do(RECORD_GUARDIAN, officer, child=child, guardian=f"per_{mother.person_id}")
        await world.do(CONSENT, mother, id=child, on=None)

        await world.do(REFUSE, officer, id=membership, reason="No child of yours")

        assert await child_seen(world, stranger) is None
        seen = await child_seen(world, mother)
        assert seen["contactAddress"] == "9 Secret Street"
        assert [each["until"] for each in seen["consents"]] == [None]
        await world.do(REQUEST_ABOUT_DATA, mother, id=child, kind="EXPORT")

    in_a_world(story)


def test_whom_an_officer_recorded_while_the_application_waited_is_no_stranger(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        mother, _ = await world.member()
        membership, child = await world.child(mother)
        officer = await told_by_the_officer(world, child)
        await world.do(RECORD_GUARDIAN, officer, child=child, guardian=f"per_{mother.person_id}")
        assert (await child_seen(world, mother))["contactAddress"] == "9 Secret Street"

        await world.do(WITHDRAW, mother, id=membership)
        assert (await child_seen(world, mother))["contactAddress"] == "9 Secret Street"

    in_a_world(story)


def test_where_the_rules_admit_at_once_no_child_is_by_the_word_of_a_stranger(in_a_world: Scenario) -> None:
    """Rule 4j."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("LEARNER", approval="AUTOMATIC")
        mother, _ = await world.member()
        membership, child = await world.child(mother)
        officer = await told_by_the_officer(world, child)

        seen = await child_seen(world, mother)
        assert [each["status"] for each in seen["memberships"]] == ["SUBMITTED"]
        assert seen["contactAddress"] is None
        assert await world.value("select count(*) from register_line where name like 'Cleo%'") == 0
        await world.do(RECORD_GUARDIAN, officer, child=child, guardian=f"per_{mother.person_id}")
        await world.do(ADMIT, officer, id=membership)
        await world.do(RESIGN, mother, id=membership)

    in_a_world(story)


def test_an_application_of_the_childs_own_confirms_nobody(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        stranger, _ = await world.member()
        _, child = await world.child(stranger)
        officer = await told_by_the_officer(world, child)
        lily = await world.session(CARE, "lily@example.org", UUID(child[4:]))
        await world.set_rules(constituenciesPerPerson="SEVERAL")
        community = {"constituency": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}]}
        await world.set_constituency_rule("COMMUNITY", joinAge=7)
        own = await world.application_of(lily, **community)
        again = (await world.do(APPLY, lily, input=own))["member"]["id"]

        await world.do(ADMIT, officer, id=again)

        assert (await child_seen(world, stranger))["contactAddress"] is None
        assert await world.refused(RESIGN, stranger, id=again) == "NOT_FOUND"

    in_a_world(story)


def test_an_officer_decides_on_no_child_they_say_is_theirs(in_a_world: Scenario) -> None:
    """Rule 17d."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        await world.tell_birth(clerk, "1970-01-01")
        membership, _ = await world.child(clerk)
        suspend = """mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "Conduct"}) { member { id } errors { code } } }"""

        assert await world.refused(suspend, clerk, id=membership) == "OWN_CASE"

    in_a_world(story)
