"""Applying for membership, drafts, and withdrawing."""

from typing import Any
from uuid import UUID

import pytest

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.test_rulesets import ADOPT
from tests.conftest import Scenario
from tests.domain.rules import stated_rules
from tests.mutations import ADMIT, APPLY, REGISTER_CHILD, act
from tests.world import World

WITHDRAW = act("withdrawApplication", "member")
SUBMIT = "mutation ($id: ID!, $accepts: Boolean!) { submitApplication(input: {id: $id, acceptsArticles: $accepts}) { member { id status } errors { code } } }"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"acceptsArticles": False}, "CONSENT_REQUIRED"),
        ({"constituency": "GOVERNORS"}, "INPUT_INVALID"),
        ({"constituency": "STAFF"}, "NOT_ELIGIBLE"),
        ({"relationships": []}, "INPUT_INVALID"),
        ({"relationships": [{"kind": "PARENT_CARER", "schoolUrn": 1}]}, "INPUT_INVALID"),
        ({"relationships": [{"kind": "PARENT_CARER", "schoolUrn": 143329}]}, "INPUT_INVALID"),  # a school of Wessex
        ({"relationships": [{"kind": "PARENT_CARER", "since": "2100-01-01"}]}, "DATES_CONTRADICT"),
        ({"constituency": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}], "dateOfBirth": None}, "TOO_YOUNG"),
        ({"dateOfBirth": "2100-01-01"}, "DATES_CONTRADICT"),
        ({"givenName": "  "}, "INPUT_INVALID"),
        ({"familyName": "x" * 101}, "INPUT_INVALID"),
        ({"serviceAddress": ""}, "INPUT_INVALID"),
    ],
)
def test_an_application_that_cannot_stand_is_refused(in_a_world: Scenario, change: dict[str, Any], code: str) -> None:
    async def story(world: World) -> None:
        newcomer = await world.newcomer()

        assert await world.refused(APPLY, newcomer, input=world.application(**change)) == code

    in_a_world(story)


def test_all_that_is_wrong_with_an_application_is_told_at_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        newcomer = await world.newcomer()

        async def told(**changes: Any) -> list[tuple[str, str]]:
            refusals = await world.refusals(APPLY, newcomer, input=world.application(**changes))
            return [(each["code"], each["path"]) for each in refusals]

        assert await told(givenName=" ", serviceAddress="") == [
            ("INPUT_INVALID", "givenName"),
            ("INPUT_INVALID", "serviceAddress"),
        ]
        known, unknown = ({"kind": "PARENT_CARER", "schoolUrn": urn} for urn in (118365, 1))
        assert await told(relationships=[unknown, known, unknown]) == [
            ("INPUT_INVALID", "relationships.0.schoolUrn"),
            ("INPUT_INVALID", "relationships.2.schoolUrn"),
        ]
        assert await told(constituency="COMMUNITY", dateOfBirth="2015-01-01") == [
            ("NOT_ELIGIBLE", "constituency"),
            ("TOO_YOUNG", "dateOfBirth"),
            ("GUARDIAN_CONSENT_NEEDED", "dateOfBirth"),
        ]

    in_a_world(story)


def test_a_withdrawn_application_can_no_longer_be_admitted(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant()
        stranger, _ = await world.applicant()

        assert await world.refused(WITHDRAW, stranger, id=membership) == "NOT_FOUND"
        await world.do(WITHDRAW, known, id=membership)

        assert await world.refused(ADMIT, officer, id=membership) == "CONSENT_WITHDRAWN"
        assert await world.refused(WITHDRAW, known, id=membership) == "APPLICATION_NOT_OPEN"

    in_a_world(story)


def test_a_draft_is_kept_sent_and_judged_when_it_is_sent(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known, own = await world.newcomer(), world.application()
        draft = await world.do(APPLY, known, input=own | {"draft": True, "acceptsArticles": False})
        membership = draft["member"]["id"]
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)

        assert draft["member"]["status"] == "DRAFT"
        assert await world.refused(ADMIT, officer, id=membership) == "APPLICATION_NOT_OPEN"
        assert await world.refused(APPLY, known, input=own) == "ALREADY_A_MEMBER"
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


def test_a_draft_is_applied_with_when_and_under_the_rules_by_which_it_is_sent(in_a_world: Scenario) -> None:
    applied = "query ($id: ID!) { member(id: $id) { appliedAt rulesetVersion history { at rulesetVersion } } }"

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.applicant(draft=True)
        rules, clerk = stated_rules(), await world.officer(Role.CLERK)
        await world.pass_time(days=30)
        await world.do(ADOPT, clerk, rules=rules, **{"from": await world.day()}, resolution="AGM")

        await world.do(SUBMIT, known, id=membership, accepts=True)
        member = (await world.ask(applied, officer, id=membership))["member"]
        begun, sent = member["history"]
        assert (begun["rulesetVersion"], sent["rulesetVersion"], member["rulesetVersion"]) == (1, 2, 2)
        assert begun["at"] < sent["at"] == member["appliedAt"]

    in_a_world(story)


REGISTER = """mutation ($born: Date) { registerPerson(input: {givenName: "Amina", familyName: "Newman", dateOfBirth: $born}) {
  person { id givenName dateOfBirth } errors { code path } } }"""
CHANGE = """mutation ($id: ID!, $constituency: String, $address: String) { changeApplication(input: {id: $id,
  constituency: $constituency, serviceAddress: $address}) { member { id status constituency { code } serviceAddress school { urn } }
  errors { code path } } }"""
JOINABLE = "{ viewer { person { id } eligibility { constituency { code } eligible reasons } } }"
DECLARE = """mutation ($kind: RelationshipKind!, $urn: Int) { declareRelationship(input: {relationship: {kind: $kind,
  schoolUrn: $urn}}) { person { id } errors { code path } } }"""


def test_somebody_who_has_given_a_mailbox_can_look_before_they_apply(in_a_world: Scenario) -> None:
    """On record, they declare how they stand, see what they could join and why not, and begin an application."""

    async def story(world: World) -> None:
        known = await world.newcomer()
        assert await world.refused(DECLARE, known, kind="STAFF", urn=118365) == "PERSON_NEEDED"
        assert await world.refused(REGISTER, known, born="2100-01-01") == "DATES_CONTRADICT"
        person = (await world.do(REGISTER, known, born="1985-05-01"))["person"]
        assert await world.refusals(REGISTER, known, born="1999-09-09") == [
            {"code": "SIGNED_IN_AS_ANOTHER", "path": "dateOfBirth"}
        ]

        await world.do(DECLARE, known, kind="PARENT_CARER", urn=118365)
        viewer = (await world.ask(JOINABLE, known))["viewer"]
        assert viewer["person"]["id"] == person["id"]
        reasons = {each["constituency"]["code"]: (each["eligible"], each["reasons"]) for each in viewer["eligibility"]}
        assert reasons["PARENT_CARER"] == (True, ["QUALIFIES"])
        assert reasons["STAFF"] == (False, ["NO_RELATIONSHIP"])
        name = {"givenName": "Amina", "familyName": "Newman"}
        draft = world.application(draft=True, acceptsArticles=False, constituency="STAFF", **name)
        membership = (await world.do(APPLY, known, input=draft))["member"]["id"]
        changed = (await world.do(CHANGE, known, id=membership, constituency="PARENT_CARER", address="2 New Row"))[
            "member"
        ]
        assert (changed["constituency"]["code"], changed["serviceAddress"]) == ("PARENT_CARER", "2 New Row")
        assert changed["school"]["urn"] == 118365
        assert await world.refused(CHANGE, known, id=membership, constituency="GOVERNORS") == "INPUT_INVALID"
        assert await world.refused(CHANGE, await world.newcomer(), id=membership) == "PERSON_NEEDED"
        other, _ = await world.applicant()
        assert await world.refused(CHANGE, other, id=membership, address="3 Other Row") == "NOT_FOUND"
        await world.do(SUBMIT, known, id=membership, accepts=True)
        assert await world.refused(CHANGE, known, id=membership, address="3 New Row") == "APPLICATION_SENT"
        trail = await world.value(
            "select array_agg(action order by at) from audit_event where subject_id in ($1, $2)"
            " and action similar to '%:(registered|drafted|changed|applied)'",
            UUID(person["id"].removeprefix("per_")),
            UUID(membership.removeprefix("mem_")),
        )
        assert trail == [
            "people:person:registered",
            "membership:membership:drafted",
            "membership:draft:changed",
            "membership:membership:applied",
        ]

    in_a_world(story)


def test_a_draft_may_lack_what_it_must_tell_when_it_is_sent(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known = await world.newcomer()
        begun = {"givenName": "Amina", "familyName": "Newman", "constituency": "PARENT_CARER", "acceptsArticles": False}
        assert await world.refusals(APPLY, known, input=begun) == [
            {"code": "INPUT_INVALID", "path": "relationships"},
            {"code": "INPUT_INVALID", "path": "serviceAddress"},
            {"code": "CONSENT_REQUIRED", "path": "acceptsArticles"},
        ]
        draft = (await world.do(APPLY, known, input=begun | {"draft": True}))["member"]["id"]

        submit = SUBMIT.replace("code }", "code path }")
        assert (
            await world.refusals(submit, known, id=draft, accepts=True) == [{"code": "INPUT_INVALID", "path": "id"}] * 2
        )
        await world.do(DECLARE, known, kind="PARENT_CARER", urn=118365)
        assert await world.refused(SUBMIT, known, id=draft, accepts=True) == "INPUT_INVALID"
        await world.do(CHANGE, known, id=draft, address="1 New Row")
        assert await world.refused(SUBMIT, known, id=draft, accepts=True) == "TOO_YOUNG", "nobody knows their age"
        await world.do(REGISTER, known, born="1985-05-01")
        await world.do(SUBMIT, known, id=draft, accepts=True)
        assert (
            await world.value(
                "select s.urn from membership m join school s on s.id = m.school_id where m.status = 'SUBMITTED'"
                " and m.id = $1",
                UUID(draft.removeprefix("mem_")),
            )
            == 118365
        )

    in_a_world(story)


def test_everything_that_is_wrong_with_an_application_is_told_at_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        known = await world.newcomer()
        wrong = world.application(
            constituency="GOVERNORS",
            dateOfBirth="2100-01-01",
            relationships=[{"kind": "STAFF", "schoolUrn": 1}, {"kind": "STAFF"}, {"kind": "STAFF", "schoolUrn": 2}],
            acceptsArticles=False,
        )

        told = [(each["code"], each["path"]) for each in await world.refusals(APPLY, known, input=wrong)]

        assert told == [
            ("INPUT_INVALID", "constituency"),
            ("CONSENT_REQUIRED", "acceptsArticles"),
            ("DATES_CONTRADICT", "dateOfBirth"),
            ("INPUT_INVALID", "relationships.0.schoolUrn"),
            ("INPUT_INVALID", "relationships.2.schoolUrn"),
        ]
        guardian, _ = await world.applicant()
        child = {
            "givenName": "Cleo",
            "familyName": "C",
            "dateOfBirth": "2100-01-01",
            "schoolUrn": 1,
            "serviceAddress": "1 Row",
            "constituency": "NO",
        }
        told = [(each["code"], each["path"]) for each in await world.refusals(REGISTER_CHILD, guardian, input=child)]
        assert told == [
            ("INPUT_INVALID", "constituency"),
            ("DATES_CONTRADICT", "dateOfBirth"),
            ("INPUT_INVALID", "schoolUrn"),
        ]

    in_a_world(story)
