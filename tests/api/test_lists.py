"""Lists as readers want them: newest first, narrowed, from either end."""

from datetime import date
from typing import Any

import pytest

from actions.identity.roles import grant_role
from domain.identity.viewer import Role
from tests.api.test_sign_in import END_ROLE, GRANT
from tests.conftest import Scenario
from tests.world import WESSEX, Known, World

POLLS = """query ($filter: PollFilter, $orderBy: PollOrder, $first: Int, $last: Int, $before: String) {
  polls(filter: $filter, orderBy: $orderBy, first: $first, last: $last, before: $before) {
    totalCount nodes { id } pageInfo { hasPreviousPage hasNextPage startCursor } } }"""


def test_polls_are_newest_first_and_turned_over_from_either_end(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        drafted = [await world.drafted_poll() for _ in range(3)]

        async def seen(**asked: Any) -> list[str]:
            return [each["id"] for each in (await world.ask(POLLS, clerk, **asked))["polls"]["nodes"]]

        assert await seen() == drafted[::-1]
        assert await seen(first=1) == drafted[2:]
        assert await seen(orderBy={"field": "DRAFTED_AT"}) == drafted
        page = (await world.ask(POLLS, clerk, last=2))["polls"]
        assert [each["id"] for each in page["nodes"]] == [drafted[1], drafted[0]]
        assert page["pageInfo"] == {"hasPreviousPage": True, "hasNextPage": False, "startCursor": drafted[1]}
        assert await seen(last=2, before=drafted[1]) == drafted[2:]

    in_a_world(story)


def test_polls_are_looked_for_by_the_stage_they_are_at_now(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        await world.member()
        draft, later = await world.drafted_poll(), await world.frozen_poll()

        async def at(status: str) -> list[str]:
            return [e["id"] for e in (await world.ask(POLLS, clerk, filter={"status": status}))["polls"]["nodes"]]

        assert (await at("DRAFT"), await at("OPEN")) == ([draft], [])
        await world.set_clock(await world.moment_of("poll", later, "opens_at"))
        assert await at("OPEN") == [later]

    in_a_world(story)


def test_what_officers_keep_is_looked_for_by_what_it_is_about(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        known, _ = await world.member()
        await world.member(constituency="STAFF", relationships=[{"kind": "STAFF"}])
        notices = "query ($filter: NoticeFilter) { notices(filter: $filter) { nodes { kind person { id } } } }"
        register = "query ($filter: RegisterLineFilter) { register(filter: $filter) { nodes { number constituency { id code } } } }"

        person = f"per_{known.person_id}"
        told = (await world.ask(notices, officer, filter={"person": person, "kind": "ADMITTED"}))["notices"]["nodes"]
        assert told == [{"kind": "ADMITTED", "person": {"id": person}}]
        everybody = (await world.ask(register, officer))["register"]["nodes"]
        staff = next(each["constituency"]["id"] for each in everybody if each["constituency"]["code"] == "STAFF")
        assert len(everybody) == 2
        found = (await world.ask(register, officer, filter={"constituency": staff}))["register"]["nodes"]
        assert [each["constituency"]["code"] for each in found] == ["STAFF"]
        assert (await world.ask(register, officer, filter={"changedSince": str(date(2100, 1, 1))}))["register"][
            "nodes"
        ] == []

    in_a_world(story)


@pytest.mark.parametrize("as_variable", [True, False])
@pytest.mark.parametrize(
    ("listed", "condition", "prefix", "wrong"),
    [
        ("members", "constituency", "cst", "PARENT_CARER"),
        ("members", "school", "sch", "143952"),
        ("members", "school", "sch", "cst_00000000-0000-0000-0000-000000000000"),
        ("register", "constituency", "cst", "STAFF"),
        ("notices", "person", "per", "Anna"),
        ("removals", "member", "mem", "4"),
        ("removals", "member", "mem", "mem_4"),
    ],
)
def test_what_is_no_id_narrows_no_list_to_nothing(
    in_a_world: Scenario, listed: str, condition: str, prefix: str, wrong: str, as_variable: bool
) -> None:
    """An empty list would look like an answer; an id that names nothing, or nothing for the caller, has one."""

    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        await world.member()

        async def answer(identifier: str) -> Any:
            said = "$id" if as_variable else f'"{identifier}"'
            text = f"{listed}(filter: {{{condition}: {said}}}) {{ totalCount nodes {{ __typename }} }}"
            variables = {"id": identifier} if as_variable else {}
            query = f"{'query ($id: ID!)' if as_variable else ''} {{ {text} }}"
            return (await world.post({"query": query, "variables": variables}, token=clerk.token)).json()

        (error,) = (await answer(wrong))["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert f"`filter.{condition}`" in error["message"]
        assert f"{prefix}_" in error["message"]
        nobody = await answer(f"{prefix}_00000000-0000-0000-0000-000000000000")
        assert nobody["data"] == {listed: {"totalCount": 0, "nodes": []}}

    in_a_world(story)


def test_monthly_figures_are_read_beyond_the_first_page(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        text = """query ($after: String) { trust { monthlyCounts(first: 100, after: $after) {
          totalCount nodes { month kind constituency { code } } pageInfo { hasNextPage endCursor } } } }"""
        found: list[object] = []
        after, more = None, True
        while more:
            page = (await world.ask(text, after=after))["trust"]["monthlyCounts"]
            found += [str(each) for each in page["nodes"]]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

        assert len(found) == len(set(found)) == page["totalCount"] > 100

    in_a_world(story)


PEOPLE = "query ($filter: PersonFilter) { people(filter: $filter) { totalCount nodes { id givenName } } }"
OFFICES = """query ($filter: RoleGrantFilter) { roleGrants(filter: $filter) {
  totalCount nodes { person { givenName } role grantedAt endedAt } } }"""


def test_who_may_grant_offices_finds_people_and_who_holds_what(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        clerk = await world.officer(Role.CLERK)
        known, _ = await world.applicant(givenName="Zoë", familyName="O’Néill")
        name, mailbox = {"name": "neill zo"}, {"email": f"clerk@{known.trust}.example.org"}

        async def found(asked: dict[str, str], who: Known | None) -> list[str]:
            return [each["givenName"] for each in (await world.ask(PEOPLE, who, filter=asked))["people"]["nodes"]]

        assert await found(name, clerk) == ["Zoë"]
        assert len(await found(mailbox, clerk)) == 1
        for nobody in ("", "%", "_", "'", "eill", "neill ada"):
            assert await found({"name": nobody}, clerk) == [], nobody
        assert await found(name, await world.officer(Role.CLERK, WESSEX)) == []
        others = [await world.officer(role) for role in Role if role not in grant_role.caller.roles]
        for who in (None, await world.newcomer(), known, *others):
            for asked in ({}, name, mailbox, {"role": "CLERK"}):
                assert await found(asked, who) == [], "not even oneself: the list is for those who grant"
        person = f"per_{known.person_id}"
        await world.do(GRANT, clerk, p=person, r="TRUSTEE")
        assert await found(name | {"role": "TRUSTEE"}, clerk) == ["Zoë"]
        await world.do(END_ROLE, clerk, p=person, r="TRUSTEE")
        assert await found(name | {"role": "TRUSTEE"}, clerk) == []
        ended = {"role": "TRUSTEE", "isHeld": False}
        ((held),) = (await world.ask(OFFICES, clerk, filter=ended))["roleGrants"]["nodes"]
        assert (held["person"]["givenName"], held["role"]) == ("Zoë", "TRUSTEE")
        assert held["grantedAt"] <= held["endedAt"]
        for other in ((await world.applicant())[0], await world.officer(Role.MEMBERSHIP_OFFICER)):
            assert (await world.ask(OFFICES, other))["roleGrants"] == {"totalCount": 0, "nodes": []}

    in_a_world(story)
