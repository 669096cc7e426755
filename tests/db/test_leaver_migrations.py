"""What migrations make of what schools' systems call people, of ends of school years and of verified facts."""

import asyncio

import pytest

from db import migrate
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login

PEOPLE = """
with trust as (select t.id, array_agg(s.id order by s.urn) as schools from trust t join school s on s.trust_id = t.id
  where t.slug = 'care-foundation-trust' group by 1),
people as (insert into person (trust_id, given_name, family_name) select t.id, name, '' from trust t,
  unnest('{of two,of none,declared}'::text[]) as name returning trust_id, id, given_name),
told as (insert into relationship (trust_id, person_id, school_id, kind, since, source)
  select p.trust_id, p.id, t.schools[n], 'STAFF', '2026-01-01', case given_name when 'declared' then 'DECLARED' else 'VERIFIED' end
  from people p, trust t, (values (1), (2)) each (n) where given_name <> 'of none' returning trust_id, id, person_id, school_id)
"""
IDENTIFIERS = f"""{PEOPLE} insert into person_identifier (trust_id, system, identifier, person_id)
select trust_id, 'oneroster', given_name, id from people"""
KEPT = """select string_agg(i.identifier || ':' || (i.school_id is not null), ' ' order by i.identifier, i.school_id)
  from person_identifier i join person p on p.id = i.person_id where p.family_name = ''"""
EVENTS = f"""{PEOPLE}, ended as (insert into audit_event (trust_id, action, subject_id, details, at)
  select id, 'people:year:' || what, schools[1], jsonb_build_object('day', day), at::timestamptz from trust, (values
    ('ended', '2026-07-20', '2026-07-21Z'), ('ended', '2025-07-20', '2025-07-21Z'), ('undone', '2026-07-20', '2026-07-22Z'))
    each (what, day, at))
insert into audit_event (trust_id, action, subject_id, details, at)
select trust_id, 'people:relationship:verified', person_id, jsonb_build_object('relationship_id', id), '2026-02-03Z' from told"""
YEARS = "select string_agg(day || ':' || (ended_at is null), ' ' order by day) from school_year_end"
VERIFIED = """select string_agg(distinct p.given_name || ' ' || r.source || ' ' || coalesce(r.verified_on::text, 'never'), ', ')
  from relationship r join person p on p.id = r.person_id where p.family_name = ''"""


@pytest.mark.parametrize("is_owner_bound", [False, True])
def test_an_identifier_is_of_the_schools_whose_systems_told_of_the_person_or_else_of_any(
    database: str, is_owner_bound: bool
) -> None:
    async def story(url: str) -> None:
        await migrate.downgrade(url, "0029")
        await execute(database, IDENTIFIERS, "select 1")
        await migrate.upgrade(url, "0036")
        found = await execute(database, "select 1", KEPT)
        assert found == "declared:false of none:false of two:true of two:true"
        await migrate.downgrade(url, "0029")
        back = "select count(*) from person_identifier"
        assert await execute(database, "select 1", back) == 3
        await migrate.upgrade(url)

    if is_owner_bound:
        with owned_by_a_login(database) as url:
            asyncio.run(story(url))
    else:
        asyncio.run(story(database))


def test_ends_of_years_stay_and_what_was_verified_says_when(database: str) -> None:
    async def story(url: str) -> None:
        await migrate.downgrade(url, "0036")
        await execute(database, EVENTS, "select 1")
        await migrate.upgrade(url)

    with owned_by_a_login(database) as url:
        asyncio.run(story(url))

    assert asyncio.run(execute(database, "select 1", YEARS)) == "2025-07-20:true"
    told = asyncio.run(execute(database, "select 1", VERIFIED))
    assert told == "declared DECLARED never, of two VERIFIED 2026-02-03"
