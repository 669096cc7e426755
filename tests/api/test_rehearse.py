"""`python -m api rehearse`: a trust goes through its timetable on a copy, and nothing happens to the original."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from api.settings import ROOT
from db import clock
from db.connection import WORKER_ROLE, connect, open_pool, with_database
from db.identity.viewers import trusts_by_slug
from db.notifications import outbox
from domain.identity.viewer import Role
from tests.api.rehearsals import execute, in_a_world, name_of, wait_until_alone
from tests.api.uploads import APPLY_IMPORT, checked, people, upload
from tests.mutations import CAST
from tests.world import CARE, WESSEX, World

PROPOSE = (
    'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "Never seen"}) { removal { id } errors { code } } }'
)
DECIDE = """mutation ($id: ID!) { decideRemoval(input: {id: $id, body: "The forum", minute: "Minute 4", votesFor: 5,
  votesAgainst: 1}) { removal { id } errors { code } } }"""


async def fill_trust(world: World) -> date:
    """A consultation, a poll that has votes, a member who lapses, a removal that waits for an appeal; the day of these two."""
    clerk = await world.officer(Role.CLERK)
    known, _ = await world.member()
    removed = (await world.member())[1]
    lapsing, _ = await world.member()
    removal = (await world.do(PROPOSE, clerk, id=removed))["removal"]["id"]
    await world.pass_time(days=14)
    await world.do(DECIDE, clerk, id=removal)
    await world.lose_ground(lapsing)
    await world.keep_register()
    day = await world.today()
    await world.open_consultation(closesAt=await world.later(days=20, hours=3))
    poll = await world.open_poll()
    await world.do(CAST, known, **world.paper(poll, "FOR"))
    await world.frozen_poll(opensAt=await world.later(days=3), closesAt=await world.later(days=4))
    await world.drafted_poll(opensAt=await world.later(days=2))
    await world.member(WESSEX)
    await world.mails()
    return day


def test_a_trust_is_moved_through_its_timetable_and_the_original_stays(
    database: str, copy: str, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    day = in_a_world(database, tmp_path, fill_trust)
    before = in_a_world(database, tmp_path, lambda world: world.contents())

    status, told = command(database, "rehearse", CARE, "--days", "100")

    assert status == 0, told
    said = [line[18:] for line in told.splitlines() if line[:2] == "20"]
    for expected in (
        "now -> nothing to do",
        "poll was to open, but its roll is not frozen -> nothing to do",
        "poll opens -> nothing to do",
        "poll closes -> nothing to do",
        "consultation closes -> nothing to do",
    ):
        assert expected in said, told
    midnight = {line[:10]: line for line in told.splitlines() if line[10:16] == " 00:00"}
    removed, lapsed = (midnight[str(day + timedelta(days=days))] for days in (28, 56))
    assert removed.endswith("time to appeal is over -> members removed: 1, mails not sent: 1")
    assert lapsed.endswith("days of grace are over -> members lapsed: 1, mails not sent: 2")
    assert "members lapsed: 1" in told.split("moments in 100 days -> ")[1]
    assert told.index("poll opens") < told.index("consultation closes")
    assert "SHIFTED_CLOCK=allowed DATABASE_URL=" in told
    assert in_a_world(database, tmp_path, lambda world: world.contents()) == before
    assert asyncio.run(execute(copy, "select string_agg(status, ' ' order by status) from membership")) == (
        "ADMITTED ADMITTED LAPSED REMOVED"
    )

    async def mails() -> int:
        pool = await open_pool(copy, WORKER_ROLE, 1)
        trusts = await trusts_by_slug(pool)
        found = sum([await outbox.claim(pool, trust_id) is not None for trust_id in trusts.values()])
        await pool.close()
        return found

    assert asyncio.run(mails()) == 0, "no worker on the copy writes to anybody"
    assert command(database, "rehearse", CARE, "--days", "1")[0] == 0, "an earlier copy gives way"


SEALED = """with moved as (delete from ballot_inbox returning *), receipts as (insert into ballot_receipt (trust_id, contest_id, code)
  select trust_id, contest_id, content from moved where store = 'RECEIPT')
  insert into ballot_paper (trust_id, contest_id, content) select trust_id, contest_id, content from moved where store = 'PAPER'"""
OPEN_POLL = "from contest k join poll b on b.id = k.poll_id where b.title = 'open'"
HANDED_IN = (
    "select json_build_array("
    + ", ".join(
        f"(select count(*) from {table} where contest_id in (select k.id {OPEN_POLL}))"
        for table in ("recorded_vote", "ballot_paper", "ballot_receipt", "ballot_inbox")
    )
    + f", (select count(*) from credential where spent_on is not null and contest_id in (select k.id {OPEN_POLL})))::text"
)


async def sealed_votes(world: World, secrecy: str) -> None:
    """One vote in a poll that is over, and one in a poll that is open, both sealed."""
    known, _ = await world.member()
    over = await world.open_poll(secrecy=secrecy, title="over")
    await world.do(CAST, known, **world.paper(over, "FOR"))
    await world.close_poll(over)
    poll = await world.open_poll(secrecy=secrecy, title="open")
    await world.do(CAST, known, **world.paper(poll, "AGAINST"))
    await world.owner.execute(SEALED)
    await world.mails()


@pytest.mark.parametrize("secrecy", ["RECORDED", "CONFIDENTIAL"])
def test_a_copy_tells_no_vote_of_a_poll_that_is_not_over(
    database: str, copy: str, tmp_path: Path, command: Callable[..., tuple[int, str]], secrecy: str
) -> None:
    in_a_world(database, tmp_path, lambda world: sealed_votes(world, secrecy))
    assert "polls that are not over" in command(database, "rehearse", CARE, "--in-place", name_of(database))[1]
    before = asyncio.run(execute(database, HANDED_IN))

    assert command(database, "rehearse", CARE, "--days", "30")[0] == 0

    assert asyncio.run(execute(database, HANDED_IN)) == before != "[0, 0, 0, 0, 0]"
    assert asyncio.run(execute(copy, HANDED_IN)) == "[0, 0, 0, 0, 0]"
    assert asyncio.run(execute(copy, "select count(*) from ballot_receipt")) == 1, "the other poll is as it was"
    assert asyncio.run(execute(copy, "select count(*) from credential where spent_on is not null")) == 1


async def begin_draft(world: World) -> date:
    """A draft of an application that nobody sends; the day on which it is withdrawn, and nothing else comes."""
    await world.applicant(draft=True)
    await world.mails()
    days = await world.value(
        "select min((rules->'retentionDays'->>'DRAFT_APPLICATION')::int) from ruleset where trust_id = $1",
        await world.trust_id(CARE),
    )
    return await world.today() + timedelta(days=days + 1)


def test_what_is_over_is_taken_on_its_day_in_a_year_in_which_nothing_happens(
    database: str, copy: str, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    day = in_a_world(database, tmp_path, begin_draft)

    status, told = command(database, "rehearse", CARE, "--days", "100")

    assert status == 0, told
    (line,) = [line for line in told.splitlines() if "a new day" in line and "drafts dropped" in line]
    assert line.startswith(f"{day} 00:00  a new day -> drafts dropped: 1"), told
    assert "the end -> nothing to do" in told


async def waiting_papers(world: World) -> str:
    known, _ = await world.member()
    await world.do(CAST, known, **world.paper(await world.open_poll(), "FOR"))
    return str(await world.value("select count(*) from ballot_inbox"))


def test_a_copy_opens_no_paper_before_its_time_and_is_nobodys_world(
    database: str, copy: str, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    assert in_a_world(database, tmp_path, waiting_papers) == "2"
    assert "not over" in command(database, "rehearse", CARE, "--in-place", name_of(database))[1]

    assert command(database, "rehearse", CARE, "--days", "30")[0] == 0

    found = "select (select count(*) from ballot_inbox) + (select count(*) from ballot_paper)"
    assert asyncio.run(execute(copy, found)) == 0
    assert asyncio.run(execute(database, "select count(*) from ballot_inbox")) == 2
    assert asyncio.run(execute(copy, "select app_now() - transaction_timestamp() > interval '29 days'"))
    connect_right = "select has_database_privilege('public', current_database(), 'connect')"
    assert asyncio.run(execute(database, connect_right)) is True
    assert asyncio.run(execute(copy, connect_right)) is False


def test_files_that_wait_are_checked_and_applied_as_the_worker_would(
    database: str, copy: str, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    async def two_files(world: World) -> str:
        officer = await world.officer(Role.MEMBERSHIP_OFFICER)
        job, _, _ = await checked(world, officer, people("Ada,Lovelace,Parent,118365,1,,ada@example.org,,,,Y"))
        await world.do(APPLY_IMPORT, officer, id=job)
        await upload(world, officer, people("Bea,Potter,Parent,118365,1,,bea@example.org,,,,Y"))
        await world.mails()
        return officer.trust

    trust = in_a_world(database, tmp_path, two_files)

    status, told = command(database, "rehearse", trust, "--days", "2")

    assert status == 0, told
    assert "now -> files of people checked or applied: 2" in told
    statuses = "select string_agg(status, ' ' order by id) from import_job"
    assert asyncio.run(execute(copy, statuses)) == "APPLIED CHECKED"
    assert asyncio.run(execute(copy, "select count(*) from person where email = 'ada@example.org'")) == 1
    assert asyncio.run(execute(database, statuses)) == "APPLYING UPLOADED"
    assert asyncio.run(execute(database, "select count(*) from person where email = 'ada@example.org'")) == 0


KILLED = """
import os, signal, sys
import asyncpg
execute, last = asyncpg.Connection.execute, sys.argv.pop()
async def execute_and_die(self, statement, *arguments, **options):
    done = await execute(self, statement, *arguments, **options)
    if statement.startswith(last):
        os.kill(os.getpid(), signal.SIGKILL)
    return done
asyncpg.Connection.execute = execute_and_die
from api.__main__ import main
main()
"""


@pytest.mark.parametrize("last", ["create database", "comment on database", "revoke all on database", "alter database"])
def test_a_rehearsal_that_is_killed_leaves_nothing_that_is_served(
    database: str,
    copy: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: Callable[..., tuple[int, str]],
    last: str,
) -> None:
    in_a_world(database, tmp_path, waiting_papers)
    name = name_of(database)
    left = f"select array_agg(datname::text) from pg_database where datname like '{name}\\_%'"

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, "rehearse", CARE, last], cwd=ROOT, env={**os.environ, "DATABASE_URL": database}
    )

    assert killed.returncode == -signal.SIGKILL
    (found,) = asyncio.run(execute(database, left))
    assert found == (name_of(copy) if last == "alter database" else name + clock.UNFINISHED)
    there = with_database(database, found)
    for serving in (["serve"], ["worker"], ["load"]):
        status, told = command(there, *serving)
        assert (status, "rehears" in told) == (1, True)
    if found != name_of(copy):
        monkeypatch.setenv("SHIFTED_CLOCK", "allowed")
        assert "never finished" in command(there, "serve")[1]
        assert "never finished" in command(there, "worker")[1]
    wait_until_alone(database)
    assert command(database, "rehearse", CARE, "--days", "1")[0] == 0
    assert asyncio.run(execute(database, left)) == [name_of(copy)]


def test_in_place_and_back_again(database: str, tmp_path: Path, command: Callable[..., tuple[int, str]]) -> None:
    async def rights(url: str) -> timedelta:
        connection = await connect(url)
        shift = await clock.shift_of(connection)
        await connection.close()
        return shift

    before = asyncio.run(rights(database))
    status, told = command(database, "rehearse", CARE, "--in-place", name_of(database), "--days", "30")
    assert status == 0, told
    assert "rehearse --end" in told
    assert asyncio.run(rights(database)) - before > timedelta(days=29)
    status, told = command(database, "serve")
    assert (status, "rehearse --end" in told) == (1, True)
    status, told = command(database, "import", "data/members_sample.csv", "--trust", CARE, "--officer", "x@example.org")
    assert (status, "rehearse --end" in told) == (1, True), "nothing is written under a shifted clock"
    assert command(database, "rehearse", "--end")[0] == 0
    assert "was not shifted" in command(database, "rehearse", "--end")[1]
    assert asyncio.run(rights(database)) == timedelta()
