"""Searching members by name."""

from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.world import Known, World


def test_many_members_are_named_by_words_prefixes_and_likeness(in_a_world: Scenario) -> None:
    """Searching by name: accents and case do not matter; children's names are found by officers alone."""

    async def story(world: World) -> None:
        for given, family in (("Zoë", "O’Neill"), ("Łukasz", "Żak"), ("Siân", "Llŷr-Hughes"), ("Олена", "Шевченко")):
            await world.applicant(givenName=given, familyName=family)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, _ = await world.applicant(familyName="Neilson")
        query = "query ($name: String!) { members(filter: {name: $name}) { totalCount nodes { name } } }"

        async def found(name: str, who: Known | None = officer) -> set[str]:
            return {node["name"] for node in (await world.ask(query, who, name=name))["members"]["nodes"]}

        assert await found("zoe") == {"Zoë O’Neill"}
        assert await found("ZAK Luk") == {"Łukasz Żak"}
        assert await found("llyr") == {"Siân Llŷr-Hughes"}
        assert "Siân Llŷr-Hughes" in await found("lyr hughs"), "likeness, where nothing begins so"
        assert await found("шев") == {"Олена Шевченко"}
        for nothing in ("", "%", "_", "\\", "'", "%%%%", "zzzz"):
            assert await found(nothing) == set(), nothing
        assert await found("zoe", known) == set()
        assert await found("neilson", known) == {"Amina Neilson"}
        elsewhere = await world.officer(Role.MEMBERSHIP_OFFICER, "wessex-learning-trust")
        assert await found("zoe", elsewhere) == set()

    in_a_world(story)
