"""Resolving a row of a file that needs a human (rule 3d): whose it is, what it should say, or that it is left out.

The rows of an import that is checked are applied with it; those of one that was applied, at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from db.governance.rulesets import ruleset_in_force
from db.intake import applying, jobs, resolving
from db.intake.jobs import Job
from db.intake.matching import people_on_record
from db.intake.resolving import Place
from db.intake.rows import rows_by_line, store_judged, store_read
from db.people.guardians import is_said_to_answer_for
from db.transactions import Transaction
from db.trusts.schools import schools_of_trust
from domain.audit.events import AuditAction
from domain.forms import Email, Id, Language, Many, Telephone, Text
from domain.governance.qualification import RelationshipKind
from domain.identity.viewer import Role, Viewer, holder_of
from domain.intake.correcting import check_year_group, corrected
from domain.intake.file_rows import FileRow
from domain.intake.importing import TO_APPLY, ImportKind, ImportStatus, Resolution, RowOutcome, settled
from domain.intake.resolving import (
    check_can_be_applied,
    check_takes_resolutions,
    check_waits,
    of_new_person,
    of_the_person,
    of_the_rows,
    puts_on_record,
)
from domain.refusals import Conflict, Invalid, NotFound, NotPermitted, RefusalCode
from domain.text import MAX_REASON_LENGTH

from ..action import action
from .applicants import apply_for_people
from .applying import apply_lines
from .jobs import found_job
from .matching import judge_again, judge_enrolments, with_applications
from .refusals import heed_refusals, judge_refusals


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """What a row should have said. What is left out stays as it was read."""

    given_name: Annotated[str | None, Text(), "Given name."] = None
    family_name: Annotated[str | None, Text(), "Family name."] = None
    kinds: Annotated[Sequence[RelationshipKind] | None, Many(1, 5), "How they stand to the schools or the trust."] = (
        None
    )
    school_urns: Annotated[Sequence[int] | None, Many(0, 10), "The schools of the trust, by their numbers."] = None
    year_group: Annotated[int | None, "The learner's year group, or of a parent's child; 0 is reception."] = None
    date_of_birth: Annotated[date | None, "Date of birth."] = None
    email: Annotated[str | None, Email(or_empty=True), "The mailbox; empty: none."] = None
    phone: Annotated[str | None, Telephone(or_empty=True), "Telephone number; empty: none."] = None
    postcode: Annotated[str | None, Text(or_empty=True), "The postcode; empty: none."] = None
    language: Annotated[str | None, Language(), "The language to be written to in."] = None
    consents: Annotated[bool | None, "Whether they want to be a member, as they say when they are asked."] = None


@dataclass(frozen=True, slots=True)
class ResolveImportRow:
    """What a row that needs a human comes to: exactly one of the following, beside its id."""

    id: Annotated[UUID, Id("row"), "The row."]
    same_as_person: Annotated[UUID | None, Id("per"), "Of this person on record, one of `alikePeople`."] = None
    same_as_row: Annotated[UUID | None, Id("row"), "Of the person of this other row, one of `alikeRows`."] = None
    is_somebody_else: Annotated[bool, "True: of none of them, but of a person of their own."] = False
    corrected: Annotated[CorrectedRow | None, "What it should have said; it is then judged again."] = None
    refused_because: Annotated[str | None, Text(MAX_REASON_LENGTH), "Why it is left out for good."] = None

    @property
    def resolution(self) -> Resolution:
        """Refusals: INPUT_INVALID where none is said, or more than one."""
        said = [
            *([Resolution.SAME] if self.same_as_person is not None else []),
            *([Resolution.SAME] if self.same_as_row is not None else []),
            *([Resolution.SOMEBODY_ELSE] if self.is_somebody_else else []),
            *([Resolution.CORRECTED] if self.corrected is not None else []),
            *([Resolution.REFUSED] if self.refused_because is not None else []),
        ]
        if len(said) != 1:
            raise Invalid(RefusalCode.INPUT_INVALID, "Say one thing of the row, and not another as well.", "id")
        return said[0]


@action(holder_of(Role.MEMBERSHIP_OFFICER))
async def resolve_import_row(transaction: Transaction, viewer: Viewer, command: ResolveImportRow) -> UUID:
    """Says what becomes of a row that needs a human: whose it is, what it should have said, or that it is left out. If the import was applied, the row is applied at once.

    Refusals: NOT_FOUND, INPUT_INVALID, IMPORT_WRONG_STAGE, IMPORT_WAITS, ROW_RESOLVED, ROW_NEEDS_NO_HUMAN,
    ROW_NEEDS_CORRECTION, CANDIDATE_GONE, OWN_CASE.
    """
    resolution = command.resolution
    await transaction.hold("imports")  # nobody comes on record by a file, or by another of its rows, meanwhile
    place = await resolving.place_of(transaction, command.id)
    if place is None:
        raise NotFound("id")
    job = await found_job(transaction, place.job_id)
    check_takes_resolutions(job.status)
    if job.status is ImportStatus.APPLIED and await jobs.is_another_applying(transaction, job.id):
        raise Conflict(RefusalCode.IMPORT_WAITS)
    row = await _row(transaction, place)
    check_waits(row)
    alike = await resolving.people_alike(transaction, place)
    await _check_not_own(transaction, viewer, alike)
    if command.corrected is not None:
        await _correct(transaction, job, row, command.corrected)
    else:
        await resolving.store_resolution(transaction, place, resolution, command.refused_because, viewer.person)
        await _settle(transaction, job, row, command, alike)
    resolved = await _row(transaction, place)
    if command.corrected is not None:
        is_clear = resolved.outcome is not RowOutcome.NEEDS_HUMAN
        await resolving.store_resolution(transaction, place, resolution if is_clear else None, None, viewer.person)
    await _check_not_own(transaction, viewer, [resolved.person_id] if resolved.person_id else [])
    await _go_on(transaction, viewer, job, place)
    await transaction.audit(
        AuditAction.IMPORT_ROW_RESOLVED,
        command.id,
        viewer.person,
        **{"import": job.id, "line": row.line, "resolution": resolution.value, "outcome": resolved.outcome.value},
        person_id=resolved.person_id,
    )
    return command.id


async def _row(transaction: Transaction, place: Place) -> FileRow:
    return (await rows_by_line(transaction, place.job_id, [place.line]))[place.line]


async def _check_not_own(
    transaction: Transaction, viewer: Viewer, people: Sequence[UUID] | Mapping[UUID, bool]
) -> None:
    """Nobody says of a row that it is of themself, or of a child for whom they answer, or not. Refusals: OWN_CASE."""
    for each in people:
        if each == viewer.person or await is_said_to_answer_for(transaction, each, viewer.person):
            raise NotPermitted(RefusalCode.OWN_CASE)


async def _settle(
    transaction: Transaction, job: Job, row: FileRow, command: ResolveImportRow, alike: Mapping[UUID, bool]
) -> None:
    if command.refused_because is not None:
        await store_judged(transaction, job.id, [replace(row, outcome=RowOutcome.REFUSED)])
    elif command.same_as_person is not None:
        person_id = command.same_as_person
        if person_id not in alike:
            raise NotFound("same_as_person")
        if not alike[person_id]:
            raise Conflict(RefusalCode.CANDIDATE_GONE, field="same_as_person")
        check_can_be_applied(row, is_new=False)
        await _make_of_person(transaction, job, row, person_id)
    elif command.same_as_row is not None:
        await _make_of_row(transaction, job, row, command.same_as_row)
    else:
        check_can_be_applied(row, is_new=True)
        await _make_new(transaction, job, row)
        await judge_again(transaction, job, row.line)


async def _make_of_person(transaction: Transaction, job: Job, row: FileRow, person_id: UUID) -> None:
    """The row is of the person, and so are those below it that were found to be of the same one."""
    people = await people_on_record(transaction, [person_id], job.exported_on)
    judged = of_the_person(row, people[person_id], job.exported_on)
    own = await resolving.rows_of_person(transaction, job.id, row.line)
    await store_judged(transaction, job.id, await with_applications(transaction, [judged]))
    await resolving.make_of_person(transaction, job.id, [line for line in own if line != row.line], person_id)


async def _make_of_row(transaction: Transaction, job: Job, row: FileRow, other_id: UUID) -> None:
    """The row is of the person of another one. Refusals: NOT_FOUND, and those of check_can_be_applied."""
    place = await resolving.place_of(transaction, other_id)
    if place is None or place.job_id != job.id:
        raise NotFound("same_as_row")
    other = await _row(transaction, place)
    if not other.may_be_of_one_with(row):
        raise NotFound("same_as_row")
    lines = await resolving.rows_of_person(transaction, job.id, other.settled_line)
    others = list((await rows_by_line(transaction, job.id, lines)).values())
    person = next((each.person_id for each in others if each.person_id is not None), None)
    if person is not None:
        check_can_be_applied(row, is_new=False)
        await _make_of_person(transaction, job, row, person)
        return
    by_line = puts_on_record(others)
    is_new = by_line is None or by_line.line > row.line
    check_can_be_applied(row, is_new)
    judged = of_new_person(row) if is_new else of_the_rows(row, others, job.exported_on)
    own = await resolving.rows_of_person(transaction, job.id, row.line)
    await store_judged(transaction, job.id, [judged])
    await resolving.make_one_person(transaction, job.id, {*lines, *own, row.line})


async def _make_new(transaction: Transaction, job: Job, row: FileRow) -> None:
    """The row puts its person on record, unless one below it, which was found to be of the same person, has done so."""
    own = await resolving.rows_of_person(transaction, job.id, row.line)
    others = [each for each in (await rows_by_line(transaction, job.id, own)).values() if each.line != row.line]
    person = next((each.person_id for each in others if each.person_id is not None), None)
    if person is not None:
        await _make_of_person(transaction, job, row, person)
        return
    await store_judged(transaction, job.id, [of_new_person(row)])
    await resolving.make_one_person(transaction, job.id, own)


async def _correct(transaction: Transaction, job: Job, row: FileRow, said: CorrectedRow) -> None:
    """What the row says now, judged as if it came so. Refusals: INPUT_INVALID, NOT_FOUND for a school not of the trust."""
    given = _given(said)
    if not given:
        raise Invalid(RefusalCode.INPUT_INVALID, "Say what it should have said.", "corrected")
    check_year_group(said.year_group, "corrected.year_group")
    known = {each["urn"] for each in await schools_of_trust(transaction)} if said.school_urns else set()
    if set(said.school_urns or ()) - known:
        raise NotFound("corrected.school_urns")
    ruleset, place = await ruleset_in_force(transaction), Place(job.id, row.line)
    read = corrected(row.reading, row.findings, given, ruleset, job.exported_on)
    await resolving.leave_person(transaction, place)
    await resolving.start_again(transaction, place, given)
    found = (row.line, read.person.stored(), read.findings, settled(read.findings))
    await store_read(transaction, job.id, [found])
    await judge_again(transaction, job, row.line)


# how the fields of PersonRow are called here
_NAMES = {"school_urns": "urns", "date_of_birth": "born"}


def _given(said: CorrectedRow) -> dict[str, Any]:
    """What is given anew, by the names of PersonRow."""
    given = {_NAMES.get(each.name, each.name): getattr(said, each.name) for each in fields(said)}
    if said.kinds is not None:
        given["kinds"] = [kind.value for kind in said.kinds]
    return {name: value for name, value in given.items() if value is not None}


async def _go_on(transaction: Transaction, viewer: Viewer, job: Job, place: Place) -> None:
    """What follows: enrolments go as the row of their user, and what is of an import that was applied is applied."""
    lines = [place.line]
    if job.kind is ImportKind.ONEROSTER:
        lines += await resolving.reopen_enrolments(transaction, place)
        await judge_enrolments(transaction, job)
    if job.status is ImportStatus.CHECKED:
        await judge_refusals(transaction, job, place.line, place.line)
        await jobs.move_to(transaction, job.id, job.status)  # it is in use
        return
    job = replace(job, applied_by=viewer.person)
    await heed_refusals(transaction, job, place.line, place.line)
    rows = await rows_by_line(transaction, job.id, lines)
    await apply_lines(transaction, job, [line for line in lines if rows[line].outcome in TO_APPLY])
    await applying.attribute_duplicates(transaction, job.id)
    last, people = await applying.people_who_consent(transaction, job.id, place.line - 1, 1)
    if people and last == place.line:
        await jobs.add_applications(transaction, job.id, await apply_for_people(transaction, job, people))
