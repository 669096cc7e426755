"""What a trust tells of itself."""

from tests.conftest import Scenario
from tests.world import CARE, World

TRUST = """{ trust { contact { email telephone address website } articlesUrl privacyNotice languages logoUrl } }"""


def test_a_trust_tells_what_a_source_tells_and_nothing_invented(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        seen = (await world.ask(TRUST))["trust"]

        contact = seen.pop("contact")
        assert contact.pop("website") == "https://goatlees.kent.sch.uk/care-foundation-trust"
        assert set(contact.values()) == set(seen.values()) == {None}

        await world.owner.execute(
            "update trust set contact_email = 'office@example.org', languages = '{en,pl}', privacy_notice = 'We \"keep\" little.'"
            " where slug = $1",
            CARE,
        )
        seen = (await world.ask(TRUST))["trust"]
        assert (seen["contact"]["email"], seen["languages"]) == ("office@example.org", ["en", "pl"])
        assert seen["privacyNotice"] == 'We "keep" little.'

    in_a_world(story)
