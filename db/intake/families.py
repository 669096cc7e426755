"""Families of learners, as deltas tell of them: who is whose parent or kin, and who moves to another school with a learner
(rules 2d and 22f)."""

from datetime import date
from uuid import UUID

from domain.governance.qualification import RelationshipKind
from domain.intake.importing import Finding, RowOutcome
from domain.people.families import FAMILY

from ..columns import listed
from ..fragments.people import goes_on
from ..transactions import Transaction

_APPLIED = ", ".join(
    f"'{each}'" for each in (RowOutcome.NEW, RowOutcome.UPDATE, RowOutcome.UNCHANGED, RowOutcome.DUPLICATE)
)
_LEARNER = f"'{RelationshipKind.LEARNER}'"

# a user's row names those it goes with, the learner's or the family's: whichever of the two is a learner there
_NAMED = (
    "with told as materialized (select r.person_id, r.reading from import_row r where r.trust_id = $1 and r.job_id = $2"
    f" and jsonb_array_length(r.reading->'agents') > 0 and r.outcome in ({_APPLIED}) and r.person_id is not null"
    " and r.reading->>'until' is null)"
    " select distinct t.person_id as one_id, i.person_id as other_id, s.id as school_id from told t"
    " cross join lateral jsonb_array_elements_text(t.reading->'agents') agent"
    " cross join lateral jsonb_array_elements_text(t.reading->'urns') urn"
    " join school s on s.trust_id = $1 and s.urn = urn::int join person_identifier i on i.trust_id = $1 and i.system = $3"
    " and i.identifier = agent and i.school_id = s.id where i.person_id <> t.person_id"
)
# a tie to the school without a learner or a year group becomes one to the learner; who has none left gets another
_LINK = (
    "with named as (select distinct n.learner_id, n.person_id, n.school_id from unnest($2::uuid[], $3::uuid[], $4::uuid[])"
    "  as n(learner_id, person_id, school_id)),"
    " fresh as (select p.*, row_number() over (partition by p.person_id, p.school_id order by p.learner_id) as place"
    " from named p where exists (select from relationship l where l.trust_id = $1 and l.person_id = p.learner_id"
    f"  and l.school_id = p.school_id and l.kind = {_LEARNER} and {goes_on('l', '$5')})"
    " and not exists (select from relationship r where r.trust_id = $1 and r.person_id = p.person_id"
    f"  and r.school_id = p.school_id and r.learner_id = p.learner_id and r.kind in ({listed(FAMILY)})"
    f"  and {goes_on('r', '$5')})),"
    " ties as (select r.id, r.person_id, r.school_id, r.kind, row_number() over (partition by r.person_id,"
    "  r.school_id order by r.learner_id is not null or r.year_group is not null, r.id) as place,"
    "  r.learner_id is null and r.year_group is null as is_free from (select distinct person_id from fresh) f"
    f"  join relationship r on r.trust_id = $1 and r.person_id = f.person_id and r.kind in ({listed(FAMILY)})"
    f"  and {goes_on('r', '$5')}),"
    " linked as (update relationship r set learner_id = f.learner_id from fresh f join ties t on t.person_id = f.person_id"
    "  and t.school_id = f.school_id and t.place = f.place and t.is_free where r.trust_id = $1 and r.id = t.id returning r.id)"
    " insert into relationship (trust_id, person_id, school_id, kind, since, source, learner_id)"
    " select $1, f.person_id, f.school_id, t.kind, $5, 'SCHOOL_SYSTEM', f.learner_id from fresh f join ties t"
    " on t.person_id = f.person_id and t.school_id = f.school_id and t.place = 1 where not exists (select from ties o"
    " where o.person_id = f.person_id and o.school_id = f.school_id and o.place = f.place and o.is_free)"
)
_TIE = (
    f"t.kind in ({listed(FAMILY)}) and {goes_on('t', '$3')} and exists (select from school s where s.trust_id = $1"
    " and s.id = t.school_id and r.reading->'urns' @> to_jsonb(s.urn))"
)
_NOTE = (
    f"update import_row r set findings = r.findings || '{{{Finding.FAMILY_LEAVES}}}' where r.trust_id = $1 and r.job_id = $2"
    f" and r.outcome = '{RowOutcome.UPDATE}' and r.person_id is not null and r.reading->>'until' is not null"
    f" and r.reading->'kinds' ? {_LEARNER} and (exists (select from relationship t where t.trust_id = $1"
    f" and t.learner_id = r.person_id and {_TIE}) or exists (select from guardianship g join relationship t on t.trust_id = $1"
    " and t.person_id = g.guardian_id and t.learner_id is null where g.trust_id = $1 and g.child_id = r.person_id"
    f" and {goes_on('g', '$3')} and {_TIE}))"
)
# of a learner of this file who began at a school on its day: who is, or was until they left, at another for their sake
_FOLLOW = (
    "with begun as (select distinct l.person_id, l.school_id from import_row r join relationship l on l.trust_id = $1"
    f" and l.person_id = r.person_id and l.kind = {_LEARNER} and l.since = $3 and {goes_on('l', '$3')}"
    " where r.trust_id = $1 and r.job_id = $2 and r.is_applied),"
    " ties as (select b.person_id as whose, b.school_id as to_school_id, t.person_id, t.school_id, t.kind, t.source, t.until"
    "  from begun b join relationship t on t.trust_id = $1 and t.learner_id = b.person_id union all"
    " select b.person_id, b.school_id, t.person_id, t.school_id, t.kind, t.source, t.until from begun b join guardianship g on g.trust_id = $1 and g.child_id = b.person_id"
    f"  and {goes_on('g', '$3')} join relationship t on t.trust_id = $1 and t.person_id = g.guardian_id and t.learner_id is null)"
    " insert into relationship (trust_id, person_id, school_id, kind, since, source, learner_id)"
    " select distinct $1::uuid, t.person_id, t.to_school_id, t.kind, $3::date, t.source, t.whose from ties t"
    f" where t.kind in ({listed(FAMILY)}) and t.school_id <> t.to_school_id and exists (select from relationship o"
    f"  where o.trust_id = $1 and o.person_id = t.whose and o.kind = {_LEARNER} and o.school_id = t.school_id"
    f"  and coalesce(o.until = t.until, {goes_on('t', '$3')})) and not exists (select from relationship n"
    "  where n.trust_id = $1 and n.person_id = t.person_id and n.school_id = t.to_school_id and n.kind = t.kind"
    f"  and {goes_on('n', '$3')})"
)


async def note_families(transaction: Transaction, job_id: UUID, exported_on: date) -> None:
    """Marks the rows by which learners leave a school with whom others may."""
    await transaction.run(_NOTE, transaction.trust_id, job_id, exported_on)


async def link_families(transaction: Transaction, job_id: UUID, system: str, exported_on: date) -> None:
    """Links parents, carers and kin to the learners with whom the file names them, at the schools where they are that."""
    named = await transaction.rows(_NAMED, transaction.trust_id, job_id, system)
    if named:
        ones, others = [row["one_id"] for row in named], [row["other_id"] for row in named]
        schools = [row["school_id"] for row in named]
        learners, families = ones + others, others + ones
        await transaction.run(_LINK, transaction.trust_id, learners, families, schools * 2, exported_on)


async def follow_learners(transaction: Transaction, job_id: UUID, exported_on: date) -> None:
    """Families are at the school to which their learner moved."""
    await transaction.run(_FOLLOW, transaction.trust_id, job_id, exported_on)
