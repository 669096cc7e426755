"""What somebody says of a row that needs a human, and what becomes of it then (rule 3d)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date

from ..people.matching import completed
from ..refusals import Conflict, Invalid, RefusalCode
from .file_rows import FileRow, PersonOnRecord
from .importing import TAKES_RESOLUTIONS, TO_APPLY, Finding, ImportStatus, RowOutcome
from .relationships import KnownRelationship, changes, told_by

# what can't be put on record as it stands, whoever it is of: only what is given anew is applied
_OF_SCHOOLS = {Finding.SCHOOL_MISSING, Finding.SCHOOL_LAESTAB}
_TO_CORRECT = _OF_SCHOOLS | {Finding.NAME_COUPLE, Finding.ROW_MALFORMED}
# nor as a person of its own
_TO_CORRECT_OF_NEW = _TO_CORRECT | {
    *(Finding.FORMULA_TEXT, Finding.NAME_SINGLE, Finding.NAME_IN_ONE_CELL, Finding.NAME_MISSING),
    *(Finding.NAME_MOJIBAKE, Finding.NAME_UNREADABLE),
    *(Finding.ROLE_MISSING, Finding.ROLE_UNKNOWN, Finding.ROLE_OF_ORGANISATION),
}


def check_takes_resolutions(status: ImportStatus) -> None:
    """Refusals: IMPORT_WRONG_STAGE for an import that is still at work, or has failed or was given up."""
    if status not in TAKES_RESOLUTIONS:
        raise Conflict(RefusalCode.IMPORT_WRONG_STAGE, "Rows are resolved once the import is checked, or applied.")


def check_waits(row: FileRow) -> None:
    """Refusals: ROW_RESOLVED where somebody was faster, ROW_NEEDS_NO_HUMAN."""
    if row.outcome is not RowOutcome.NEEDS_HUMAN:
        is_late = row.resolution is not None
        raise Conflict(RefusalCode.ROW_RESOLVED if is_late else RefusalCode.ROW_NEEDS_NO_HUMAN, field="id")


def check_can_be_applied(row: FileRow, is_new: bool) -> None:
    """Whether the row says enough to be of somebody known, or to put somebody on record. Refusals: ROW_NEEDS_CORRECTION
    with what is to be given anew."""
    found = [each.value for each in row.findings if each in (_TO_CORRECT_OF_NEW if is_new else _TO_CORRECT)]
    if not found and is_new and not all(row.particulars.name):
        found = [Finding.NAME_MISSING.value]
    if found:
        raise Invalid(RefusalCode.ROW_NEEDS_CORRECTION, field="id", findings=found)


def of_the_person(row: FileRow, person: PersonOnRecord, exported_on: date) -> FileRow:
    """The row of a file of that day, of this person, as somebody says. What would undo anything that is known of them since
    is not done (rule 22h)."""
    is_update = (
        changes([row.reading], person.relationships, exported_on).are_any
        or completed(person.particulars, [row.particulars]) != person.particulars
    )
    outcome = RowOutcome.UPDATE if is_update else RowOutcome.UNCHANGED
    return replace(row, outcome=outcome, person_id=person.id, of_line=None)


def of_new_person(row: FileRow) -> FileRow:
    """The row, which is to put its person on record; whom it was thought to be of, it is not."""
    thought = () if row.person_id is None else (row.person_id,)
    people = tuple(dict.fromkeys((*row.people, *thought)))
    return replace(row, outcome=RowOutcome.NEW, person_id=None, of_line=None, people=people)


def of_the_rows(row: FileRow, others: Sequence[FileRow], exported_on: date) -> FileRow:
    """The row of a file of that day, of the person whom these other rows put on record, as somebody says."""
    above = [
        KnownRelationship(told, exported_on)
        for other in others
        if other.outcome in TO_APPLY
        for told in told_by(other.reading)
    ]
    is_update = changes([row.reading], above, exported_on).are_any
    outcome = RowOutcome.UPDATE if is_update else RowOutcome.DUPLICATE
    return replace(row, outcome=outcome, person_id=None, of_line=others[0].first_line)


def puts_on_record(rows: Collection[FileRow]) -> FileRow | None:
    """Of the rows of one person, the one by which they come on record."""
    new = [row for row in rows if row.outcome is RowOutcome.NEW]
    return min(new, key=lambda row: row.line, default=None)
