"""The page to try the API with: fit for a telephone, and with a form to sign in that its own policy allows."""

import re

from graphql import build_schema, parse, validate

from api.settings import ROOT
from schema.build import sdl
from tests.conftest import Scenario
from tests.world import CARE, World

PAGE = ROOT / "api" / "http" / "graphiql"


def test_the_page_fits_a_telephone_and_has_everything_it_names(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        page = await world.http.get(f"/{CARE}/graphql")

        assert '<meta name="viewport" content="width=device-width' in page.text
        assert '<form id="sign-in"' in page.text
        named = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
        named += [f"/graphiql/{file}" for file in re.findall(r'from "\./([^"]+)"', (PAGE / "page.js").read_text())]
        assert "/graphiql/sign_in.js" in named
        for address in named:
            assert (await world.http.get(address)).status_code == 200, address
        policy = page.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "form-action 'none'" in policy
        assert "<script>" not in page.text

    in_a_world(story)


def test_the_form_asks_what_the_schema_answers() -> None:
    """Every operation of the form is valid."""
    asked = re.findall(r'"(mutation [^"]+)"', (PAGE / "sign_in.js").read_text(encoding="utf-8"))
    schema = build_schema(sdl())

    assert len(asked) == 3
    for text in asked:
        assert not validate(schema, parse(text)), text


def test_the_token_is_kept_nowhere_but_in_the_pages_memory() -> None:
    ours = "".join((PAGE / name).read_text(encoding="utf-8") for name in ("page.js", "requests.js", "sign_in.js"))

    assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie", ours)


def test_what_is_typed_is_kept_nowhere_but_in_the_pages_memory() -> None:
    """Of GraphiQL's own accord it would be in the browser's storage, beyond the session and the page."""
    made = re.search(r"createElement\(GraphiQL, \{(.*)\}\)", (PAGE / "page.js").read_text(encoding="utf-8"))

    assert made
    assert "storage: null" in made[1].strip().split(", ")
    given, kept = r"constructor\(e\)\{e\?this\.storage=e:null===e", r"this\.storage=null"
    assert re.search(
        given + r'\|\|"undefined"==typeof window\?' + kept, (PAGE / "graphiql.js").read_text(encoding="utf-8")
    )
