"""What the migration makes of those who said they were authorised when an organisation applied."""

import asyncio

from db import migrate
from tests.api.rehearsals import execute
from tests.db.logins import owned_by_a_login

FILL = """
with trust as (select t.id, c.id as constituency_id from trust t join constituency c on c.trust_id = t.id limit 1),
people as (insert into person (trust_id, given_name, family_name)
  select t.id, name, '' from trust t, (values ('sender'), ('deputy')) v (name) returning trust_id, id, given_name),
organisations as (insert into organisation (trust_id, name, kind)
  select t.id, name, '' from trust t, (values ('SUBMITTED'), ('REFUSED'), ('WITHDRAWN'), ('RESIGNED')) v (name) returning trust_id, id, name),
authorised as (insert into authorisation (trust_id, organisation_id, person_id, since, document)
  select o.trust_id, o.id, p.id, '2026-01-01', '' from organisations o, people p),
applied as (insert into membership (trust_id, organisation_id, constituency_id, status, name, service_address,
    ruleset_version, number, registered_on, ceased_on)
  select o.trust_id, o.id, t.constituency_id, o.name, o.name, '', 1, case o.name when 'RESIGNED' then 1000000 end,
    case o.name when 'RESIGNED' then date '2026-01-02' end, case o.name when 'RESIGNED' then date '2026-01-03' end
  from organisations o, trust t returning trust_id, id)
insert into membership_transition (trust_id, membership_id, status, actor_id, ruleset_version)
select m.trust_id, m.id, 'SUBMITTED', p.id, 1 from applied m join people p on p.given_name = 'sender'"""
FOUND = """select array_agg(concat_ws(' ', o.name, p.given_name, m.name, case when a.until = legal_today() then 'ends' end))
  from authorisation a join organisation o on o.id = a.organisation_id join person p on p.id = a.person_id
  left join membership m on m.id = a.application_id"""


def test_who_applied_before_is_authorised_for_that_until_it_is_admitted(database: str) -> None:
    """Also where row-level security binds the owner."""
    with owned_by_a_login(database) as url:
        asyncio.run(migrate.downgrade(url, "0026"))
        asyncio.run(execute(database, FILL))
        asyncio.run(migrate.upgrade(url))

    assert sorted(asyncio.run(execute(database, FOUND))) == [
        *("REFUSED deputy", "REFUSED sender REFUSED ends"),
        *("RESIGNED deputy", "RESIGNED sender"),
        *("SUBMITTED deputy", "SUBMITTED sender SUBMITTED"),
        *("WITHDRAWN deputy", "WITHDRAWN sender WITHDRAWN ends"),
    ]
