"""Somebody applies whose name and birth date are those of somebody else on record."""

import asyncio
from uuid import UUID

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.merging import officer_of, per, twice
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY
from tests.world import CARE, Known, World

ADMIT_ALIKE = """mutation ($id: ID!, $why: String) { admitMember(input: {id: $id, whyDistinct: $why}) {
  member { id status } errors { code path parameters { name value } } } }"""
ALIKE = "query ($id: ID!) { node(id: $id) { ... on Member { status looksTheSame { id } } } }"


def test_an_officer_says_why_they_are_two_or_merges_them(in_a_world: Scenario) -> None:
    """Rule 3d: under another mailbox, accents, capitals and the order of names aside; said once, and audited."""

    async def story(world: World) -> None:
        officer = await officer_of(world)
        (known, _), _ = await twice(world, givenName="Łucja")
        _, application = await world.applicant(givenName="TWICE", familyName="Lucja")

        assert [each["code"] for each in await world.refusals(ADMIT_ALIKE, officer, id=application)] == [
            "LOOKS_THE_SAME"
        ]
        (refusal,) = await world.refusals(ADMIT_ALIKE, officer, id=application)
        assert refusal["path"] == "whyDistinct"
        (people,) = refusal["parameters"]
        assert (people["name"], len(people["value"].split())) == ("people", 2)
        assert per(known) in people["value"]
        alike = (await world.ask(ALIKE, officer, id=application))["node"]["looksTheSame"]
        assert [each["id"] for each in alike] == people["value"].split()

        await world.do(ADMIT_ALIKE, officer, id=application, why="Saw both at the office")
        assert await world.value("select count(*) from audit_event where action = 'people:person:told_apart'") == 1
        assert (await world.ask(ALIKE, officer, id=application))["node"]["looksTheSame"] == []
        assert await world.value("select count(*) from people_told_apart where reason = 'Saw both at the office'") == 2

    in_a_world(story)


def test_whoever_differs_is_admitted_as_ever(in_a_world: Scenario) -> None:
    """Rules 2e and 3d: a father and son, twins, and those whose birth nobody knows look the same as nobody."""

    async def story(world: World) -> None:
        officer = await officer_of(world)
        await twice(world)
        for changes in ({"dateOfBirth": "1955-05-01"}, {"givenName": "Anika"}):
            _, application = await world.applicant(**{"givenName": "Amina", "familyName": "Twice"} | changes)
            await world.do(ADMIT, officer, id=application)

    in_a_world(story)


def test_nobody_admits_themself_as_another(in_a_world: Scenario) -> None:
    """Rule 17d: the officer's own second application is for another officer."""

    async def story(world: World) -> None:
        officer, _ = await world.member(givenName="Amina", familyName="Twice")
        await world.owner.execute(
            "insert into role_grant (trust_id, person_id, role) select trust_id, id, 'MEMBERSHIP_OFFICER' from person"
            " where id = $1",
            officer.person_id,
        )
        _, application = await world.applicant(givenName="Amina", familyName="Twice")

        assert await world.refused(ADMIT_ALIKE, officer, id=application, why="Not me") == "OWN_CASE"

    in_a_world(story)


def test_who_looks_the_same_is_for_officers(in_a_world: Scenario) -> None:
    """Rule 6g: an applicant learns nothing of others on record, nor do members."""

    async def story(world: World) -> None:
        (member, _), (applicant, application) = await twice(world)
        returning = await world.officer(Role.RETURNING_OFFICER)

        for known in (applicant, returning):
            assert (await world.ask(ALIKE, known, id=application))["node"]["looksTheSame"] == []
        assert (await world.ask(ALIKE, member, id=application))["node"] is None
        clerk = await world.officer(Role.CLERK)
        assert [each["id"] for each in (await world.ask(ALIKE, clerk, id=application))["node"]["looksTheSame"]] == [
            per(member)
        ]

    in_a_world(story)


def test_where_the_rules_admit_at_once_an_officer_looks_first(in_a_world: Scenario) -> None:
    """Rule 3d: nothing that the applicants read says why."""

    async def story(world: World) -> None:
        await world.set_constituency_rule("COMMUNITY", approval="AUTOMATIC")
        told = world.application(constituency="COMMUNITY", relationships=[{"kind": "COMMUNITY"}])
        same, drafts = [await world.newcomer() for _ in range(4)], []
        for each in same:
            draft = (await world.do(APPLY, each, input=told | {"draft": True}))["member"]
            await world.told_by_school(Known(UUID(draft["person"]["id"][4:]), each.token, CARE))
            drafts.append(draft["id"])
        submit = "mutation ($id: ID!) { submitApplication(input: {id: $id, acceptsArticles: true}) { member { id status } errors { code } } }"

        answers = await asyncio.gather(
            *(world.ask(submit, each, id=draft) for each, draft in zip(same, drafts, strict=True))
        )

        members = [each["submitApplication"]["member"] for each in answers]
        assert sorted(each["status"] for each in members) == ["UNDER_REVIEW"] * 4
        (waiting, *_) = [each["id"] for each in members if each["status"] == "UNDER_REVIEW"]
        assert "compare" in (await member_of(world, await officer_of(world), waiting))["history"][-1]["reason"]
        history = "query ($id: ID!) { node(id: $id) { ... on Member { status history { reason } } } }"
        own = same[[each["id"] for each in members].index(waiting)]
        assert (await world.ask(history, own, id=waiting))["node"]["history"] is None
        assert not [body for _, body in await world.mails() if "compare" in body]

    in_a_world(story)


def test_what_an_applicant_is_answered_is_what_anybody_is(in_a_world: Scenario) -> None:
    """Rules 3d and 6g: where an officer decides, nothing tells an applicant that somebody like them is on record."""

    async def story(world: World) -> None:
        await world.member(givenName="Amina", familyName="Twice")
        known = world.application(givenName="Amina", familyName="Twice")
        unknown = world.application(givenName="Amina", familyName="Never")

        answers = [await world.ask(APPLY, await world.newcomer(), input=each) for each in (known, unknown)]

        one, other = [each["applyForMembership"] for each in answers]
        assert one["errors"] == other["errors"] == []
        assert one["member"]["status"] == other["member"]["status"] == "SUBMITTED"

    in_a_world(story)
