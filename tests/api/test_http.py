"""The HTTP shell: forms, sizes, budgets, codes, logs."""

import asyncio
import hashlib
import json
import time
from pathlib import Path

import httpx
import pytest

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import CARE, World

SPECIFIC = "application/graphql-response+json"
QUERY = {"query": "{ trust { slug } }"}


OPERATIONS = Path(__file__).parents[2] / "docs" / "operations"


def code(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


def test_a_query_is_answered_with_its_cost_and_a_request_id(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        answer = await world.post(QUERY)

        assert answer.status_code == 200
        assert answer.json() == {"data": {"trust": {"slug": CARE}}, "extensions": {"cost": {"nodes": 1}}}
        assert answer.headers["cache-control"] == "no-store"
        assert len(answer.headers["x-request-id"]) >= 8
        echoed = await world.post(QUERY, **{"x-request-id": "phone-12345678"})
        assert echoed.headers["x-request-id"] == "phone-12345678"
        forged = await world.post(QUERY, **{"x-request-id": "bad id, name@example.org"})
        assert "@" not in forged.headers["x-request-id"]

    in_a_world(story)


@pytest.mark.parametrize(
    ("body", "headers", "status", "expected"),
    [
        (b"x" * 100_001, {}, 413, "BODY_TOO_LARGE"),
        (
            b'{"query": "{ trust { slug } }", "variables": ' + b"[" * 49_000 + b"]" * 49_000 + b"}",
            {},
            400,
            "BAD_REQUEST",
        ),
        (b"[" * 99_000, {}, 400, "BAD_REQUEST"),
        (b'{"query": "' + b"[{" * 100 + b'"}', {}, 200, "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ trust { slug } }\xff"}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ trust { slug } }"', {}, 400, "BAD_REQUEST"),
        (b"", {}, 400, "BAD_REQUEST"),
        (b"null", {}, 400, "BAD_REQUEST"),
        (b'[{"query": "{ trust { slug } }"}]', {}, 400, "BAD_REQUEST"),
        (b'{"query": 1}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ trust { slug } }", "variables": []}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ trust { slug } }", "operationName": 5}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ trust { slug } }", "extensions": "x"}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ trust { slug } }", "variables": {"x": "\\u0000"}}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ trust { slug } }", "variables": {"x": "\\ud800"}}', {}, 400, "BAD_REQUEST"),
        (b'{"documentId": "unknown"}', {}, 400, "DOCUMENT_UNKNOWN"),
        (b'{"query": "{ __typename ' + b"a: viewer { kind } " * 9 + b'}"}', {}, 200, "QUERY_TOO_COMPLEX"),
        (b'{"query": "{ polls(first: 50) { nodes { declaration { pack } } } }"}', {}, 200, "QUERY_TOO_EXPENSIVE"),
        (b"query={trust{slug}}", {"content-type": "application/x-www-form-urlencoded"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{ trust { slug } }", {"content-type": "application/graphql"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"--x", {"content-type": "multipart/form-data; boundary=x"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", {"content-type": "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"\x1f\x8b", {"content-encoding": "gzip"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"{}", {"authorization": "Basic eDp5"}, 400, "BAD_REQUEST"),
        (b'{"query": "{ trust { slug } }"}', {"authorization": "Basic eDp5"}, 401, "UNAUTHENTICATED"),
        (b'{"query": "{ trust { slug } }"}', {"authorization": "Bearer fms_nobody-knows-this"}, 401, "UNAUTHENTICATED"),
        (
            b'{"query": "{ trust { slug } }"}',
            {"authorization": "Bearer \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"},
            401,
            "UNAUTHENTICATED",
        ),
        (b'{"query": "{ trust { slugg } }"}', {}, 200, "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "{"}', {}, 200, "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "query A { trust { slug } } query B { trust { slug } }"}', {}, 200, "OPERATION_UNKNOWN"),
        (b'{"query": "{ __schema { types { name } } }"}', {}, 200, "INTROSPECTION_NEEDS_SIGN_IN"),
        (b'{"query": "{ schools(first: 0) { totalCount } }"}', {}, 200, "BAD_USER_INPUT"),
        (b'{"query": "{ schools(after: \\"mem_x\\") { nodes { id } } }"}', {}, 200, "INVALID_CURSOR"),
        (
            b'{"query": "query ($n: Int!) { schools(first: $n) { totalCount } }", "variables": {"n": "many"}}',
            {},
            200,
            "BAD_USER_INPUT",
        ),
        (b'{"query": "query ($n: Int!) { schools(first: $n) { totalCount } }"}', {}, 200, "BAD_USER_INPUT"),
        (
            b'{"query": "{ schools(first: 100) { nodes { members(first: 100) { totalCount } } } }"}',
            {},
            200,
            "QUERY_TOO_EXPENSIVE",
        ),
        (b'{"query": "mutation { a: signOut { errors { code } } b: nope }"}', {}, 200, "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "subscription { trust }"}', {}, 200, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_bad_requests_get_a_clear_answer_and_write_nothing(
    in_a_world: Scenario, body: bytes, headers: dict[str, str], status: int, expected: str
) -> None:
    async def story(world: World) -> None:
        before = await world.contents()
        sent = {b"content-type": b"application/json"}
        sent |= {name.encode(): value.encode("latin-1") for name, value in headers.items()}

        answer = await world.http.post(f"/{CARE}/graphql", content=body, headers=sent)

        assert answer.status_code == status, answer.text
        assert code(answer) == expected
        assert "data" not in answer.json()
        assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]
        assert await world.contents() == before
        assert (await world.post(QUERY)).status_code == 200, "others are unharmed"

    in_a_world(story)


def test_the_specific_media_type_says_400_where_nothing_was_executed(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for query in ("{", "{ nope }", "{ schools(first: 0) { totalCount } }"):
            answer = await world.post({"query": query}, accept=SPECIFIC)
            assert answer.status_code == 400
            assert answer.headers["content-type"].startswith(SPECIFIC)
            assert "data" not in answer.json()
        assert (await world.post(QUERY, accept=SPECIFIC)).status_code == 200

    in_a_world(story)


def test_unknown_trusts_and_methods(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        assert code(await world.post(QUERY, trust="no-such-trust")) == "TRUST_UNKNOWN"
        assert (await world.post(QUERY, trust="no-such-trust")).status_code == 404
        for method in ("PUT", "DELETE", "PATCH"):
            answer = await world.http.request(method, f"/{CARE}/graphql")
            assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert (await world.http.get("/no-such-trust/schema.graphql")).status_code == 404
        assert (await world.http.get("/nothing/here/at/all")).status_code == 404

    in_a_world(story)


def test_pages_schema_and_health(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        page = await world.http.get(f"/{CARE}/graphql", headers={"accept": "text/html"})
        assert "graphiql" in page.text
        assert "script-src 'self'" in page.headers["content-security-policy"]
        for asset in ("graphiql.js", "graphiql.css", "react.js", "react-dom.js", "page.js", "page.css"):
            assert (await world.http.get(f"/graphiql/{asset}")).status_code == 200
        sdl = await world.http.get(f"/{CARE}/schema.graphql")
        assert sdl.text == (Path(__file__).parents[2] / "schema" / "schema.graphql").read_text()
        assert "__schema" in (await world.http.get(f"/{CARE}/schema.json")).json()["data"]
        assert (await world.http.get("/livez")).status_code == 200
        assert (await world.http.get("/readyz")).status_code == 200
        assert "query=" not in (await world.http.get(f"/{CARE}/graphql?query={{trust{{slug}}}}")).text

    in_a_world(story)


def test_a_fragment_bomb_harms_nobody(in_a_world: Scenario) -> None:
    bomb = (
        "{ ...F0 } "
        + " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(28))
        + " fragment F28 on Query { trust { slug } }"
    )

    async def story(world: World) -> None:
        started = time.perf_counter()

        answers = await asyncio.gather(*(world.post({"query": bomb}) for _ in range(10)), world.post(QUERY))

        assert {code(answer) for answer in answers[:-1]} == {"QUERY_TOO_COMPLEX"}
        assert answers[-1].status_code == 200
        assert time.perf_counter() - started < 5

    in_a_world(story)


def test_registered_documents_are_called_by_their_hash(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        text = (OPERATIONS / "trust.graphql").read_text()
        answer = await world.post({"documentId": hashlib.sha256(text.encode()).hexdigest()})

        assert answer.json()["data"]["trust"]["name"] == "CARE Foundation Trust"

    in_a_world(story)


def test_introspection_and_mixed_documents_run_the_ordinary_way(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)

        mixed = await world.ask(
            '{ __type(name: "School") { name } trust { slug } schools(first: 1) { nodes { name } } }', clerk
        )

        assert mixed["__type"] == {"name": "School"}
        assert mixed["trust"] == {"slug": CARE}
        assert len(mixed["schools"]["nodes"]) == 1

    in_a_world(story)


def test_pages_of_nothing_but_type_names(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        odd = "query ($no: Boolean!) { schools { pageInfo { __typename } } members { pageInfo { hasNextPage @skip(if: $no) } __typename } }"

        seen = await world.ask(odd, None, trust=None, no=True)

        assert seen["schools"] == {"pageInfo": {"__typename": "PageInfo"}}
        assert seen["members"] == {"pageInfo": {}, "__typename": "MemberConnection"}

    in_a_world(story)


def test_the_parts_of_an_order_may_be_variables(in_a_world: Scenario) -> None:
    query = "query ($f: SchoolOrderField!, $d: OrderDirection!) { schools(orderBy: {field: $f, direction: $d}) { nodes { urn } } }"

    async def story(world: World) -> None:
        for direction in ("ASC", "DESC"):
            seen = await world.ask(query, None, trust=None, f="URN", d=direction)
            urns = [school["urn"] for school in seen["schools"]["nodes"]]
            assert urns == sorted(urns, reverse=direction == "DESC")

    in_a_world(story)


def test_introspection_is_no_way_round_the_cost(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        fields = " ".join(
            f"k{n}: schools(first: 80) {{ nodes {{ members(first: 50) {{ totalCount }} }} }}" for n in range(4)
        )

        answer = await world.post({"query": f"{{ __schema {{ __typename }} {fields} }}"}, token=clerk.token)

        assert code(answer) == "QUERY_TOO_EXPENSIVE"
        allowed = await world.post(
            {"query": "{ __schema { __typename } schools(first: 80) { nodes { id } } }"}, token=clerk.token
        )
        assert allowed.json()["extensions"]["cost"]["nodes"] == 81

    in_a_world(story)


def test_who_asks_too_much_waits(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path, allowance=1_500, allowance_per_second=10) as world:
            clerk = await world.officer(Role.CLERK)
            query = {"query": "{ schools(first: 60) { totalCount } }"}

            anonymous = [await world.post(query) for _ in range(3)]
            signed_in = [await world.post(query, token=clerk.token) for _ in range(3)]

            assert [answer.status_code for answer in anonymous] == [200, 429, 429]
            assert [answer.status_code for answer in signed_in] == [200] * 3
            assert code(anonymous[1]) == "RATE_LIMITED"
            assert anonymous[1].json()["errors"][0]["extensions"]["retryAfter"] == int(
                anonymous[1].headers["retry-after"]
            )

    asyncio.run(story())


def test_wrong_variables_of_a_mutation_are_a_request_error(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for variables in ({"id": None}, {}, {"id": {"x": 1}}):
            answer = await world.post({"query": ADMIT, "variables": variables}, accept=SPECIFIC)
            assert answer.status_code == 400
            assert "data" not in answer.json()
            assert code(answer) == "BAD_USER_INPUT"

    in_a_world(story)


def test_logs_hold_no_names_tokens_or_choices(
    in_a_world: Scenario, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.mutations import CAST

    async def story(world: World) -> None:
        voter, _ = await world.member()
        poll = await world.open_poll()
        await world.do(CAST, voter, poll=poll, choice="ABSTAIN", key=None)
        await world.ask("query Canary_operation { members { nodes { person { familyName } } } }", voter)
        await asyncio.sleep(0.3)
        logged = "".join(capfd.readouterr())
        assert '"status":200' in logged
        for secret in ("Canary", voter.token, voter.token[4:], "ABSTAIN", "example.org", str(voter.person_id)):
            assert secret not in logged
        for line in logged.splitlines():
            assert {"request", "trust", "document", "status", "ms", "nodes", "at"} == json.loads(line).keys()

    in_a_world(story)
