"""Reading and comparing the rows of a file, without changing anything else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.intake import families, jobs, matching
from db.intake.jobs import Job
from db.intake.rows import forget_check, orgs, store_read, unread_rows
from db.people.school_year import schools_whose_year_ended
from db.transactions import Transaction, Transactions
from db.trusts import schools
from domain.audit.events import AuditAction
from domain.intake import oneroster
from domain.intake.importing import Finding, ImportKind, ImportStatus, settled
from domain.intake.registration import PersonRow, ReadRow, RowReader, Vocabulary, of_its_day
from domain.intake.schoolbook import KnownSchool, SchoolBook

from .applying import apply_rows
from .jobs import BATCH, FIRST_LINE, Advance, found_job, hold_at_stage, unheard
from .matching import judge_applicants, judge_consents, judge_enrolments, judge_in_file, judge_on_record
from .refusals import judge_refusals


@dataclass(frozen=True, slots=True)
class Reference:
    """What files are read with: the words of offices, and the schools of everybody by published lists."""

    vocabulary: Vocabulary
    schools: Sequence[KnownSchool]
    successors: Mapping[int, int]


async def resume_import(
    transactions: Transactions, trust_id: UUID, job_id: UUID, reference: Reference, advance: Advance = unheard
) -> None:
    """Does what an import waits for: checks an uploaded one, applies one that is to be applied."""
    job = await transactions.run(trust_id, lambda transaction: found_job(transaction, job_id))
    if job.status is ImportStatus.UPLOADED:
        await _check(transactions, trust_id, job, reference, advance)
    elif job.status is ImportStatus.APPLYING:
        await apply_rows(transactions, trust_id, job, advance)


async def _check(transactions: Transactions, trust_id: UUID, job: Job, reference: Reference, advance: Advance) -> None:
    """The dry run. What an interrupted one has found is found again."""
    read = await transactions.run(trust_id, lambda transaction: _reader(transaction, job, reference))
    await transactions.run(trust_id, lambda transaction: _forget_check(transaction, job))
    await transactions.run(trust_id, jobs.analyze_tables)
    last = 0
    while rows := await transactions.run(trust_id, partial(_read_batch, job=job, read=read, after=last)):
        last = rows[-1]
        advance("reading", len(rows))
    await transactions.run(trust_id, jobs.analyze_tables)

    async def judge(transaction: Transaction) -> None:
        await hold_at_stage(transaction, job.id, ImportStatus.UPLOADED)
        await judge_on_record(transaction, job, FIRST_LINE, last)
        await judge_in_file(transaction, job, FIRST_LINE, last)
        await judge_consents(transaction, job, FIRST_LINE, last)
        await judge_refusals(transaction, job, FIRST_LINE, last)
        if job.kind is ImportKind.ONEROSTER:
            await judge_enrolments(transaction, job)
            await families.note_families(transaction, job.id, job.exported_on)
        await judge_applicants(transaction, job)
        await matching.note_groups(transaction, job.id)
        await jobs.move_to(transaction, job.id, ImportStatus.CHECKED, checked=job.rows)
        await jobs.keep_claim(transaction, job.id)
        await transaction.audit(
            AuditAction.IMPORT_CHECKED, job.id, None, outcomes=(await jobs.counts(transaction, job.id))[0]
        )

    await transactions.run(trust_id, judge)
    advance("comparing", 0)


Read = Callable[[Mapping[str, Any]], ReadRow]


async def _reader(transaction: Transaction, job: Job, reference: Reference) -> Read:
    """What reads a row of this file."""
    own = [
        KnownSchool(row["urn"], row["name"], row["places"], True) for row in await schools.schools_of_trust(transaction)
    ]
    numbers = {school.urn for school in own}
    others = [school for school in reference.schools if school.urn not in numbers]
    book = SchoolBook(
        [*others, *own],
        {**reference.successors, **await schools.successors(transaction)},
        reference.vocabulary.school_words,
    )
    ended = await schools_whose_year_ended(transaction, job.exported_on)
    ruleset = await ruleset_in_force(transaction)
    if job.kind is ImportKind.REGISTRATION:
        rows = RowReader(reference.vocabulary, book, ruleset, job.exported_on)
        return lambda cells: of_its_day(rows.read(cells), ended) if "malformed" not in cells else _malformed()
    urns = {}
    async for cells in orgs(transaction, job.id):
        number = oneroster.school_number(cells)
        if number is not None and number[1] in numbers:
            urns[number[0]] = number[1]

    def read(cells: Mapping[str, Any]) -> ReadRow:
        if "malformed" in cells:
            return _malformed()
        if cells["file"] == oneroster.USERS:
            return of_its_day(oneroster.read_user(cells, urns, ruleset, job.exported_on), ended)
        if cells["file"] == oneroster.ENROLMENTS:
            return oneroster.read_enrolment(cells, urns, job.exported_on)
        return ReadRow(PersonRow(), [Finding.ORG])

    return read


def _malformed() -> ReadRow:
    return ReadRow(PersonRow(), [Finding.ROW_MALFORMED])


async def _forget_check(transaction: Transaction, job: Job) -> None:
    await hold_at_stage(transaction, job.id, ImportStatus.UPLOADED)
    await forget_check(transaction, job.id)


async def _read_batch(transaction: Transaction, job: Job, read: Read, after: int) -> list[int]:
    """Reads the rows after this line; their lines. Refusals: IMPORT_WRONG_STAGE where somebody else was faster."""
    await hold_at_stage(transaction, job.id, ImportStatus.UPLOADED)
    rows = await unread_rows(transaction, job.id, after, BATCH)
    found = [(line, read(cells)) for line, cells in rows]
    await store_read(
        transaction,
        job.id,
        [(line, each.person.stored(), each.findings, settled(each.findings)) for line, each in found],
    )
    lines = [line for line, _ in rows]
    if lines:
        await jobs.set_progress(transaction, job.id, checked=lines[-1] - FIRST_LINE + 1)
    return lines
