"""Polls from before there were contests, and back: each at another stage, with papers wherever papers can be."""

import asyncio
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from db import migrate
from db.connection import Connection, connect
from db.migrate import MigrationError
from domain.identity.viewer import Role
from domain.polls.roll import RollEntry, roll_hash
from tests.api.polls import COUNT, DECLARATION, DECLARE
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login
from tests.db.test_migrations import contents_of, empty_database
from tests.mutations import CAST
from tests.world import World

BEFORE, AFTER = "0012", "0013"
YOUNGER = {
    "contest.roll_salt",
    "person.erased_on",
    "person.declared",
    "person.merged_into_id",
    "person_merge",
    "people_told_apart",
    "authorisation.application_id",
    "failed_duty",
    *("person.admitted_too_young", "person_correction"),
    *("relationship.verified_on", "relationship.year_group_on", "school_year_end", "school_year_change"),
}  # columns and tables that came after
TRUST, VOTER, OTHER = (uuid.UUID(int=n) for n in range(1, 4))
# as it was declared: keys in an order and spaces that no program of today would write
PACK = '{"method": "RESOLUTION",  "outcome": "PASSED", "papers": ["FOR", "FOR"], "rollHash": "%s"}'
POLLS = {  # id -> secrecy, status
    uuid.UUID(int=10): ("CONFIDENTIAL", "DRAFT"),
    uuid.UUID(int=11): ("CONFIDENTIAL", "ROLL_FROZEN"),
    uuid.UUID(int=12): ("RECORDED", "ROLL_FROZEN"),
    uuid.UUID(int=13): ("CONFIDENTIAL", "COUNTED"),
    uuid.UUID(int=14): ("CONFIDENTIAL", "DECLARED"),
}
DRAFT, OPEN, DIVISION, COUNTED, DECLARED = POLLS


def committed(poll: uuid.UUID) -> str:
    return roll_hash(poll, None, [RollEntry(VOTER, VOTER, 1, "STAFF"), RollEntry(OTHER, OTHER, 2, "STAFF")])


async def fill(connection: Connection) -> None:
    """As the version before stored them: what a poll points to is left out."""
    await connection.execute("set session_replication_role = replica")
    for poll, (secrecy, status) in POLLS.items():
        frozen, counted = status != "DRAFT", status in ("COUNTED", "DECLARED")
        await connection.execute(
            "insert into poll (trust_id, id, title, resolution, kind, secrecy, status, opens_at, closes_at,"
            " ruleset_version, roll_hash, roll_count, count)"
            " values ($1, $2, 'Charter', 'That it be.', 'SPECIAL', $3, $4, '2026-03-01Z', '2026-03-08Z', 1, $5, $6, $7)",
            TRUST, poll, secrecy, status, committed(poll) if frozen else None, 2 if frozen else None,
            PACK % committed(poll) if counted else None,
        )  # fmt: skip
        await connection.execute(
            "insert into poll_constituency (trust_id, poll_id, constituency_id, roll_count) values ($1, $2, $1, 2)",
            TRUST, poll,
        )  # fmt: skip
        for number, voter in enumerate((VOTER, OTHER) if frozen else (), start=1):
            await connection.execute(
                "insert into roll_entry (trust_id, poll_id, voter_id, membership_id, constituency_id, member_number,"
                " voted_on) values ($1, $2, $3, $3, $1, $4, $5::text::date)",
                TRUST, poll, voter, number, "2026-03-02" if voter == VOTER else None,
            )  # fmt: skip
    await connection.execute(
        f"""insert into ballot_inbox (trust_id, poll_id, store, content) values
          ('{TRUST}', '{OPEN}', 'PAPER', 'AGAINST'), ('{TRUST}', '{OPEN}', 'RECEIPT', 'r1');
        insert into ballot_paper (trust_id, poll_id, content) values ('{TRUST}', '{OPEN}', 'ABSTAIN'), ('{TRUST}', '{DECLARED}', 'FOR');
        insert into ballot_receipt (trust_id, poll_id, code) values ('{TRUST}', '{OPEN}', 'r2');
        insert into recorded_vote (trust_id, poll_id, voter_id, choice) values ('{TRUST}', '{DIVISION}', '{VOTER}', 'FOR');
        insert into declaration (trust_id, poll_id, returning_officer_id, pack)
          values ('{TRUST}', '{DECLARED}', '{VOTER}', '{PACK % committed(DECLARED)}');
        insert into ruleset (trust_id, version, effective_from, rules, resolution_poll_id)
          values ('{TRUST}', 2, '2026-04-01', '{{}}', '{DECLARED}')"""
    )
    await connection.execute("set session_replication_role = origin")


async def texts(connection: Connection, statement: str) -> list[str]:
    return [row[0] for row in await connection.fetch(statement)]


def test_a_poll_from_before_becomes_one_with_a_contest_of_its_id_and_back(server_url: str) -> None:
    async def story() -> None:
        async with empty_database(server_url) as url:
            await migrate.upgrade(url, BEFORE)
            connection = await connect(url)
            await fill(connection)
            before = await contents_of(connection, set())
            packs = await texts(connection, "select pack::text from declaration union all select count::text from poll")

            await migrate.upgrade(url, AFTER)

            contests = await connection.fetch("select * from contest order by id")
            assert [row["id"] for row in contests] == [row["poll_id"] for row in contests] == list(POLLS)
            assert {(row["title"], row["kind"], row["resolution"], row["resolution_kind"]) for row in contests} == {
                ("Charter", "RESOLUTION", "That it be.", "SPECIAL")
            }
            assert [row["roll_hash"] for row in contests] == [None, *map(committed, list(POLLS)[1:])]
            assert (
                await texts(connection, "select pack::text from declaration union all select count::text from contest")
                == packs
            )
            spent = await connection.fetch("select contest_id, voter_id, spent_on::text from credential order by 1, 2")
            assert [tuple(row) for row in spent] == [
                (poll, voter, day) for poll in list(POLLS)[1:] for voter, day in ((VOTER, "2026-03-02"), (OTHER, None))
            ]
            assert await texts(connection, "select content from ballot_inbox order by store") == ["1 AGAINST", "r1"]
            assert await texts(connection, "select content from ballot_paper order by 1") == ["1 ABSTAIN", "1 FOR"]
            assert await texts(connection, "select paper from recorded_vote") == ["1 FOR"]
            assert await texts(connection, "select resolution_contest_id from ruleset") == [DECLARED]

            await migrate.downgrade(url, BEFORE)

            assert await contents_of(connection, set()) == before
            await connection.close()

    asyncio.run(story())


def test_an_owner_whom_row_level_security_binds_loses_nothing_there_and_back(database: str) -> None:
    async def contents() -> dict[str, list[str]]:
        connection = await connect(database)
        found = await contents_of(connection, set())
        await connection.close()
        return found

    async def filled() -> dict[str, list[str]]:
        await migrate.downgrade(database, BEFORE)
        connection = await connect(database)
        await fill(connection)
        await connection.close()
        return await contents()

    before = asyncio.run(filled())
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.upgrade(url, AFTER))
        assert asyncio.run(execute(database, "select count(spent_on) from credential")) == len(POLLS) - 1
        asyncio.run(migrate.downgrade(url, BEFORE))
    assert asyncio.run(contents()) == before


def test_going_back_is_refused_where_a_poll_has_several_contests(database: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with World.of(database, tmp_path) as world:
            await world.drafted_poll(contests=[world.contest_draft(), world.contest_draft(title="Budget")])
            before = await contents_of(world.owner, YOUNGER)

            with pytest.raises(MigrationError) as refused:
                await migrate.downgrade(database, BEFORE)

            assert str(refused.value).endswith(
                "a poll has more than one contest, which the tables before this revision can't hold"
            )
            assert await contents_of(world.owner, YOUNGER) == before

    asyncio.run(story())


def test_an_open_poll_goes_on_after_the_change_and_no_vote_is_lost(database: str, tmp_path: Path) -> None:
    async def voted(world: World, voter: Any, contest: str, paper: str) -> str:
        return str((await world.do(CAST, voter, contest=contest, paper=paper))["receipt"])

    async def story() -> None:
        async with World.of(database, tmp_path) as world:
            people = [(await world.member())[0] for _ in range(13)]
            poll = await world.open_poll()
            (contest,) = world.contests[poll]
            receipts = [await voted(world, voter, contest, "1 FOR") for voter in people[:2]]
        await migrate.downgrade(database, BEFORE)
        connection = await connect(database)
        waiting = await texts(connection, "select content from ballot_inbox where store = 'PAPER'")
        await connection.close()
        await migrate.upgrade(database)

        async with World.of(database, tmp_path) as world:
            contest = f"cts_{poll.removeprefix('pol_')}"
            assert waiting == ["FOR", "FOR"]
            assert await world.refused(CAST, people[0], contest=contest, paper="1 FOR") == "ALREADY_VOTED"
            receipts += [await voted(world, voter, contest, "1 AGAINST") for voter in people[2:5]]
            await world.close_poll(poll)
            officer = await world.officer(Role.RETURNING_OFFICER)
            for step in (COUNT, DECLARE):
                await world.do(step, officer, id=poll)
            declaration = (await world.ask(DECLARATION, id=contest))["contest"]["declaration"]
            assert declaration["receipts"] == sorted(receipts)
            assert declaration["papers"] == ["1 AGAINST"] * 3 + ["1 FOR"] * 2
            assert json.loads(await world.value("select pack->'contest' from declaration"))["id"] == contest[4:]

    asyncio.run(story())
