"""What a row of a file is: beside people on record, and beside the rows above it (rules 3d, 3e and 22a)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ..governance.qualification import RelationshipKind
from ..membership.lifecycle import CURRENT, MembershipStatus
from ..people.matching import Likeness, Particulars, completed, likeness, same_name
from .file_rows import FileRow, PersonOnRecord
from .importing import NO_CONSENT, Finding, RowOutcome
from .registration import PersonRow
from .relationships import KnownRelationship, changes, lowers_a_year, told_by, undoes_an_end

_LEFT_OUT = (RowOutcome.REFUSED, RowOutcome.NEEDS_HUMAN)
_IN_DOUBT = (Likeness.LIKELY, Likeness.UNSURE)
MOST_NAMESAKES = 50  # to compare one row with; beyond that a human looks, and nobody's work waits for it


def beside_people(row: FileRow, people: Sequence[PersonOnRecord], are_certain: bool, exported_on: date) -> FileRow:
    """The row of a file of that day, judged beside people on record whose name it bears, or, `are_certain`, to whom an
    identifier points."""
    if len(people) > MOST_NAMESAKES:
        return row.judged(RowOutcome.NEEDS_HUMAN, Finding.MAYBE_THE_SAME)
    told = row.particulars
    compare = _identified if are_certain else likeness
    likely = [(person, compare(told, person.particulars)) for person in people]
    same = [person for person, how in likely if how is Likeness.SAME]
    if len(same) > 1 or (not same and any(how in _IN_DOUBT for _, how in likely)):
        return row.judged(RowOutcome.NEEDS_HUMAN, Finding.MAYBE_THE_SAME)
    if not same:
        return row.judged(None, Finding.NAMESAKE)
    (person,) = same
    return of_person(row, person, exported_on)


def of_person(row: FileRow, person: PersonOnRecord, exported_on: date) -> FileRow:
    """The row of a file of that day, of somebody on record: whether it says anything new, or what can't be."""
    if undone := _undone(row, person, exported_on):
        return row.judged(RowOutcome.NEEDS_HUMAN, *undone, person_id=person.id)
    new = changes([row.reading], person.relationships, exported_on)
    is_update = new.are_any or completed(person.particulars, [row.particulars]) != person.particulars
    findings = [Finding.ANOTHER_RELATIONSHIP] if new.added else []
    return row.judged(RowOutcome.UPDATE if is_update else RowOutcome.UNCHANGED, *findings, person_id=person.id)


def of_person_now(row: FileRow, person: PersonOnRecord | None, exported_on: date) -> FileRow:
    """The row of a file of that day when it is applied: whether what was found of it may still be done to its person, None
    where there is none any more."""
    if person is None:
        return row.judged(RowOutcome.NEEDS_HUMAN, Finding.PERSON_GONE)
    if undone := _undone(row, person, exported_on):
        return row.judged(RowOutcome.NEEDS_HUMAN, *undone)
    return row


def _undone(row: FileRow, person: PersonOnRecord, exported_on: date) -> list[Finding]:
    """What is known of the person since, or since the same day, and the row would undo (rule 22h)."""
    known = person.relationships
    lower = [Finding.YEAR_GROUP_LOWER] if lowers_a_year([row.reading], known, exported_on) else []
    ended = [Finding.RELATIONSHIP_ENDED_SINCE] if undoes_an_end([row.reading], known, exported_on) else []
    return lower + ended


def _identified(told: Particulars, known: Particulars) -> Likeness:
    """By an identifier; but two schools' systems may both count from one, so the name has to agree."""
    return Likeness.SAME if same_name(told.name, known.name) else Likeness.UNSURE


def beside_erased(row: FileRow, born: Sequence[date | None]) -> FileRow:
    """The row of somebody not on record, beside former members of their name who were erased, as the register keeps it, by
    their dates of birth (rule 26b): a human looks, unless each was born on another day."""
    told = row.particulars.born
    if all(told and each and told != each.isoformat() for each in born):
        return row
    return row.judged(RowOutcome.NEEDS_HUMAN, Finding.MEMBER_ERASED)


def asks_only_to_join(row: FileRow) -> bool:
    """Whether the row of somebody on record says nothing new but, perhaps, that they want to be a member."""
    return row.outcome is RowOutcome.UNCHANGED and row.reading.consents


def applies(row: FileRow) -> FileRow:
    """Such a row of somebody who may join, and never applied before."""
    return replace(row, outcome=RowOutcome.UPDATE, findings=[*row.findings, Finding.APPLIES])


def of_enrolment(row: FileRow, user: FileRow | None, person: PersonOnRecord | None, exported_on: date) -> FileRow:
    """An enrolment, which tells no name: it goes as the row of its user in the same file goes, if there is one that is
    not refused; or is of the `person` on record whom that row, or else the identifier, names."""
    if user is not None and user.outcome is RowOutcome.NEEDS_HUMAN:
        return row.judged(RowOutcome.NEEDS_HUMAN, of_line=user.line)
    if person is not None:
        return of_person(row, person, exported_on)
    if user is not None:
        return row.judged(RowOutcome.UPDATE, of_line=user.line)
    return row.judged(RowOutcome.REFUSED, Finding.USER_UNKNOWN)


def beside_rows(row: FileRow, earlier: Sequence[FileRow], exported_on: date) -> list[FileRow]:
    """The row of a file of that day, judged beside those above it whose name it bears; and those of them it sheds another light on."""
    exact = next((other for other in earlier if other.cells == row.cells), None)
    if exact is not None:
        return [row.judged(RowOutcome.DUPLICATE, Finding.EXACT_DUPLICATE, of_line=exact.first_line)]
    if len(earlier) > MOST_NAMESAKES:
        return [row.judged(RowOutcome.NEEDS_HUMAN, Finding.MAYBE_THE_SAME)]
    likely = [(other, likeness(row.particulars, other.particulars)) for other in earlier]
    same = [other for other, how in likely if how is Likeness.SAME]
    people = {other.first_line for other in same}
    perhaps = {other.first_line for other, how in likely if how in _IN_DOUBT} - people
    is_unsure = any(how is Likeness.UNSURE for _, how in likely)
    if len(perhaps) == 1 and not same and not is_unsure:
        findings = (Finding.NEAR_DUPLICATE, Finding.MAYBE_THE_SAME)
        return [row.judged(RowOutcome.NEEDS_HUMAN, *findings, of_line=perhaps.pop())]
    if perhaps or len(people) > 1:
        return [row.judged(RowOutcome.NEEDS_HUMAN, Finding.MAYBE_THE_SAME)]
    if not same:
        return [each.judged(None, Finding.NAMESAKE) for each in (row, *earlier)]
    return [_of_one_person(row, same, exported_on)]


def _of_one_person(row: FileRow, same: Sequence[FileRow], exported_on: date) -> FileRow:
    """The row, beside those above it of the same person."""
    first_line = same[0].first_line
    is_another = all(_tells_of_another(row.reading, other.reading) for other in same)
    finding = Finding.ANOTHER_RELATIONSHIP if is_another else Finding.NEAR_DUPLICATE
    applied = [other for other in same if other.outcome not in _LEFT_OUT]
    if not applied:  # so this one stands for the person
        return row.judged(None, finding, of_line=first_line)
    above = [KnownRelationship(told, exported_on) for other in applied for told in told_by(other.reading)]
    if lowers_a_year([row.reading], above, exported_on):
        return row.judged(RowOutcome.NEEDS_HUMAN, finding, Finding.YEAR_GROUP_LOWER, of_line=first_line)
    is_update = changes([row.reading], above, exported_on).are_any
    outcome = RowOutcome.UPDATE if is_update else RowOutcome.DUPLICATE
    return row.judged(outcome, finding, of_line=first_line)


def beside_refusals(row: FileRow, refusals: Sequence[FileRow], are_of_the_file: bool) -> FileRow:
    """The row that says yes to membership, judged beside rows of its name that say no: of the same file, or of another that
    is as new. A no is undone by no yes that may be older, and not by who may be somebody else (rules 4a and 22h)."""
    if len(refusals) <= MOST_NAMESAKES and not any(_may_be_one(row, each, are_of_the_file) for each in refusals):
        return row
    finding = Finding.CONSENT_CONTRADICTS if are_of_the_file else Finding.CONSENT_REFUSED_SINCE
    return row.judged(RowOutcome.NEEDS_HUMAN, finding)


def of_member_or_applicant(row: FileRow, status: MembershipStatus) -> FileRow:
    """The row of somebody whose membership, or application, stands so, and who says no to it (rule 4a)."""
    return row.judged(None, Finding.MEMBER_REFUSES if status in CURRENT else Finding.APPLICANT_REFUSES)


def with_its_first(row: FileRow, first: FileRow) -> FileRow:
    """A row that adds to somebody whom the first of theirs would have put on record, now that it is left to a human."""
    return row.judged(RowOutcome.NEEDS_HUMAN, *(finding for finding in first.findings if finding in NO_CONSENT))


def _may_be_one(row: FileRow, other: FileRow, are_of_one_file: bool) -> bool:
    if None not in (row.person_id, other.person_id):
        return row.person_id == other.person_id
    if are_of_one_file and row.first_line == other.first_line:
        return True
    return likeness(row.particulars, other.particulars) is not Likeness.DIFFERENT


def _tells_of_another(one: PersonRow, other: PersonRow) -> bool:
    """Whether the one tells of another role, school or child than the other."""
    if set(one.kinds) != set(other.kinds):
        return True
    if one.urns and other.urns and set(one.urns) != set(other.urns):
        return True
    if set(one.kinds) == {RelationshipKind.LEARNER}:  # who moves between year groups
        return False
    return None not in (one.year_group, other.year_group) and one.year_group != other.year_group
