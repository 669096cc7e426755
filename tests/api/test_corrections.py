"""Officers correct what is wrongly on record about somebody, by evidence: rule 5i."""

import asyncio
from typing import Any

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.test_guardians import CONSENT, RECORD_GUARDIAN
from tests.api.test_names_and_addresses import REGISTER
from tests.api.test_sign_in import SIGN_IN, WHO, code_of, request_code
from tests.conftest import Scenario
from tests.mutations import ADMIT, APPLY, CORRECT
from tests.world import Known, World

ROUNDS = 20


def put_right(known: Known, **changes: Any) -> dict[str, Any]:
    return {"personId": f"per_{known.person_id}", "evidence": "Saw the birth certificate"} | changes


async def years_ago(world: World, years: int) -> str:
    return str((await world.today()).replace(day=1).replace(year=(await world.today()).year - years))


def test_who_may_correct_what(in_a_world: Scenario) -> None:
    """Rule 17d: not about themself, nor a child of theirs; the mailbox of no office."""

    async def story(world: World) -> None:
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.CLERK)
        known, _ = await world.member()
        born = await years_ago(world, 40)
        for caller, subject, changes, code in (
            (known, known, {"dateOfBirth": born}, "NOT_PERMITTED"),
            (clerk, known, {"dateOfBirth": born}, "NOT_PERMITTED"),
            (officer, officer, {"dateOfBirth": born}, "OWN_CASE"),
            (officer, clerk, {"email": "mine@example.org"}, "NOT_PERMITTED"),
            (officer, known, {}, "INPUT_INVALID"),
            (officer, known, {"dateOfBirth": "1985-05-01"}, "INPUT_INVALID"),
            (officer, known, {"evidence": "", "dateOfBirth": born}, "INPUT_INVALID"),
            (officer, known, {"email": "two@example.org, three@example.org"}, "EMAIL_INVALID"),
        ):
            assert await world.refused(CORRECT, caller, input=put_right(subject, **changes)) == code, changes
        await world.tell_birth(officer, "1970-01-01")
        _, child = await world.child(officer)
        own = {"personId": child, "evidence": "x", "givenName": "Clea"}
        assert await world.refused(CORRECT, officer, input=own) == "OWN_CASE"

    in_a_world(story)


def test_every_date_refused_says_why(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, _ = await world.member()
        await world.pass_time(days=30)
        for day, why in (
            ("2100-01-01", "Nobody alive was born on that day."),
            ("1900-01-02", "Nobody alive was born on that day."),
            (await world.day(-1), "They were known here on"),
        ):
            (refused,) = await world.refusals(CORRECT, officer, input=put_right(known, dateOfBirth=day))
            assert (refused["code"], refused["path"]) == ("DATES_CONTRADICT", "dateOfBirth")
            assert why in refused["message"], day

    in_a_world(story)


def test_a_corrected_name_is_a_new_line_of_the_register_and_the_evidence_is_kept(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, membership = await world.member()

        await world.do(CORRECT, officer, input=put_right(known, familyName="Rightly"))

        lines = [each for each in (await world.ask(REGISTER, officer))["register"]["nodes"] if each["number"] == 1]
        assert [(each["line"], each["change"], each["name"]) for each in lines] == [(2, "CORRECTED", "Amina Rightly")]
        kept = await world.owner.fetchrow("select what, given_name, family_name, evidence from person_correction")
        assert (kept["what"], kept["given_name"], kept["evidence"]) == (
            ["family_name"],
            None,
            "Saw the birth certificate",
        )
        assert kept["family_name"].startswith("Canary")
        trail = await world.value("select details::text from audit_event where action = 'people:person:corrected'")
        assert "Canary" not in trail
        assert "certificate" not in trail
        assert (await member_of(world, known, membership))["status"] == "ADMITTED"

    in_a_world(story)


def test_a_corrected_mailbox_ends_sessions_and_codes_and_is_told_to_both(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, _ = await world.member()
        old = await world.value("select email from person where id = $1", known.person_id)
        pending = [await request_code(world, each) for each in (old, "new@example.org")]

        await world.do(CORRECT, officer, input=put_right(known, email="new@example.org"))

        assert (await world.post({"query": WHO}, token=known.token)).status_code == 401
        for challenge, code in pending:
            assert await code_of(world, challenge=challenge, code=code) == "CODE_WRONG"
        told = {recipient for recipient, body in await world.mails() if "The membership officer has put" in body}
        assert told == {old, "new@example.org"}
        for address, kind in ((old, "APPLICANT"), ("new@example.org", "PERSON")):
            challenge, code = await request_code(world, address)
            token = (await world.do(SIGN_IN, challenge=challenge, code=code))["token"]
            assert (await world.ask(WHO, Known(None, token, known.trust)))["viewer"]["kind"] == kind

    in_a_world(story)


def test_whoever_was_admitted_too_young_loses_the_ground_unless_a_guardian_consents(in_a_world: Scenario) -> None:
    """Rules 6d, 10 and 22b: the roll that is frozen stays."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        young, membership = await world.member(dateOfBirth=await years_ago(world, 20))
        mother, _ = await world.member()
        await world.open_poll()
        rolled = "select count(*) from roll_entry where voter_id = $1"
        assert await world.value(rolled, young.person_id) == 1

        await world.do(CORRECT, officer, input=put_right(young, dateOfBirth=await years_ago(world, 14)))

        assert await world.value(rolled, young.person_id) == 1
        assert (await world.keep_register())["lapsing"] == 1
        assert (await member_of(world, officer, membership))["status"] == "LAPSING"
        child = f"per_{young.person_id}"
        await world.do(RECORD_GUARDIAN, officer, child=child, guardian=f"per_{mother.person_id}")
        await world.do(CONSENT, mother, id=child, on=None)
        assert (await world.keep_register())["kept"] == 1
        assert (await member_of(world, officer, membership))["status"] == "ADMITTED"
        await world.do(CORRECT, officer, input=put_right(young, dateOfBirth=await years_ago(world, 19)))
        assert await world.refused(CONSENT, mother, id=child, on=None) == "NOT_A_GUARDIAN", "they answer for themself"
        assert (await world.keep_register())["lapsing"] == 0

    in_a_world(story)


def test_a_birth_date_below_the_age_of_joining_ends_the_ground_and_one_above_nothing(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        community: dict[str, Any] = {"constituency": "COMMUNITY", "relationships": [{"kind": "COMMUNITY"}]}
        born = await years_ago(world, 30)
        too_young, first = await world.member(dateOfBirth=born, **community)
        old_enough, second = await world.member(dateOfBirth=born, **community)
        await world.do(CORRECT, officer, input=put_right(too_young, dateOfBirth=await years_ago(world, 12)))
        await world.do(CORRECT, officer, input=put_right(old_enough, dateOfBirth=await years_ago(world, 17)))

        await world.keep_register()

        assert (await member_of(world, officer, first))["status"] == "LAPSING"
        assert (await member_of(world, officer, second))["status"] == "ADMITTED"
        letters = [body for _, body in await world.mails()]
        assert not [body for body in letters if "too young" in body], "a child is written to through the school"
        assert await world.value("select count(*) from notice where kind = 'LAPSING' and body like '%too young%'") == 1

    in_a_world(story)


def test_rules_that_were_rightly_applied_stay_so_when_the_date_is_corrected_by_a_day(in_a_world: Scenario) -> None:
    """Rule 1c: admitted at 15 where that was old enough; the age is raised later."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        await world.set_rules(guardianConsentAge=14)
        known, membership = await world.member(dateOfBirth=await years_ago(world, 15))
        born = str(await world.value("select date_of_birth - 1 from person where id = $1", known.person_id))

        await world.do(CORRECT, officer, input=put_right(known, dateOfBirth=born))
        await world.set_rules(guardianConsentAge=16)

        assert (await world.keep_register())["lapsing"] == 0
        assert (await member_of(world, officer, membership))["status"] == "ADMITTED"

    in_a_world(story)


def test_no_guardian_stays_who_turns_out_to_be_a_child(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, _ = await world.member()
        membership, _ = await world.child(known)
        await world.do(ADMIT, officer, id=membership)

        await world.do(CORRECT, officer, input=put_right(known, dateOfBirth=await years_ago(world, 17)))

        children = (await world.ask("{ viewer { children { child { id } } } }", known))["viewer"]["children"]
        assert children == [{"child": None}], "no longer"
        assert await world.value("select count(*) from guardian_consent where until is null") == 0
        await world.keep_register()
        assert (await member_of(world, officer, membership))["status"] == "LAPSING"

    in_a_world(story)


def test_a_correction_and_an_admission_at_once_leave_nobody_admitted_too_young(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        young = await years_ago(world, 12)
        for _ in range(ROUNDS):
            known, membership = await world.applicant(dateOfBirth=await years_ago(world, 30))
            admitted, corrected = await asyncio.gather(
                world.ask(ADMIT, officer, id=membership),
                world.ask(CORRECT, officer, input=put_right(known, dateOfBirth=young)),
            )
            assert corrected["correctPerson"]["errors"] == []
            codes = [error["code"] for error in admitted["admitMember"]["errors"]]
            flagged = await world.value("select admitted_too_young from person where id = $1", known.person_id)
            assert (codes, flagged) in (([], True), (["GUARDIAN_CONSENT_NEEDED"], False))

    in_a_world(story)


def test_applications_of_one_mailbox_and_name_at_once_are_one(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for number in range(ROUNDS):
            mailbox, own = f"race{number}@example.org", world.application()
            sessions = [await world.session("care-foundation-trust", mailbox, None) for _ in range(4)]
            answers = await asyncio.gather(*(world.ask(APPLY, each, input=own) for each in sessions))
            codes = sorted(tuple(e["code"] for e in each["applyForMembership"]["errors"]) for each in answers)
            assert codes == [()] + [("ALREADY_A_MEMBER",)] * 3
            assert await world.value("select count(*) from person where email = $1", mailbox) == 1

    in_a_world(story)
