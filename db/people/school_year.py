"""The end of a school year: relationships that end, learners who move up."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from domain.audit.events import AuditAction
from domain.people.relationships import LEAVE_WITH_A_LEARNER

from ..columns import listed
from ..fragments.people import goes_on
from ..transactions import Transaction

# an end that was announced for a later day keeps nobody at the school until then
_LEAVING = (
    "select r.id, r.person_id, r.kind from relationship r where r.trust_id = $1 and r.school_id = $2"
    f" and {goes_on('r', '$4')} and r.since < $4 and r.kind in ({listed(LEAVE_WITH_A_LEARNER)}) and (r.year_group = $3"
    " or exists (select from relationship l where l.trust_id = $1 and l.school_id = $2 and l.person_id = r.learner_id"
    f" and l.kind = 'LEARNER' and {goes_on('l', '$4')} and l.year_group = $3))"
)
_MOVING_UP = (
    "select r.id, r.kind from relationship r where r.trust_id = $1 and r.school_id = $2"
    f" and {goes_on('r', '$4')} and r.since < $4 and r.year_group is not null and r.year_group <> $3"
)
_COUNTS = (
    "select count(*) filter (where kind = 'LEARNER') as learners, count(*) filter (where kind <> 'LEARNER') as families"
)


async def year_end(
    transaction: Transaction, school_id: UUID, last_year_group: int, day: date, *, dry_run: bool
) -> Mapping[str, Any]:
    """Ends the relationships of leavers and their families and moves everybody else a year up: learners, families,
    moved_up. A dry run counts the same rows and changes none."""
    if dry_run:
        statement = (
            f"with leaving as ({_LEAVING}), moving as ({_MOVING_UP}) {_COUNTS},"
            " (select count(*) from moving where id not in (select id from leaving)) as moved_up from leaving"
        )
    else:
        statement = (
            f"with leaving as ({_LEAVING}), ended as (update relationship r set until = $4, end_known_on = legal_today() from leaving where r.trust_id = $1"
            f" and r.id = leaving.id returning r.kind), moving as ({_MOVING_UP}), moved as (update relationship r"
            " set year_group = r.year_group + 1 from moving where r.trust_id = $1 and r.id = moving.id"
            " and r.id not in (select id from leaving) returning r.id)"
            f" {_COUNTS}, (select count(*) from moved) as moved_up from ended"
        )
    row = await transaction.row(statement, transaction.trust_id, school_id, last_year_group, day)
    assert row is not None
    return row


async def year_was_ended(transaction: Transaction, school_id: UUID, since: date) -> bool:
    """Whether a year was ended at the school since that day; holds the school, so that two runs follow one another."""
    await transaction.run(
        "select from school where trust_id = $1 and id = $2 for no key update", transaction.trust_id, school_id
    )
    return bool(
        await transaction.value(
            f"select true from audit_event where trust_id = $1 and action = '{AuditAction.YEAR_ENDED}' and subject_id = $2"
            " and (details->>'day')::date > $3 limit 1",
            transaction.trust_id,
            school_id,
            since,
        )
    )


async def schools_whose_year_ended(transaction: Transaction, after: date) -> frozenset[int]:
    """Numbers of the schools whose year was ended for a day after this one."""
    rows = await transaction.rows(
        "select distinct s.urn from school s join audit_event a on a.trust_id = $1 and a.subject_id = s.id"
        f" and a.action = '{AuditAction.YEAR_ENDED}' and (a.details->>'day')::date > $2 where s.trust_id = $1",
        transaction.trust_id,
        after,
    )
    return frozenset(row["urn"] for row in rows)
