"""Migrations: up, down, up again; and the tables in the code are what they make."""

import asyncio
import json
import uuid

from db import catalogue, embedded, migrate
from db.connection import connect, with_database
from db.tables import METADATA


def test_up_down_and_up_again_ends_where_the_code_says(server_url: str, template: str) -> None:
    name = f"folkmoot_test_{uuid.uuid4().hex}"
    url = with_database(server_url, name)

    async def story() -> None:
        await embedded.ensure_database(server_url, name)
        try:
            await migrate.upgrade(url)
            assert await catalogue.differences(url) == []
            await migrate.downgrade(url, "base")
            connection = await connect(url)
            left = await connection.fetchval(
                "select array_agg(tablename::text) from pg_tables where schemaname = 'public' and tablename <> 'alembic_version'"
            )
            await connection.close()
            assert left is None
            await migrate.upgrade(url)
            await migrate.upgrade(url)
            assert await catalogue.differences(url) == []
        finally:
            connection = await connect(server_url)
            await connection.execute(f'drop database "{name}" with (force)')
            await connection.close()

    asyncio.run(story())


def test_the_majority_of_older_rules_becomes_that_of_ordinary_resolutions_and_back(server_url: str) -> None:
    name = f"folkmoot_test_{uuid.uuid4().hex}"
    url = with_database(server_url, name)

    async def story() -> None:
        await embedded.ensure_database(server_url, name)
        try:
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
        finally:
            connection = await connect(server_url)
            await connection.execute(f'drop database "{name}" with (force)')
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
