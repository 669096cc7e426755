"""What the migration makes of those who said that they are a child's guardian."""

import asyncio
from datetime import date

from db import migrate
from db.connection import connect
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login

FILL = """
with trust as (select t.id, c.id as constituency_id from trust t join constituency c on c.trust_id = t.id limit 1),
people as (insert into person (trust_id, given_name, family_name)
  select t.id, name, '' from trust t, unnest('{guardian,officer,SUBMITTED,REFUSED,WITHDRAWN,ADMITTED,AT_ONCE}'::text[]) as name
  returning trust_id, id, given_name),
children as (select c.*, g.id as guardian_id, o.id as officer_id from people c, people g, people o
  where g.given_name = 'guardian' and o.given_name = 'officer' and c.given_name not in ('guardian', 'officer')),
kept as (insert into guardianship (trust_id, child_id, guardian_id, since, source)
  select c.trust_id, c.id, each.id, '2026-01-01', each.source from children c,
  lateral (values (c.guardian_id, 'DECLARED'), (c.officer_id, 'VERIFIED')) each (id, source)),
consented as (insert into guardian_consent (trust_id, child_id, guardian_id, since, source)
  select c.trust_id, c.id, each, '2026-01-01', 'FORM' from children c, unnest(array[c.guardian_id, c.officer_id]) each),
applied as (insert into membership (trust_id, person_id, constituency_id, status, name, service_address, ruleset_version, number, registered_on)
  select c.trust_id, c.id, t.constituency_id, replace(c.given_name, 'AT_ONCE', 'ADMITTED'), c.given_name, '', 1,
    case c.given_name when 'ADMITTED' then 1000001 when 'AT_ONCE' then 1000002 end,
    case when c.given_name in ('ADMITTED', 'AT_ONCE') then date '2026-01-02' end
  from children c, trust t returning trust_id, id, person_id, status, name)
insert into membership_transition (trust_id, membership_id, status, actor_id, ruleset_version)
select m.trust_id, m.id, m.status, case m.name when 'AT_ONCE' then c.guardian_id else c.officer_id end, 1
from applied m join children c on c.id = m.person_id"""
FOUND = """select array_agg(concat_ws(' ', c.given_name, g.source, case when g.until = legal_today() then 'ends' end,
    case when k.until = legal_today() then 'with consent' end))
  from guardianship g join person c on c.id = g.child_id join person o on o.id = g.guardian_id and o.given_name = 'guardian'
  join guardian_consent k on k.child_id = g.child_id and k.guardian_id = g.guardian_id"""
OTHERS = """select count(*) from guardianship g join guardian_consent k using (child_id, guardian_id)
  join person o on o.id = g.guardian_id and o.given_name = 'officer' where g.until is null and k.until is null"""


def test_a_word_is_confirmed_by_who_admitted_the_child_and_ended_by_a_refusal(database: str) -> None:
    """Also where row-level security binds the owner."""
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0027"))
        asyncio.run(execute(database, f"{FILL}", "select 1"))
        asyncio.run(migrate.upgrade(url))

    assert sorted(asyncio.run(execute(database, FOUND))) == [
        "ADMITTED VERIFIED",
        "AT_ONCE DECLARED",
        "REFUSED DECLARED ends with consent",
        "SUBMITTED DECLARED",
        "WITHDRAWN DECLARED ends with consent",
    ]
    assert asyncio.run(execute(database, OTHERS)) == 5, "whom an officer recorded stays"


def test_what_guardians_said_loses_the_birthday_alone(database: str) -> None:
    """Also that of somebody born on 29 February, and where row-level security binds the owner; a day on which somebody
    ended it stays."""

    async def fill() -> None:
        connection = await connect(database)
        trust, guardian = await connection.fetchrow(
            "select trust_id, min(id::text)::uuid from person group by 1 limit 1"
        )
        for born, until in ((date(2012, 2, 29), None), (date(2013, 2, 28), None), (date(2014, 1, 1), date(2026, 1, 1))):
            await connection.execute(
                "with child as (insert into person (trust_id, given_name, family_name, date_of_birth)"
                " values ($1, 'Cleo', 'Canary', $3) returning id)"
                " insert into guardianship (trust_id, child_id, guardian_id, since, until, source)"
                " select $1, id, $2, '2020-01-01', $4, 'DECLARED' from child",
                trust,
                guardian,
                born,
                until,
            )
        await connection.execute(
            "update ruleset set rules = jsonb_set(rules, '{guardianConsentAge}', '13') where trust_id = $1", trust
        )
        await connection.close()

    def days() -> list[str | None]:
        found: list[str | None] = asyncio.run(
            execute(database, "select array_agg(until::text order by since, id) from guardianship")
        )
        return found

    asyncio.run(fill())
    before = days()
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0011"))
        assert days() == ["2025-03-01", "2026-02-28", "2026-01-01"]
        asyncio.run(migrate.upgrade(url))
    assert days() == before == [None, None, "2026-01-01"]
