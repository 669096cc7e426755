"""The rows of a file: staged, read and judged. Whole files are worked on by statements over many rows at a time, so that memory does not grow with the file."""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from domain.intake.file_rows import FileRow, particulars
from domain.intake.importing import Finding, Resolution, RowOutcome
from domain.intake.oneroster import ORGS
from domain.intake.registration import PersonRow

from ..transactions import Transaction


async def add_rows(transaction: Transaction, job_id: UUID, first_line: int, rows: Iterable[Mapping[str, Any]]) -> int:
    """Stages rows as they came; how many."""
    cells = [json.dumps(each, ensure_ascii=False) for each in rows]
    await transaction.run_many(  # PostgreSQL copies into no table with row-level security
        "insert into import_row (trust_id, job_id, line, cells) values ($1, $2, $3, $4)",
        [(transaction.trust_id, job_id, line, each) for line, each in enumerate(cells, start=first_line)],
    )
    return len(cells)


async def unread_rows(
    transaction: Transaction, job_id: UUID, after: int, most: int
) -> list[tuple[int, dict[str, Any]]]:
    rows = await transaction.rows(
        "select line, cells from import_row where trust_id = $1 and job_id = $2 and line > $3 order by line limit $4",
        transaction.trust_id,
        job_id,
        after,
        most,
    )
    return [(row["line"], json.loads(row["cells"])) for row in rows]


async def store_read(
    transaction: Transaction,
    job_id: UUID,
    read: Sequence[tuple[int, Mapping[str, Any], Sequence[Finding], RowOutcome | None]],
) -> None:
    """Stores what was read in rows. Their keys are folded as the names of people are."""
    await transaction.run(
        "update import_row r set reading = f.reading, findings = string_to_array(f.findings, ','), outcome = f.outcome,"
        " given_key = folded_name(f.reading->>'given_name'), family_key = folded_name(f.reading->>'family_name'),"
        " mailbox = f.reading->>'email'"
        " from unnest($3::int[], $4::jsonb[], $5::text[], $6::text[]) as f(line, reading, findings, outcome)"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = f.line",
        transaction.trust_id,
        job_id,
        [line for line, _, _, _ in read],
        [json.dumps(reading) for _, reading, _, _ in read],
        [",".join(finding.value for finding in findings) for _, _, findings, _ in read],
        [(outcome or RowOutcome.NEW).value for _, _, _, outcome in read],
    )


async def orgs(transaction: Transaction, job_id: UUID) -> AsyncIterator[Mapping[str, str]]:
    """The cells of a delta's orgs."""
    statement = f"select cells from import_row where trust_id = $1 and job_id = $2 and cells->>'file' = '{ORGS}'"
    async for row in transaction.stream(statement, transaction.trust_id, job_id):
        yield json.loads(row["cells"])


async def rows_by_line(transaction: Transaction, job_id: UUID, lines: Collection[int]) -> dict[int, FileRow]:
    rows = await transaction.rows(
        "select line, cells, reading, findings, outcome, given_key, family_key, of_line, person_id, alike_people, alike_lines,"
        " resolution from import_row"
        " where trust_id = $1 and job_id = $2 and line = any($3)",
        transaction.trust_id,
        job_id,
        lines,
    )
    return {row["line"]: _file_row(row) for row in rows}


# by what is stored; `named` looks through them all, which is long for a hundred thousand rows
_OUTCOMES = {each.value: each for each in RowOutcome}
_FINDINGS = {each.value: each for each in Finding}


def _file_row(row: Mapping[str, Any]) -> FileRow:
    reading = PersonRow(**json.loads(row["reading"]))
    return FileRow(
        row["line"],
        row["cells"],
        reading,
        particulars((row["given_key"], row["family_key"]), reading),
        _OUTCOMES[row["outcome"]],
        [_FINDINGS[each] for each in row["findings"]],
        row["of_line"],
        row["person_id"],
        tuple(row["alike_people"]),
        tuple(row["alike_lines"]),
        row["resolution"] and Resolution.named(row["resolution"]),
    )


async def store_judged(transaction: Transaction, job_id: UUID, rows: Collection[FileRow]) -> None:
    """Stores what was found of rows beside what was read in them."""
    await transaction.run(
        "update import_row r set outcome = j.outcome, findings = string_to_array(j.findings, ','), of_line = j.of_line,"
        " person_id = j.person_id, alike_people = j.people::uuid[], alike_lines = j.lines::int[],"
        f" resolution = case when j.outcome <> '{RowOutcome.NEEDS_HUMAN}' then r.resolution end"
        " from unnest($3::int[], $4::text[], $5::text[], $6::int[], $7::uuid[], $8::text[], $9::text[])"
        " as j(line, outcome, findings, of_line, person_id, people, lines)"
        " where r.trust_id = $1 and r.job_id = $2 and r.line = j.line",
        transaction.trust_id,
        job_id,
        [each.line for each in rows],
        [each.outcome.value for each in rows],
        [",".join(finding.value for finding in each.findings) for each in rows],
        [each.of_line for each in rows],
        [each.person_id for each in rows],
        [_array(each.people) for each in rows],
        [_array(each.lines) for each in rows],
    )


def _array(values: Iterable[object]) -> str:
    """As PostgreSQL writes an array: it takes no list of lists that are not equally long."""
    return f"{{{','.join(map(str, values))}}}"


async def forget_check(transaction: Transaction, job_id: UUID) -> None:
    """Undoes what a check that was interrupted has found; the cells stay as they came."""
    await transaction.run(
        "update import_row set reading = null, findings = '{}', outcome = null, of_line = null, person_id = null,"
        " alike_people = '{}', alike_lines = '{}'"
        " where trust_id = $1 and job_id = $2 and (of_line is not null or person_id is not null or reading is not null)",
        transaction.trust_id,
        job_id,
    )
