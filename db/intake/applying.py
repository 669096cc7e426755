"""Rows of a file applied in batches."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from ..fragments.addresses import SCHOOL_ADDRESS
from ..fragments.eligibility import eligibility
from ..fragments.statuses import OPEN
from ..transactions import Transaction


async def rows_to_apply(transaction: Transaction, job_id: UUID, after: int, most: int) -> list[int]:
    """The next lines to apply, in their order, so that a person is there before what is added to them."""
    rows = await transaction.rows(
        "select line from import_row where trust_id = $1 and job_id = $2 and line > $3"
        " and outcome in ('NEW', 'UPDATE') and not is_applied order by line limit $4",
        transaction.trust_id,
        job_id,
        after,
        most,
    )
    return [row["line"] for row in rows]


# The person of a row that has none yet: the one another row of the same person is of, or has made.
_PERSON = (
    "(select e.person_id from import_row e where e.trust_id = $1 and e.job_id = $2 and e.person_id is not null"
    " and (e.line = r.of_line or e.of_line = r.of_line) order by e.line limit 1)"
)


async def make_people(transaction: Transaction, job_id: UUID, lines: Sequence[int]) -> None:
    """Puts new people on record, and fills what was not known of others; names and known facts are not changed.

    Also notes that the rows are applied: with the rest of the transaction, or not at all.
    """
    await transaction.run(
        "with fresh as materialized (select line, uuidv7() as id, facts from import_row where trust_id = $1 and job_id = $2"
        " and line = any($3) and outcome = 'NEW' and person_id is null), added as (insert into person"
        " (trust_id, id, given_name, family_name, email, date_of_birth, phone, contact_address, language)"
        " select $1, id, facts->>'given_name', facts->>'family_name', facts->>'email', (facts->>'born')::date,"
        " facts->>'phone', facts->>'postcode', coalesce(facts->>'language', 'en') from fresh order by line returning id)"
        " update import_row r set person_id = fresh.id from fresh where r.trust_id = $1 and r.job_id = $2"
        " and r.line = fresh.line",
        transaction.trust_id,
        job_id,
        lines,
    )
    await transaction.run(
        f"update import_row r set is_applied = true, person_id = coalesce(r.person_id, {_PERSON})"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = any($3)",
        transaction.trust_id,
        job_id,
        lines,
    )
    await transaction.run(
        "update person p set email = coalesce(p.email, f.email), phone = coalesce(p.phone, f.phone),"
        " contact_address = coalesce(p.contact_address, f.postcode), date_of_birth = coalesce(p.date_of_birth, f.born)"
        " from (select distinct on (person_id) person_id, facts->>'email' as email, facts->>'phone' as phone,"
        "  facts->>'postcode' as postcode, (facts->>'born')::date as born from import_row where trust_id = $1"
        "  and job_id = $2 and line = any($3) and outcome = 'UPDATE' order by person_id, line) f"
        " where p.trust_id = $1 and p.id = f.person_id and (p.email, p.phone, p.contact_address, p.date_of_birth)"
        " is distinct from (coalesce(p.email, f.email), coalesce(p.phone, f.phone),"
        " coalesce(p.contact_address, f.postcode), coalesce(p.date_of_birth, f.born))",
        transaction.trust_id,
        job_id,
        lines,
    )


async def make_relationships(transaction: Transaction, job_id: UUID, lines: Sequence[int], since: date) -> None:
    """Adds the relationships the rows tell of, unless they hold already. A row without a year group adds nothing to
    one with it."""
    await transaction.run(  # a learner moves up; a parent may have a child in each year
        "update relationship k set year_group = (r.facts->>'year_group')::int from import_row r"
        " join school s on s.trust_id = $1 and s.urn = (r.facts->'urns'->>0)::int where r.trust_id = $1 and r.job_id = $2"
        " and r.line = any($3) and r.facts->>'year_group' is not null and k.trust_id = $1 and k.person_id = r.person_id"
        " and k.school_id = s.id and k.kind = 'LEARNER' and k.until is null and k.since <= $4"
        " and k.year_group is distinct from (r.facts->>'year_group')::int",
        transaction.trust_id,
        job_id,
        lines,
        since,
    )
    await transaction.run(
        "with told as materialized (select distinct r.person_id, s.id as school_id, told.kind,"
        " (r.facts->>'year_group')::int as year_group from import_row r"
        " cross join jsonb_array_elements_text(r.facts->'kinds') as told(kind)"
        " left join jsonb_array_elements_text(r.facts->'urns') as named(number) on true"
        " left join school s on s.trust_id = $1 and s.urn = named.number::int"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = any($3) and r.person_id is not null"
        "  and r.facts->>'until' is null)"
        " insert into relationship (trust_id, person_id, school_id, kind, since, source, year_group)"
        " select $1, t.person_id, t.school_id, t.kind, $4, 'SCHOOL_SYSTEM', t.year_group from told t"
        " where not exists (select from relationship k where k.trust_id = $1 and k.person_id = t.person_id"
        "  and k.kind = t.kind and k.school_id is not distinct from t.school_id"
        "  and (k.until is null or k.until > $4)"  # what has ended since the file was made does not begin again
        "  and (t.year_group is null or k.kind = 'LEARNER' or k.until is not null or k.year_group = t.year_group))"
        " and (t.year_group is not null or not exists (select from told o where o.person_id = t.person_id"
        "  and o.kind = t.kind and o.school_id is not distinct from t.school_id and o.year_group is not null))",
        transaction.trust_id,
        job_id,
        lines,
        since,
    )


_ELIGIBLE = eligibility("p.died_on is null and p.id in (select person_id from consenting)").replace("{trust}", "$1")


async def make_applications(
    transaction: Transaction, job_id: UUID, lines: Sequence[int], actor_id: UUID, version: int
) -> None:
    """Applies for those who consented, in the first constituency they are eligible for and only where they have no
    open membership. The address on the register is the school's until the member gives another."""
    await transaction.run(
        "with consenting as (select distinct on (person_id) person_id, facts from import_row where trust_id = $1 and job_id = $2"
        " and line = any($3) and person_id is not null and (facts->>'consents')::boolean order by person_id, line),"
        f" chosen as (select distinct on (e.person_id) e.person_id, e.constituency_id, e.code from {_ELIGIBLE} e"
        " where e.obstacles = '{}' order by e.person_id, e.position),"
        " added as (insert into membership (trust_id, person_id, constituency_id, school_id, name, service_address, status,"
        "  ruleset_version) select $1, c.person_id, h.constituency_id, s.id, p.given_name || ' ' || p.family_name,"
        f"  coalesce(nullif({SCHOOL_ADDRESS}, ''), c.facts->>'postcode', 'not given yet'), 'SUBMITTED', $4"
        "  from consenting c join chosen h on h.person_id = c.person_id join person p on p.trust_id = $1 and p.id = c.person_id"
        "  left join school s on s.trust_id = $1 and s.urn = (c.facts->'urns'->>0)::int"
        "  where not exists (select from membership m where m.trust_id = $1 and m.person_id = c.person_id"
        f"   and m.status in ({OPEN}))"
        "  returning id, constituency_id),"
        " noted as (insert into membership_transition (trust_id, membership_id, status, actor_id, reason, ruleset_version)"
        "  select $1, id, 'SUBMITTED', $5, 'import', $4 from added),"
        " audited as (insert into audit_event (trust_id, action, subject_id, actor_id, facts)"
        "  select $1, 'membership:membership:applied', a.id, $5, jsonb_build_object('constituency', c.code, 'import', $2::uuid)"
        "  from added a join constituency c on c.trust_id = $1 and c.id = a.constituency_id)"
        " select from added",
        transaction.trust_id,
        job_id,
        lines,
        version,
        actor_id,
    )


async def remember_identifiers(transaction: Transaction, job_id: UUID, lines: Sequence[int], system: str) -> None:
    """What the school's system calls the people, so that its next delta finds them."""
    await transaction.run(
        "insert into person_identifier (trust_id, system, identifier, person_id) select distinct on (facts->>'identifier')"
        " $1, $4, facts->>'identifier', person_id from import_row where trust_id = $1 and job_id = $2 and line = any($3)"
        " and facts->>'identifier' is not null and person_id is not null on conflict do nothing",
        transaction.trust_id,
        job_id,
        lines,
        system,
    )


async def end_relationships(transaction: Transaction, job_id: UUID, lines: Sequence[int]) -> None:
    """Ends what the rows say has ended."""
    await transaction.run(
        "update relationship k set until = greatest(k.since, (r.facts->>'until')::date) from import_row r"
        " left join school s on s.trust_id = $1 and s.urn = (r.facts->'urns'->>0)::int"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = any($3) and r.facts->>'until' is not null"
        " and k.trust_id = $1 and k.person_id = r.person_id and k.until is null and k.source = 'SCHOOL_SYSTEM'"
        " and (jsonb_array_length(r.facts->'kinds') = 0 or (jsonb_exists(r.facts->'kinds', k.kind) and k.school_id = s.id))",
        transaction.trust_id,
        job_id,
        lines,
    )
