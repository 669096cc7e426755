"""A partner's app: credentials, scopes, and what it never sees."""

import json
from typing import Any

import httpx
import pytest

from domain.identity.viewer import Role, Scope
from tests.api.polls import declared, voters
from tests.conftest import Scenario
from tests.mutations import CAST
from tests.world import CARE, WESSEX, Known, World

AGREE = (
    "mutation ($input: SignAgreementInput!) { signAgreement(input: $input) { agreement { id } errors { code path } } }"
)
REGISTER = 'mutation ($id: ID!) { registerApp(input: {agreementId: $id, name: "App"}) { partnerApp { clientId } clientSecret errors { code path } } }'
END = "mutation ($id: ID!) { endAgreement(input: {id: $id}) { agreement { id until } errors { code path } } }"
SEES = """query ($poll: ID!) { viewer { kind scopes } schools { totalCount } members { totalCount nodes { id } }
  trust { memberCounts { members } } consultations { nodes { title questions { prompt responseCount } } }
  polls { nodes { status } } poll(id: $poll) { contests { declaration { outcome totals { choice papers } } } }
  partners { nodes { agreements { purpose } } } }"""


async def terms(world: World, **changes: Any) -> dict[str, Any]:
    partner = (await world.ask("{ partners(first: 1) { nodes { id } } }"))["partners"]["nodes"][0]["id"]
    return {
        "partnerId": partner,
        "purpose": "Showing results.",
        "scopes": Scope.values(),
        "since": await world.day(-1),
        "until": await world.day(30),
    } | changes


async def registered_app(world: World, **changes: Any) -> tuple[str, tuple[str, str]]:
    """The agreement's id and the app's credentials."""
    clerk = await world.officer(Role.CLERK)
    agreement = (await world.do(AGREE, clerk, input=await terms(world, **changes)))["agreement"]["id"]
    payload = await world.do(REGISTER, clerk, id=agreement)
    return agreement, (payload["partnerApp"]["clientId"], payload["clientSecret"])


async def token(world: World, credentials: tuple[str, str], trust: str = CARE, **form: str) -> httpx.Response:
    data = {"grant_type": "client_credentials", **form}
    return await world.http.post(f"/{trust}/oauth/token", data=data, auth=credentials)


async def beside(world: World, credentials: tuple[str, str], query: str, **variables: Any) -> Any:
    """The whole answer to an app."""
    access = (await token(world, credentials)).json()["access_token"]
    answer = await world.post({"query": query, "variables": variables}, token=access)
    assert answer.status_code == 200
    return answer.json()


async def declared_poll(world: World) -> str:
    people = await voters(world, 11)
    poll = await world.open_poll()
    for voter in people:
        await world.do(CAST, voter, **world.paper(poll, "FOR"))
    await declared(world, poll)
    return poll


def test_a_partner_reads_what_was_agreed_and_nothing_personal(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        poll = await declared_poll(world)
        await world.open_poll()
        await world.open_consultation()
        await world.drafted_consultation(title="Hidden draft")
        _, credentials = await registered_app(world)

        answer = await token(world, credentials)

        assert answer.json()["expires_in"] == 900
        assert answer.headers["cache-control"] == "no-store"
        seen = await world.ask(SEES, Known(None, answer.json()["access_token"], CARE), poll=poll)
        assert seen["viewer"] == {"kind": "PARTNER", "scopes": sorted(Scope.values())}
        assert seen["schools"]["totalCount"] == 10
        assert seen["members"] == {"totalCount": 0, "nodes": []}
        assert seen["polls"]["nodes"] == [{"status": "DECLARED"}], "an open poll is nothing to a partner"
        assert seen["poll"]["contests"][0]["declaration"]["totals"][0] == {"choice": "FOR", "papers": 11}
        assert [c["title"] for c in seen["consultations"]["nodes"]][:-1] == ["School day"]
        assert 11 in [row["members"] for row in seen["trust"]["memberCounts"]]
        assert all(partner["agreements"] is None for partner in seen["partners"]["nodes"])
        assert "Canary" not in json.dumps(seen)

    in_a_world(story)


def test_without_a_scope_there_is_nothing_to_read(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        poll = await declared_poll(world)
        _, credentials = await registered_app(world)

        narrowed = await token(world, credentials, scope="schools:read")

        assert narrowed.json()["scope"] == "schools:read"
        seen = await world.ask(SEES, Known(None, narrowed.json()["access_token"], CARE), poll=poll)
        assert seen["schools"]["totalCount"] == 10
        assert seen["consultations"]["nodes"] == seen["polls"]["nodes"] == []
        assert seen["trust"]["memberCounts"] is None
        assert seen["poll"] is None

    in_a_world(story)


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"secret": "fmk_wrong"}, 401, "invalid_client"),
        ({"name": "nobody"}, 401, "invalid_client"),
        ({"name": "", "secret": ""}, 400, "invalid_request"),
        ({"trust": WESSEX}, 401, "invalid_client"),
        ({"trust": "no-such-trust"}, 404, None),
        ({"form": {"grant_type": "password"}}, 400, "unsupported_grant_type"),
        ({"form": {"scope": "members:read"}}, 400, "invalid_scope"),
        ({"form": {"filler": "x" * 5000}}, 413, "invalid_request"),
    ],
)
def test_wrong_credentials_get_no_token(
    in_a_world: Scenario, change: dict[str, Any], status: int, error: str | None
) -> None:
    async def story(world: World) -> None:
        _, (name, secret) = await registered_app(world)
        credentials = (change.get("name", name), change.get("secret", secret))

        answer = await token(world, credentials, change.get("trust", CARE), **change.get("form", {}))

        assert answer.status_code == status
        if error:
            assert answer.json() == {"error": error}
        assert await world.value("select count(*) from partner_token") == 0

    in_a_world(story)


def test_an_agreement_that_ends_ends_its_tokens(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        agreement, credentials = await registered_app(world)
        known = Known(None, (await token(world, credentials)).json()["access_token"], CARE)
        clerk = await world.officer(Role.CLERK)

        ended = await world.do(END, clerk, id=agreement)

        assert ended["agreement"]["until"] == await world.day()
        assert (await world.post({"query": "{ viewer { kind } }"}, token=known.token)).status_code == 401
        assert (await token(world, credentials)).status_code == 401
        assert await world.refused(REGISTER, clerk, id=agreement) == "AGREEMENT_ENDED"
        assert await world.refused(END, clerk, id=agreement) == "AGREEMENT_ENDED"

    in_a_world(story)


def test_an_agreement_that_has_not_begun_never_does_once_it_was_ended(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        first = await world.day(5)
        agreement = (await world.do(AGREE, clerk, input=await terms(world, since=first)))["agreement"]["id"]

        ended = await world.do(END, clerk, id=agreement)

        assert ended["agreement"]["until"] == first
        await world.pass_time(days=5)
        assert await world.refused(REGISTER, clerk, id=agreement) == "AGREEMENT_ENDED"
        assert await world.refused(END, clerk, id=agreement) == "AGREEMENT_ENDED"

    in_a_world(story)


def test_a_token_expires_and_secrets_are_not_kept(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        _, (name, secret) = await registered_app(world)
        access = (await token(world, (name, secret))).json()["access_token"]

        dump = str(await world.owner.fetch("select * from partner_app")) + str(
            await world.owner.fetch("select * from partner_token")
        )
        assert secret not in dump
        assert access not in dump
        await world.pass_time(minutes=15)
        assert (await world.post({"query": "{ viewer { kind } }"}, token=access)).status_code == 401

    in_a_world(story)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scopes": ["members:read"]}, "SCOPE_UNKNOWN"),
        ({"until": "2020-01-01"}, "DATES_CONTRADICT"),
        ({"since": "2100-01-02", "until": "2100-01-01"}, "DATES_CONTRADICT"),
        ({"purpose": ""}, "INPUT_INVALID"),
        ({"partnerId": "par_garbage"}, "NOT_FOUND"),
    ],
)
def test_an_agreement_that_cannot_stand_is_refused(in_a_world: Scenario, change: dict[str, Any], code: str) -> None:
    async def story(world: World) -> None:
        assert await world.refused(AGREE, await world.officer(Role.CLERK), input=await terms(world, **change)) == code
        assert (
            await world.refused(AGREE, await world.officer(Role.TRUSTEE), input=await terms(world)) == "NOT_PERMITTED"
        )

    in_a_world(story)


def test_tries_at_secrets_are_limited(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        statuses = [(await token(world, ("nobody", "fmk_x"))).status_code for _ in range(70)]

        assert statuses[0] == 401
        assert statuses[-1] == 429

    in_a_world(story)


def test_a_missing_scope_is_named_beside_what_an_app_gets(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        await world.member()
        poll = await world.open_poll()
        _, credentials = await registered_app(world, scopes=["schools:read"])

        answer = await beside(world, credentials, SEES, poll=poll)

        assert answer["extensions"]["missingScopes"] == ["aggregates:read", "consultations:read", "results:read"]
        assert answer["data"]["schools"] == {"totalCount": 10}
        assert answer["data"]["consultations"] == {"nodes": []}
        assert answer["data"]["trust"] == {"memberCounts": None}
        mixed = '{ __type(name: "Poll") { name } polls { nodes { id } } }'
        assert (await beside(world, credentials, mixed))["extensions"]["missingScopes"] == ["results:read"]

    in_a_world(story)


def test_what_is_never_for_partners_lacks_no_scope_and_people_lack_none(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        _, credentials = await registered_app(world, scopes=["schools:read"])
        members = "{ schools { totalCount } members { totalCount } }"
        assert "missingScopes" not in (await beside(world, credentials, members))["extensions"]
        for known in (None, await world.newcomer(), (await world.member())[0]):
            answer = await world.post({"query": "{ polls { totalCount } }"}, token=known.token if known else None)
            assert set(answer.json()["extensions"]) == {"cost"}

    in_a_world(story)
