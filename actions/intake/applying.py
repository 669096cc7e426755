"""Applying a checked file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from uuid import UUID

from db.intake import applying, families, identifiers, jobs
from db.intake.jobs import Job
from db.transactions import Transaction, Transactions
from domain.audit.events import AuditAction
from domain.forms import Id
from domain.identity.viewer import Role, Viewer, holder_of
from domain.intake import oneroster
from domain.intake.importing import ImportStatus
from domain.refusals import Conflict, RefusalCode

from ..action import action
from .applicants import apply_for_people
from .jobs import BATCH, FIRST_LINE, Advance, found_job, hold_at_stage
from .matching import judge_consents, judge_on_record
from .refusals import heed_refusals


@dataclass(frozen=True, slots=True)
class ImportById:
    """An import to act on."""

    id: Annotated[UUID, Id("imp"), "The import."]


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def apply_import(transaction: Transaction, viewer: Viewer, command: ImportById) -> UUID:
    """Applies a checked import, in the background. What needs a human stays.

    The worker does it. Refusals: NOT_FOUND, IMPORT_WAITS, IMPORT_WRONG_STAGE.
    """
    job = await _start_applying(transaction, viewer, command.id)
    await jobs.release(transaction, job.id)
    return job.id


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def apply_import_here(transaction: Transaction, viewer: Viewer, command: ImportById) -> UUID:
    """Applies a checked import, which the caller goes on with, not the worker.

    Refusals: NOT_FOUND, IMPORT_WAITS, IMPORT_WRONG_STAGE.
    """
    job = await _start_applying(transaction, viewer, command.id)
    await jobs.keep_claim(transaction, job.id)
    return job.id


async def _start_applying(transaction: Transaction, viewer: Viewer, job_id: UUID) -> Job:
    await transaction.hold("imports")
    job = await found_job(transaction, job_id)
    if await jobs.is_another_applying(transaction, job.id):
        raise Conflict(RefusalCode.IMPORT_WAITS)
    if job.status is not ImportStatus.CHECKED:
        raise Conflict(RefusalCode.IMPORT_WRONG_STAGE)
    await jobs.move_to(transaction, job.id, ImportStatus.APPLYING, applied_by_id=viewer.person, tries=0)
    await transaction.audit(AuditAction.IMPORT_APPLYING, job.id, viewer.person)
    return job


async def apply_rows(transactions: Transactions, trust_id: UUID, job: Job, advance: Advance) -> None:
    """Everything the file tells first, and then the applications: which constituency somebody joins depends on all their
    rows."""
    last = batches = 0
    while lines := await transactions.run(trust_id, partial(_apply_batch, job=job, after=last)):
        last, batches = lines[-1], batches + 1
        advance("applying", len(lines))
        if batches in (1, 5, 25, 125):
            await transactions.run(trust_id, jobs.analyze_tables)
    last = 0
    while found := await transactions.run(trust_id, partial(_send_applications, job=job, after=last)):
        last, people = found
        advance("sending applications", people)


async def _apply_batch(transaction: Transaction, job: Job, after: int) -> list[int]:
    """Applies the next rows after this line that are to be applied; their lines. What stands between them is heeded, too. Refusals: IMPORT_WRONG_STAGE."""
    await hold_at_stage(transaction, job.id, ImportStatus.APPLYING)
    lines = await applying.lines_to_apply(transaction, job.id, after, BATCH)
    first, last = after + 1, lines[-1] if lines else FIRST_LINE + job.rows
    # since the check others may have come on record, by another file or by themselves, and a newer file may say no
    await judge_on_record(transaction, job, first, last)
    await heed_refusals(transaction, job, first, last)
    if lines:
        await judge_consents(transaction, job, first, last)
        await apply_lines(transaction, job, lines)
        await jobs.set_progress(transaction, job.id, applied=lines[-1] - FIRST_LINE + 1, tries=0)
    else:
        await applying.attribute_duplicates(transaction, job.id)
        await identifiers.note_newest_file(transaction, job.id, oneroster.SYSTEM, job.exported_on)
        await families.link_families(transaction, job.id, oneroster.SYSTEM, job.exported_on)
        await families.follow_learners(transaction, job.id, job.exported_on)
        await jobs.set_progress(transaction, job.id, applied=job.rows)
    return lines


async def apply_lines(transaction: Transaction, job: Job, lines: Sequence[int]) -> None:
    """Puts on record what these lines tell, of those that are to be applied."""
    rows = await applying.apply_rows(transaction, job.id, lines, job.exported_on)
    await identifiers.remember_identifiers(transaction, rows, oneroster.SYSTEM)


async def _send_applications(transaction: Transaction, job: Job, after: int) -> tuple[int, int] | None:
    """Applies for those who consented in the rows after this line; the last line it came to, and how many people were
    looked at. None where there are no more: the import is then applied. Refusals: IMPORT_WRONG_STAGE."""
    await hold_at_stage(transaction, job.id, ImportStatus.APPLYING)
    last, people = await applying.people_who_consent(transaction, job.id, after, BATCH)
    if people:
        await jobs.add_applications(transaction, job.id, await apply_for_people(transaction, job, people))
        return last, len(people)
    await jobs.move_to(transaction, job.id, ImportStatus.APPLIED)
    await transaction.audit(AuditAction.IMPORT_APPLIED, job.id, None)
    return None
