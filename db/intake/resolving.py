"""Rows that somebody resolves: where they stand, of whom they may be, and the rows of the same person."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from domain.intake.importing import Finding, Resolution, RowOutcome
from domain.intake.oneroster import ENROLMENTS

from ..columns import listed
from ..fragments.people import is_somebody
from ..transactions import Transaction
from .reads import ALIKE_IDS

_LEAVES_TO_A_HUMAN = [each for each in Finding if each.settles is RowOutcome.NEEDS_HUMAN]


class Place(NamedTuple):
    """Where a row stands."""

    job_id: UUID
    line: int


async def place_of(transaction: Transaction, row_id: UUID) -> Place | None:
    row = await transaction.row(
        "select job_id, line from import_row where trust_id = $1 and id = $2", transaction.trust_id, row_id
    )
    return None if row is None else Place(row["job_id"], row["line"])


async def people_alike(transaction: Transaction, place: Place) -> Mapping[UUID, bool]:
    """Of whom the row may be, or was told to be, as ALIKE_PEOPLE (db/intake/reads.py) shows them; and whether they are still
    on record. They stay so until the transaction ends."""
    rows = await transaction.rows(
        f"select o.id, {is_somebody('o')} as is_there from person o where o.trust_id = $1 and o.id = any(("
        f"select {ALIKE_IDS.format(trust='$1', row='r')} from import_row r"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = $3)::uuid[]) order by o.id for key share",
        transaction.trust_id,
        place.job_id,
        place.line,
    )
    return {row["id"]: row["is_there"] for row in rows}


async def store_resolution(
    transaction: Transaction, place: Place, resolution: Resolution | None, reason: str | None, actor: UUID
) -> None:
    """Notes what somebody says of the row, when, and why."""
    await transaction.run(
        "update import_row set resolution = $4, resolution_reason = $5, resolved_by_id = $6, resolved_at = app_now()"
        " where trust_id = $1 and job_id = $2 and line = $3",
        transaction.trust_id,
        place.job_id,
        place.line,
        resolution and resolution.value,
        reason,
        actor,
    )


async def start_again(transaction: Transaction, place: Place, corrected: Collection[str]) -> None:
    """Forgets of whom the row was thought to be, and notes which fields were given anew."""
    await transaction.run(
        "update import_row set of_line = null, person_id = null, alike_people = '{}', alike_lines = '{}', resolution = null,"
        " corrected = array(select unnest(corrected) union select unnest($4::text[]) order by 1)"
        " where trust_id = $1 and job_id = $2 and line = $3",
        transaction.trust_id,
        place.job_id,
        place.line,
        list(corrected),
    )


async def rows_of_person(transaction: Transaction, job_id: UUID, first_line: int) -> Sequence[int]:
    """The lines of the person whose first row this is; but for those that are likely to be theirs, and no more."""
    rows = await transaction.rows(
        f"select line from import_row where trust_id = $1 and job_id = $2 and (line = $3 or of_line = $3)"
        f" and (line = $3 or outcome <> '{RowOutcome.NEEDS_HUMAN}' or not '{Finding.MAYBE_THE_SAME}' = any(findings))"
        " order by line",
        transaction.trust_id,
        job_id,
        first_line,
    )
    return [row["line"] for row in rows]


async def make_one_person(transaction: Transaction, job_id: UUID, lines: Collection[int]) -> None:
    """These rows are of one person, whom the first of them that is to puts on record; the others add to them."""
    await transaction.run(
        "update import_row r set of_line = nullif(f.first_line, r.line),"
        f" outcome = case when r.outcome = '{RowOutcome.NEW}' and r.line > f.new_line and not r.is_applied"
        f" then '{RowOutcome.UPDATE}' else r.outcome end"
        f" from (select min(line) as first_line, min(line) filter (where outcome = '{RowOutcome.NEW}') as new_line"
        "  from import_row where trust_id = $1 and job_id = $2 and line = any($3)) f"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = any($3)",
        transaction.trust_id,
        job_id,
        list(lines),
    )


async def make_of_person(transaction: Transaction, job_id: UUID, lines: Collection[int], person_id: UUID) -> None:
    """Of these rows, those that are of nobody on record yet are of this person, to whom they add."""
    await transaction.run(
        f"update import_row set person_id = $4, outcome = case outcome when '{RowOutcome.NEW}' then '{RowOutcome.UPDATE}'"
        " else outcome end where trust_id = $1 and job_id = $2 and line = any($3) and person_id is null"
        f" and outcome in ({listed({RowOutcome.NEW, RowOutcome.UPDATE, RowOutcome.DUPLICATE})})",
        transaction.trust_id,
        job_id,
        list(lines),
        person_id,
    )


async def leave_person(transaction: Transaction, place: Place) -> None:
    """The row is no longer the first of those that were thought to be of the same person; but of those that say the very
    same."""
    await transaction.run(
        "with left_behind as (select line, min(line) over () as first_line from import_row where trust_id = $1"
        f" and job_id = $2 and of_line = $3 and not '{Finding.EXACT_DUPLICATE}' = any(findings)"
        f" and cells->>'file' is distinct from '{ENROLMENTS}')"
        " update import_row r set of_line = nullif(l.first_line, r.line) from left_behind l"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = l.line",
        transaction.trust_id,
        place.job_id,
        place.line,
    )


async def reopen_enrolments(transaction: Transaction, place: Place) -> Sequence[int]:
    """The enrolments of a user whose row needed a human, to be judged again; their lines."""
    rows = await transaction.rows(
        f"update import_row set outcome = '{RowOutcome.NEW}' where trust_id = $1 and job_id = $2 and of_line = $3"
        f" and cells->>'file' = '{ENROLMENTS}' and outcome = '{RowOutcome.NEEDS_HUMAN}'"
        f" and not findings && array[{listed(_LEAVES_TO_A_HUMAN)}] returning line",
        transaction.trust_id,
        place.job_id,
        place.line,
    )
    return sorted(row["line"] for row in rows)
