"""What the migration knows of who said what about people."""

import asyncio

from db import migrate
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login

FILL = """
with trust as (select id from trust limit 1),
people as (insert into person (trust_id, given_name, family_name, date_of_birth, phone)
  select t.id, name, '', '1979-06-02', '1' from trust t, unnest('{alone,of the school,typed since,told by an officer}'::text[]) as name
  returning trust_id, id, given_name),
told as (insert into relationship (trust_id, person_id, kind, since, source)
  select trust_id, id, 'COMMUNITY', '2026-01-01', case given_name when 'alone' then 'DECLARED' else 'SCHOOL_SYSTEM' end from people)
insert into audit_event (trust_id, action, subject_id, actor_id, details)
select p.trust_id, 'people:contact:changed', p.id, case p.given_name when 'typed since' then p.id else o.id end, '{"what": ["phone"]}'
from people p join people o on o.given_name = 'alone' where p.given_name in ('typed since', 'told by an officer')"""
FOUND = "select array_agg(given_name || ' ' || declared::text) from person where family_name = ''"


def test_of_whom_no_school_told_all_is_their_own_word_and_what_others_typed_is_too(database: str) -> None:
    """Also where row-level security binds the owner."""
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0028"))
        asyncio.run(execute(database, FILL, "select 1"))
        asyncio.run(migrate.upgrade(url))

    assert sorted(asyncio.run(execute(database, FOUND))) == [
        "alone {date_of_birth,phone}",
        "of the school {}",
        "told by an officer {}",
        "typed since {phone}",
    ]
