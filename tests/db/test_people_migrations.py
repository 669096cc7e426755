"""What migrations make of what is known about people and organisations."""

import asyncio

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
        asyncio.run(migrate.downgrade(url, "0019"))
        asyncio.run(execute(database, fill))
        asyncio.run(migrate.upgrade(url))

    assert sorted(asyncio.run(execute(database, ends))) == [
        *("gone 2021-01-01", "gone today", "gone today"),
        *("there 2021-01-01", "there 2199-01-01", "there never"),
    ]
