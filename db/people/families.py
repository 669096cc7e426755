"""Families of learners: who is at a school for their sake, and what ends when they leave it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from domain.governance.qualification import RelationshipKind
from domain.people.families import FAMILY, FamilyTie, leave_with

from ..columns import listed
from ..fragments.people import goes_on, holds
from ..transactions import Transaction

IS_OLD = (
    "(r.year_group_on is null or r.year_group_on < $5)"  # the year group of a file of the day, or since, is the new one
)


@dataclass(frozen=True, slots=True)
class Leaver:
    """A learner who leaves a school."""

    person_id: UUID
    school_id: UUID
    year_group: int | None
    until: date


# the ties, of one person and kind after another, of everybody of whom one is about these learners, or these year groups,
# or who answers for one of the learners; with which other learners of theirs stay at the school
_TIES = (
    "with ties as (select r.id, r.person_id, r.kind, r.learner_id,"
    f" case when {IS_OLD} then r.year_group end as year_group from relationship r where r.trust_id = $1 and r.school_id = $2"
    f" and r.kind in ({listed(FAMILY)}) and {holds('r', '$5')}),"
    " cared_for as (select g.guardian_id, g.child_id from guardianship g where g.trust_id = $1"
    f" and {goes_on('g', '$5')}),"
    " near as (select person_id, kind from ties where learner_id = any($3) or learner_id is null and year_group = any($4)"
    " union select t.person_id, t.kind from ties t join cared_for c on c.guardian_id = t.person_id and c.child_id = any($3)),"
    " theirs as (select n.person_id, n.kind, t.learner_id from near n join ties t using (person_id, kind)"
    " where t.learner_id is not null union select n.person_id, n.kind, c.child_id from near n"
    " join cared_for c on c.guardian_id = n.person_id)"
    " select t.*, array(select o.learner_id from theirs o join relationship l on l.trust_id = $1 and l.school_id = $2"
    f"  and l.person_id = o.learner_id and l.kind = '{RelationshipKind.LEARNER}' and {goes_on('l', '$5')}"
    "  where o.person_id = t.person_id and o.kind = t.kind and o.learner_id <> all($3)) as there"
    " from ties t join near using (person_id, kind) order by t.person_id, t.kind, t.id"
)


async def ties_that_end(
    transaction: Transaction,
    school_id: UUID,
    learners: Collection[UUID],
    day: date,
    *,
    years: Collection[int],
    whole_years: Collection[int] = (),
) -> list[UUID]:
    """The relationships that end with these learners of these year groups, who leave the school on the day; or with every
    learner of `whole_years`."""
    rows = await transaction.rows(_TIES, transaction.trust_id, school_id, list(learners), list(whole_years), day)
    ended: list[UUID] = []
    for _, each in groupby(rows, key=lambda row: (row["person_id"], row["kind"])):
        theirs = list(each)
        ties = [_tie(row) for row in theirs]
        ended += [tie.id for tie in leave_with(ties, set(learners), set(years), set(theirs[0]["there"]))]
    return ended


def _tie(row: Mapping[str, Any]) -> FamilyTie:
    return FamilyTie(row["id"], row["learner_id"], row["year_group"])


async def end_with_leavers(transaction: Transaction, leavers: Iterable[Leaver], known_on: date | None = None) -> int:
    """Ends what families are to the schools for the sake of who has left them, on their day; how many relationships.

    `known_on`: the day of the file that told so; today otherwise.
    """
    ended = 0
    by_place = sorted(leavers, key=_place)
    for (school_id, until), each in groupby(by_place, key=_place):
        group = list(each)
        learners = await _who_left(transaction, school_id, {leaver.person_id for leaver in group}, until)
        years = {leaver.year_group for leaver in group if leaver.year_group is not None}
        ids = await ties_that_end(transaction, school_id, learners, until, years=years)
        await transaction.run(
            "update relationship set until = $3, end_known_on = $4 where trust_id = $1 and id = any($2)",
            transaction.trust_id,
            ids,
            until,
            known_on or await transaction.today(),
        )
        ended += len(ids)
    return ended


def _place(leaver: Leaver) -> tuple[UUID, date]:
    return leaver.school_id, leaver.until


async def _who_left(transaction: Transaction, school_id: UUID, learners: Collection[UUID], day: date) -> list[UUID]:
    """Those of them who are no learners there by any other fact, either."""
    rows = await transaction.rows(
        "select p.id from unnest($3::uuid[]) as p(id) where not exists (select from relationship r where r.trust_id = $1"
        f" and r.school_id = $2 and r.person_id = p.id and r.kind = '{RelationshipKind.LEARNER}' and {goes_on('r', '$4')})",
        transaction.trust_id,
        school_id,
        list(learners),
        day,
    )
    return [row["id"] for row in rows]
