"""What an erasure ends that somebody did for others: rules 6d, 7a and 26b."""

from domain.identity.viewer import Role
from tests.api.memberships import member_of
from tests.api.test_data_requests import ANSWER
from tests.api.test_guardians import CONSENT, RECORD_GUARDIAN
from tests.conftest import Scenario
from tests.mutations import ADMIT, REFUSE, REQUEST_ABOUT_DATA, WITHDRAW_CONSENT, act
from tests.mutations import ANSWER as RESPOND
from tests.world import Known, World

RESIGN = act("resignMembership", "member")


async def erase(world: World, known: Known) -> list[str]:
    """What of somebody is kept."""
    asked = await world.do(REQUEST_ABOUT_DATA, known, id=f"per_{known.person_id}", kind="ERASURE")
    protector = await world.officer(Role.DATA_PROTECTION_OFFICER)
    answered = await world.do(ANSWER, protector, id=asked["dataRequest"]["id"], granted=True)
    return [each["record"] for each in answered["dataRequest"]["kept"]]


def test_a_consent_ends_with_the_erasure_of_who_gave_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        (guardian, own), (other, _) = await world.member(), await world.member()
        membership, child = await world.child(guardian)
        await world.do(ADMIT, officer, id=membership)
        await world.do(RESIGN, guardian, id=own)
        await world.pass_time(days=10)

        assert "GUARDIAN_CONSENTS" in await erase(world, guardian)

        assert await world.value("select until = legal_today() from guardian_consent") is True
        assert (await world.keep_register())["lapsing"] == 1, "nobody consents"
        await world.do(RECORD_GUARDIAN, officer, child=child, guardian=f"per_{other.person_id}")
        await world.do(CONSENT, other, id=child, on=None)
        assert (await world.keep_register())["kept"] == 1
        await world.pass_time(days=1)
        await world.do(WITHDRAW_CONSENT, other, id=child)
        assert (await world.keep_register())["lapsing"] == 1
        await world.pass_time(days=200)
        await world.keep_register()
        assert (await member_of(world, officer, membership))["status"] == "LAPSED"

    in_a_world(story)


def test_a_consent_that_had_ended_keeps_its_end(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        guardian, own = await world.member()
        _, child = await world.child(guardian)
        await world.do(CONSENT, guardian, id=child, on=await world.day(5))
        await world.pass_time(days=5)
        await world.do(WITHDRAW_CONSENT, guardian, id=child)
        ends = await world.owner.fetch("select until from guardian_consent order by given_at")
        await world.do(CONSENT, guardian, id=child, on=await world.day(5))
        await world.do(RESIGN, guardian, id=own)
        await world.pass_time(days=1)

        await erase(world, guardian)

        after = await world.owner.fetch("select until from guardian_consent order by given_at")
        assert after[:2] == ends
        assert after[2]["until"] == await world.today()

    in_a_world(story)


def test_what_a_guardian_asked_for_who_was_erased_since_is_not_granted(in_a_world: Scenario) -> None:
    """Nobody is left who answers for the child in that request."""

    async def story(world: World) -> None:
        protector, keeper = [
            await world.officer(role) for role in (Role.DATA_PROTECTION_OFFICER, Role.MEMBERSHIP_OFFICER)
        ]
        guardian, own = await world.member()
        membership, child = await world.child(guardian)
        await world.do(RECORD_GUARDIAN, keeper, child=child, guardian=f"per_{guardian.person_id}")
        await world.do(REFUSE, keeper, id=membership, reason="Not now")
        asked = (await world.do(REQUEST_ABOUT_DATA, guardian, id=child, kind="ERASURE"))["dataRequest"]["id"]
        rectification = await world.do(
            REQUEST_ABOUT_DATA, guardian, id=f"per_{guardian.person_id}", kind="RECTIFICATION"
        )
        await world.do(RESIGN, guardian, id=own)
        await erase(world, guardian)

        assert await world.refused(ANSWER, protector, id=asked, granted=True) == "NOT_A_GUARDIAN"
        await world.do(ANSWER, protector, id=asked, granted=False)
        await world.do(ANSWER, protector, id=rectification["dataRequest"]["id"], granted=True)

    in_a_world(story)


def test_an_erasure_tells_what_is_kept_of_acting_for_others_and_of_being_heard(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        representative, _, _ = await world.organisation()
        heard, membership = await world.member()
        consultation = await world.open_consultation()
        await world.do(RESPOND, heard, input=world.answers(consultation, "YES", "More trees"))
        await world.do(RESIGN, heard, id=membership)

        assert await erase(world, representative) == ["AUDIT_TRAIL", "AUTHORISATIONS"]
        assert await erase(world, heard) == ["AUDIT_TRAIL", "REGISTER", "RESPONSES"]

    in_a_world(story)
