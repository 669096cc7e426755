"""`python -m api rehearse`: a trust goes through its timetable on a copy, and nothing happens to the original."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import api.__main__ as commands
from api.rehearse import _afterwards, without_password
from api.settings import ROOT
from db import clock
from db.connection import APP_ROLE, WORKER_ROLE, connect, open_pool, with_database
from db.identity.viewers import trusts_by_slug
from db.notifications import outbox
from db.rehearsal import MARK
from domain.identity.viewer import Role
from tests.api.uploads import APPLY_IMPORT, checked, people, upload
from tests.mutations import CAST
from tests.world import CARE, WESSEX, World

PROPOSE = (
    'mutation ($id: ID!) { proposeRemoval(input: {id: $id, ground: "Never seen"}) { removal { id } errors { code } } }'
)
DECIDE = """mutation ($id: ID!) { decideRemoval(input: {id: $id, body: "The forum", minute: "Minute 4", votesFor: 5,
  votesAgainst: 1}) { removal { id } errors { code } } }"""


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs a command in this process; its exit status, and what it printed."""

    def run(url: str, *arguments: str) -> tuple[int, str]:
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setattr("sys.argv", ["api", *arguments])
        capsys.readouterr()
        status = commands.main()
        told = capsys.readouterr()
        return status, told.out + told.err

    return run


@pytest.fixture
def copy(database: str, server_url: str) -> Iterator[str]:
    """The URL of the copy a rehearsal makes, which is dropped in the end."""
    name = name_of(database) + "_rehearsal"
    yield with_database(server_url, name)
    for each in (name, name_of(database) + clock.UNFINISHED):
        asyncio.run(execute(server_url, f'drop database if exists "{each}" with (force)'))


def name_of(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def as_login(url: str, login: str) -> str:
    return url.replace(urlsplit(url).netloc, f"{login}@", 1)


async def execute(url: str, *statements: str) -> Any:
    """What the last statement gives."""
    connection = await connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


def in_a_world(database: str, folder: Path, story: Callable[[World], Awaitable[Any]]) -> Any:
    async def told() -> Any:
        async with World.of(database, folder) as world:
            return await story(world)

    return asyncio.run(told())


async def open_poll(world: World) -> None:
    await world.member()
    await world.open_poll()


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
    await world.do(CAST, known, poll=poll, choice="FOR", key=None)
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
        found = sum([len(await outbox.claim(pool, trust_id)) for trust_id in trusts.values()])
        await pool.close()
        return found

    assert asyncio.run(mails()) == 0, "no worker on the copy writes to anybody"
    assert command(database, "rehearse", CARE, "--days", "1")[0] == 0, "an earlier copy gives way"


async def waiting_papers(world: World) -> str:
    known, _ = await world.member()
    await world.do(CAST, known, poll=await world.open_poll(), choice="FOR", key=None)
    return str(await world.value("select count(*) from ballot_inbox"))


def test_a_copy_opens_no_paper_before_its_time_and_is_nobodys_world(
    database: str, copy: str, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    assert in_a_world(database, tmp_path, waiting_papers) == "2"
    assert "Papers wait" in command(database, "rehearse", CARE, "--in-place", name_of(database))[1]

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


def wait_until_alone(url: str) -> None:
    """Until PostgreSQL has noticed that a process is dead."""
    others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    for _ in range(100):
        if not asyncio.run(execute(url, others)):
            return
        time.sleep(0.05)


def test_a_password_is_shown_in_no_form_of_url() -> None:
    assert without_password("postgresql://a:S3CRET@h/d") == "postgresql://a:***@h/d"
    assert without_password("postgresql://a@/d?host=/tmp&password=S3CRET&x=1") == (
        "postgresql://a@/d?host=/tmp&password=***&x=1"
    )


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


def test_each_refusal_is_one_sentence(
    database: str, server_url: str, copy: str, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    def refused(url: str, *arguments: str) -> str:
        status, told = command(url, "rehearse", *arguments)
        assert status == 1, told
        (line,) = told.strip().splitlines()[-1:]
        assert "Traceback" not in told
        return line

    assert "Name the trust" in refused(database)
    assert "There is no trust 'x'" in refused(database, "x")
    assert "from 1 to 3660" in refused(database, CARE, "--days", "0")
    assert "for good" in refused(database, CARE, "--in-place", "another")
    assert "--end goes alone" in refused(database, CARE, "--end")
    assert "can't be reached" in refused("postgresql://nobody@127.0.0.1:1/none", CARE)
    name = name_of(copy)
    asyncio.run(execute(server_url, f'create database "{name}"', "select 1"))
    assert "is no rehearsal of ours" in refused(database, CARE)
    assert "no tables of Folkmoot" in refused(copy, CARE)
    asyncio.run(execute(server_url, f"comment on database \"{name}\" is '{MARK}'", "select 1"))

    async def while_served(world: World) -> None:
        for arguments in ((CARE,), (CARE, "--in-place", name_of(database))):
            told = await asyncio.to_thread(refused, database, *arguments)
            assert "is in use" in told
            assert "stop the server and the worker first" in told

    in_a_world(database, tmp_path, while_served)

    async def while_looked_at() -> str:
        looking = await connect(copy)
        told = await asyncio.to_thread(refused, database, CARE)
        await looking.close()
        return told

    assert f"{name} is in use" in asyncio.run(while_looked_at())


def test_an_owner_who_is_no_superuser_rehearses(
    database: str, server_url: str, copy: str, tmp_path: Path, command: Callable[..., tuple[int, str]]
) -> None:
    in_a_world(database, tmp_path, open_poll)
    login = f"owner_{name_of(database)[-8:]}"
    asyncio.run(
        execute(
            database,
            f'create role "{login}" login createdb',
            f'grant {APP_ROLE}, {WORKER_ROLE} to "{login}"',
            f'alter database "{name_of(database)}" owner to "{login}"',
            f'alter schema public owner to "{login}"',
            "do $$ declare each text; begin for each in select format('alter table %s owner to %I', c.oid::regclass, owner)"
            " from pg_class c, (select '" + login + "' as owner) o where c.relnamespace = 'public'::regnamespace"
            " and c.relkind = 'r' loop execute each; end loop;"
            " for each in select format('alter function %s owner to %I', p.oid::regprocedure, '"
            + login
            + "') from pg_proc p"
            " where p.proname in ('app_now', 'legal_today') loop execute each; end loop; end $$",
            "select 1",
        )
    )
    try:
        status, told = command(as_login(database, login), "rehearse", CARE, "--days", "30")
        assert status == 0, told
        assert "poll closes" in told
    finally:
        name = name_of(copy)
        asyncio.run(execute(server_url, f'drop database if exists "{name}" with (force)', "select 1"))
        asyncio.run(
            execute(database, f'reassign owned by "{login}" to postgres', f'drop owned by "{login}"', "select 1")
        )
        asyncio.run(execute(server_url, f'drop role "{login}"', "select 1"))


def test_what_can_be_done_afterwards_shows_no_password() -> None:
    url = "postgresql://owner:secret@db.example/folkmoot"

    told = _afterwards(url, url + "_rehearsal", embedded=False)

    assert "secret" not in told
    assert "postgresql://owner:***@db.example/folkmoot_rehearsal" in told
    assert 'drop database "folkmoot_rehearsal"' in told
    assert "make run" in _afterwards(url, url + "_rehearsal", embedded=True)
    assert "--end" in _afterwards(url, url, embedded=False)


def test_only_the_owner_rehearses(database: str, server_url: str, command: Callable[..., tuple[int, str]]) -> None:
    login = f"visitor_{name_of(database)[-8:]}"
    asyncio.run(execute(server_url, f'create role "{login}" login in role folkmoot_app', "select 1"))
    try:
        url = as_login(database, login)
        for arguments in ((CARE,), ("--end",)):
            status, told = command(url, "rehearse", *arguments)
            assert (status, "Only the owner" in told) == (1, True), told
    finally:
        asyncio.run(execute(server_url, f'drop role "{login}"', "select 1"))
