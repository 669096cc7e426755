"""What a row of a file is: beside people on record, and beside the rows above it (rules 3d, 3e and 22a)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from ..governance.qualification import RelationshipKind
from ..membership.lifecycle import CURRENT, MembershipStatus
from ..people.matching import Doubt, Likeness, Particulars, completed, doubts, likeness, same_name
from .file_rows import FileRow, KnownIdentifier, PersonOnRecord
from .importing import NO_CONSENT, Finding, Resolution, RowOutcome
from .registration import PersonRow
from .relationships import KnownRelationship, changes, lowers_a_year, told_by, undoes_an_end

_LEFT_OUT = (RowOutcome.REFUSED, RowOutcome.NEEDS_HUMAN)
_IN_DOUBT = (Likeness.LIKELY, Likeness.UNSURE)
MOST_NAMESAKES = 50  # to compare one row with; beyond that a human looks, and nobody's work waits for it


_WHY = {
    Doubt.BIRTH_DATE: Finding.BIRTH_DATE_NOT_COMPARED,
    Doubt.BIRTH_DATES: Finding.BIRTH_DATE_CONTRADICTS,
    Doubt.NAME: Finding.NAME_WRITTEN_OTHERWISE,
    Doubt.PHONE: Finding.PHONE_CONTRADICTS,
    Doubt.KIND: Finding.KIND_CONTRADICTS,
    Doubt.NOTHING_ELSE: Finding.NOTHING_ELSE_AGREES,
}


def beside_people(row: FileRow, people: Sequence[PersonOnRecord], are_certain: bool, exported_on: date) -> FileRow:
    """The row of a file of that day, judged beside people on record whose name it bears, or, `are_certain`, to whom an
    identifier points."""
    if len(people) > MOST_NAMESAKES:
        crowd = [person.id for person in people[:MOST_NAMESAKES]]
        return row.judged(RowOutcome.NEEDS_HUMAN, Finding.SEVERAL_ALIKE, Finding.MAYBE_THE_SAME, people=crowd)
    told = row.particulars
    if are_certain and any(_identified(told, person.particulars) is not Likeness.SAME for person in people):
        finding = Finding.IDENTIFIER_OF_ANOTHER if row.reading.identifier else Finding.MAYBE_THE_SAME
        found = _why(_identified_doubts(told, person.particulars) for person in people)
        return row.judged(RowOutcome.NEEDS_HUMAN, *found, finding, people=[person.id for person in people])
    compare = _identified if are_certain else likeness
    likely = [(person, compare(told, person.particulars)) for person in people]
    same = [person for person, how in likely if how is Likeness.SAME]
    perhaps = [person for person, how in likely if how in _IN_DOUBT]
    if len(same) > 1 or (not same and perhaps):
        alike = [*same, *perhaps]
        found = _why(_doubts(told, person.particulars) for person in alike)
        return row.judged(
            RowOutcome.NEEDS_HUMAN, *found, Finding.MAYBE_THE_SAME, people=[person.id for person in alike]
        )
    if not same:
        return row.judged(None, Finding.NAMESAKE)
    (person,) = same
    return of_person(row, person, exported_on)


def of_person(row: FileRow, person: PersonOnRecord, exported_on: date) -> FileRow:
    """The row of a file of that day, of somebody on record: whether it says anything new, or what can't be."""
    if undone := _undone(row, person, exported_on):
        return row.judged(RowOutcome.NEEDS_HUMAN, *undone, person_id=person.id)
    new = changes([row.reading], person.relationships, exported_on)
    is_learned = _is_learned(row.reading, person)
    is_update = new.are_any or is_learned or completed(person.particulars, [row.particulars]) != person.particulars
    findings = [Finding.ANOTHER_RELATIONSHIP] if new.added else []
    findings += [Finding.IDENTIFIER_LEARNED] if is_learned else []
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
    if (
        row.resolution is Resolution.SAME
    ):  # somebody has looked, and what would undo anything is left out when it is applied
        return []
    known = person.relationships
    is_older = _is_older(row.reading, person, exported_on) and changes([row.reading], known, exported_on).are_any
    older = [Finding.OLDER_THAN_KNOWN] if is_older else []
    lower = [Finding.YEAR_GROUP_LOWER] if lowers_a_year([row.reading], known, exported_on) else []
    ended = [Finding.RELATIONSHIP_ENDED_SINCE] if undoes_an_end([row.reading], known, exported_on) else []
    return older + lower + ended


def _is_older(told: PersonRow, person: PersonOnRecord, exported_on: date) -> bool:
    """Whether a newer file of the same school's system has told of the person."""
    newer = [each for each in _identifiers(told, person) if each.told_on is not None and each.told_on > exported_on]
    return bool(newer)


def _is_learned(told: PersonRow, person: PersonOnRecord) -> bool:
    """Whether it was not known of one of the schools what its system calls the person."""
    if told.identifier is None or told.tells_of_an_end:
        return False
    known = {each.urn for each in _identifiers(told, person)}
    return not known or not ({None} & known or set(told.urns) <= known)


def _identifiers(told: PersonRow, person: PersonOnRecord) -> list[KnownIdentifier]:
    """By which the row's school calls the person, as the row does."""
    return [
        each
        for each in person.identifiers
        if each.identifier == told.identifier and (each.urn is None or each.urn in told.urns)
    ]


def _identified(told: Particulars, known: Particulars) -> Likeness:
    """By an identifier; but a school may have used it twice, so nothing may contradict."""
    return Likeness.UNSURE if _identified_doubts(told, known) else Likeness.SAME


def _identified_doubts(told: Particulars, known: Particulars) -> list[Finding]:
    contradicting = [doubt for doubt in doubts(told, known) if doubt in (Doubt.BIRTH_DATES, Doubt.KIND)]
    found = [_WHY[doubt] for doubt in contradicting]
    return found if same_name(told.name, known.name) else [Finding.NAME_CONTRADICTS, *found]


def _doubts(told: Particulars, known: Particulars) -> list[Finding]:
    return [_WHY[doubt] for doubt in doubts(told, known)]


def _why(of_each: Iterable[list[Finding]]) -> list[Finding]:
    """Why none of those who are alike was taken."""
    each = list(of_each)
    several = [Finding.SEVERAL_ALIKE] if len(each) > 1 else []
    return list(dict.fromkeys([*(finding for found in each for finding in found), *several]))


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


def of_unknown(row: FileRow) -> FileRow:
    """A removal of somebody who is not on record."""
    return row.judged(RowOutcome.REFUSED, Finding.USER_UNKNOWN)


def beside_identified(row: FileRow, earlier: Sequence[FileRow], exported_on: date) -> list[FileRow]:
    """The row of a file of that day, judged beside those above it that bear the same identifier of the same school; and
    those of them it sheds another light on."""
    if any(_identified(row.particulars, other.particulars) is not Likeness.SAME for other in earlier):
        return [each.judged(RowOutcome.NEEDS_HUMAN, Finding.IDENTIFIER_OF_ANOTHER) for each in (row, *earlier)]
    if any(other.cells == row.cells for other in earlier):
        return [row.judged(RowOutcome.DUPLICATE, Finding.EXACT_DUPLICATE, of_line=earlier[0].first_line)]
    return [_of_one_person(row, earlier, exported_on)]


def beside_rows(row: FileRow, earlier: Sequence[FileRow], exported_on: date) -> list[FileRow]:
    """The row of a file of that day, judged beside those above it whose name it bears; and those of them it sheds another light on."""
    exact = next((other for other in earlier if other.cells == row.cells), None)
    if exact is not None:
        return [row.judged(RowOutcome.DUPLICATE, Finding.EXACT_DUPLICATE, of_line=exact.settled_line)]
    if len(earlier) > MOST_NAMESAKES:
        crowd = [other.line for other in earlier[:MOST_NAMESAKES]]
        return [row.judged(RowOutcome.NEEDS_HUMAN, Finding.SEVERAL_ALIKE, Finding.MAYBE_THE_SAME, lines=crowd)]
    alike = alike_rows(row, earlier)
    first_lines = {other.settled_line for other in alike.same}
    perhaps = [other for other in alike.perhaps if other.settled_line not in first_lines]
    if not alike.same and not perhaps:
        return [each.judged(None, Finding.NAMESAKE) for each in (row, *earlier)]
    if not perhaps and len(first_lines) == 1:
        return [_of_one_person(row, alike.same, exported_on)]
    return [left_to_a_human(row, alike.same, perhaps)]


class Alike(NamedTuple):
    """Rows of the same person as another row, and rows that may be."""

    same: Sequence[FileRow]
    perhaps: Sequence[FileRow]


def alike_rows(row: FileRow, others: Sequence[FileRow]) -> Alike:
    """The others that are the same person's as the row, or may be."""
    likely = [(other, _likeness_in_file(row, other)) for other in others]
    return Alike(
        [other for other, how in likely if how is Likeness.SAME], [other for other, how in likely if how in _IN_DOUBT]
    )


def left_to_a_human(row: FileRow, same: Sequence[FileRow], perhaps: Sequence[FileRow]) -> FileRow:
    """The row, which may be of somebody above; and is likely to be where one person alone is meant."""
    alike = [*same, *perhaps]
    # of the rows of one person, what stands against the one that is most alike counts
    of_each: dict[int, list[Finding]] = {}
    for other in alike:
        found = _doubts_in_file(row, other)
        of_each[other.settled_line] = min(of_each.get(other.settled_line, found), found, key=len)
    why, lines = _why(of_each.values()), [other.line for other in alike]
    of_lines = {other.first_line for other in alike}
    if not same and len(of_lines) == 1 and all(_likeness_in_file(row, each) is Likeness.LIKELY for each in perhaps):
        finding = _what_it_adds(row, perhaps)
        return row.judged(
            RowOutcome.NEEDS_HUMAN, finding, *why, Finding.MAYBE_THE_SAME, of_line=of_lines.pop(), lines=lines
        )
    return row.judged(RowOutcome.NEEDS_HUMAN, *why, Finding.MAYBE_THE_SAME, lines=lines)


def _likeness_in_file(row: FileRow, other: FileRow) -> Likeness:
    """Rows of one file say what held on one day: a learner was then in one year group. Who is known to be on record needs no
    likeness."""
    if None not in (row.person_id, other.person_id):
        return Likeness.SAME if row.person_id == other.person_id else Likeness.DIFFERENT
    how = likeness(row.particulars, other.particulars)
    return Likeness.LIKELY if how is Likeness.SAME and _tell_two_year_groups(row.reading, other.reading) else how


def _doubts_in_file(row: FileRow, other: FileRow) -> list[Finding]:
    found = _doubts(row.particulars, other.particulars)
    return [*found, Finding.YEAR_GROUP_CONTRADICTS] if _tell_two_year_groups(row.reading, other.reading) else found


def _tell_two_year_groups(one: PersonRow, other: PersonRow) -> bool:
    are_learners = RelationshipKind.LEARNER.value in one.kinds and RelationshipKind.LEARNER.value in other.kinds
    return are_learners and None not in (one.year_group, other.year_group) and one.year_group != other.year_group


def _what_it_adds(row: FileRow, others: Sequence[FileRow]) -> Finding:
    is_another = all(_tells_of_another(row.reading, other.reading) for other in others)
    return Finding.ANOTHER_RELATIONSHIP if is_another else Finding.NEAR_DUPLICATE


def _of_one_person(row: FileRow, same: Sequence[FileRow], exported_on: date) -> FileRow:
    """The row, beside those above it of the same person."""
    first_line, finding = same[0].settled_line, _what_it_adds(row, same)
    applied = [other for other in same if other.outcome not in _LEFT_OUT]
    if not applied:  # so this one stands for the person
        return row.judged(None, finding, of_line=first_line)
    above = [KnownRelationship(told, exported_on) for other in applied for told in told_by(other.reading)]
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
    refusing = (finding for finding in first.findings if finding in NO_CONSENT)
    return row.judged(RowOutcome.NEEDS_HUMAN, *refusing, lines=[first.line])


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
