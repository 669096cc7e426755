"""Who rehearses, and what they are told: a sentence each, without a password."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from api.cli.rehearse import _afterwards, without_password
from db.connection import connect
from db.rehearsal import MARK
from tests.api.rehearsals import as_login, execute, in_a_world, name_of, open_poll
from tests.db.logins import owned_by_a_login
from tests.world import CARE, World


def test_a_password_is_shown_in_no_form_of_url() -> None:
    assert without_password("postgresql://a:S3CRET@h/d") == "postgresql://a:***@h/d"
    assert without_password("postgresql://a@/d?host=/tmp&password=S3CRET&x=1") == (
        "postgresql://a@/d?host=/tmp&password=***&x=1"
    )


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
    with owned_by_a_login(database) as url:
        try:
            status, told = command(url, "rehearse", CARE, "--days", "30")
        finally:
            asyncio.run(execute(server_url, f'drop database if exists "{name_of(copy)}" with (force)', "select 1"))
    assert status == 0, told
    assert "poll closes" in told


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
