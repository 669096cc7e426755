"""Into how many transactions a file is cut, and what goes on meanwhile, decides nothing."""

import contextlib
import os
import secrets
from random import Random
from typing import Any

import pytest

from actions.intake.matching import judge_on_record
from domain.identity.viewer import Role
from tests.api.test_data_requests import ANSWER
from tests.api.uploads import APPLY_IMPORT, JOB, applied, checked, counted, people, upload, work_off
from tests.conftest import Scenario
from tests.mutations import REQUEST_ABOUT_DATA
from tests.world import CARE, World

SEED = int(os.environ.get("SEED") or secrets.randbelow(10**9))  # a failure names it, and it makes the same file again


def row(role: str, urn: int, name: str = "Im,Port", more: str = "02/06/1979,im@example.org,07700 900001") -> str:
    return f"{name},{role},{urn},,{more},TN25 6AA,English,Y"


@pytest.mark.parametrize("batch", [1, 1_000])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_who_tells_of_two_roles_joins_where_both_count_at_the_school_that_qualifies(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch, batch: int, order: tuple[int, int]
) -> None:
    async def story(world: World) -> None:
        monkeypatch.setattr("actions.intake.applying.BATCH", batch)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        of_parent, of_staff = await world.two_schools()
        rows = [row("Parent", of_parent), row("Staff", of_staff)]

        job, _, _ = await checked(world, officer, people(*(rows[each] for each in order)))
        await applied(world, officer, job)

        (membership,) = await world.owner.fetch(
            "select c.code, s.urn, m.service_address like s.name || ',%' as is_at_school from membership m"
            " join constituency c on c.id = m.constituency_id join school s on s.id = m.school_id where m.name = 'Im Port'"
        )
        assert tuple(membership) == ("STAFF", of_staff, True)
        assert (
            await world.ask("query ($id: ID!) { node(id: $id) { ... on Import { applications } } }", officer, id=job)
        )["node"] == {"applications": 1}

    in_a_world(story)


def random_file(random: Random, urns: tuple[int, int]) -> list[str]:
    """Rows of few names, mailboxes and numbers, so that many are alike."""
    return [
        row(
            random.choice(["Parent", "Staff", "Grandparent", "Neighbour"]),
            random.choice(urns),
            random.choice(["Al,Bo", "Al,Cy", "Bo,Al", "A.,Bo"]),
            f"{random.choice(['', '', '02/06/1979', '03/06/1979'])},{random.choice(['', 'al@example.org', 'bo@example.org'])},"
            + random.choice(["", "07700 900001", "07700 900002"]),
        ).removesuffix("Y")
        + random.choice("YYYN")
        for _ in range(random.randrange(5, 30))
    ]


def test_a_file_applied_row_by_row_does_what_the_dry_run_said(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        rows = random_file(Random(SEED), await world.two_schools())
        job, said, node = await checked(world, officer, people(*rows))
        monkeypatch.setattr("actions.intake.applying.BATCH", 1)
        before = await world.value("select count(*) from person")

        await applied(world, officer, job)

        after = counted((await world.ask(JOB, officer, id=job))["node"])
        assert after["outcomes"] == node["outcomes"], f"SEED={SEED}"
        made = sum(each["outcome"] == "NEW" for each in said.values())
        assert await world.value("select count(*) from person") - before == made, f"SEED={SEED}"
        of_a_no = (
            "select count(*) from import_row r join import_row n on coalesce(n.of_line, n.line) = coalesce(r.of_line, r.line)"
            " where r.is_applied and n.findings @> '{CONSENT_REFUSED}'"
        )
        assert await world.value(of_a_no) == 0, f"SEED={SEED}"
        assert await world.value("select max(n) from (select count(*) as n from membership group by person_id) m") in (
            None,
            1,
        )

    in_a_world(story)


def test_who_comes_on_record_while_a_file_is_applied_is_known_to_the_rows_that_follow(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(world: World) -> None:
        monkeypatch.setattr("actions.intake.applying.BATCH", 1)
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        urn, _ = await world.two_schools()
        rows = [row("Parent", urn, f"{name},Port", f",{name}@example.org,") for name in ("Al", "Bo")]
        job, lines, _ = await checked(world, officer, people(*rows))
        assert {each["outcome"] for each in lines.values()} == {"NEW"}

        async def joins_meanwhile(*arguments: Any) -> None:
            if arguments[2] == 3:  # the row of Bo
                await world.owner.execute(
                    "insert into person (trust_id, given_name, family_name, email, contact_address)"
                    " values ($1, 'Bo', 'Port', 'Bo@example.org', 'TN25 6AA')",
                    await world.trust_id(CARE),
                )
            await judge_on_record(*arguments)

        monkeypatch.setattr("actions.intake.applying.judge_on_record", joins_meanwhile)
        await applied(world, officer, job)

        assert await world.value("select count(*) from person where family_name = 'Port' and given_name = 'Bo'") == 1
        node = (await world.ask(JOB, officer, id=job))["node"]
        assert [each["outcome"] for each in node["lines"]["nodes"]] == ["NEW", "NEEDS_HUMAN"]

    in_a_world(story)


@pytest.mark.parametrize(
    ("breaks_at", "stage"),
    [
        ("actions.intake.checking.judge_in_file", "UPLOADED"),
        ("actions.intake.applying.judge_on_record", "APPLYING"),
        ("actions.intake.applying.apply_for_people", "APPLYING"),
    ],
)
def test_an_import_that_comes_no_further_is_given_up(
    in_a_world: Scenario, monkeypatch: pytest.MonkeyPatch, breaks_at: str, stage: str
) -> None:
    """However much of it is done again at each try before the step at which it breaks."""

    async def story(world: World) -> None:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        urn, _ = await world.two_schools()

        async def breaks(*_: Any) -> None:
            raise ConnectionResetError("the connection is cut, whenever this is tried")

        if stage == "APPLYING":
            job, _, _ = await checked(world, officer, people(row("Parent", urn)))
            await world.do(APPLY_IMPORT, officer, id=job)
        else:
            job = (await upload(world, officer, people(row("Parent", urn)))).json()["import"]
        with monkeypatch.context() as broken:
            broken.setattr(breaks_at, breaks)
            for number in range(12):
                status = (await world.ask(JOB, officer, id=job))["node"]["status"]
                assert status == stage or number >= 10, f"given up at try {number}"
                with contextlib.suppress(ConnectionResetError):
                    await work_off(world)
                await world.pass_time(minutes=2)

        assert (await world.ask(JOB, officer, id=job))["node"]["status"] == "FAILED"
        _, _, other = await checked(world, officer, people(row("Parent", urn, "An,Other")))
        assert other["status"] == "CHECKED", "nothing stands in the way of another file"

    in_a_world(story)


def test_a_row_of_whom_is_erased_after_the_check_brings_nothing_back(in_a_world: Scenario) -> None:
    async def story(world: World) -> None:
        officer, protector = [
            await world.officer(role) for role in (Role.MEMBERSHIP_OFFICER, Role.DATA_PROTECTION_OFFICER)
        ]
        urn, _ = await world.two_schools()
        person = await world.value(
            "insert into person (trust_id, given_name, family_name, date_of_birth, email)"
            " values ($1, 'Im', 'Port', '1979-06-02', 'im@example.org') returning id",
            await world.trust_id(CARE),
        )
        job, lines, _ = await checked(world, officer, people(row("Parent", urn)))
        assert lines[2]["outcome"] == "UPDATE"
        known = await world.session(CARE, "im@example.org", person)
        asked = await world.do(REQUEST_ABOUT_DATA, known, id=f"per_{person}", kind="ERASURE")
        await world.do(ANSWER, protector, id=asked["dataRequest"]["id"], granted=True)

        await applied(world, officer, job)

        row_ = (await world.ask(JOB, officer, id=job))["node"]["lines"]["nodes"][0]
        assert (row_["outcome"], row_["findings"][-1]) == ("NEEDS_HUMAN", "PERSON_GONE")
        assert (
            await world.value("select count(*) from person where family_name = 'Port' or email = 'im@example.org'") == 0
        )
        assert await world.value("select given_name from person where id = $1", person) == "(erased)"

    in_a_world(story)
