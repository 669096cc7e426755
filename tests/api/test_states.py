"""The states of a membership, through the API: rules 4 and 22."""

from typing import Any
from uuid import UUID

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, act
from tests.world import CARE, END_RELATIONSHIP, Known, World

SUBMIT = "mutation ($id: ID!, $accepts: Boolean!) { submitApplication(input: {id: $id, acceptsArticles: $accepts}) { member { id status } errors { code } } }"
BOARD_ADMITS = "mutation ($id: ID!, $minute: String) { admitMember(input: {id: $id, minute: $minute}) { member { id status } errors { code } } }"
CONVERT = """mutation ($id: ID!, $to: String!, $relationships: [RelationshipInput!]!) { requestConversion(input: {id: $id,
  constituency: $to, relationships: $relationships}) { member { id status convertedFrom { id } } errors { code } } }"""


SUSPEND = 'mutation ($id: ID!) { suspendMember(input: {id: $id, reason: "Conduct"}) { member { id status } errors { code } } }'
DECLARE = "mutation ($urn: Int!, $since: Date) { declareRelationship(input: {relationship: {kind: PARENT_CARER, schoolUrn: $urn, since: $since}}) { person { id } errors { code } } }"
LEAVE = "mutation ($id: ID!, $until: Date!) { endAffiliation(input: {schoolId: $id, until: $until}) { school { id } errors { code } } }"
JOIN = "mutation ($id: ID!, $since: Date!) { affiliateSchool(input: {schoolId: $id, kind: FOUNDATION, since: $since}) { school { id } errors { code } } }"
MEMBER = """query ($id: ID!) { node(id: $id) { ... on Member { status number ceasedOn eligibleUntil convertedFrom { id }
  history { status reason actor { id } } registerLines { change name number ceasedOn } person { relationships { id kind until } } } } }"""


async def member_of(world: World, known: Known, membership: str) -> Any:
    return (await world.ask(MEMBER, known, id=membership))["node"]


def test_a_draft_is_kept_sent_and_judged_when_it_is_sent(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known = await world.newcomer()
        draft = await world.do(APPLY, known, input=world.application(draft=True, acceptsArticles=False))
        membership = draft["member"]["id"]
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        assert draft["member"]["status"] == "DRAFT"
        assert await world.refused(ADMIT, officer, id=membership) == "APPLICATION_NOT_OPEN"
        assert await world.refused(APPLY, known, input=world.application()) == "ALREADY_A_MEMBER"
        assert await world.refused(SUBMIT, known, id=membership, accepts=False) == "CONSENT_REQUIRED"
        assert await world.refused(SUBMIT, officer, id=membership, accepts=True) == "NOT_FOUND"
        assert (await world.do(SUBMIT, known, id=membership, accepts=True))["member"]["status"] == "SUBMITTED"
        assert await world.refused(SUBMIT, known, id=membership, accepts=True) == "APPLICATION_NOT_OPEN"
        await world.do(act("reviewApplication", "member"), officer, id=membership)
        assert (await world.do(ADMIT, officer, id=membership))["member"]["status"] == "ADMITTED"
        _, forgotten = await world.applicant(draft=True)
        await world.pass_time(days=92)
        assert (await world.keep_register())["drafts"] == 1
        assert (await member_of(world, officer, forgotten))["history"][-1]["reason"] == "never sent"
        assert await world.value("select name from membership where status = 'WITHDRAWN'") == ""
        steps = (await member_of(world, officer, membership))["history"]
        assert [step["status"] for step in steps] == ["DRAFT", "SUBMITTED", "UNDER_REVIEW", "ADMITTED"]

    in_a_world(story)


def test_where_the_board_decides_the_clerk_enters_its_minute(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.set_constituency_rule("STAFF", approval="BOARD")
        clerk, officer = await world.officer(Role.CLERK), await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant(constituency="STAFF")

        assert await world.refused(BOARD_ADMITS, officer, id=membership, minute="Minute 3") == "NOT_PERMITTED"
        assert await world.refused(BOARD_ADMITS, clerk, id=membership) == "MINUTE_NEEDED"
        assert await world.refused(BOARD_ADMITS, known, id=membership, minute="Mine") == "NOT_PERMITTED"
        await world.do(BOARD_ADMITS, clerk, id=membership, minute="Minute 3")

        assert (await member_of(world, clerk, membership))["history"][-1]["reason"] == "Minute 3"

    in_a_world(story)


def test_several_constituencies_where_the_rules_allow_it_still_one_ballot(in_a_world: Scenario) -> None:
    """Rules 3b and 28a: parent, also staff and former pupil."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, first = await world.member()
        facts = [{"kind": "STAFF", "schoolUrn": 118365}, {"kind": "ALUMNUS", "schoolUrn": 118365}]
        application = world.application(constituency="STAFF", relationships=facts)
        assert await world.refused(APPLY, known, input=application) == "ALREADY_A_MEMBER"
        await world.set_rules(constituenciesPerPerson="SEVERAL")

        second = (await world.do(APPLY, known, input=application))["member"]["id"]
        await world.do(ADMIT, officer, id=second)

        assert await world.refused(APPLY, known, input=application) == "ALREADY_A_MEMBER", "not twice in one"
        await world.open_poll()
        assert await world.value("select count(*) from roll_entry where voter_id = $1", known.person_id) == 1
        assert {(await member_of(world, known, each))["status"] for each in (first, second)} == {"ADMITTED"}

    in_a_world(story)


def test_the_rules_may_put_staff_first(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.set_rules(firstClaim=["STAFF"])
        facts = [{"kind": "STAFF", "schoolUrn": 118365}, {"kind": "PARENT_CARER", "schoolUrn": 118365}]
        newcomer = await world.newcomer()

        application = world.application(constituency="PARENT_CARER", relationships=facts)
        assert await world.refused(APPLY, newcomer, input=application) == "ANOTHER_CONSTITUENCY_FIRST"
        await world.do(APPLY, newcomer, input=application | {"constituency": "STAFF"})

    in_a_world(story)


def test_a_conversion_closes_one_entry_and_opens_another_linked(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, old = await world.member()
        community = [{"kind": "COMMUNITY"}]

        assert await world.refused(CONVERT, known, id=old, to="PARENT_CARER", relationships=[]) == "NOT_ELIGIBLE"
        assert await world.refused(CONVERT, known, id=old, to="STAFF", relationships=[]) == "NOT_ELIGIBLE"
        asked = await world.do(CONVERT, known, id=old, to="COMMUNITY", relationships=community)
        new = asked["member"]["id"]
        assert asked["member"]["convertedFrom"]["id"] == old
        assert (await member_of(world, known, old))["status"] == "ADMITTED", "until it is approved"
        assert await world.refused(CONVERT, known, id=old, to="COMMUNITY", relationships=[]) == "ALREADY_A_MEMBER"
        await world.do(ADMIT, officer, id=new)

        before, after = await member_of(world, known, old), await member_of(world, known, new)
        assert (before["status"], before["ceasedOn"]) == ("CONVERTED", await world.day())
        assert (after["status"], after["number"]) == ("ADMITTED", before["number"] + 1)
        assert [entry["change"] for entry in before["registerLines"]] == ["ENTERED", "CEASED"]
        assert await world.refused(CONVERT, known, id=old, to="STAFF", relationships=[]) == "MEMBERSHIP_NOT_OPEN"

    in_a_world(story)


def test_a_suspended_member_keeps_the_entry_and_does_not_vote(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await world.member()
        await world.member()

        assert (
            await world.refused(SUSPEND, await world.officer(Role.MEMBERSHIP_OFFICER), id=membership) == "NOT_PERMITTED"
        )
        await world.do(SUSPEND, clerk, id=membership)
        await world.open_poll()

        assert await world.value("select count(*) from roll_entry") == 1
        suspended = await member_of(world, known, membership)
        assert (suspended["status"], suspended["ceasedOn"], len(suspended["registerLines"])) == ("SUSPENDED", None, 1)
        await world.do(act("endSuspension", "member"), clerk, id=membership)
        assert await world.refused(act("endSuspension", "member"), clerk, id=membership) == "MEMBERSHIP_NOT_OPEN"

    in_a_world(story)


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
            APPLY, known, input=world.application(constituency="COMMUNITY", relationships=[{"kind": "COMMUNITY"}])
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
        await world.do(JOIN, clerk, id=f"sch_{school}", since=await world.day(-1))
        assert (await world.keep_register())["kept"] == 1

    in_a_world(story)


def test_death_ends_every_membership_and_resigning_then_applying_gives_a_new_number(in_a_world: Scenario) -> None:
    """Rule 28o: member resigns, then reapplies: new number, old history kept."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, first = await world.member()
        await world.do(act("resignMembership", "member"), known, id=first)
        again = (await world.do(APPLY, known, input=world.application()))["member"]["id"]
        await world.do(ADMIT, officer, id=again)
        record = "mutation ($id: ID!, $on: Date!) { recordDeath(input: {personId: $id, diedOn: $on}) { person { id } errors { code } } }"
        person = f"per_{known.person_id}"

        assert await world.refused(record, known, id=person, on=await world.day()) == "NOT_PERMITTED"
        assert await world.refused(record, officer, id=person, on="2100-01-01") == "DATES_CONTRADICT"
        await world.do(record, officer, id=person, on=await world.day())

        found = [await member_of(world, officer, each) for each in (first, again)]
        assert [(each["status"], each["number"]) for each in found] == [("RESIGNED", 1), ("DECEASED", 2)]
        assert (
            await world.value("select count(*) from membership_transition where membership_id = $1", UUID(first[4:]))
            == 3
        )

    in_a_world(story)


YEAR_END = """mutation ($leaving: [LeavingYearInput!]!, $day: Date!, $dry: Boolean!) { endSchoolYear(input: {leaving: $leaving,
  day: $day, dryRun: $dry}) { schools { schoolUrn learners families movedUp } errors { code } } }"""


def test_the_end_of_the_year_is_rehearsed_done_once_and_takes_families_along(in_a_world: Scenario) -> None:
    """Rule 22c: bulk year-end run with dry run."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        parent, membership = await world.member()
        await world.child(parent)
        await world.pass_time(days=10)
        await world.owner.execute("update relationship set year_group = 6 where kind = 'LEARNER'")
        await world.owner.execute(
            "update relationship r set learner_id = l.person_id from relationship l where l.kind = 'LEARNER' and r.kind = 'PARENT_CARER'"
        )
        urn = await world.value(
            "select s.urn from relationship r join school s on s.id = r.school_id where kind = 'LEARNER'"
        )
        run: dict[str, Any] = {"leaving": [{"schoolUrn": urn, "yearGroup": 6}], "day": await world.day()}

        assert await world.refused(YEAR_END, parent, dry=False, **run) == "NOT_PERMITTED"
        assert await world.refused(YEAR_END, officer, dry=False, **(run | {"leaving": []})) == "INPUT_INVALID"
        before = await world.contents()
        rehearsed = (await world.do(YEAR_END, officer, dry=True, **run))["schools"]
        assert await world.contents() == before
        done = (await world.do(YEAR_END, officer, dry=False, **run))["schools"]

        assert rehearsed == done == [{"schoolUrn": urn, "learners": 1, "families": 1, "movedUp": 0}]
        assert await world.refused(YEAR_END, officer, dry=False, **run) == "YEAR_ENDED"
        assert (await world.keep_register())["lapsing"] == 1, "the parent; the child was only an applicant"
        assert (await member_of(world, parent, membership))["status"] == "LAPSING"

    in_a_world(story)


def test_a_conversion_asked_for_in_time_outlasts_the_days_of_grace(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, old = await world.member()
        await world.pass_time(days=10)
        await world.lose_ground(known)
        await world.keep_register()
        new = (await world.do(CONVERT, known, id=old, to="COMMUNITY", relationships=[{"kind": "COMMUNITY"}]))["member"][
            "id"
        ]
        await world.pass_time(days=56)

        assert (await world.keep_register())["lapsed"] == 0
        await world.do(ADMIT, officer, id=new)
        assert [(await member_of(world, officer, each))["status"] for each in (old, new)] == ["CONVERTED", "ADMITTED"]

    in_a_world(story)
