"""A row of a file, and a person on record, as far as they tell who somebody is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from ..people.matching import Name, Particulars
from .importing import Finding, Resolution, RowOutcome
from .registration import PersonRow
from .relationships import KnownRelationship

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class KnownIdentifier:
    """What the system of a school calls somebody; without a school it is of any. `told_on`: the day of the newest file that
    told of them by it."""

    identifier: str
    urn: int | None
    told_on: date | None


@dataclass(frozen=True, slots=True)
class PersonOnRecord:
    """Somebody on record; `relationships` are those that had not ended before the file was made, as far as that
    was known then."""

    id: UUID
    particulars: Particulars
    relationships: Sequence[KnownRelationship]
    identifiers: Sequence[KnownIdentifier] = ()


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row as far as it is judged. `cells` as they came; `of_line`: the first row of the person, where that is another;
    `person_id`: them on record; `people` on record and `lines` of the file: of whom it may be; `resolution`: what somebody
    said of it."""

    line: int
    cells: str
    reading: PersonRow
    particulars: Particulars
    outcome: RowOutcome
    findings: Sequence[Finding]
    of_line: int | None = None
    person_id: UUID | None = None
    people: tuple[UUID, ...] = ()
    lines: tuple[int, ...] = ()
    resolution: Resolution | None = None

    @property
    def first_line(self) -> int:
        """The first row of this one's person."""
        return self.of_line or self.line

    @property
    def is_in_doubt(self) -> bool:
        """Whether it may be of somebody known already: `of_line` then is of whom it is likely to be."""
        return self.outcome is RowOutcome.NEEDS_HUMAN and Finding.MAYBE_THE_SAME in self.findings

    @property
    def settled_line(self) -> int:
        """The first row of this one's person, as far as that is no guess."""
        return self.line if self.is_in_doubt else self.first_line

    def was_compared_with(self, other: "FileRow") -> bool:
        """Whether somebody who said of whom this row is saw the other beside it, or will see this one beside the other."""
        if self.resolution is None:
            return False
        return bool({other.line, other.settled_line} & {self.line, *self.lines}) or self.line in other.lines

    def may_be_of_one_with(self, other: "FileRow") -> bool:
        """Whether one of the two was left to a human because of the other, or found to be of the same person."""
        return (
            self.line in other.lines
            or other.line in self.lines
            or self.of_line == other.line
            or other.of_line == self.line
        ) and self.line != other.line

    def judged(
        self,
        outcome: RowOutcome | None,
        *findings: Finding,
        of_line: int | None = None,
        person_id: UUID | None = None,
        people: Iterable[UUID] = (),
        lines: Iterable[int] = (),
    ) -> "FileRow":
        """The row with what was found besides; itself where that is nothing new."""
        new = [finding for finding in findings if finding not in self.findings]
        if outcome is None or not self._yields_to(outcome):
            outcome = self.outcome
        people, lines = (_joined(self.people, people), _joined(self.lines, lines))
        is_old_news = outcome is self.outcome and of_line is None and person_id is None
        if not new and is_old_news and (people, lines) == (self.people, self.lines):
            return self
        return replace(
            self,
            outcome=outcome,
            findings=[*self.findings, *new],
            of_line=self.of_line or of_line,
            person_id=self.person_id or person_id,
            people=people,
            lines=lines,
        )

    def _yields_to(self, outcome: RowOutcome) -> bool:
        """What was settled stays so, but what would be applied or is known yields to a doubt."""
        if outcome is RowOutcome.NEEDS_HUMAN and self.outcome in (RowOutcome.UPDATE, RowOutcome.UNCHANGED):
            return True
        return self.outcome is RowOutcome.NEW


def _joined(some: tuple[Each, ...], others: Iterable[Each]) -> tuple[Each, ...]:
    return tuple(dict.fromkeys((*some, *others))) if others else some


def particulars(name: Name, told: PersonRow) -> Particulars:
    """Of somebody of that name, as a row tells of them."""
    return Particulars(name, told.born, told.email, told.phone, told.postcode, frozenset(told.kinds))
