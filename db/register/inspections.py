"""Requests to inspect the register, and the register as it is shown."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.people.guardians import IS_SHOWN_AT_SCHOOL

from ..fragments.addresses import SCHOOL_ADDRESS
from ..fragments.conditions import Places, predicate
from ..fragments.people import holds
from ..transactions import Transaction


async def add_request(
    transaction: Transaction,
    person_id: UUID | None,
    name: str,
    address: str,
    email: str,
    purpose: str,
    onward_disclosure: str,
    asked_on: date,
    due_on: date,
) -> UUID:
    request: UUID = await transaction.value(
        "insert into inspection_request (trust_id, person_id, name, address, email, purpose, onward_disclosure,"
        " asked_on, due_on) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        transaction.trust_id,
        person_id,
        name,
        address,
        email,
        purpose,
        onward_disclosure,
        asked_on,
        due_on,
    )
    return request


async def is_answered(transaction: Transaction, request_id: UUID) -> bool | None:
    """Whether the request was answered, with the request locked; None where there is none."""
    answered: bool | None = await transaction.value(
        "select decision is not null from inspection_request where trust_id = $1 and id = $2 for update",
        transaction.trust_id,
        request_id,
    )
    return answered


# rule 5c asks whether somebody was ever a learner; of several schools the one they attend comes first. Over a person `p`.
LEARNERS_SCHOOL = (
    "left join lateral (select r.school_id from relationship r where r.trust_id = $1 and r.person_id = p.id"
    f" and r.kind = 'LEARNER' and r.school_id is not null order by {holds('r')} desc, r.since desc, r.id limit 1) l on true"
)
PLACES: Places = {"born": "p.date_of_birth", "learners_school": "l.school_id"}
AT_THE_SCHOOL = predicate(IS_SHOWN_AT_SCHOOL, PLACES)
_EXTRACT = f"""
select e.number, e.name, c.name as class, e.registered_on, e.ceased_on, e.is_company_member, e.guarantee_pence,
  e.share_pence, case when {AT_THE_SCHOOL} then coalesce((select {SCHOOL_ADDRESS} from school s where s.trust_id = $1
    and s.id = coalesce(m.school_id, l.school_id)), 'care of the trust') else e.service_address end as service_address
from register_line e
join membership m on m.trust_id = $1 and m.id = e.membership_id
join constituency c on c.trust_id = $1 and c.id = e.constituency_id
left join person p on p.trust_id = $1 and p.id = m.person_id
{LEARNERS_SCHOOL}
where e.trust_id = $1 and e.entered_at <= $2 and (e.is_company_member or $3)
  and not exists (select from register_line later where later.trust_id = $1 and later.membership_id = e.membership_id
    and later.line > e.line and later.entered_at <= $2)
order by e.number
"""


async def extract(transaction: Transaction, moment: datetime, *, everybody: bool) -> AsyncIterator[Mapping[str, Any]]:
    """The register as it stood at `moment`, by number: of the company's members, or of everybody. Children, and learners
    of whom no date of birth is known, at their school's address."""
    async for row in transaction.stream(_EXTRACT, transaction.trust_id, moment, everybody):
        yield row
