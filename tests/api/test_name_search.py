"""Searching members by name."""

import random

from db.membership.reads import IS_NAMED
from db.transactions import Transaction, Transactions
from domain.identity.viewer import Role
from tests.conftest import Scenario
from tests.world import CARE, Known, World


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


def test_a_guardian_finds_by_the_beginnings_of_words_alone(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        guardian, _ = await world.member(givenName="Anna", familyName="Dale")
        await world.child(guardian, givenName="Hanna", familyName="Hill")
        query = "query ($name: String!) { members(filter: {name: $name}) { totalCount nodes { name } } }"

        for name, expected in (("Anna", ["Anna Dale"]), ("Hanna", ["Hanna Hill"]), ("Hana", [])):
            found = (await world.ask(query, guardian, name=name))["members"]
            assert [each["name"] for each in found["nodes"]] == expected

    in_a_world(story)


def test_one_row_is_named_as_all_are_searched(in_a_world: Scenario) -> None:
    seed = random.randrange(10**6)
    print("seed", seed)
    choice = random.Random(seed).choice

    def name() -> str:
        return "".join(choice(("an", "na", "hi", "ll", "É", "-", "’")) for _ in range(3)) + choice(("a", "e"))

    async def story(world: World) -> None:
        for _ in range(12):
            await world.applicant(givenName=name(), familyName=name())
        one = IS_NAMED.replace("{row}", "m").replace("{value}", "$2")
        compared = 0

        async def compare(transaction: Transaction) -> None:
            nonlocal compared
            for _ in range(60):
                wanted = choice((name(), name()[:4], f"{name()[:2]} {name()[:2]}"))
                rows = await transaction.rows(
                    f"select m.id from membership m where m.trust_id = $1 and {one}", trust, wanted
                )
                found = await transaction.rows("select members_named($1) as id", wanted)
                if rows:  # else the search of all goes by likeness
                    assert {each["id"] for each in rows} == {each["id"] for each in found}, wanted
                    compared += 1

        trust = await world.trust_id(CARE)
        await Transactions(world.app.pool).run(trust, compare)
        assert compared

    in_a_world(story)
