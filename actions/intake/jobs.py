"""An import on its way. Every step works in batches, each a transaction of its own: one that is interrupted goes on where it was, and the same file twice changes nothing."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.intake import jobs
from db.intake.jobs import Job
from db.transactions import Transaction, Transactions
from domain.audit.events import AuditAction
from domain.governance.rulesets import RecordType
from domain.intake.importing import ImportStatus
from domain.refusals import Conflict, NotFound, RefusalCode

BATCH = 1_000  # rows a transaction
FIRST_LINE = 2  # the header is 1


Advance = Callable[[str, int], None]  # what is being done, and how many rows more are


def unheard(_: str, __: int) -> None:
    pass


async def hold_at_stage(transaction: Transaction, job_id: UUID, status: ImportStatus) -> None:
    """Holds the job for the transaction, if it is where it is thought to be."""
    if (await found_job(transaction, job_id)).status is not status:
        raise Conflict(RefusalCode.IMPORT_WRONG_STAGE)


async def fail_import(transaction: Transaction, job_id: UUID) -> None:
    """An import that can't be read or applied is tried no more; what was applied of it stays."""
    await jobs.move_to(transaction, job_id, ImportStatus.FAILED)
    await transaction.audit(AuditAction.IMPORT_FAILED, job_id, None)


async def abandon_unused(transaction: Transaction) -> dict[str, int]:
    """Gives up the checked imports that nobody applies for as long as their rows may be kept (rule 26c); how many."""
    kept = timedelta(days=(await ruleset_in_force(transaction)).retention_days[RecordType.IMPORTED_ROW])
    abandoned = await jobs.abandon(transaction, await transaction.today() - kept)
    await transaction.audit_many(AuditAction.IMPORT_ABANDONED, None, [(job_id, {}) for job_id in abandoned])
    return {"abandoned": len(abandoned)}


async def report(transactions: Transactions, trust_id: UUID, job_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows by outcome, and by finding."""
    return await transactions.run(trust_id, lambda transaction: jobs.counts(transaction, job_id))


async def found_job(transaction: Transaction, job_id: UUID) -> Job:
    job = await jobs.job_for_update(transaction, job_id)
    if job is None:
        raise NotFound("id")
    return job
