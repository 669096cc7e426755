"""What the migration makes of removals that were closed because their membership had ended, or were escaped."""

import asyncio

from db import migrate
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login

FILL = """
with trust as (select id from trust limit 1),
people as (insert into person (trust_id, given_name, family_name) select t.id, name, 'Removal' from trust t,
  unnest('{voted down,appealed well,resigned early,resigned late,converted,open}'::text[]) as name
  returning trust_id, id, given_name),
members as (insert into membership (trust_id, person_id, constituency_id, status, name, service_address, ruleset_version,
    number, registered_on, ceased_on)
  select p.trust_id, p.id, (select min(c.id::text)::uuid from constituency c where c.trust_id = p.trust_id),
    case when given_name like 'resigned%' then 'RESIGNED' when given_name = 'converted' then 'CONVERTED' else 'ADMITTED' end,
    given_name, '', 1, 500000 + row_number() over (), '2026-01-01',
    case when given_name like 'resigned%' or given_name = 'converted' then '2026-03-01'::date end
  from people p returning trust_id, id, person_id, name)
insert into removal (trust_id, membership_id, stage, ground, proposed_by_id, proposed_on, notice_until, decided_on, votes_for,
  votes_against, appeal_decided_on)
select trust_id, id, case when name = 'converted' then 'DECIDED' when name = 'open' then 'APPEALED' else 'DISMISSED' end,
  name, person_id, '2026-02-01', '2026-02-15',
  case when name in ('voted down', 'appealed well', 'resigned late', 'converted', 'open') then '2026-02-16'::date end,
  case when name = 'voted down' then 1 else 5 end, 2, case when name = 'appealed well' then '2026-02-28'::date end
from members"""
SUSPENDED = """
insert into membership (trust_id, person_id, constituency_id, status, name, service_address, ruleset_version, number,
  registered_on, lapses_on)
select trust_id, person_id, (select max(c.id::text)::uuid from constituency c where c.trust_id = m.trust_id), 'SUSPENDED',
  '', '', 1, 600000, '2026-01-01', '2026-09-01' from membership m where name = 'open'"""
FOUND = "select array_agg(ground || ': ' || stage) from removal"
BEFORE = {"voted down: DISMISSED", "appealed well: DISMISSED", "open: APPEALED"}


def test_a_removal_that_was_left_is_told_from_one_that_was_dismissed(database: str) -> None:
    """Also where row-level security binds the owner; undone, a suspended member has no day on which they lapse."""
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0029"))
        asyncio.run(execute(database, FILL, "select 1"))
        asyncio.run(migrate.upgrade(url))
        found = set(asyncio.run(execute(database, FOUND)))
        asyncio.run(execute(database, SUSPENDED, "select 1"))
        asyncio.run(migrate.downgrade(url, "0029"))
        undone = set(asyncio.run(execute(database, FOUND)))

    assert found == BEFORE | {f"{each}: DISCONTINUED" for each in ("resigned early", "resigned late", "converted")}
    assert undone == BEFORE | {f"{each}: DISMISSED" for each in ("resigned early", "resigned late", "converted")}
