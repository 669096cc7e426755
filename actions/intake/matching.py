"""Which rows are of the same person, or of somebody on record, and who of them can apply: loaded, judged and stored some hundred at a time."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.intake import matching
from db.intake.applying import applicants
from db.intake.enrolments import enrolments
from db.intake.jobs import Job, files_as_new
from db.intake.matching import Candidates, Key
from db.intake.rows import rows_by_line, store_judged
from db.membership.applications import with_membership
from db.people.relationships import facts_of
from db.transactions import Transaction
from db.trusts.schools import schools_that_belong
from domain.intake import oneroster
from domain.intake.applicants import NOBODY, facts_with, why_none_applies
from domain.intake.file_rows import FileRow
from domain.intake.importing import ImportKind
from domain.intake.judging import (
    MOST_NAMESAKES,
    alike_rows,
    applies,
    asks_only_to_join,
    beside_erased,
    beside_identified,
    beside_people,
    beside_refusals,
    beside_rows,
    left_to_a_human,
    of_enrolment,
    of_unknown,
    with_its_first,
)
from domain.people.matching import same_name

from .applicants import constituencies_to_join

BATCH = 500  # rows
Each = TypeVar("Each")
People = AsyncIterator[tuple[int, list[UUID]]]  # a line, and who it may be of
Lines = AsyncIterator[tuple[int, list[int]]]  # a line, and lines above it that may be of the same
Judge = Callable[[FileRow, Sequence[FileRow], date], list[FileRow]]


async def judge_on_record(transaction: Transaction, job: Job, first: int, last: int) -> None:
    """Which rows from line `first` to `last` are of people on record: first those to whom something surer than a name
    points."""
    if job.kind is ImportKind.ONEROSTER:
        identified = matching.people_by_identifier(transaction, job.id, oneroster.SYSTEM, first, last)
        await _judge_beside_people(transaction, job, identified, are_certain=True)
    same_rows = matching.people_of_same_rows(transaction, job.id, first, last)
    await _judge_beside_people(transaction, job, same_rows, are_certain=True)
    people = _of_same_name(matching.candidates_on_record(transaction, job.id, first, last))
    await _judge_beside_people(transaction, job, people, are_certain=False)
    erased = dict(await matching.erased_members(transaction, job.id, first, last))
    rows = await rows_by_line(transaction, job.id, list(erased))
    await store_judged(transaction, job.id, [beside_erased(row, erased[line]) for line, row in rows.items()])


async def judge_in_file(transaction: Transaction, job: Job, first: int, last: int) -> None:
    """Which rows from line `first` to `last` are of people an earlier row is of."""
    identified = set()
    if job.kind is ImportKind.ONEROSTER:
        found = matching.lines_of_same_identifier(transaction, job.id, first, last)
        identified = await _judge_beside_rows(transaction, job, found, beside_identified)
    by_name = _of_same_name(matching.candidates_in_file(transaction, job.id, first, last))
    await _judge_beside_rows(transaction, job, by_name, beside_rows, but=identified)


async def _judge_beside_rows(
    transaction: Transaction, job: Job, found: Lines, judge: Judge, but: Collection[int] = ()
) -> set[int]:
    """Judges rows beside those above them, `but` some; their lines."""
    lines = set()
    async for batch in _batches(found):
        batch = [(line, earlier) for line, earlier in batch if line not in but]
        lines |= {line for line, _ in batch}
        rows = await rows_by_line(transaction, job.id, {each for line, earlier in batch for each in (line, *earlier)})
        judged = dict(rows)
        for line, earlier in batch:
            for each in judge(judged[line], [judged[other] for other in earlier], job.exported_on):
                judged[each.line] = each
        await store_judged(transaction, job.id, [each for each in judged.values() if each is not rows[each.line]])
    return lines


async def judge_again(transaction: Transaction, job: Job, line: int) -> None:
    """What a row is that somebody resolved or corrected: beside people on record, beside all other rows of the file, and
    beside those that say no."""
    await judge_on_record(transaction, job, line, line)
    async for found, others in _of_same_name(matching.candidates_in_whole_file(transaction, job.id, line)):
        await _judge_beside_whole_file(transaction, job, found, others)
    await judge_consents(transaction, job, line, line)


async def _judge_beside_whole_file(transaction: Transaction, job: Job, line: int, others: Sequence[int]) -> None:
    """A row that may be of the person of another one is left to whoever resolves it, who sees the other."""
    rows = await rows_by_line(transaction, job.id, {line, *others})
    row = rows[line]
    unseen = [rows[other] for other in others if not row.was_compared_with(rows[other])]
    alike = alike_rows(row, unseen)
    if row.person_id is None and (alike.same or alike.perhaps):
        judged = left_to_a_human(row, alike.same, alike.perhaps)
        await store_judged(transaction, job.id, [replace(judged, of_line=row.of_line)])


async def judge_consents(transaction: Transaction, job: Job, first: int, last: int) -> None:
    """Which rows from line `first` to `last` say yes where the same person, or perhaps the same, says no: in this file or
    in one as new."""
    # whom a row was told to be of may bear another name than who says no in it
    own = matching.refusals_of_the_same(transaction, job.id, first, last)
    await _judge_beside_refusals(transaction, job, own, job.id)
    for file_id in (job.id, *await files_as_new(transaction, job)):
        found = matching.candidates_who_refuse(transaction, job.id, first, last, file_id)
        await _judge_beside_refusals(transaction, job, _of_same_name(found), file_id)


async def _judge_beside_refusals(
    transaction: Transaction, job: Job, found: AsyncIterator[tuple[int, list[int]]], file_id: UUID
) -> None:
    async for batch in _batches(found):
        rows = await rows_by_line(transaction, job.id, {line for line, _ in batch})
        refusals = await rows_by_line(transaction, file_id, {each for _, those in batch for each in those})
        judged = [
            beside_refusals(rows[line], [refusals[each] for each in those], file_id == job.id) for line, those in batch
        ]
        in_doubt = {each.line: each for each in judged if each is not rows[each.line]}
        await store_judged(transaction, job.id, list(in_doubt.values()))
        await _leave_to_a_human_with(transaction, job, in_doubt)


async def _leave_to_a_human_with(transaction: Transaction, job: Job, in_doubt: Mapping[int, FileRow]) -> None:
    """What was to be added to people who come on record by one of these rows."""
    lines = await matching.lines_that_add_to(transaction, job.id, in_doubt)
    rows = await rows_by_line(transaction, job.id, lines)
    await store_judged(transaction, job.id, [with_its_first(row, in_doubt[row.first_line]) for row in rows.values()])


async def judge_enrolments(transaction: Transaction, job: Job) -> None:
    """What becomes of enrolments: who they are of, and whether they say anything new; and of removals of nobody known."""
    removals = await rows_by_line(transaction, job.id, await matching.lines_that_remove_nobody(transaction, job.id))
    await store_judged(transaction, job.id, [of_unknown(row) for row in removals.values()])
    async for batch in _batches(enrolments(transaction, job.id, oneroster.SYSTEM)):
        lines = {each for line, user_line, _ in batch for each in (line, user_line) if each is not None}
        rows = await rows_by_line(transaction, job.id, lines)
        found = [(rows[line], rows.get(user_line or 0), known) for line, user_line, known in batch]
        of = [user.person_id or known if user is not None else known for _, user, known in found]
        people = await matching.people_on_record(transaction, {each for each in of if each}, job.exported_on)
        judged = [
            of_enrolment(row, user, people[person] if person else None, job.exported_on)
            for (row, user, _), person in zip(found, of, strict=True)
        ]
        await store_judged(transaction, job.id, judged)


async def judge_applicants(transaction: Transaction, job: Job) -> None:
    """Which rows say yes, and no application will follow; but for those who have, or had, a membership or an application."""
    ruleset, today = await ruleset_in_force(transaction), await transaction.today()
    own_schools = await schools_that_belong(transaction)
    async for batch in _batches(applicants(transaction, job.id)):
        rows = await rows_by_line(transaction, job.id, {line for _, lines in batch for line in lines})
        on_record = {person for person, _ in batch if person is not None}
        known = await matching.people_on_record(transaction, on_record, job.exported_on)
        facts, members = await facts_of(transaction, on_record), await with_membership(transaction, list(on_record))
        found = []
        for person, lines in batch:
            if person in members:
                continue
            told = [rows[line] for line in lines]
            fact = facts[person] if person else NOBODY
            will_be = facts_with(fact, known[person] if person else None, told, own_schools, job.exported_on)
            why = why_none_applies(ruleset, will_be, today)
            found += [row.judged(None, *why) for row in told] if why else []
        await store_judged(transaction, job.id, found)


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
        await store_judged(transaction, job.id, await with_applications(transaction, judged))


async def with_applications(transaction: Transaction, judged: Sequence[FileRow]) -> list[FileRow]:
    """The rows, of which those that only ask to join are applied where that is possible."""
    asking = {row.person_id for row in judged if row.person_id is not None and asks_only_to_join(row)}
    joining = await constituencies_to_join(transaction, asking) if asking else {}
    return [applies(row) if row.person_id in joining and asks_only_to_join(row) else row for row in judged]


async def _of_same_name(found: AsyncIterator[Candidates[Key]]) -> AsyncIterator[tuple[int, list[Key]]]:
    async for row in found:
        is_crowd = len(row.others) > MOST_NAMESAKES  # then not all of them were looked up, and a human looks
        those = [key for key, name in row.others if is_crowd or same_name(row.name, name)]
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
