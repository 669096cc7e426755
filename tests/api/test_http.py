"""The HTTP shell: headers, media types, methods, pages."""

from pathlib import Path

from tests.api.requests import QUERY, SPECIFIC, code
from tests.conftest import Scenario
from tests.world import CARE, World


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


def test_what_is_large_and_public_is_compressed_for_those_who_can_read_it(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for address in ("/graphiql/graphiql.js", f"/{CARE}/schema.json"):
            packed = await world.http.get(address, headers={"accept-encoding": "gzip"})
            plain = await world.http.get(address, headers={"accept-encoding": "identity"})

            assert packed.headers["content-encoding"] == "gzip"
            assert "content-encoding" not in plain.headers
            assert packed.content == plain.content
            assert packed.num_bytes_downloaded * 3 < len(plain.content)
        answer = await world.post(QUERY, **{"accept-encoding": "gzip"})
        assert "content-encoding" not in answer.headers

    in_a_world(story)
