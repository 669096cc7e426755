"""The end of a school year: relationships that end, learners who move up, and how it was before."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from domain.governance.qualification import RelationshipKind
from domain.membership.lifecycle import ENDED, SENT
from domain.people.relationships import LEAVE_WITH_A_LEARNER
from domain.people.school_year import Counts, Step, by_step

from ..columns import listed
from ..fragments.people import goes_on
from ..transactions import Transaction
from .families import ties_that_end

# what holds before the day; who began on it, or whose year group was told on it or since, is of the new year. An end that
# was announced for a later day keeps nobody at the school until then
_OF_THE_YEAR = (
    "select r.id, r.person_id, r.kind, r.year_group from relationship r where r.trust_id = $1 and r.school_id = $2"
    f" and r.kind in ({listed(LEAVE_WITH_A_LEARNER)}) and {goes_on('r', '$3')} and r.since < $3"
    " and r.year_group is not null and (r.year_group_on is null or r.year_group_on < $3) order by r.id"
)


async def year_end(
    transaction: Transaction, school_id: UUID, leaving: Collection[int], day: date, *, dry_run: bool
) -> Counts:
    """Ends the relationships of leavers and their families and moves everybody else a year up, whoever has not yet been
    moved. A dry run counts the same rows and changes none."""
    rows = await transaction.rows(_OF_THE_YEAR, transaction.trust_id, school_id, day)
    steps = by_step([(row["id"], row["year_group"]) for row in rows], leaving)
    learners = {row["id"]: row["person_id"] for row in rows if row["kind"] == RelationshipKind.LEARNER}
    leavers = [each for each in steps[Step.LEAVES] if each in learners]
    families = await ties_that_end(
        transaction, school_id, {learners[each] for each in leavers}, day, years=leaving, whole_years=leaving
    )
    moving = [each for each in steps[Step.MOVES_UP] if each not in set(families)]
    if not dry_run:
        await _keep_as_it_is(transaction, school_id, day, [*leavers, *families], moving)
        await _end(transaction, [*leavers, *families], day)
        await _move_up(transaction, moving, day)
    return Counts(
        len(leavers), len(families), len(moving), len([each for each in steps[Step.STAYS] if each in learners])
    )


async def _keep_as_it_is(
    transaction: Transaction, school_id: UUID, day: date, ending: Collection[UUID], moving: Collection[UUID]
) -> None:
    """Notes how it was, to undo what comes; what an earlier end of a year changed is undone no more."""
    await transaction.run(
        "delete from school_year_change where trust_id = $1 and school_id = $2 and day <> $3",
        transaction.trust_id,
        school_id,
        day,
    )
    await transaction.run(
        "insert into school_year_end (trust_id, school_id, day, ended_at) values ($1, $2, $3, app_now())"
        " on conflict (trust_id, school_id, day) do nothing",
        transaction.trust_id,
        school_id,
        day,
    )
    await transaction.run(
        "insert into school_year_change (trust_id, school_id, day, relationship_id, person_id, has_ended, until_before,"
        " end_known_on_before, year_group_before, year_group_on_before) select r.trust_id, $2, $3, r.id, r.person_id,"
        " r.id = any($4), r.until, r.end_known_on, r.year_group, r.year_group_on from relationship r"
        " where r.trust_id = $1 and (r.id = any($4) or r.id = any($5))",
        transaction.trust_id,
        school_id,
        day,
        list(ending),
        list(moving),
    )


async def _end(transaction: Transaction, ending: Collection[UUID], day: date) -> None:
    await transaction.run(
        "update relationship set until = $3, end_known_on = legal_today() where trust_id = $1 and id = any($2)",
        transaction.trust_id,
        list(ending),
        day,
    )


async def _move_up(transaction: Transaction, moving: Collection[UUID], day: date) -> None:
    await transaction.run(
        "update relationship set year_group = year_group + 1, year_group_on = $3 where trust_id = $1 and id = any($2)",
        transaction.trust_id,
        list(moving),
        day,
    )


async def hold_school(transaction: Transaction, school_id: UUID) -> None:
    """So that two ends of a year follow one another."""
    await transaction.run(
        "select from school where trust_id = $1 and id = $2 for no key update", transaction.trust_id, school_id
    )


async def years_ended(transaction: Transaction, school_id: UUID, since: date) -> list[tuple[date, bool]]:
    """The days after this one for which a year was ended at the school; and whether what that changed was kept."""
    rows = await transaction.rows(
        "select day, ended_at is not null as is_kept from school_year_end where trust_id = $1 and school_id = $2 and day > $3"
        " order by day",
        transaction.trust_id,
        school_id,
        since,
    )
    return [(row["day"], row["is_kept"]) for row in rows]


# Somebody acted on it: a relationship is no more as it left it; a leaver's membership ended since, or they applied for
# another; or they are at the school anew. A lapsing member is a member as before when the ground is back (rule 22b).
_ACTED_ON = (
    "select exists (select from school_year_change c join school_year_end e on e.trust_id = $1 and e.school_id = $2"
    " and e.day = $3 left join relationship r on r.trust_id = $1 and r.id = c.relationship_id"
    " where c.trust_id = $1 and c.school_id = $2 and c.day = $3 and (r.id is null"
    " or (c.has_ended and (r.until is distinct from c.day or r.year_group is distinct from c.year_group_before))"
    " or (not c.has_ended and (r.until is distinct from c.until_before"
    "  or r.year_group is distinct from c.year_group_before + 1 or r.year_group_on is distinct from c.day))"
    " or c.has_ended and (exists (select from membership m join membership_transition t on t.trust_id = $1"
    f"  and t.membership_id = m.id and t.at >= e.ended_at and t.status in ({listed(ENDED | SENT)})"
    "  where m.trust_id = $1 and m.person_id = c.person_id)"
    "  or exists (select from relationship n where n.trust_id = $1 and n.person_id = c.person_id and n.school_id = $2"
    "   and n.kind = r.kind and n.id <> r.id and n.since >= c.day))))"
)


async def is_acted_on(transaction: Transaction, school_id: UUID, day: date) -> bool:
    """Whether anybody has acted since on the end of the year for that day."""
    return bool(await transaction.value(_ACTED_ON, transaction.trust_id, school_id, day))


async def undo_year_end(transaction: Transaction, school_id: UUID, day: date) -> int:
    """Makes everything as it was before; how many relationships."""
    rows = await transaction.rows(
        "update relationship r set until = c.until_before, end_known_on = c.end_known_on_before,"
        " year_group = c.year_group_before, year_group_on = c.year_group_on_before from school_year_change c"
        " where r.trust_id = $1 and c.trust_id = $1 and c.school_id = $2 and c.day = $3 and r.id = c.relationship_id"
        " returning r.id",
        transaction.trust_id,
        school_id,
        day,
    )
    for table in ("school_year_change", "school_year_end"):
        await transaction.run(
            f"delete from {table} where trust_id = $1 and school_id = $2 and day = $3",
            transaction.trust_id,
            school_id,
            day,
        )
    return len(rows)


async def schools_whose_year_ended(transaction: Transaction, after: date) -> frozenset[int]:
    """Numbers of the schools whose year was ended for a day after this one."""
    rows = await transaction.rows(
        "select distinct s.urn from school s join school_year_end y on y.trust_id = $1 and y.school_id = s.id and y.day > $2"
        " where s.trust_id = $1",
        transaction.trust_id,
        after,
    )
    return frozenset(row["urn"] for row in rows)
