"""Families leave a school with their learners, and go with them: rules 2d, 22c and 22f."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest

from domain.identity.viewer import Role
from tests.api.test_identifiers import ON_RECORD, org, person_named
from tests.api.uploads import applied, checked
from tests.conftest import Scenario
from tests.mutations import END_RELATIONSHIP
from tests.world import Known, World

LINK = """mutation ($id: ID!, $learner: ID!) { linkLearner(input: {id: $id, learnerId: $learner, evidence: "A letter"}) {
  person { relationships { kind learner { id } verifiedOn } } errors { code path } } }"""


def family(users: str, enrolments: str = "", orgs: str = "") -> bytes:
    """A delta that names who goes with whom."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("orgs.csv", "sourcedId,status,dateLastModified,name,type,identifier\n" + orgs)
        archive.writestr(
            "users.csv",
            "sourcedId,status,dateLastModified,orgSourcedIds,role,givenName,familyName,email,grades,agentSourcedIds\n"
            + users,
        )
        archive.writestr(
            "enrollments.csv",
            "sourcedId,status,dateLastModified,schoolSourcedId,userSourcedId,role,endDate\n" + enrolments,
        )
    return stored.getvalue()


async def told(
    world: World, officer: Known, users: str, enrolments: str = "", *, orgs: Mapping[str, int]
) -> dict[int, Any]:
    content = family(users, enrolments, "".join(org(name, urn) for name, urn in orgs.items()))
    job, lines, _ = await checked(world, officer, content, kind="ONEROSTER")
    await applied(world, officer, job)
    return lines


PUPIL = '{},{},2026-01-01,"{}",student,{},Delta,,5,"{}"\n'
PARENT = '{},{},2026-01-01,"{}",parent,{},Delta,,,"{}"\n'


@pytest.mark.parametrize("by", ["parent", "pupil"])
def test_a_parent_leaves_with_the_last_of_their_children_there(in_a_world: Scenario, by: str) -> None:
    """Rule 2d: whichever of the two the system names the other with."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        urn, _ = await world.two_schools()
        of_parent, of_pupil = ("K1,K2", "") if by == "parent" else ("", "P1,P2")
        users = PUPIL.format("K1", "active", "S1", "Ada", of_pupil) + PUPIL.format("K2", "active", "S1", "Bo", of_pupil)
        users += PARENT.format("P1", "active", "S1", "Cy", of_parent) + PARENT.format("P2", "active", "S1", "Di", "K1")
        users += PARENT.format("P3", "active", "S1", "Eve", "")
        await told(world, officer, users, orgs={"S1": urn})
        (cy,), (eve,) = await person_named(world, "Cy"), await person_named(world, "Eve")
        assert await world.value("select count(learner_id) from relationship where person_id = $1", cy) == 2
        await told(world, officer, users, orgs={"S1": urn})
        assert await world.value("select count(*) from relationship where person_id = $1", cy) == 2, "once"

        lines = await told(world, officer, PUPIL.format("K1", "tobedeleted", "S1", "Ada", ""), orgs={"S1": urn})
        assert lines[3]["findings"] == ["USER_REMOVED", "FAMILY_LEAVES"]
        assert (await world.value(ON_RECORD, cy)).split().count(f"PARENT_CARER:{urn}") == 1
        await told(world, officer, PUPIL.format("K2", "tobedeleted", "S1", "Bo", ""), orgs={"S1": urn})
        assert f"PARENT_CARER:{urn}" not in (await world.value(ON_RECORD, cy)).split()
        assert await world.value(ON_RECORD, eve) == f"PARENT_CARER:{urn}", "of whom nobody knows whose parent they are"

    in_a_world(story)


def test_a_child_that_a_parent_registered_takes_them_along(in_a_world: Scenario) -> None:
    """Rule 22b: after the days of grace; by their own word, too. Another child there keeps them."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        parent, _ = await world.member()
        urn, _ = await world.two_schools()
        children = [await world.child(parent, schoolUrn=urn) for _ in range(2)]
        await world.owner.execute(
            "update relationship set school_id = (select id from school where urn = $1) where person_id = $2",
            urn,
            parent.person_id,
        )
        await world.pass_time(days=10)

        for index, (_, child) in enumerate(children):
            key = await world.value(
                "select id from relationship where person_id::text = $1", child.removeprefix("per_")
            )
            await world.do(END_RELATIONSHIP, officer, id=f"rel_{key}", until=await world.day())
            assert (await world.value(ON_RECORD, parent.person_id)).endswith("ended") is (index == 1)
            assert (await world.keep_register())["lapsing"] == index
        assert await world.value("select status from membership where person_id = $1", parent.person_id) == "LAPSING"

    in_a_world(story)


def test_an_officer_records_whose_parent_somebody_is(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        urn, other = await world.two_schools()
        users = PUPIL.format("K1", "active", "S1", "Ada", "") + PARENT.format("P1", "active", "S1", "Cy", "")
        users += PUPIL.format("K2", "active", "S2", "Bo", "")
        await told(world, officer, users, orgs={"S1": urn, "S2": other})
        (ada,), (bo,), (cy,) = [await person_named(world, each) for each in ("Ada", "Bo", "Cy")]
        key, of_ada = [
            await world.value("select id from relationship where person_id = $1", each) for each in (cy, ada)
        ]
        tie = {"id": f"rel_{key}", "learner": f"per_{ada}"}

        assert await world.refused(LINK, await world.newcomer(), **tie) == "PERSON_NEEDED"
        assert await world.refused(LINK, officer, **(tie | {"learner": f"per_{bo}"})) == "NO_FAMILY"
        assert await world.refused(LINK, officer, **(tie | {"learner": f"per_{cy}"})) == "NO_FAMILY"
        assert await world.refused(LINK, officer, **(tie | {"id": f"rel_{of_ada}"})) == "NO_FAMILY"
        assert (
            await world.refused(LINK, officer, **(tie | {"learner": f"per_{officer.person_id}"})) == "OWN_APPLICATION"
        )
        (seen,) = (await world.do(LINK, officer, **tie))["person"]["relationships"]
        assert seen == {"kind": "PARENT_CARER", "learner": {"id": f"per_{ada}"}, "verifiedOn": await world.day()}
        await told(world, officer, PUPIL.format("K1", "tobedeleted", "S1", "Ada", ""), orgs={"S1": urn})

        assert await world.value(ON_RECORD, cy) == f"PARENT_CARER:{urn}:ended"
        assert await world.refused(LINK, officer, **tie) == "RELATIONSHIP_ENDED"

    in_a_world(story)


@pytest.mark.parametrize("leaves", ["first", "last", "at once"])
def test_a_family_goes_with_a_learner_to_another_school_of_the_trust(in_a_world: Scenario, leaves: str) -> None:
    """Rule 22f: whichever school tells first."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        first, second = await world.two_schools()
        users = PUPIL.format("K1", "active", "S1", "Ada", "P1") + PARENT.format("P1", "active", "S1", "Cy", "")
        await told(world, officer, users, orgs={"S1": first})
        await world.pass_time(days=10)
        gone, moved = "E1,tobedeleted,2026-01-01,S1,K1,student,\n", PUPIL.format("K1", "active", "S1,S2", "Ada", "")
        both = {"S1": first, "S2": second}

        if leaves == "at once":
            await told(world, officer, moved, gone, orgs=both)
        elif leaves == "first":
            await told(world, officer, "", gone, orgs=both)
            await world.pass_time(days=2)
            # as an officer resolves it, whom a human has to compare
            await world.owner.execute(
                "insert into person_identifier (trust_id, system, school_id, identifier, person_id) select trust_id, system,"
                " (select id from school where urn = $1), identifier, person_id from person_identifier where identifier = 'K1'",
                second,
            )
            await told(world, officer, moved.replace("S1,S2", "S2"), orgs=both)
        else:
            await told(world, officer, moved, orgs=both)
            await told(world, officer, "", gone, orgs=both)

        (ada,), (cy,) = await person_named(world, "Ada"), await person_named(world, "Cy")
        assert await world.value(ON_RECORD, ada) == f"LEARNER:{first}:ended LEARNER:{second}"
        assert await world.value(ON_RECORD, cy) == f"PARENT_CARER:{first}:ended PARENT_CARER:{second}"

    in_a_world(story)
