"""Membership lapses where its ground ends, through the API: rule 22."""

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.conftest import Scenario
from tests.mutations import APPLY, END_RELATIONSHIP
from tests.world import CARE, World

DECLARE = "mutation ($urn: Int!, $since: Date) { declareRelationship(input: {relationship: {kind: PARENT_CARER, schoolUrn: $urn, since: $since}}) { person { id } errors { code } } }"
LEAVE = "mutation ($id: ID!, $until: Date!) { endAffiliation(input: {schoolId: $id, until: $until}) { school { id } errors { code } } }"
JOIN = "mutation ($id: ID!, $since: Date!) { affiliateSchool(input: {schoolId: $id, kind: FOUNDATION, since: $since}) { school { id } errors { code } } }"


def test_a_member_whose_relationship_ends_lapses_with_notice_and_choices(in_a_world: Scenario) -> None:
    """Rule 22b: relationship ends -> lapsing, with a letter and grace; back if it turns out wrong."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member()
        (relationship,) = (await member_of(world, known, membership))["person"]["relationships"]
        await world.pass_time(days=10)
        today = await world.day()
        assert await world.keep_register() == {
            "removed": 0,
            "kept": 0,
            "lapsing": 0,
            "lapsed": 0,
            "drafts": 0,
            "handed_over": 0,
            "failed": 0,
        }

        await world.do(END_RELATIONSHIP, officer, id=relationship["id"], until=today)
        assert (
            await world.refused(END_RELATIONSHIP, officer, id=relationship["id"], until=today) == "RELATIONSHIP_ENDED"
        )
        assert (await world.keep_register())["lapsing"] == 1
        assert (await world.keep_register())["lapsing"] == 0

        lapsing = await member_of(world, known, membership)
        assert (lapsing["status"], lapsing["eligibleUntil"]) == ("LAPSING", await world.day(56))
        (letter,) = [body for _, body in await world.mails() if "no longer has the relationship" in body]
        assert "Members of local communities" in letter
        urn = await world.value("select urn from school s join relationship r on r.school_id = s.id")
        await world.do(DECLARE, known, urn=urn, since=None)
        assert (await world.keep_register())["kept"] == 1
        assert (await member_of(world, known, membership))["status"] == "ADMITTED"

        await world.lose_ground(known)
        await world.keep_register()
        await world.pass_time(days=55)
        assert (await world.keep_register())["lapsed"] == 0
        await world.pass_time(days=1)
        assert (await world.keep_register())["lapsed"] == 1
        lapsed = await member_of(world, officer, membership)
        assert (lapsed["status"], lapsed["ceasedOn"]) == ("LAPSED", await world.day())
        assert lapsed["history"][-1]["actor"] is None, "the clock did it"
        assert [body for _, body in await world.mails() if "You would be welcome" in body]
        await world.do(
            APPLY,
            known,
            input=await world.application_of(known, constituency="COMMUNITY", relationships=[{"kind": "COMMUNITY"}]),
        )

    in_a_world(story)


def test_the_invitation_honours_the_opt_out_and_the_statutory_notice_does_not(in_a_world: Scenario) -> None:
    """Rule 21a."""

    async def story(world: World) -> None:
        known, _ = await world.member()
        opt_out = "mutation ($id: ID!) { changeContact(input: {personId: $id, marketingOptOut: true}) { person { marketingOptOut } errors { code } } }"
        await world.do(opt_out, known, id=f"per_{known.person_id}")
        await world.pass_time(days=10)
        await world.lose_ground(known)
        await world.keep_register()
        await world.pass_time(days=56)
        await world.keep_register()

        kinds = [row["kind"] for row in await world.owner.fetch("select kind from notice order by id")]
        assert kinds == ["RECEIVED", "ADMITTED", "LAPSING", "LAPSED"]

    in_a_world(story)


def test_a_school_that_leaves_or_joins_ends_or_starts_what_rests_on_it(in_a_world: Scenario) -> None:
    """Rules 22d, 22e and 28d: child in two schools of the trust, staff moving between its schools."""

    async def story(world: World) -> None:
        urns = [
            row["urn"]
            for row in await world.owner.fetch(
                "select urn from school s join trust t on t.id = s.trust_id where slug = $1 order by urn", CARE
            )
        ]
        two_schools = [{"kind": "PARENT_CARER", "schoolUrn": urn} for urn in urns[:2]]
        _, in_one = await world.member(relationships=two_schools[:1])
        _, in_two = await world.member(relationships=two_schools)
        await world.pass_time(days=10)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        clerk, school = (
            await world.officer(Role.CLERK),
            await world.value("select id from school where urn = $1", urns[0]),
        )
        await world.do(LEAVE, clerk, id=f"sch_{school}", until=await world.day())

        assert (await world.keep_register())["lapsing"] == 1
        assert [(await member_of(world, officer, each))["status"] for each in (in_one, in_two)] == [
            "LAPSING",
            "ADMITTED",
        ]
        await world.do(JOIN, clerk, id=f"sch_{school}", since=await world.day())
        assert (await world.keep_register())["kept"] == 1

    in_a_world(story)
