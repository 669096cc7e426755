"""Imports: rows staged, checked against each other and against the people on record, and applied in batches.

Whole files are worked on by statements over many rows at a time, so that memory does not grow with the file.
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.members.importing import Finding, ImportKind, ImportStatus, RowOutcome

from ..connection import Pool
from ..work import Work
from .reads import SCHOOL_ADDRESS, eligibility
from .register_tables import OPEN

CLAIM = "interval '2 minutes'"  # after which another worker may go on


@dataclass(frozen=True, slots=True)
class Job:
    id: UUID
    kind: ImportKind
    status: ImportStatus
    exported_on: date
    created_by: UUID
    rows: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What one row was found to be. `of_line`: the earlier row of the same person; `person_id`: them on record."""

    line: int
    outcome: RowOutcome | None
    findings: Sequence[Finding]
    of_line: int | None = None
    person_id: UUID | None = None


# -- jobs -----------------------------------------------------------------------------------------------------------


async def add_job(work: Work, kind: ImportKind, file_name: str, exported_on: date, created_by: UUID) -> UUID:
    job: UUID = await work.value(
        "insert into import_job (trust_id, kind, file_name, sha256, exported_on, rows, created_by_id)"
        " values ($1, $2, $3, '', $4, 0, $5) returning id",
        work.trust_id,
        kind.value,
        file_name,
        exported_on,
        created_by,
    )
    return job


async def add_rows(work: Work, job_id: UUID, first_line: int, rows: Iterable[Mapping[str, Any]]) -> int:
    """Stages rows as they came; how many."""
    cells = [json.dumps(each, ensure_ascii=False) for each in rows]
    await work.run(  # PostgreSQL copies into no table with row-level security
        "insert into import_row (trust_id, job_id, line, cells)"
        " select $1, $2, $3 + n - 1, cells from unnest($4::jsonb[]) with ordinality as each(cells, n)",
        work.trust_id,
        job_id,
        first_line,
        cells,
    )
    return len(cells)


async def finish_upload(work: Work, job_id: UUID, rows: int, sha256: str) -> None:
    await work.change("import_job", job_id, {"rows": rows, "sha256": sha256})


async def job_for_update(work: Work, job_id: UUID) -> Job | None:
    row = await work.row(
        "select id, kind, status, exported_on, created_by_id, rows from import_job where trust_id = $1 and id = $2"
        " for no key update",
        work.trust_id,
        job_id,
    )
    if row is None:
        return None
    return Job(
        row["id"],
        ImportKind.named(row["kind"]),
        ImportStatus.named(row["status"]),
        row["exported_on"],
        row["created_by_id"],
        row["rows"],
    )


async def set_progress(work: Work, job_id: UUID, **facts: object) -> None:
    """Notes how far the job has come, and keeps the claim on it."""
    await work.change("import_job", job_id, facts)
    await work.run(
        f"update import_job set claimed_until = now() + {CLAIM} where trust_id = $1 and id = $2", work.trust_id, job_id
    )


async def release(work: Work, job_id: UUID) -> None:
    """Whoever looks next may go on with the job at once."""
    await work.run(
        "update import_job set claimed_until = '-infinity' where trust_id = $1 and id = $2", work.trust_id, job_id
    )


async def claim_job(worker: Pool) -> tuple[UUID, UUID] | None:
    """Trust and job of an import that waits for work, claimed; None when there is none."""
    row = await worker.fetchrow(
        f"update import_job set claimed_until = now() + {CLAIM} where (trust_id, id) in (select trust_id, id from import_job"
        " where status in ('UPLOADED', 'APPLYING') and claimed_until < now() order by id limit 1 for update skip locked)"
        " returning trust_id, id"
    )
    return None if row is None else (row["trust_id"], row["id"])


async def counts(work: Work, job_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows by outcome, and by finding."""
    outcomes = await work.rows(
        "select outcome, count(*) as rows from import_row where trust_id = $1 and job_id = $2 and outcome is not null"
        " group by 1 order by 1",
        work.trust_id,
        job_id,
    )
    findings = await work.rows(
        "select finding, count(*) as rows from import_row, unnest(findings) as finding"
        " where trust_id = $1 and job_id = $2 group by 1 order by 1",
        work.trust_id,
        job_id,
    )
    return {r["outcome"]: r["rows"] for r in outcomes}, {r["finding"]: r["rows"] for r in findings}


async def learn_sizes(work: Work) -> None:
    """Lets PostgreSQL look at the tables an import fills: by what it thought of them before, it would plan for a few rows."""
    await work.run("analyze import_row, person, relationship, membership")


# -- checking -------------------------------------------------------------------------------------------------------


async def unread_rows(work: Work, job_id: UUID, after: int, most: int) -> list[tuple[int, dict[str, Any]]]:
    rows = await work.rows(
        "select line, cells from import_row where trust_id = $1 and job_id = $2 and line > $3 order by line limit $4",
        work.trust_id,
        job_id,
        after,
        most,
    )
    return [(row["line"], json.loads(row["cells"])) for row in rows]


async def store_read(
    work: Work, job_id: UUID, read: Sequence[tuple[int, Mapping[str, Any], Sequence[Finding], RowOutcome | None]]
) -> None:
    """Stores what was read in rows. Their keys are folded as the names of people are."""
    await work.run(
        "update import_row r set facts = f.facts, findings = string_to_array(f.findings, ','), outcome = f.outcome,"
        " given_key = folded_name(f.facts->>'given_name'), family_key = folded_name(f.facts->>'family_name'),"
        " mailbox = f.facts->>'email'"
        " from unnest($3::int[], $4::jsonb[], $5::text[], $6::text[]) as f(line, facts, findings, outcome)"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = f.line",
        work.trust_id,
        job_id,
        [line for line, _, _, _ in read],
        [json.dumps(facts) for _, facts, _, _ in read],
        [",".join(finding.value for finding in findings) for _, _, findings, _ in read],
        [(outcome or RowOutcome.NEW).value for _, _, _, outcome in read],
    )


# the same name: equal, given and family name swapped, or the given name shortened to an initial
_SAME_NAME = """
  select {columns} from {one} r join {other} e on {scope} and e.family_key = r.family_key and e.given_key = r.given_key
  union
  select {columns} from {one} r join {other} e on {scope} and e.family_key = r.given_key and e.given_key = r.family_key
  union
  select {columns} from {one} r join {other} e on {scope} and e.family_key = r.family_key
   where length(rtrim(r.given_key, '.')) = 1 and starts_with(e.given_key, rtrim(r.given_key, '.'))
  union
  select {columns} from {one} r join {other} e on {scope} and e.family_key = r.family_key
   where length(rtrim(e.given_key, '.')) = 1 and starts_with(r.given_key, rtrim(e.given_key, '.'))
"""
_ROWS = "(select * from import_row where trust_id = $1 and job_id = $2 and family_key <> '' and given_key <> '')"
_IN_FILE = (
    "select line, array_agg(earlier order by earlier) as earlier from ("
    + _SAME_NAME.format(
        columns="r.line, e.line as earlier",
        one=_ROWS,
        other="import_row",
        scope="e.trust_id = $1 and e.job_id = $2 and e.line < r.line",
    )
    + ") pairs group by line order by line"
)
_ON_RECORD = (
    "select line, array_agg(person order by person) as people from ("
    + _SAME_NAME.format(
        columns="r.line, e.id as person",
        one=_ROWS,
        other="person",
        scope="e.trust_id = $1",
    )
    + ") pairs group by line order by line"
)


async def candidates_in_file(work: Work, job_id: UUID) -> AsyncIterator[tuple[int, list[int]]]:
    """Rows with earlier rows of the same name."""
    async for row in work.stream(_IN_FILE, work.trust_id, job_id):
        yield row["line"], row["earlier"]


async def candidates_on_record(work: Work, job_id: UUID) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Rows with people on record of the same name."""
    async for row in work.stream(_ON_RECORD, work.trust_id, job_id):
        yield row["line"], row["people"]


async def people_of_same_rows(work: Work, job_id: UUID) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Rows that stood in an earlier file to the letter, and whom they were of there."""
    statement = (
        "select r.line, array_agg(distinct e.person_id) as people from import_row r join import_row e on e.trust_id = $1"
        " and e.digest = r.digest and e.job_id <> $2 and e.person_id is not null and e.cells = r.cells"
        " where r.trust_id = $1 and r.job_id = $2 and r.outcome = 'NEW' and r.family_key <> '' group by 1"
    )
    async for row in work.stream(statement, work.trust_id, job_id):
        yield row["line"], row["people"]


async def people_by_identifier(work: Work, job_id: UUID, system: str) -> AsyncIterator[tuple[int, list[UUID]]]:
    """Rows whose identifier in the system is that of somebody on record."""
    statement = (
        "select r.line, i.person_id from import_row r join person_identifier i on i.trust_id = $1 and i.system = $3"
        " and i.identifier = r.facts->>'identifier' where r.trust_id = $1 and r.job_id = $2"
        " and r.facts->>'identifier' is not null and r.cells->>'file' = 'users.csv'"
    )
    async for row in work.stream(statement, work.trust_id, job_id, system):
        yield row["line"], [row["person_id"]]


async def schools_of_trust(work: Work) -> list[Mapping[str, Any]]:
    """urn, name, places of every school of the trust."""
    return await work.rows(
        "select urn, name, concat_ws(' ', locality, town) as places from school where trust_id = $1", work.trust_id
    )


async def successors(work: Work) -> dict[int, int]:
    """From the number a school of the trust had before to the one it has."""
    rows = await work.rows(
        "select l.linked_urn, s.urn from school_link l join school s on s.trust_id = $1 and s.id = l.school_id"
        " where l.trust_id = $1 and l.kind = 'PREDECESSOR'",
        work.trust_id,
    )
    return {row["linked_urn"]: row["urn"] for row in rows}


async def orgs(work: Work, job_id: UUID) -> AsyncIterator[Mapping[str, str]]:
    """The cells of a delta's orgs."""
    statement = "select cells from import_row where trust_id = $1 and job_id = $2 and cells->>'file' = 'orgs.csv'"
    async for row in work.stream(statement, work.trust_id, job_id):
        yield json.loads(row["cells"])


async def rows_by_line(work: Work, job_id: UUID, lines: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    """line, cells, facts, findings, outcome, given_key, family_key, of_line, person_id of the rows."""
    rows = await work.rows(
        "select line, cells, facts, findings, outcome, given_key, family_key, of_line, person_id from import_row"
        " where trust_id = $1 and job_id = $2 and line = any($3)",
        work.trust_id,
        job_id,
        lines,
    )
    return {row["line"]: row for row in rows}


async def people_on_record(work: Work, people: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """What is known of the people: names, birth, contact, the kinds and schools of relationships that hold."""
    rows = await work.rows(
        "select p.id, p.given_key, p.family_key, p.date_of_birth, p.email, p.phone, p.contact_address,"
        " coalesce((select array_agg(r.kind || coalesce(':' || s.urn, '') || coalesce('/' || r.year_group, '')) from relationship r"
        "  left join school s on s.trust_id = $1 and s.id = r.school_id"
        "  where r.trust_id = $1 and r.person_id = p.id and r.until is null), '{}') as relationships"
        " from person p where p.trust_id = $1 and p.id = any($2)",
        work.trust_id,
        people,
    )
    return {row["id"]: row for row in rows}


async def store_judged(work: Work, job_id: UUID, judged: Sequence[Judged]) -> None:
    """Adds findings, and sets the outcome of rows that no finding had settled before."""
    await work.run(
        "update import_row r set findings = r.findings || string_to_array(j.findings, ','),"
        " outcome = case when r.outcome = 'NEW' then coalesce(j.outcome, 'NEW') when r.outcome in ('UPDATE', 'UNCHANGED')"
        "  and j.outcome = 'NEEDS_HUMAN' then j.outcome else r.outcome end, of_line = coalesce(j.of_line, r.of_line),"
        " person_id = coalesce(j.person_id, r.person_id)"
        " from unnest($3::int[], $4::text[], $5::text[], $6::int[], $7::uuid[]) as j(line, outcome, findings, of_line, person_id)"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = j.line",
        work.trust_id,
        job_id,
        [each.line for each in judged],
        [each.outcome.value if each.outcome else None for each in judged],
        [",".join(finding.value for finding in each.findings) for each in judged],
        [each.of_line for each in judged],
        [each.person_id for each in judged],
    )


async def judge_enrolments(work: Work, job_id: UUID, system: str) -> None:
    """What becomes of enrolments: who they are of, and whether they say anything new."""
    enrolments = "r.trust_id = $1 and r.job_id = $2 and r.cells->>'file' = 'enrollments.csv'"
    await work.run(
        "update import_row r set person_id = i.person_id from person_identifier i where i.trust_id = $1 and i.system = $3"
        f" and i.identifier = r.facts->>'identifier' and {enrolments}",
        work.trust_id,
        job_id,
        system,
    )
    await work.run(
        "update import_row r set of_line = u.line from import_row u where u.trust_id = $1 and u.job_id = $2"
        " and u.cells->>'file' = 'users.csv' and u.facts->>'identifier' = r.facts->>'identifier'"
        f" and u.outcome is distinct from 'REFUSED' and {enrolments} and r.person_id is null",
        work.trust_id,
        job_id,
    )
    await work.run(
        "update import_row r set outcome = case when r.person_id is null and r.of_line is null then 'REFUSED'"
        " when r.of_line is not null then case when (select u.outcome from import_row u where u.trust_id = $1"
        "  and u.job_id = $2 and u.line = r.of_line) = 'NEEDS_HUMAN' then 'NEEDS_HUMAN' else 'UPDATE' end"
        " when (r.facts->>'until' is null) = exists (select from relationship k join school s on s.trust_id = $1 and s.id = k.school_id"
        "  where k.trust_id = $1 and k.person_id = r.person_id and k.until is null and jsonb_exists(r.facts->'kinds', k.kind)"
        "  and s.urn = (r.facts->'urns'->>0)::int) then 'UNCHANGED' else 'UPDATE' end,"
        " findings = case when r.person_id is null and r.of_line is null then r.findings || '{USER_UNKNOWN}' else r.findings end"
        f" where {enrolments} and r.outcome = 'NEW'",
        work.trust_id,
        job_id,
    )


async def note_groups(work: Work, job_id: UUID) -> None:
    """Twins, and people who share a mailbox: findings about rows of different people."""
    people = (
        "select line, mailbox, facts, given_key, family_key, coalesce(of_line, line) as person from import_row"
        " where trust_id = $1 and job_id = $2 and facts is not null and family_key <> ''"
    )
    await work.run(
        f"with people as ({people}), shared as (select mailbox from people where mailbox is not null group by mailbox"
        " having count(distinct person) > 1) update import_row r set findings = r.findings || '{SHARED_MAILBOX}'"
        " from people join shared using (mailbox) where r.trust_id = $1 and r.job_id = $2 and r.line = people.line",
        work.trust_id,
        job_id,
    )
    await work.run(
        f"with people as ({people} and facts->>'born' is not null and facts->'kinds' ? 'LEARNER'), twins as (select"
        " family_key, facts->>'born' as born, facts->'urns' as urns from people group by 1, 2, 3 having count(distinct person) > 1)"
        " update import_row r set findings = r.findings || '{TWIN}' from people join twins on twins.family_key = people.family_key"
        " and twins.born = people.facts->>'born' and twins.urns = people.facts->'urns'"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = people.line",
        work.trust_id,
        job_id,
    )


async def forget_check(work: Work, job_id: UUID) -> None:
    """Undoes what a check that was interrupted has found; the cells stay as they came."""
    await work.run(
        "update import_row set facts = null, findings = '{}', outcome = null, of_line = null, person_id = null"
        " where trust_id = $1 and job_id = $2 and (of_line is not null or person_id is not null or facts is not null)",
        work.trust_id,
        job_id,
    )


# -- applying -------------------------------------------------------------------------------------------------------


async def rows_to_apply(work: Work, job_id: UUID, after: int, most: int) -> list[int]:
    """The next lines to apply, in their order, so that a person is there before what is added to them."""
    rows = await work.rows(
        "select line from import_row where trust_id = $1 and job_id = $2 and line > $3"
        " and outcome in ('NEW', 'UPDATE') and not is_applied order by line limit $4",
        work.trust_id,
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


async def make_people(work: Work, job_id: UUID, lines: Sequence[int]) -> None:
    """Puts new people on record, and fills what was not known of others; names and known facts are not changed.

    Also notes that the rows are applied: with the rest of the transaction, or not at all.
    """
    await work.run(
        "with fresh as materialized (select line, uuidv7() as id, facts from import_row where trust_id = $1 and job_id = $2"
        " and line = any($3) and outcome = 'NEW' and person_id is null), added as (insert into person"
        " (trust_id, id, given_name, family_name, email, date_of_birth, phone, contact_address, language)"
        " select $1, id, facts->>'given_name', facts->>'family_name', facts->>'email', (facts->>'born')::date,"
        " facts->>'phone', facts->>'postcode', coalesce(facts->>'language', 'en') from fresh order by line returning id)"
        " update import_row r set person_id = fresh.id from fresh where r.trust_id = $1 and r.job_id = $2"
        " and r.line = fresh.line",
        work.trust_id,
        job_id,
        lines,
    )
    await work.run(
        f"update import_row r set is_applied = true, person_id = coalesce(r.person_id, {_PERSON})"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = any($3)",
        work.trust_id,
        job_id,
        lines,
    )
    await work.run(
        "update person p set email = coalesce(p.email, f.email), phone = coalesce(p.phone, f.phone),"
        " contact_address = coalesce(p.contact_address, f.postcode), date_of_birth = coalesce(p.date_of_birth, f.born)"
        " from (select distinct on (person_id) person_id, facts->>'email' as email, facts->>'phone' as phone,"
        "  facts->>'postcode' as postcode, (facts->>'born')::date as born from import_row where trust_id = $1"
        "  and job_id = $2 and line = any($3) and outcome = 'UPDATE' order by person_id, line) f"
        " where p.trust_id = $1 and p.id = f.person_id and (p.email, p.phone, p.contact_address, p.date_of_birth)"
        " is distinct from (coalesce(p.email, f.email), coalesce(p.phone, f.phone),"
        " coalesce(p.contact_address, f.postcode), coalesce(p.date_of_birth, f.born))",
        work.trust_id,
        job_id,
        lines,
    )


async def make_relationships(work: Work, job_id: UUID, lines: Sequence[int], since: date) -> None:
    """Adds the relationships the rows tell of, unless they hold already. A row without a year group adds nothing to
    one with it."""
    await work.run(  # a learner moves up; a parent may have a child in each year
        "update relationship k set year_group = (r.facts->>'year_group')::int from import_row r"
        " join school s on s.trust_id = $1 and s.urn = (r.facts->'urns'->>0)::int where r.trust_id = $1 and r.job_id = $2"
        " and r.line = any($3) and r.facts->>'year_group' is not null and k.trust_id = $1 and k.person_id = r.person_id"
        " and k.school_id = s.id and k.kind = 'LEARNER' and k.until is null and k.since <= $4"
        " and k.year_group is distinct from (r.facts->>'year_group')::int",
        work.trust_id,
        job_id,
        lines,
        since,
    )
    await work.run(
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
        work.trust_id,
        job_id,
        lines,
        since,
    )


_ELIGIBLE = eligibility("p.died_on is null and p.id in (select person_id from consenting)").replace("{trust}", "$1")


async def make_applications(work: Work, job_id: UUID, lines: Sequence[int], actor_id: UUID, version: int) -> None:
    """Applies for those who consented, in the first constituency they are eligible for and only where they have no
    open membership. The address on the register is the school's until the member gives another."""
    await work.run(
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
        "  select $1, 'members:membership:applied', a.id, $5, jsonb_build_object('constituency', c.code, 'import', $2::uuid)"
        "  from added a join constituency c on c.trust_id = $1 and c.id = a.constituency_id)"
        " select from added",
        work.trust_id,
        job_id,
        lines,
        version,
        actor_id,
    )


async def remember_identifiers(work: Work, job_id: UUID, lines: Sequence[int], system: str) -> None:
    """What the school's system calls the people, so that its next delta finds them."""
    await work.run(
        "insert into person_identifier (trust_id, system, identifier, person_id) select distinct on (facts->>'identifier')"
        " $1, $4, facts->>'identifier', person_id from import_row where trust_id = $1 and job_id = $2 and line = any($3)"
        " and facts->>'identifier' is not null and person_id is not null on conflict do nothing",
        work.trust_id,
        job_id,
        lines,
        system,
    )


async def end_relationships(work: Work, job_id: UUID, lines: Sequence[int]) -> None:
    """Ends what the rows say has ended."""
    await work.run(
        "update relationship k set until = greatest(k.since, (r.facts->>'until')::date) from import_row r"
        " left join school s on s.trust_id = $1 and s.urn = (r.facts->'urns'->>0)::int"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = any($3) and r.facts->>'until' is not null"
        " and k.trust_id = $1 and k.person_id = r.person_id and k.until is null and k.source = 'SCHOOL_SYSTEM'"
        " and (jsonb_array_length(r.facts->'kinds') = 0 or (jsonb_exists(r.facts->'kinds', k.kind) and k.school_id = s.id))",
        work.trust_id,
        job_id,
        lines,
    )
