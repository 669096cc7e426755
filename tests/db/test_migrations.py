"""Migrations: up, down, up again, on what is there; by several at once; and never waiting long for a lock."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator

import pytest
from alembic.script import ScriptDirectory
from asyncpg import CheckViolationError

from db import catalogue, embedded, migrate
from db.connection import Connection, connect, with_database
from db.migrate import MigrationError
from db.tables import METADATA
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login
from tests.db.rows import fill_empty_tables

SCRIPTS = ScriptDirectory.from_config(migrate.config())
NEWEST_FIRST = list(SCRIPTS.walk_revisions())
FIRST_REVERSIBLE = "0004"  # those before were never run by anybody but us
RESOLUTION = ("resolution", "resolution_reason", "resolved_by_id", "resolved_at")
# what can't come back after a revision was undone, because it is new there: tables, or "table.column"
LOST_BY_DOWN: dict[str, set[str]] = {
    "0009": {f"import_job.{name}" for name in ("applied_by_id", "applications", "tries")},
    "0011": {
        f"trust.{name}"
        for name in (
            *("contact_email", "telephone", "address", "website"),
            *("articles_url", "privacy_notice", "logo_url", "languages"),
        )
    },
    "0013": {"credential.id"},
    "0015": {"import_job.last_used_at"},
    "0017": {"relationship.end_known_on"},
    "0018": {"contest.roll_salt"},
    "0019": {"person.erased_on"},
    "0020": {"notice.withdrawn_at"},
    "0021": {"inspection_request.email"},
    "0027": {"authorisation.application_id"},
    "0028": {"guardianship.source"},  # whoever was confirmed stays so
    "0029": {"person.declared"},
    "0031": {"failed_duty"},
    "0032": {f"import_row.{name}" for name in ("alike_people", "alike_lines", "corrected", *RESOLUTION)},
    "0033": {"person.merged_into_id", "person_merge"},
    "0034": {"people_told_apart"},
    "0035": {"person.admitted_too_young", "person_correction"},
    "0036": {f"person_identifier.{name}" for name in ("id", "school_id", "told_on")},
    "0037": {
        *("school_year_end", "school_year_change"),
        *(f"relationship.{name}" for name in ("verified_on", "year_group_on", "source")),
    },
}


# no election can be held yet; a notice has left or was withdrawn, and the one there is has left
NEVER_FILLED = {"contest.seats", "notice.withdrawn_at"}


@contextlib.asynccontextmanager
async def empty_database(server_url: str) -> AsyncIterator[str]:
    name = f"folkmoot_test_{uuid.uuid4().hex}"
    await embedded.ensure_database(server_url, name)
    try:
        yield with_database(server_url, name)
    finally:
        connection = await connect(server_url)
        await connection.execute(f'drop database "{name}" with (force)')
        await connection.close()


async def tables_of(connection: Connection) -> list[str]:
    found = await connection.fetchval(
        "select array_agg(tablename::text order by tablename) from pg_tables"
        " where schemaname = 'public' and tablename <> 'alembic_version'"
    )
    return list(found or [])


async def contents_of(connection: Connection, without: set[str]) -> dict[str, list[str]]:
    """Every row of every table as JSON, the keys in one order, but for what `without` names."""
    contents = {}
    for table in await tables_of(connection):
        if table not in without:
            hidden = [name.partition(".")[2] for name in without if name.startswith(f"{table}.")]
            rows = await connection.fetch(f"select (to_jsonb(r) - $1::text[])::text as row from {table} r", hidden)
            contents[table] = sorted(row["row"] for row in rows)
    return contents


async def unfilled(connection: Connection) -> set[str]:
    """The columns that are null in every row."""
    columns = [(table.name, column.name) for table in METADATA.tables.values() for column in table.columns]
    asked = ", ".join(f"(select count({column}) from {table}) as {table}__{column}" for table, column in columns)
    counts = await connection.fetchrow(f"select to_jsonb(c)::text from (select {asked}) c")
    assert counts is not None
    return {name.replace("__", ".") for name, filled in json.loads(counts[0]).items() if not filled}


def test_up_down_and_up_again_ends_where_the_code_says(server_url: str, template: str) -> None:
    async def story() -> None:
        async with empty_database(server_url) as url:
            await migrate.upgrade(url)
            assert await catalogue.differences(url) == []
            await migrate.downgrade(url, "base")
            connection = await connect(url)
            assert await tables_of(connection) == []
            await connection.close()
            await migrate.upgrade(url)
            await migrate.upgrade(url)
            assert await catalogue.differences(url) == []

    asyncio.run(story())


def test_undone_and_done_again_one_by_one_nothing_that_was_stored_is_lost(database: str) -> None:
    async def story() -> None:
        connection = await connect(database)
        await fill_empty_tables(connection)
        empty = [table for table, rows in (await contents_of(connection, set())).items() if not rows]
        assert empty == [], "tests/db/rows.py puts a row into every table"
        assert await unfilled(connection) == NEVER_FILLED, "tests/db/rows.py puts a value into every column"
        for script in NEWEST_FIRST:
            below = str(script.down_revision)
            lost = LOST_BY_DOWN.get(script.revision, set())
            before = await contents_of(connection, lost)
            await migrate.downgrade(database, below)
            await migrate.upgrade(database, script.revision)
            assert await contents_of(connection, lost) == before, script.revision
            if script.revision == FIRST_REVERSIBLE:
                break
            await migrate.downgrade(database, below)
        await migrate.upgrade(database)
        await connection.close()
        assert await catalogue.differences(database) == []

    asyncio.run(story())


def test_days_for_ever_become_days(database: str) -> None:
    """Also where row-level security binds the owner."""

    for_ever = (
        "insert into relationship (trust_id, person_id, kind, since, until, source)"
        " select trust_id, id, 'COMMUNITY', '-infinity', 'infinity', 'DECLARED' from person limit 1"
    )
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0015"))
        asyncio.run(execute(database, for_ever))
        asyncio.run(migrate.upgrade(url))

    found = asyncio.run(execute(database, "select since::text || ' ' || until from relationship"))
    assert found == "1900-01-01 2200-12-31"
    with pytest.raises(CheckViolationError, match="relationship_since_finite_check"):
        asyncio.run(execute(database, for_ever))


def test_the_day_of_an_erasure_is_found_in_the_trail(database: str) -> None:
    """Also where row-level security binds the owner; a name that only looks like it is no erasure."""
    fill = (
        "with people as (insert into person (trust_id, given_name, family_name)"
        " select t.id, '(erased)', name from (select id from trust limit 1) t, (values ('(erased)'), ('(erased) too')) v (name)"
        " returning trust_id, id, family_name)"
        " insert into audit_event (trust_id, action, subject_id, at)"
        " select trust_id, 'privacy:person:erased', id, '2026-06-30 23:30+00' from people where family_name = '(erased)'"
    )
    days = "select array_agg(erased_on::text order by family_name) from person where given_name = '(erased)'"
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0018"))
        asyncio.run(execute(database, fill))
        asyncio.run(migrate.upgrade(url))

    assert asyncio.run(execute(database, days)) == ["2026-07-01", None]


def test_three_at_once_make_one_database_and_take_turns_to_migrate_it(server_url: str) -> None:
    name = f"folkmoot_test_{uuid.uuid4().hex}"
    url = with_database(server_url, name)

    async def prepare() -> None:
        await embedded.ensure_database(server_url, name)
        await migrate.upgrade(url)

    async def story() -> None:
        try:
            await asyncio.gather(*(prepare() for _ in range(3)))
            connection = await connect(url)
            versions = await connection.fetch("select version_num from alembic_version")
            await connection.close()
            assert [row["version_num"] for row in versions] == [SCRIPTS.get_current_head()]
            assert await catalogue.differences(url) == []
        finally:
            connection = await connect(server_url)
            await connection.execute(f'drop database if exists "{name}" with (force)')
            await connection.close()

    asyncio.run(story())


def test_a_table_in_use_stops_a_migration_within_seconds_and_nothing_is_half_changed(database: str) -> None:
    async def story() -> None:
        reader = await connect(database)
        await reader.execute("begin; select count(*) from audit_event; select count(*) from poll")
        before = await contents_of(reader, set())

        with pytest.raises(MigrationError, match="in use"):
            await asyncio.wait_for(migrate.downgrade(database, "0003"), 30)

        await reader.execute("rollback")
        assert await contents_of(reader, set()) == before
        await reader.close()
        await migrate.upgrade(database)  # revisions before the one that was stopped were undone, each as a whole
        assert await catalogue.differences(database) == []
        await migrate.downgrade(database, "0003")

    asyncio.run(story())


def test_who_waits_for_another_that_migrates_gives_up_in_the_end(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "LONGEST_WAIT", 0.5)

    async def story() -> None:
        other = await connect(database)
        assert await other.fetchval(migrate.TURN)

        with pytest.raises(MigrationError, match="another process"):
            await migrate.upgrade(database)

        await other.close()
        await migrate.upgrade(database)

    asyncio.run(story())


def test_the_majority_of_older_rules_becomes_that_of_ordinary_resolutions_and_back(server_url: str) -> None:
    async def story() -> None:
        async with empty_database(server_url) as url:
            await migrate.upgrade(url, "0002")
            connection = await connect(url)
            await connection.execute("set session_replication_role = replica")  # a ruleset without its trust
            before = {"ordinaryMajority": "3/5", "smallRoll": 10}
            await connection.execute(
                "insert into ruleset (trust_id, version, effective_from, rules) values ($1, 1, '2020-01-01', $2)",
                uuid.uuid4(),
                json.dumps(before),
            )
            await migrate.upgrade(url, "0003")
            after = json.loads(await connection.fetchval("select rules from ruleset"))
            assert after["resolutionMajorities"]["ORDINARY"] == {
                "share": "3/5", "atLeast": False, "ofAllEntitled": False
            }  # fmt: skip
            assert set(after) == {"resolutionMajorities", "resolutionQuorum", "smallRoll"}
            assert set(after["resolutionMajorities"]) == {"ORDINARY", "SPECIAL", "WRITTEN", "WRITTEN_SPECIAL"}
            await migrate.downgrade(url, "0002")
            assert json.loads(await connection.fetchval("select rules from ruleset")) == before
            await connection.close()

    asyncio.run(story())


def test_a_mail_of_a_notice_goes_after_what_answers_somebody(server_url: str) -> None:
    async def story() -> None:
        async with empty_database(server_url) as url:
            await migrate.upgrade(url, "0009")
            connection = await connect(url)
            await connection.execute("set session_replication_role = replica")  # mails without their trust
            trust_id, notice_id = uuid.uuid4(), uuid.uuid4()
            await connection.execute(
                "insert into notice (trust_id, id, kind, channel, person_id, language, subject)"
                " values ($1, $2, 'ADMITTED', 'EMAIL', $1, 'en', 'S')",
                trust_id,
                notice_id,
            )
            for mail_id in (notice_id, uuid.uuid4()):
                await connection.execute(
                    "insert into outbox (trust_id, id, recipient, subject) values ($1, $2, 'ann@example.org', 'S')",
                    trust_id,
                    mail_id,
                )

            await migrate.upgrade(url, "0010")

            found = await connection.fetch("select id, priority from outbox")
            assert {row["id"] == notice_id: row["priority"] for row in found} == {True: 1, False: 0}
            await connection.close()

    asyncio.run(story())


def test_every_table_forces_row_level_security_and_every_foreign_key_keeps_its_trust(database: str) -> None:
    async def story() -> None:
        connection = await connect(database)
        open_tables = await connection.fetch(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
            " and not (relrowsecurity and relforcerowsecurity) and relname <> 'alembic_version'"
        )
        owned = await connection.fetchval(
            "select count(*) from pg_tables where tableowner in ('folkmoot_app', 'folkmoot_worker')"
        )
        roles = await connection.fetch("select rolsuper, rolbypassrls from pg_roles where rolname like 'folkmoot\\_%'")
        await connection.close()
        assert [row["relname"] for row in open_tables] == []
        assert owned == 0
        assert [tuple(row) for row in roles] == [(False, False)] * 3

    asyncio.run(story())
    for table in METADATA.tables.values():
        for key in table.foreign_key_constraints:
            assert next(iter(key.columns)).name == "trust_id", f"{table.name}: {key.name}"
        if table.name != "trust":
            assert next(iter(table.primary_key.columns)).name == "trust_id", table.name
