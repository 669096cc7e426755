"""Letters that wait for paper when what they say is no longer so: rules 21 and 22b."""

import asyncio

from actions.notifications.letters import next_letters
from db.notifications.notices import withdraw_about_person
from db.transactions import Transaction
from domain.identity.viewer import AccessProfile, Role, Viewer, ViewerKind
from domain.notifications.notice import NoticeKind
from tests.api.downloads import fetch
from tests.api.memberships import member_of
from tests.api.removals import DECIDE, PROPOSE
from tests.api.test_deaths import DIED
from tests.api.test_lapsing import DECLARE
from tests.conftest import Scenario
from tests.mutations import ADMIT, REFUSE, REQUEST_ABOUT_DATA, act
from tests.world import CARE, Known, World

BOUNCE = 'mutation ($id: ID!, $why: String = "Gone away") { recordBounce(input: {id: $id, reason: $why}) { notice { bounce } errors { code path } } }'
OPT_OUT = "mutation ($id: ID!) { changeContact(input: {personId: $id, marketingOptOut: true}) { person { id } errors { code } } }"
WITHDRAWN = "{ notices(filter: {state: WITHDRAWN}) { nodes { kind body dispatchedAt withdrawnAt } } }"


async def on_paper(world: World) -> tuple[Known, str]:
    """A member without a mailbox, whose letters so far have left."""
    known, membership = await world.member()
    await world.owner.execute("update person set email = null where id = $1", known.person_id)
    await world.pass_time(days=10)
    return known, membership


async def lapsing_on_paper(world: World) -> tuple[Known, str]:
    """The same with a letter that waits: their ground is gone."""
    known, membership = await on_paper(world)
    await world.lose_ground(known)
    assert (await world.keep_register())["lapsing"] == 1
    return known, membership


async def regain_ground(world: World, known: Known) -> None:
    urn = await world.value("select min(urn) from school where trust_id = $1", await world.trust_id(CARE))
    await world.do(DECLARE, known, urn=urn, since=None)


async def letters(world: World) -> list[str]:
    """The kinds of the letters to print that have not left and will."""
    query = "{ notices(filter: {state: WAITING, channel: PRINT}, orderBy: {field: QUEUED_AT, direction: ASC}) { nodes { kind } } }"
    return [each["kind"] for each in (await world.ask(query, await world.officer(Role.CLERK)))["notices"]["nodes"]]


def test_a_member_who_is_kept_is_not_written_to_that_they_lapse(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, membership = await lapsing_on_paper(world)
        await regain_ground(world, known)

        assert (await world.keep_register())["kept"] == 1

        assert await letters(world) == [], "and nobody has to be told that they stay who was not told that they may go"
        assert (await fetch(world, clerk, "letters.pdf", "POST")).status_code == 204
        (withdrawn,) = (await world.ask(WITHDRAWN, clerk))["notices"]["nodes"]
        assert (withdrawn["kind"], withdrawn["body"], withdrawn["dispatchedAt"]) == ("LAPSING", None, None)
        assert withdrawn["withdrawnAt"] is not None
        letter = await world.value("select id from notice where kind = 'LAPSING'")
        assert await world.refused(BOUNCE, clerk, id=f"not_{letter}") == "NOTICE_NOT_SENT"

        await world.lose_ground(known)
        assert (await world.keep_register())["lapsing"] == 1
        assert await letters(world) == ["LAPSING"], "a new letter with its own day"
        assert (await member_of(world, known, membership))["status"] == "LAPSING"

    in_a_world(story)


def test_a_member_who_was_told_that_they_lapse_is_told_that_they_stay(in_a_world: Scenario) -> None:
    """Rule 22b: on paper and by e-mail."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, _ = await lapsing_on_paper(world)
        assert (await fetch(world, clerk, "letters.pdf", "POST")).status_code == 200
        await regain_ground(world, known)
        assert (await world.keep_register())["kept"] == 1
        assert await letters(world) == ["KEPT"]
        assert (await fetch(world, clerk, "letters.pdf", "POST")).status_code == 200

        online, _ = await world.member()
        await world.pass_time(days=10)
        await world.lose_ground(online)
        await world.keep_register()
        await world.mails()
        await regain_ground(world, online)
        await world.keep_register()
        told = [body for _, body in await world.mails() if "stays a member" in body]
        assert len(told) == 1

        # what was told of an earlier time is no reason
        await world.pass_time(days=10)
        await world.lose_ground(known)
        await world.keep_register()
        await regain_ground(world, known)
        assert (await world.keep_register())["kept"] == 1
        assert await letters(world) == []

        # but for somebody who was not told in between
        for _ in range(2):
            await world.pass_time(days=10)
            await world.lose_ground(known)
            await world.keep_register()
            await fetch(world, clerk, "letters.pdf", "POST")
            await regain_ground(world, known)
            await world.keep_register()
            assert await letters(world) == ["KEPT"]
            await world.pass_time(days=10)
            await world.lose_ground(known)
            await world.keep_register()
            assert await letters(world) == ["LAPSING"]
            await regain_ground(world, known)
            await world.keep_register()
            assert await letters(world) == ["KEPT"], "the last they heard is that they lapse"

    in_a_world(story)


def test_a_letter_that_is_fetched_while_its_cause_goes_has_left_and_is_answered(in_a_world: Scenario) -> None:
    """Rule 21c: what was dispatched is never withdrawn."""

    async def story(world: World) -> None:
        clerk, trust = await world.officer(Role.CLERK), await world.trust_id(CARE)
        known, _ = await lapsing_on_paper(world)
        await regain_ground(world, known)
        viewer = Viewer(trust, AccessProfile(ViewerKind.PERSON, frozenset({Role.CLERK})), clerk.person_id)
        async with world.app.pool.acquire() as connection:
            await connection.execute(f"begin; set local app.trust = '{trust}'")
            batch = await next_letters(Transaction(connection, trust), viewer)
            assert batch is not None
            keeping = asyncio.create_task(world.keep_register())
            await asyncio.sleep(0.3)
            assert not keeping.done(), "it waits to know whether the letter leaves"
            await connection.execute("commit")
        assert (await keeping)["kept"] == 1

        (letter,) = await world.owner.fetch(
            "select dispatched_at, withdrawn_at, body from notice where kind = 'LAPSING'"
        )
        assert (letter["dispatched_at"], letter["withdrawn_at"]) == (batch.dispatched_at, None)
        assert letter["body"] is not None
        assert (await fetch(world, clerk, "letters.pdf")).status_code == 200, "fetched again, for it has left"
        assert await letters(world) == ["KEPT"]

    in_a_world(story)


def test_letters_that_are_fetched_while_one_is_withdrawn_are_without_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk, trust = await world.officer(Role.CLERK), await world.trust_id(CARE)
        known, membership = await lapsing_on_paper(world)
        async with world.app.pool.acquire() as connection:
            await connection.execute(f"begin; set local app.trust = '{trust}'")
            assert known.person_id is not None
            await withdraw_about_person(Transaction(connection, trust), known.person_id, NoticeKind)
            assert (await fetch(world, clerk, "letters.pdf", "POST")).status_code == 204
            await connection.execute("rollback")
        assert await letters(world) == ["LAPSING"]
        resign = world.ask(act("resignMembership", "member"), known, id=membership)
        fetched, _ = await asyncio.gather(fetch(world, clerk, "letters.pdf", "POST"), resign)

        left = await world.value("select dispatched_at is not null from notice where kind = 'LAPSING'")
        withdrawn = await world.value("select withdrawn_at is not null from notice where kind = 'LAPSING'")
        assert (fetched.status_code == 200) == left == (not withdrawn)

    in_a_world(story)


def test_letters_about_a_membership_go_with_what_they_say(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.CLERK)

        known, application = await world.applicant()
        guardian, _ = await world.member()
        await world.owner.execute("update person set email = null where id = $1", guardian.person_id)
        child, _ = await world.child(guardian)
        assert await letters(world) == ["RECEIVED"]
        await world.do(REFUSE, officer, id=child, reason="No such child")
        assert await letters(world) == ["REFUSED"], "it will not be decided on soon any more"
        await world.owner.execute("update person set email = null where id = $1", known.person_id)
        await world.do(ADMIT, officer, id=application)
        assert await letters(world) == ["REFUSED", "ADMITTED"]
        await world.do(act("resignMembership", "member"), known, id=application)
        assert await letters(world) == ["REFUSED"]
        await fetch(world, clerk, "letters.pdf", "POST")

        _, membership = await on_paper(world)
        removal = (await world.do(PROPOSE, clerk, id=membership))["removal"]["id"]
        assert await letters(world) == ["REMOVAL_PROPOSED"]
        await world.pass_time(days=14)
        await world.do(DECIDE, clerk, id=removal, yes=1, no=5)
        assert await letters(world) == ["REMOVAL_DECIDED"]
        removal = (await world.do(PROPOSE, clerk, id=membership))["removal"]["id"]
        await world.pass_time(days=14)
        await world.do(DECIDE, clerk, id=removal, yes=5, no=1)
        assert await letters(world) == ["REMOVAL_DECIDED"], "the last one"
        await world.pass_time(days=28)
        await world.keep_register()
        assert await letters(world) == ["REMOVED"]

    in_a_world(story)


def test_no_letter_is_printed_to_the_dead_the_erased_or_against_an_opt_out(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, clerk = await world.officer(Role.MEMBERSHIP_OFFICER), await world.officer(Role.CLERK)
        protection = await world.officer(Role.DATA_PROTECTION_OFFICER)
        known, _ = await lapsing_on_paper(world)
        await world.pass_time(days=56)
        assert (await world.keep_register())["lapsed"] == 1
        assert await letters(world) == ["LAPSED", "INVITATION"]

        await world.do(OPT_OUT, known, id=f"per_{known.person_id}")
        assert await letters(world) == ["LAPSED"]
        erasure = (await world.do(REQUEST_ABOUT_DATA, known, id=f"per_{known.person_id}", kind="ERASURE"))[
            "dataRequest"
        ]
        answer = 'mutation ($id: ID!) { answerDataRequest(input: {id: $id, granted: true, answer: "Done"}) { dataRequest { status } errors { code } } }'
        await world.do(answer, protection, id=erasure["id"])
        assert await letters(world) == []
        assert (await fetch(world, clerk, "letters.pdf", "POST")).status_code == 204
        assert (
            await world.value("select count(*) from notice where dispatched_at is not null and channel = 'PRINT'") == 0
        )

        other, _ = await lapsing_on_paper(world)
        await world.pass_time(days=56)
        await world.keep_register()
        objection = await world.do(REQUEST_ABOUT_DATA, other, id=f"per_{other.person_id}", kind="OBJECTION")
        await world.do(answer, protection, id=objection["dataRequest"]["id"])
        assert await letters(world) == ["LAPSED"]
        await world.do(DIED, officer, id=f"per_{other.person_id}", on=await world.day())
        assert await letters(world) == []

    in_a_world(story)


def test_only_what_has_left_comes_back_and_once(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        await lapsing_on_paper(world)
        found = await world.value("select id from notice where kind = 'LAPSING'")
        letter = f"not_{found}"

        assert await world.refused(BOUNCE, clerk, id=letter) == "NOTICE_NOT_SENT"
        assert (await fetch(world, clerk, "letters.pdf", "POST")).status_code == 200
        both = await asyncio.gather(*(world.ask(BOUNCE, clerk, id=letter, why=why) for why in ("Gone away", "Unknown")))
        codes = [[error["code"] for error in each["recordBounce"]["errors"]] for each in both]
        assert sorted(codes) == [[], ["BOUNCE_RECORDED"]]
        first = ("Gone away", "Unknown")[codes.index([])]
        assert await world.refused(BOUNCE, clerk, id=letter, why="Another") == "BOUNCE_RECORDED"
        assert await world.value("select bounce from notice where bounced_at is not null") == first
        assert await world.value("select count(*) from audit_event where action = 'notifications:notice:bounced'") == 1

    in_a_world(story)
