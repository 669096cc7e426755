"""A mailbox and a name are one person, however often they sign in."""

import asyncio
from uuid import UUID

from tests.api.test_sign_in import SIGN_IN, request_code
from tests.conftest import Scenario
from tests.mutations import APPLY, act
from tests.mutations import REGISTER_PERSON as REGISTER
from tests.world import CARE, Known, World


def test_whoever_signs_in_twice_is_one_person_however_they_do(in_a_world: Scenario) -> None:
    """Rules 3a and 3d: two sessions of one mailbox, and a claim to be another, bring nobody a second membership."""

    async def story(world: World) -> None:
        address = "twice@example.org"
        sessions = [await world.session(CARE, address, None) for _ in range(4)]
        told = world.application(givenName="Łucja", dateOfBirth="1985-05-01")
        neighbour = told | {"constituency": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}]}

        both = await asyncio.gather(
            world.ask(APPLY, sessions[0], input=told), world.ask(APPLY, sessions[1], input=neighbour)
        )
        refused = [[error["code"] for error in each["applyForMembership"]["errors"]] for each in both]
        assert sorted(refused) == [[], ["ALREADY_A_MEMBER"]]
        challenge, code = await request_code(world, address)
        another = Known(None, (await world.do(SIGN_IN, challenge=challenge, code=code, another=True))["token"], CARE)
        for known, given in ((another, "Lucja"), (sessions[2], "L.")):
            assert await world.refused(APPLY, known, input=told | {"givenName": given}) == "ALREADY_A_MEMBER"
        assert await world.value("select count(*) from person where email = $1", address) == 1

        child = told | {"dateOfBirth": "2008-05-01"}
        await world.do(APPLY, another, input=child)
        assert await world.value("select count(*) from person where email = $1", address) == 2
        unsaid = told | {"dateOfBirth": None}
        assert await world.refused(APPLY, sessions[3], input=unsaid) == "PERSON_CHOICE_NEEDED"

    in_a_world(story)


async def child_under(world: World, address: str) -> str:
    """A child of eleven whose mother's mailbox is on record for it."""
    mother, _ = await world.member()
    _, child = await world.child(mother, givenName="Anna", familyName="Port", dateOfBirth=await born(world, 11))
    await world.owner.execute("update person set email = $1 where id = $2", address, UUID(child[4:]))
    return child


async def born(world: World, years: int) -> str:
    return f"{(await world.today()).year - years}-01-01"


def test_nobody_becomes_a_child_by_its_mailbox_or_by_its_name(in_a_world: Scenario) -> None:
    """Rule 3e: a mother of the same name and mailbox."""

    async def story(world: World) -> None:
        child = await child_under(world, "anna@example.org")
        challenge, code = await request_code(world, "anna@example.org")

        asked = (await world.ask(SIGN_IN, challenge=challenge, code=code))["signIn"]

        assert [error["code"] for error in asked["errors"]] == ["PERSON_CHOICE_NEEDED"]
        assert (asked["token"], asked["choices"]) == (None, [{"id": child, "givenName": "Anna"}])
        other = await world.do(SIGN_IN, challenge=challenge, code=code, another=True)
        mother = Known(None, other["token"], CARE)
        told = {"given": "Anna", "family": "Port"}
        assert await world.refused(REGISTER, mother, **told, born=None) == "PERSON_CHOICE_NEEDED"
        assert (await world.do(REGISTER, mother, **told, born="1985-05-01"))["person"]["id"] != child
        challenge, code = await request_code(world, "anna@example.org")
        herself = await world.do(SIGN_IN, challenge=challenge, code=code, person=child)
        assert (await world.ask("{ viewer { person { id } } }", Known(None, herself["token"], CARE)))["viewer"] == {
            "person": {"id": child}
        }

    in_a_world(story)


def test_a_learner_of_unknown_age_is_asked_for_too_and_a_parent_is_not(in_a_world: Scenario) -> None:
    """Rule 6k."""

    async def story(world: World) -> None:
        for name, kind in (("ada", "LEARNER"), ("ben", "PARENT_CARER")):
            await world.owner.execute(
                "with added as (insert into person (trust_id, given_name, family_name, email) values ($1, $2, 'Port', $3)"
                " returning trust_id, id) insert into relationship (trust_id, person_id, kind, since, source)"
                " select trust_id, id, $4, '2020-09-01', 'SCHOOL_SYSTEM' from added",
                await world.trust_id(CARE), name, f"{name}@example.org", kind,
            )  # fmt: skip
        for address, errors in (("ada@example.org", ["PERSON_CHOICE_NEEDED"]), ("ben@example.org", [])):
            challenge, code = await request_code(world, address)
            asked = (await world.ask(SIGN_IN, challenge=challenge, code=code))["signIn"]
            assert [error["code"] for error in asked["errors"]] == errors

    in_a_world(story)


def test_whoever_is_signed_in_applies_by_their_own_name_alone(in_a_world: Scenario) -> None:
    """Rule 3e: nothing is stored under the name of somebody else."""

    async def story(world: World) -> None:
        known = await world.session(CARE, "ann@example.org", None)
        ann = world.application(givenName="Ánn", familyName="Port")
        own = (await world.do(APPLY, known, input=ann))["member"]["id"]
        await world.do(act("withdrawApplication", "member"), known, id=own)
        for changes, path in (
            ({"givenName": "Ben"}, "givenName"),
            ({"familyName": "Starboard"}, "familyName"),
            ({"dateOfBirth": "2001-05-01"}, "dateOfBirth"),
        ):
            assert await world.refusals(APPLY, known, input=ann | changes) == [
                {"code": "SIGNED_IN_AS_ANOTHER", "path": path}
            ]
        assert await world.refused(REGISTER, known, given="Ben", family="Port", born=None) == "SIGNED_IN_AS_ANOTHER"
        await world.do(APPLY, known, input=ann | {"givenName": "ann"})

    in_a_world(story)
