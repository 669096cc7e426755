"""The database is what the code says, and whatever is not is named."""

import asyncio
import hashlib
import uuid
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import CheckConstraint, Connection, text

from db import catalogue, clock, migrate
from db.access import Access
from db.columns import listed
from db.connection import connect, with_database
from db.migrations import functions
from db.migrations.security import security
from db.tables import ACCESS, AREAS, METADATA
from domain.membership.lifecycle import MembershipStatus

# what somebody did by hand -> what must be named, and nothing else
GRANTS = {
    "grant select on person to folkmoot_worker": ["person: folkmoot_worker may select"],
    "grant delete on audit_event to folkmoot_app": ["audit_event: folkmoot_app may delete"],
    "grant select (email) on session to folkmoot_worker": ["session: folkmoot_worker may select columns"],
    "grant select on poll to public": ["poll: PUBLIC may select"],
    "grant select on membership to folkmoot_app with grant option": [
        "membership: folkmoot_app may select",
        "membership: folkmoot_app may select and pass it on",
    ],
    "grant update on alembic_version to folkmoot_app": ["alembic_version: folkmoot_app may update"],
    "revoke update on school from folkmoot_app": ["school: folkmoot_app may update"],
    "revoke maintain on import_row from folkmoot_app": ["import_row: folkmoot_app may maintain"],
    "revoke truncate on ballot_inbox from folkmoot_worker": ["ballot_inbox: folkmoot_worker may truncate"],
    "revoke select (closes_at) on poll from folkmoot_worker": ["poll: folkmoot_worker may select columns"],
    "grant create on schema public to folkmoot_app": ["schema public: folkmoot_app may create"],
    "alter default privileges in schema public grant select on tables to folkmoot_worker": ["default privileges"],
}
POLICIES = {
    "alter table school no force row level security": ["table school"],
    "alter table removal disable row level security": ["table removal"],
    "alter policy own_trust on person using (true)": ["policy own_trust of person"],
    "alter policy own_trust on notice with check (true)": ["policy own_trust of notice"],
    "alter policy own_trust on session to public": ["policy own_trust of session"],
    "alter policy everybody on trust using (slug <> '')": ["policy everybody of trust"],
    "create policy more on person for select to folkmoot_worker using (true)": ["policy more of person"],
    "drop policy every_trust on poll": ["policy every_trust of poll"],
}
FUNCTIONS = {
    "grant execute on function members_named(text) to public": ["function members_named(text)"],
    "revoke execute on function folded_name(text) from public": ["function folded_name(text)"],
    "alter function name_patterns(text) security definer": ["function name_patterns(text)"],
    "create function more() returns int language sql return 1": ["function more()"],
    "create or replace function app_now() returns timestamptz language sql stable parallel safe"
    " return statement_timestamp() + make_interval(secs => random())": ["function app_now()"],
}
BODIES = {
    "create or replace function legal_today() returns date language sql stable parallel safe return date 'epoch'": [
        "function legal_today()"
    ],
    "create or replace function members_named(wanted text) returns setof uuid language sql stable security definer rows 100"
    " return (select id from membership limit 1)": ["function members_named(text)"],
    "alter function app_now() volatile": ["function app_now()"],
    "alter function folded_name(text) set search_path = pg_temp": ["function folded_name(text)"],
}
OWNERS = {
    "alter function members_named(text) owner to current_user": ["function members_named(text)"],
    "alter function folded_name(text) owner to folkmoot_search": ["function folded_name(text)"],
    "alter function legal_today() owner to pg_monitor": ["function legal_today()"],
    "alter table ballot_paper owner to folkmoot_search": ["table ballot_paper"],
}
BEHIND = {
    "create rule hush as on insert to audit_event do instead nothing": ["rule hush of audit_event"],
    "create rule tell as on insert to ballot_inbox do also notify papers": ["rule tell of ballot_inbox"],
    "alter table roll_entry disable trigger all": ["foreign keys of roll_entry"],
    "create schema more": [],
    "create table more.paper () inherits (ballot_paper)": ["table more.paper under ballot_paper"],
    "create view more.papers as select * from ballot_paper": [],
    "grant usage on schema more to public": ["schema more: PUBLIC may usage"],
    "grant select on more.papers to folkmoot_app": ["role folkmoot_app: rights on view more.papers"],
    "create publication papers for table ballot_inbox, roll_entry": ["publication papers"],
    "create function more.told() returns event_trigger language plpgsql as $$ begin end $$": [
        "function more.told in plpgsql"
    ],
    "create function more.asked(q text) returns text language sql security definer as $$ select q $$": [
        "function more.asked in sql"
    ],
    "create operator public.!# (rightarg = text, function = more.asked)": ["operator !#(NONE,text)"],
    "create function helper(q text) returns text language sql security definer as $$ select q $$": [],
    "alter extension pg_trgm add function helper(text)": ["function public.helper in sql"],
    "create event trigger told on ddl_command_end execute function more.told()": ["event trigger told"],
}
ROLES = {
    "alter role folkmoot_app superuser": ["role folkmoot_app: superuser"],
    "alter role folkmoot_app bypassrls": ["role folkmoot_app: bypassrls"],
    "alter role folkmoot_app noinherit": ["role folkmoot_app: noinherit"],
    "alter role folkmoot_worker createdb createrole": [
        "role folkmoot_worker: createdb",
        "role folkmoot_worker: createrole",
    ],
    "alter role folkmoot_search login replication": [
        "role folkmoot_search: login",
        "role folkmoot_search: replication",
    ],
    "grant folkmoot_worker to folkmoot_app": ["role folkmoot_app: member of folkmoot_worker"],
    "grant pg_read_all_data to folkmoot_search": ["role folkmoot_search: member of pg_read_all_data"],
    "grant folkmoot_search to pg_monitor": ["role pg_monitor: member of folkmoot_search"],
    "alter role folkmoot_app set search_path = pg_temp": ["setting search_path of folkmoot_app"],
    "do $$ begin execute format('alter database %I set app.trust = x', current_database());end $$": [
        "setting app.trust"
    ],
    "grant set on parameter session_replication_role to folkmoot_app": [
        "role folkmoot_app: rights on parameter session_replication_role"
    ],
    "grant execute on function pg_read_file(text) to folkmoot_worker": [
        "role folkmoot_worker: rights on function pg_read_file(text)"
    ],
}
COLUMNS = {
    "alter table outbox alter tries set default 1": ["column outbox.tries"],
    "alter table person alter language drop default": ["column person.language"],
    "alter table notice alter language drop not null": ["column notice.language"],
    "alter table membership_transition alter ruleset_version type bigint": [
        "column membership_transition.ruleset_version"
    ],
    "alter table person alter given_key set expression as (lower(given_name))": ["column person.given_key"],
    "alter table school add more text": ["column school.more"],
    "alter table school drop website": ["column school.website"],
    'alter table partner alter part type text collate "C"': ["column partner.part"],
    "alter table credential reset (fillfactor)": ["table credential"],
    "create table more (id uuid)": ["column more.id", "table more"],
    "create view seen as select 1 as one": ["table seen"],
    "create trigger more before update on trust for each row execute function suppress_redundant_updates_trigger()": [
        "trigger more of trust"
    ],
}
CONSTRAINTS = {
    "alter table membership drop constraint membership_status_check, add constraint membership_status_check check"
    f" (status in ({listed(set(MembershipStatus) - {MembershipStatus.DECEASED})}))": [
        "constraint membership_status_check of membership"
    ],
    "alter table poll drop constraint poll_dates_check, add constraint poll_dates_check check (opens_at <= closes_at)": [
        "constraint poll_dates_check of poll"
    ],
    "alter table membership drop constraint membership_holder_check": [
        "constraint membership_holder_check of membership"
    ],
    "alter table removal drop constraint removal_stage_check, add constraint removal_stage_check check (stage <> '')": [
        "constraint removal_stage_check of removal"
    ],
    "alter table notice drop constraint notice_trust_id_person_id_fk, add constraint notice_trust_id_person_id_fk"
    " foreign key (trust_id, person_id) references person (trust_id, id) on delete cascade": [
        "constraint notice_trust_id_person_id_fk of notice"
    ],
    "alter table guardianship drop constraint guardianship_two_people_check,"
    " add constraint guardianship_two_people_check check (child_id <> guardian_id) not valid": [
        "constraint guardianship_two_people_check of guardianship"
    ],
    "drop index outbox_waiting_idx; create index outbox_waiting_idx on outbox (try_at)": [
        "index outbox_waiting_idx of outbox"
    ],
    "drop index role_grant_held_key;"
    " create index role_grant_held_key on role_grant (trust_id, person_id, role) where ended_at is null": [
        "index role_grant_held_key of role_grant"
    ],
    "create index more on school (trust_id, town)": ["index more of school"],
    "drop index membership_search_idx": ["index membership_search_idx of membership"],
}


def test_the_database_is_what_the_code_says(database: str) -> None:
    assert asyncio.run(catalogue.differences(database)) == []
    assert asyncio.run(catalogue.differences(database)) == [], "the comparison left something behind"


def test_the_same_where_the_owner_is_no_superuser(server_url: str) -> None:
    name = f"folkmoot_test_{uuid.uuid4().hex}"
    login = f"owner_{name[-8:]}"
    url = with_database(server_url, name)
    there = url.replace(urlsplit(url).netloc, f"{login}@", 1)

    async def story() -> None:
        superuser = await connect(server_url)
        await superuser.execute(f"create role {login} login createrole")
        await superuser.execute(f"create database {name} owner {login}")
        # only while it owns a database: another test would be told of it
        await superuser.execute(f"grant {', '.join(catalogue.ROLES)} to {login}")
        try:
            await migrate.upgrade(there)
            assert await catalogue.differences(there) == []
            assert await catalogue.differences(url) == [], "a superuser sees the same"
            assert login in (await catalogue.acting(there))["folkmoot_worker"]
            owner = await connect(there)
            await owner.execute("create rule hush as on insert to audit_event do instead nothing")
            await owner.execute("create or replace function legal_today() returns date return date 'epoch'")
            await owner.close()
            found = [each.split(":")[0] for each in await catalogue.differences(there)]
            assert found == ["function legal_today()", "rule hush of audit_event"]
        finally:
            await superuser.execute(f"revoke {', '.join(catalogue.ROLES)} from {login} cascade")
            await superuser.execute(f"drop database {name} with (force)")
            await superuser.execute(f"drop role {login}")
            await superuser.close()

    asyncio.run(story())


def test_by_how_much_the_clock_is_shifted_is_no_difference(database: str) -> None:
    async def story() -> None:
        owner = await connect(database)
        for shift in (timedelta(days=3), timedelta(days=-3), timedelta(microseconds=1)):
            await clock.shift_by(owner, shift)
            assert await catalogue.differences(database) == []
        await owner.close()

    asyncio.run(story())


@pytest.mark.parametrize("done", [GRANTS, POLICIES, FUNCTIONS, BODIES, OWNERS, BEHIND, ROLES, COLUMNS, CONSTRAINTS])
def test_what_is_not_as_declared_is_named(database: str, done: dict[str, list[str]]) -> None:
    def look(connection: Connection) -> list[str]:
        for statements in done:
            for statement in statements.split("; "):
                connection.exec_driver_sql(statement)
        return catalogue.compare(connection)

    found = asyncio.run(migrate.with_connection(database, look))

    expected = {name for names in done.values() for name in names}
    named = {difference.split(": declared as")[0] for difference in found}
    assert {"default privileges" if name.startswith("default privileges") else name for name in named} == expected


def test_a_closed_list_is_named_with_what_it_lacks(database: str) -> None:
    def look(connection: Connection) -> list[str]:
        connection.exec_driver_sql(next(iter(CONSTRAINTS)))
        return catalogue.compare(connection)

    (difference,) = asyncio.run(migrate.with_connection(database, look))
    declared, found = difference.split("found as")
    assert "'DECEASED'" in declared
    assert "'DECEASED'" not in found


def test_every_closed_list_is_in_the_catalogue_with_the_values_of_the_domain(database: str) -> None:
    lists = {
        str(constraint.name): {member.value for member in constraint.info["values"]}
        for table in METADATA.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint) and constraint.info
    }

    def read(connection: Connection) -> dict[str, set[str]]:
        found = connection.execute(
            text(
                "select conname, array(select m[1] from regexp_matches(pg_get_constraintdef(oid), '''([^'']*)''', 'g') m)"
                " from pg_constraint where contype = 'c' and conname = any(:names)"
            ),
            {"names": list(lists)},
        )
        return {name: set(values) for name, values in found}

    assert len(lists) > 20
    assert asyncio.run(migrate.with_connection(database, read)) == lists


def test_every_table_declares_what_may_be_done_with_it() -> None:
    files = Path(catalogue.__file__).parent.glob("*/*tables.py")
    assert {row.__module__ for row in AREAS} == {f"db.{path.parent.name}.{path.stem}" for path in files}
    assert set(ACCESS) == set(METADATA.tables)
    assert "__access__" not in {name for row in AREAS for name in row.model_fields}


def test_the_words_of_migrations_do_not_change() -> None:
    """Migrations that were run somewhere must say the same for ever."""
    own = "trust_id = nullif(current_setting('app.trust', true), '')::uuid"
    assert security("thing", "select", "delete", "select (id)") == [
        "alter table thing enable row level security",
        "alter table thing force row level security",
        f"create policy own_trust on thing to folkmoot_app using ({own}) with check ({own})",
        "create policy every_trust on thing to folkmoot_worker using (true) with check (true)",
        "create policy every_trust_to_search on thing for select to folkmoot_search using (true)",
        "grant select on thing to folkmoot_app",
        "grant delete on thing to folkmoot_worker",
        "grant select (id) on thing to folkmoot_search",
    ]
    assert len(Access(app="select").statements("thing")) == 4
    digests = {name: hashlib.sha256(str(made).encode()).hexdigest()[:12] for name, made in vars(functions).items()}
    assert (
        digests.items()
        >= {
            "APP_NOW": "13e2b0b8db02",
            "LEGAL_TODAY": "322a6ea6c5c4",
            "FOLDED_NAME": "74ec99f0ecb9",
            "NAME_PATTERNS": "3685b26f4a4d",
            "MEMBERS_NAMED": "3091e9f1c77e",
        }.items()
    )
