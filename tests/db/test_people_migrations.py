"""What migrations make of what is known about people and organisations."""

import asyncio

import pytest
from asyncpg import UniqueViolationError

from db import migrate
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login


def test_consents_of_those_who_were_erased_before_end(database: str) -> None:
    """Also where row-level security binds the owner; what had ended keeps its day, and others' consents go on."""
    fill = (
        "with trust as (select id from trust limit 1),"
        " people as (insert into person (trust_id, given_name, family_name, erased_on)"
        " select t.id, name, '', day::date from trust t, (values ('child', null), ('gone', '2026-07-01'), ('there', null)) v (name, day)"
        " returning trust_id, id, given_name)"
        " insert into guardian_consent (trust_id, child_id, guardian_id, source, since, until)"
        " select g.trust_id, c.id, g.id, 'FORM', '2020-01-01', until::date from people c, people g,"
        " (values (null), ('2021-01-01'), ('2199-01-01')) v (until) where c.given_name = 'child' and g.given_name <> 'child'"
    )
    ends = (
        "select array_agg(g.given_name || ' ' || case c.until when legal_today() then 'today' else coalesce(c.until::text, 'never') end)"
        " from guardian_consent c join person g on g.id = c.guardian_id"
    )
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0022"))
        asyncio.run(execute(database, fill))
        asyncio.run(migrate.upgrade(url))

    assert sorted(asyncio.run(execute(database, ends))) == [
        *("gone 2021-01-01", "gone today", "gone today"),
        *("there 2021-01-01", "there 2199-01-01", "there never"),
    ]


def test_organisations_that_were_recorded_twice_stay_and_a_dissolved_name_is_free(database: str) -> None:
    """And back: of two of one name the dissolved one is then told by its day. Also where row-level security binds the owner."""
    add = (
        "insert into organisation (trust_id, name, kind, registered_number, dissolved_on)"
        " select t.id, v.name, 'charity', '1123456', v.day::date from (select id from trust limit 1) t, (values {}) v (name, day)"
    )
    names = "select array_agg(regexp_replace(name, ', [-0-9a-f]{36}', '') order by name) from organisation"
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0023"))
        asyncio.run(execute(database, add.format("('The Mill', '2026-01-01'), ('THE MILL', null), ('The mill', null)")))
        asyncio.run(migrate.upgrade(url))
        assert sorted(asyncio.run(execute(database, names))) == ["THE MILL", "The Mill", "The mill"]
        asyncio.run(execute(database, add.format("('The Mill', null)")))
        with pytest.raises(UniqueViolationError):
            asyncio.run(execute(database, add.format("('The Mill', null)")))
        asyncio.run(migrate.downgrade(url, "0023"))
        back = ["THE MILL", "The Mill", "The Mill (dissolved 2026-01-01)", "The mill"]
        assert sorted(asyncio.run(execute(database, names))) == back
        asyncio.run(migrate.upgrade(url))
