"""Where a newcomer arrives: the service's page and a trust's, for people and for programs."""

import re
from base64 import b64encode
from hashlib import sha256

import httpx

from tests.conftest import Scenario
from tests.world import CARE, WESSEX, World

JSON = {"accept": "application/json"}


def links(page: httpx.Response) -> list[str]:
    return re.findall(r'href="([^"]+)"', page.text)


def test_the_first_page_leads_to_every_trust_and_from_there_to_everything(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        first = await world.http.get("/")
        second = await world.http.get(f"/{CARE}")

        assert first.headers["content-type"] == second.headers["content-type"] == "text/html; charset=utf-8"
        assert len(links(first)) == 5
        assert f"/{CARE}" in links(first)
        assert "CARE Foundation Trust" in second.text
        assert {f"/{CARE}/graphql", f"/{CARE}/schema.graphql", "/docs/operations/sign-in.graphql"} <= {*links(second)}
        for link in {*links(first), *links(second)}:
            found = await world.http.get(link)
            assert found.status_code == 200, link
            assert found.headers["content-type"].startswith("text/") or link.endswith(".json"), link

    in_a_world(story)


def test_a_program_is_told_the_same_as_json(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        first = (await world.http.get("/", headers=JSON)).json()
        second = await world.http.get(f"/{WESSEX}", headers=JSON)

        assert {"slug": WESSEX, "name": "Wessex Learning Trust", "url": f"/{WESSEX}"} in first["trusts"]
        assert second.headers["vary"] == "Accept"
        assert second.json()["links"]["schema"] == f"/{WESSEX}/schema.graphql"
        browser = {"accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8"}
        assert (await world.http.get("/", headers=browser)).text.startswith("<!doctype html>")

    in_a_world(story)


def test_the_pages_run_nothing_and_an_unknown_trust_is_unknown(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        for address in ("/", f"/{CARE}"):
            page = await world.http.get(address)
            (style,) = re.findall("<style>(.*?)</style>", page.text, re.DOTALL)
            policy = page.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; style-src 'sha256-")
            assert b64encode(sha256(style.encode()).digest()).decode() in policy
            assert "<script" not in page.text
            assert page.headers["cache-control"] == "public, max-age=60"
        for headers in ({}, JSON):
            unknown = await world.http.get("/no-such-trust", headers=headers)
            assert (unknown.status_code, unknown.json()["errors"][0]["extensions"]["code"]) == (404, "TRUST_UNKNOWN")
        for address in ("/docs/", "/docs/../pyproject.toml", "/docs/%2e%2e/pyproject.toml"):
            assert (await world.http.get(address)).status_code == 404

    in_a_world(story)
