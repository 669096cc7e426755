"""Members whose ground for membership has gone, come back, or run out of grace; and the end of a school year."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.governance.rulesets import RecordType
from domain.members.eligibility import GROUND

from ..columns import listed
from ..privacy.reads import overdue
from ..work import Work
from .reads import ELIGIBILITY, TODAY

_GONE = f"e.obstacles && array[{listed(GROUND)}]"
_ELIGIBILITY = ELIGIBILITY.replace("{trust}", "$1")


async def _found(work: Work, status: str, condition: str) -> Sequence[UUID]:
    rows = await work.rows(
        f"select m.id from membership m join {_ELIGIBILITY} e on e.person_id = m.person_id"
        f" and e.constituency_id = m.constituency_id where m.trust_id = $1 and m.status = $2 and {condition} order by m.id",
        work.trust_id,
        status,
    )
    return [row["id"] for row in rows]


async def without_ground(work: Work) -> Sequence[UUID]:
    """Members who are no longer eligible for their constituency. Judges the whole register, so it is asked once a day."""
    return await _found(work, "ADMITTED", _GONE)


async def with_ground_again(work: Work) -> Sequence[UUID]:
    """Lapsing members who are eligible again."""
    return await _found(work, "LAPSING", f"not ({_GONE})")


async def out_of_grace(work: Work) -> Sequence[UUID]:
    rows = await work.rows(
        f"select m.id from membership m where m.trust_id = $1 and m.status = 'LAPSING' and m.lapses_on <= {TODAY}"
        # whoever asked for another constituency in time waits for the answer as a member
        " and not exists (select from membership n where n.trust_id = $1 and n.converted_from_id = m.id"
        "  and n.status in ('SUBMITTED', 'UNDER_REVIEW')) order by m.id",
        work.trust_id,
    )
    return [row["id"] for row in rows]


async def forgotten_drafts(work: Work) -> Sequence[UUID]:
    """Applications that were begun and never sent, and are kept too long."""
    rows = await work.rows(
        f"select t.id from membership t where t.trust_id = $1 and {overdue(RecordType.DRAFT_APPLICATION)} order by t.id",
        work.trust_id,
    )
    return [row["id"] for row in rows]


_LEAVING = (
    "select r.id, r.person_id, r.kind from relationship r where r.trust_id = $1 and r.school_id = $2 and r.until is null"
    " and r.since < $4 and r.kind in ('LEARNER', 'PARENT_CARER', 'EXTENDED_FAMILY') and (r.year_group = $3"
    " or exists (select from relationship l where l.trust_id = $1 and l.school_id = $2 and l.person_id = r.learner_id"
    " and l.kind = 'LEARNER' and l.until is null and l.year_group = $3))"
)
_MOVING_UP = (
    "select r.id, r.kind from relationship r where r.trust_id = $1 and r.school_id = $2 and r.until is null"
    " and r.since < $4 and r.year_group is not null and r.year_group <> $3"
)
_COUNTS = (
    "select count(*) filter (where kind = 'LEARNER') as learners, count(*) filter (where kind <> 'LEARNER') as families"
)


async def year_end(work: Work, school_id: UUID, last_year_group: int, day: date, *, dry_run: bool) -> Mapping[str, Any]:
    """Ends the relationships of leavers and their families and moves everybody else a year up: learners, families,
    moved_up. A dry run counts the same rows and changes none."""
    if dry_run:
        statement = (
            f"with leaving as ({_LEAVING}), moving as ({_MOVING_UP}) {_COUNTS},"
            " (select count(*) from moving where id not in (select id from leaving)) as moved_up from leaving"
        )
    else:
        statement = (
            f"with leaving as ({_LEAVING}), ended as (update relationship r set until = $4 from leaving where r.trust_id = $1"
            f" and r.id = leaving.id returning r.kind), moving as ({_MOVING_UP}), moved as (update relationship r"
            " set year_group = r.year_group + 1 from moving where r.trust_id = $1 and r.id = moving.id"
            " and r.id not in (select id from leaving) returning r.id)"
            f" {_COUNTS}, (select count(*) from moved) as moved_up from ended"
        )
    row = await work.row(statement, work.trust_id, school_id, last_year_group, day)
    assert row is not None
    return row


async def year_was_ended(work: Work, school_id: UUID, since: date) -> bool:
    """Whether a year was ended at the school since that day; holds the school, so that two runs follow one another."""
    await work.run("select from school where trust_id = $1 and id = $2 for no key update", work.trust_id, school_id)
    return bool(
        await work.value(
            "select true from audit_event where trust_id = $1 and action = 'members:year:ended' and subject_id = $2"
            " and (facts->>'day')::date > $3 limit 1",
            work.trust_id,
            school_id,
            since,
        )
    )
