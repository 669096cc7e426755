"""Requests that are no good get a code and write nothing."""

import pytest

from domain.identity.viewer import Role
from tests.api.downloads import fetch
from tests.api.requests import QUERY, SPECIFIC, code
from tests.conftest import Scenario
from tests.mutations import ADMIT
from tests.world import CARE, World


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
        (
            b'{"query": "{ polls(first: 50) { nodes { contests { declaration { pack } } } } }"}',
            {},
            200,
            "QUERY_TOO_EXPENSIVE",
        ),
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
        (
            b'{"query": "{ members(filter: { name: \\"\\\\u{0}\\" }) { totalCount } }"}',
            {},
            200,
            "BAD_USER_INPUT",
        ),
        (
            b'{"query": "query ($n: String = \\"a\\\\u{000}\\") { members(filter: { name: $n }) { totalCount } }"}',
            {},
            200,
            "BAD_USER_INPUT",
        ),
        (
            b'{"query": "mutation { registerPerson(input: { givenName: \\"\\\\u{0}\\" }) { errors { code } } }"}',
            {},
            200,
            "BAD_USER_INPUT",
        ),
        (
            b'{"query": "{ register(asAt: \\"9999-12-31T23:59:59-23:59\\") { totalCount } }"}',
            {},
            200,
            "BAD_USER_INPUT",
        ),
        (
            b'{"query": "query ($m: DateTime) { register(asAt: $m) { totalCount } }",'
            b' "variables": {"m": "0001-01-01T00:00:00+14:00"}}',
            {},
            200,
            "BAD_USER_INPUT",
        ),
        (b'{"query": "{ register(asAt: \\"2026-03-14T12:00:00\\") { totalCount } }"}', {}, 200, "BAD_USER_INPUT"),
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


def test_wrong_variables_of_a_mutation_are_a_request_error(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for variables in ({"id": None}, {}, {"id": {"x": 1}}):
            answer = await world.post({"query": ADMIT, "variables": variables}, accept=SPECIFIC)
            assert answer.status_code == 400
            assert "data" not in answer.json()
            assert code(answer) == "BAD_USER_INPUT"

    in_a_world(story)


def test_nul_is_refused_at_every_door(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        form = {"grant_type": "client_credentials", "client_id": "\0", "client_secret": "\0", "scope": "\0"}
        answers = [
            await world.http.post(f"/{CARE}/oauth/token", data=form),
            await world.http.post(f"/{CARE}/oauth/token", data=form, auth=("a\0", "b\0")),
            await fetch(world, officer, "register.csv", asAt="\0"),
            await fetch(world, officer, "letters.pdf", batch="\0"),
            await fetch(world, officer, "imports", "POST", name="\0"),
            await fetch(world, officer, "data-requests/%00.json"),
            await world.http.post(f"/{CARE}%00/graphql", json={"query": "{ trust { slug } }"}),
            await world.http.get("/%00/schema.graphql"),
        ]

        assert [answer.status_code for answer in answers if answer.status_code not in range(400, 500)] == []

    in_a_world(story)
