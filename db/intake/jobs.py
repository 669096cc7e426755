"""Imports as jobs: what is claimed, and how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.intake.importing import APPLYING, WAITS_FOR_AN_OFFICER, WAITS_FOR_THE_WORKER, ImportKind, ImportStatus

from ..columns import listed
from ..connection import Pool
from ..fragments.clock import midnight
from ..transactions import Transaction

MOST_TRIES = 10  # without coming forward
CLAIM = "interval '2 minutes'"  # after which another worker may go on


@dataclass(frozen=True, slots=True)
class Job:
    id: UUID
    kind: ImportKind
    status: ImportStatus
    exported_on: date
    applied_by: UUID | None  # who had it applied
    rows: int


async def add_job(
    transaction: Transaction, kind: ImportKind, file_name: str, exported_on: date, created_by: UUID
) -> UUID:
    job: UUID = await transaction.value(
        "insert into import_job (trust_id, kind, file_name, sha256, exported_on, rows, created_by_id)"
        " values ($1, $2, $3, '', $4, 0, $5) returning id",
        transaction.trust_id,
        kind.value,
        file_name,
        exported_on,
        created_by,
    )
    return job


async def finish_upload(transaction: Transaction, job_id: UUID, rows: int, sha256: str) -> None:
    await transaction.change("import_job", job_id, {"rows": rows, "sha256": sha256})


async def job_for_update(transaction: Transaction, job_id: UUID) -> Job | None:
    row = await transaction.row(
        "select id, kind, status, exported_on, applied_by_id, rows from import_job where trust_id = $1 and id = $2"
        " for no key update",
        transaction.trust_id,
        job_id,
    )
    if row is None:
        return None
    return Job(
        row["id"],
        ImportKind.named(row["kind"]),
        ImportStatus.named(row["status"]),
        row["exported_on"],
        row["applied_by_id"],
        row["rows"],
    )


async def move_to(transaction: Transaction, job_id: UUID, status: ImportStatus, **changed: object) -> None:
    """Puts the job at a status, and notes that it was of use until now."""
    moved = {"status": status.value, "last_used_at": await transaction.now(), **changed}
    await transaction.change("import_job", job_id, moved)


async def abandon(transaction: Transaction, unused_since: date) -> Sequence[UUID]:
    """Abandons what waits for an officer and was of no use on that day or later; the jobs."""
    rows = await transaction.rows(
        f"update import_job set status = '{ImportStatus.ABANDONED}' where trust_id = $1"
        f" and status in ({listed(WAITS_FOR_AN_OFFICER)}) and last_used_at < {midnight('$2::date')} returning id",
        transaction.trust_id,
        unused_since,
    )
    return [row["id"] for row in rows]


async def set_progress(transaction: Transaction, job_id: UUID, **progress: object) -> None:
    """Notes how far the job has come, and keeps the claim on it; `tries=0` where it has come further than ever before."""
    await transaction.change("import_job", job_id, progress)
    await keep_claim(transaction, job_id)


async def keep_claim(transaction: Transaction, job_id: UUID) -> None:
    """Takes the job, or keeps it, for whoever works on it."""
    await transaction.run(
        f"update import_job set claimed_until = app_now() + {CLAIM} where trust_id = $1 and id = $2",
        transaction.trust_id,
        job_id,
    )


async def add_applications(transaction: Transaction, job_id: UUID, count: int) -> None:
    """Notes that so many more have applied by it, and keeps the claim: with any, it has come further than before."""
    await transaction.run(
        "update import_job set applications = applications + $3, tries = case when $3 > 0 then 0 else tries end where trust_id = $1 and id = $2",
        transaction.trust_id,
        job_id,
        count,
    )
    await keep_claim(transaction, job_id)


async def release(transaction: Transaction, job_id: UUID) -> None:
    """Whoever looks next may go on with the job at once."""
    await transaction.run(
        "update import_job set claimed_until = '-infinity' where trust_id = $1 and id = $2",
        transaction.trust_id,
        job_id,
    )


async def is_another_applying(transaction: Transaction, job_id: UUID) -> bool:
    return bool(
        await transaction.value(
            f"select true from import_job where trust_id = $1 and id <> $2 and status in ({listed(APPLYING)}) limit 1",
            transaction.trust_id,
            job_id,
        )
    )


async def files_as_new(transaction: Transaction, job: Job) -> Sequence[UUID]:
    """Other files of that day or later that somebody had applied, as long as they are kept."""
    rows = await transaction.rows(
        "select id from import_job where trust_id = $1 and id <> $2 and exported_on >= $3 and applied_by_id is not null"
        " order by id",
        transaction.trust_id,
        job.id,
        job.exported_on,
    )
    return [row["id"] for row in rows]


async def claim_job(worker: Pool, trust_id: UUID) -> tuple[UUID, int] | None:
    """The oldest import of the trust that waits for work, claimed, and how often it was since it last came forward; None
    when there is none."""
    row = await worker.fetchrow(
        f"with due as (select id from import_job where trust_id = $1 and status in ({listed(WAITS_FOR_THE_WORKER)})"
        " and claimed_until < app_now() order by id limit 1 for update skip locked)"
        f" update import_job j set claimed_until = app_now() + {CLAIM}, tries = tries + 1 from due where j.trust_id = $1 and j.id = due.id"
        " returning j.id, j.tries",
        trust_id,
    )
    return None if row is None else (row["id"], row["tries"])


async def counts(transaction: Transaction, job_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows by outcome, and by finding."""
    outcomes = await transaction.rows(
        "select outcome, count(*) as rows from import_row where trust_id = $1 and job_id = $2 and outcome is not null"
        " group by 1 order by 1",
        transaction.trust_id,
        job_id,
    )
    findings = await transaction.rows(
        "select finding, count(*) as rows from import_row, unnest(findings) as finding"
        " where trust_id = $1 and job_id = $2 group by 1 order by 1",
        transaction.trust_id,
        job_id,
    )
    return {r["outcome"]: r["rows"] for r in outcomes}, {r["finding"]: r["rows"] for r in findings}


async def analyze_tables(transaction: Transaction) -> None:
    """Lets PostgreSQL look at the tables an import fills: by what it thought of them before, it would plan for a few rows."""
    await transaction.run("analyze import_row, person, relationship, membership")
