"""Signing in: codes by mail, sessions, roles."""

import asyncio
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from argon2 import PasswordHasher

from actions.identity import sign_in
from domain.identity import sign_in as rule
from domain.identity.sign_in import (
    CODE_DIGITS,
    CODE_TRIES,
    CODES_AN_HOUR_PER_ADDRESS,
    SESSION_LIFETIME,
    WRONG_CODES_AN_HOUR_PER_NETWORK,
)
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import APPLY
from tests.world import CARE, WESSEX, Known, World

REQUEST = (
    "mutation ($email: EmailAddress!) { requestSignInCode(input: {email: $email}) { challenge errors { code path } } }"
)
SIGN_IN = """mutation ($challenge: ID!, $code: String!, $person: ID, $another: Boolean! = false) {
  signIn(input: {challenge: $challenge, code: $code, personId: $person, anotherPerson: $another}) {
    token choices { id givenName } errors { code path } } }"""
SIGN_OUT = "mutation { signOut { errors { code } } }"
WHO = "{ viewer { kind roles person { id givenName } } }"
GRANT = "mutation ($p: ID!, $r: Role!) { grantRole(input: {personId: $p, role: $r}) { person { id } errors { code path } } }"
END_ROLE = (
    "mutation ($p: ID!, $r: Role!) { endRole(input: {personId: $p, role: $r}) { person { id } errors { code path } } }"
)


async def request_code(world: World, address: str) -> tuple[str, str]:
    challenge = (await world.do(REQUEST, email=address))["challenge"]
    return challenge, await world.code_for(address)


async def code_of(world: World, **variables: str) -> str:
    """The code of a refused sign-in. A wrong try is counted, so something is written on purpose."""
    payload = (await world.ask(SIGN_IN, None, trust=None, **variables))["signIn"]
    assert payload["token"] is None
    return str(payload["errors"][0]["code"])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def test_a_mailed_code_starts_a_session_that_sign_out_ends(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = f"clerk@{CARE}.example.org"
        challenge, code = await request_code(world, clerk)

        session = await world.do(SIGN_IN, challenge=challenge, code=code)

        known = Known(None, session["token"], CARE)
        viewer = (await world.ask(WHO, known))["viewer"]
        assert (viewer["kind"], viewer["roles"]) == ("PERSON", ["CLERK"])
        await world.do(SIGN_OUT, known)
        assert await world.refused(SIGN_OUT) == "NOT_SIGNED_IN"
        answer = await world.post({"query": WHO}, token=known.token)
        assert answer.status_code == 401
        assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"

    in_a_world(story)


def test_the_code_comes_in_the_language_it_was_asked_for_in(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        asked = 'mutation ($language: String) { requestSignInCode(input: {email: "a@example.org", language: $language}) { challenge errors { code } } }'
        for language, said in (
            ("pl", "kod do logowania: "),
            ("pl-PL", "kod do logowania: "),
            ("PL", "kod do logowania: "),
            ("cy", "code is "),
            (None, "code is "),
        ):
            await world.do(asked, language=language)
            *_, (_, body) = await world.mails()
            assert said in body, language
        assert await world.refused(asked, language="polish!") == "INPUT_INVALID"

    in_a_world(story)


def test_a_code_works_once_and_only_with_its_challenge(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        challenge, code = await request_code(world, "somebody@example.org")
        other, _ = await request_code(world, "else@example.org")

        assert await code_of(world, challenge=other, code=code) == "CODE_WRONG"
        assert await code_of(world, challenge="chl_garbage", code=code) == "NOT_FOUND"
        await world.do(SIGN_IN, challenge=challenge, code=code)
        assert await code_of(world, challenge=challenge, code=code) == "CODE_WRONG"

    in_a_world(story)


def test_five_wrong_codes_use_the_challenge_up(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        challenge, code = await request_code(world, "somebody@example.org")

        for _ in range(CODE_TRIES):
            assert await code_of(world, challenge=challenge, code=wrong(code)) == "CODE_WRONG"
        assert await code_of(world, challenge=challenge, code=code) == "CODE_WRONG"
        assert await world.value("select count(*) from session") == 0

    in_a_world(story)


def test_a_code_expires(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        challenge, code = await request_code(world, "somebody@example.org")
        await world.pass_time(minutes=10)

        assert await code_of(world, challenge=challenge, code=code) == "CODE_WRONG"

    in_a_world(story)


WAITING = "mutation ($email: EmailAddress!) { requestSignInCode(input: {email: $email}) { errors { code parameters { name value } } } }"


@pytest.fixture
def few_codes(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many codes a network gets: fewer, for they are hashed slowly."""
    monkeypatch.setattr(rule, "CODES_AN_HOUR_PER_NETWORK", 20)
    return 20


def test_codes_are_limited_per_address_and_per_network(in_a_world: Scenario, few_codes: int) -> None:
    async def story(world: World) -> None:
        for _ in range(CODES_AN_HOUR_PER_ADDRESS):
            await world.do(REQUEST, email="one@example.org")
        assert await world.refused(REQUEST, email="one@example.org") == "TOO_MANY_CODES"
        await world.pass_time(minutes=50)
        (refused,) = await world.refusals(WAITING, email="one@example.org")
        ((name, seconds),) = [(each["name"], int(each["value"])) for each in refused["parameters"]]
        assert (name, 590 <= seconds <= 600) == ("retryAfter", True), seconds
        for number in range(few_codes - CODES_AN_HOUR_PER_ADDRESS):
            await world.do(REQUEST, email=f"other{number}@example.org")
        assert await world.refused(REQUEST, email="fresh@example.org") == "TOO_MANY_CODES"
        await world.pass_time(seconds=seconds)
        await world.do(REQUEST, email="one@example.org")

    in_a_world(story)


@pytest.fixture
def _quickly_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.mark.usefixtures("_quickly_hashed")
def test_two_hundred_families_sign_in_behind_one_address(database: str, tmp_path: Path) -> None:
    """At a parents' evening, where every fourth mistypes once and every second asks for another code: all within a minute,
    and with the allowance that there is."""

    async def story() -> None:
        async with World.of(database, tmp_path) as world:
            families = [f"family{number}@example.org" for number in range(200)]
            challenges = {}
            for mailbox in (*families[::2], *families):
                challenges[mailbox] = (await world.do(REQUEST, email=mailbox))["challenge"]
            codes = {mailbox: body.partition(" is ")[2][:CODE_DIGITS] for mailbox, body in await world.mails()}
            for mailbox in families[::4]:
                assert await code_of(world, challenge=challenges[mailbox], code=wrong(codes[mailbox])) == "CODE_WRONG"
            for mailbox in families:
                await world.do(SIGN_IN, challenge=challenges[mailbox], code=codes[mailbox])

    asyncio.run(story())


@pytest.mark.usefixtures("_quickly_hashed")
def test_the_parts_of_a_site_with_ipv6_share_an_allowance(in_a_world: Scenario, few_codes: int) -> None:
    async def story(world: World) -> None:
        async def asked(number: int, address: str) -> list[str]:
            body = {"query": REQUEST, "variables": {"email": f"somebody{number}@example.org"}}
            transport = httpx.ASGITransport(world.app, client=(address, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
                answer = await http.post(f"/{CARE}/graphql", json=body)
            return [each["code"] for each in answer.json()["data"]["requestSignInCode"]["errors"]]

        for number in range(few_codes):
            assert await asked(number, f"2001:db8:7:{number:x}::1") == []
        assert await asked(few_codes, "2001:db8:7:ffff::1") == ["TOO_MANY_CODES"]
        assert await asked(few_codes, "2001:db8:8::1") == [], "another site"

    in_a_world(story)


@pytest.mark.usefixtures("_quickly_hashed")
def test_a_network_that_guesses_is_stopped(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        asked = [await request_code(world, f"victim{number}@example.org") for number in range(15)]
        answers = [
            await code_of(world, challenge=challenge, code=wrong(code)) for challenge, code in asked for _ in range(5)
        ]

        tried = answers.index("TOO_MANY_TRIES")
        assert tried == WRONG_CODES_AN_HOUR_PER_NETWORK
        assert set(answers[:tried]) == {"CODE_WRONG"}
        challenge, code = asked[-1]
        assert await code_of(world, challenge=challenge, code=code) == "TOO_MANY_TRIES", "a right one tells nothing"
        await world.pass_time(hours=1)
        challenge, code = await request_code(world, "victim@example.org")
        await world.do(SIGN_IN, challenge=challenge, code=code)

    in_a_world(story)


def test_known_and_unknown_addresses_are_answered_alike(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        answers = [
            await world.ask(REQUEST, email=email) for email in (f"clerk@{CARE}.example.org", "nobody@example.org")
        ]

        shapes = [{key: type(value) for key, value in answer["requestSignInCode"].items()} for answer in answers]
        assert shapes[0] == shapes[1]
        assert len(await world.mails()) == 2
        for bad in ("not an address", "a\x01b@example.org", "a@example.org, b@example.org"):
            assert await world.refused(REQUEST, email=bad) == "EMAIL_INVALID"
        smuggled = await world.post(
            {"query": 'mutation { requestSignInCode(input: {email: "a\\u{0}b@x.org"}) { errors { code path } } }'}
        )
        assert smuggled.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"

    in_a_world(story)


def test_a_shared_mailbox_never_identifies_a_person(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        address = "family@example.org"
        for name in ("Ada", "Bert"):
            known = await world.session(CARE, address, None)
            await world.do(APPLY, known, input=world.application(givenName=name))
        challenge, code = await request_code(world, address)

        asked = (await world.ask(SIGN_IN, challenge=challenge, code=code))["signIn"]
        assert asked["errors"][0]["code"] == "PERSON_CHOICE_NEEDED"
        assert [choice["givenName"] for choice in asked["choices"]] == ["Ada", "Bert"]
        session = await world.do(SIGN_IN, challenge=challenge, code=code, person=asked["choices"][1]["id"])
        viewer = (await world.ask(WHO, Known(None, session["token"], CARE)))["viewer"]
        assert viewer["person"]["givenName"] == "Bert"

        challenge, code = await request_code(world, address)
        third = await world.do(SIGN_IN, challenge=challenge, code=code, another=True)
        assert (await world.ask(WHO, Known(None, third["token"], CARE)))["viewer"]["kind"] == "APPLICANT"

    in_a_world(story)


def test_a_session_ends_after_half_an_hour_without_use_and_after_twelve_hours(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        async def signed_in() -> str:
            challenge, code = await request_code(world, f"clerk@{CARE}.example.org")
            return str((await world.do(SIGN_IN, challenge=challenge, code=code))["token"])

        async def answered(token: str) -> int:
            return (await world.post({"query": WHO}, token=token)).status_code

        idle, used, started = await signed_in(), await signed_in(), await world.now()
        await world.pass_time(minutes=29)
        assert await answered(used) == 200
        await world.pass_time(minutes=2)
        assert (await answered(idle), await answered(used)) == (401, 200)
        while await world.now() < started + SESSION_LIFETIME - timedelta(minutes=29):
            await world.pass_time(minutes=29)
            assert await answered(used) == 200
        await world.pass_time(minutes=29)
        assert await answered(used) == 401

    in_a_world(story)


def test_a_session_is_good_in_its_own_trust_only(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)

        assert (await world.post({"query": WHO}, token=clerk.token, trust=WESSEX)).status_code == 401

    in_a_world(story)


def test_the_clerk_gives_and_ends_roles_and_sessions_end_with_them(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk, trustee = await world.officer(Role.CLERK), await world.officer(Role.TRUSTEE)
        person = f"per_{trustee.person_id}"

        assert await world.refused(GRANT, trustee, p=person, r="CLERK") == "NOT_PERMITTED"
        assert await world.refused(GRANT, clerk, p=person, r="TRUSTEE") == "ROLE_ALREADY_HELD"
        assert await world.refused(GRANT, clerk, p="per_garbage", r="CLERK") == "NOT_FOUND"
        assert await world.refused(END_ROLE, clerk, p=person, r="CLERK") == "NOT_FOUND"
        await world.do(GRANT, clerk, p=person, r="FORUM_MEMBER")
        assert (await world.post({"query": WHO}, token=trustee.token)).status_code == 401
        await world.do(END_ROLE, clerk, p=person, r="TRUSTEE")
        again = await world.session(CARE, "x@example.org", trustee.person_id)
        assert (await world.ask(WHO, again))["viewer"]["roles"] == ["FORUM_MEMBER"]

    in_a_world(story)


def test_a_session_brings_a_network_no_second_allowance(database: str, tmp_path: Path, few_codes: int) -> None:
    """Whatever the session was used for before, and by which way."""

    async def story() -> None:
        async with World.of(database, tmp_path, session_cache_seconds=60.0) as world:
            known = await world.newcomer()
            document = f"/{known.trust}/data-requests/dat_{uuid4()}.json"
            for number in range(few_codes):
                await world.http.get(document, headers={"authorization": f"Bearer {known.token}"})
                await world.do(REQUEST, known, email=f"other{number}@example.org")

            assert await world.refused(REQUEST, email="fresh@example.org") == "TOO_MANY_CODES"

    asyncio.run(story())
