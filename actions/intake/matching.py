"""Which rows are of the same person, or of somebody on record: loaded, judged and stored some hundred at a time."""

from collections.abc import AsyncIterator
from typing import TypeVar
from uuid import UUID

from db.intake import enrolments, matching
from db.intake.jobs import Job
from db.intake.matching import Candidates, Key
from db.intake.rows import rows_by_line, store_judged
from db.transactions import Transaction
from domain.intake import oneroster
from domain.intake.importing import ImportKind
from domain.intake.judging import beside_people, beside_rows, of_person
from domain.people.matching import same_name

BATCH = 500  # rows
Each = TypeVar("Each")
People = AsyncIterator[tuple[int, list[UUID]]]  # a line, and who it may be of


async def judge_on_record(transaction: Transaction, job: Job) -> None:
    """Which rows are of people on record: first those to whom something surer than a name points."""
    if job.kind is ImportKind.ONEROSTER:
        identified = matching.people_by_identifier(transaction, job.id, oneroster.SYSTEM)
        await _judge_beside_people(transaction, job, identified, are_certain=True)
    await _judge_beside_people(transaction, job, matching.people_of_same_rows(transaction, job.id), are_certain=True)
    people = _of_same_name(matching.candidates_on_record(transaction, job.id))
    await _judge_beside_people(transaction, job, people, are_certain=False)


async def judge_in_file(transaction: Transaction, job: Job) -> None:
    """Which rows are of people an earlier row is of."""
    async for batch in _batches(_of_same_name(matching.candidates_in_file(transaction, job.id))):
        rows = await rows_by_line(transaction, job.id, {each for line, earlier in batch for each in (line, *earlier)})
        judged = dict(rows)
        for line, earlier in batch:
            for each in beside_rows(judged[line], [judged[other] for other in earlier], job.exported_on):
                judged[each.line] = each
        await store_judged(transaction, job.id, [each for each in judged.values() if each is not rows[each.line]])


async def judge_enrolments(transaction: Transaction, job: Job) -> None:
    """What becomes of enrolments: who they are of, and whether they say anything new."""
    await enrolments.find_people(transaction, job.id, oneroster.SYSTEM)
    async for batch in _batches(enrolments.people_of_enrolments(transaction, job.id)):
        rows = await rows_by_line(transaction, job.id, {line for line, _ in batch})
        people = await matching.people_on_record(transaction, {key for _, (key,) in batch}, job.exported_on)
        judged = [of_person(rows[line], people[key], job.exported_on) for line, (key,) in batch]
        await store_judged(transaction, job.id, judged)


async def _judge_beside_people(transaction: Transaction, job: Job, found: People, are_certain: bool) -> None:
    async for batch in _batches(found):
        rows = await rows_by_line(transaction, job.id, {line for line, _ in batch})
        people = await matching.people_on_record(
            transaction, {person for _, those in batch for person in those}, job.exported_on
        )
        judged = [
            beside_people(rows[line], [people[person] for person in those], are_certain, job.exported_on)
            for line, those in batch
            if rows[line].person_id is None
        ]
        await store_judged(transaction, job.id, judged)


async def _of_same_name(found: AsyncIterator[Candidates[Key]]) -> AsyncIterator[tuple[int, list[Key]]]:
    async for row in found:
        those = [key for key, name in row.others if same_name(row.name, name)]
        if those:
            yield row.line, those


async def _batches(found: AsyncIterator[Each]) -> AsyncIterator[list[Each]]:
    batch = []
    async for each in found:
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
