"""A row of a file, and a person on record, as far as they tell who somebody is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from ..people.matching import Name, Particulars
from .importing import Finding, RowOutcome
from .registration import PersonRow
from .relationships import KnownRelationship


@dataclass(frozen=True, slots=True)
class PersonOnRecord:
    """Somebody on record; `relationships` are those that had not ended before the file was made, as far as that
    was known then."""

    id: UUID
    particulars: Particulars
    relationships: Sequence[KnownRelationship]


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row as far as it is judged. `cells` as they came; `of_line`: the first row of the person, where that is another;
    `person_id`: them on record."""

    line: int
    cells: str
    reading: PersonRow
    particulars: Particulars
    outcome: RowOutcome
    findings: Sequence[Finding]
    of_line: int | None = None
    person_id: UUID | None = None

    @property
    def first_line(self) -> int:
        """The first row of this one's person."""
        return self.of_line or self.line

    def judged(
        self, outcome: RowOutcome | None, *findings: Finding, of_line: int | None = None, person_id: UUID | None = None
    ) -> "FileRow":
        """The row with what was found besides; itself where that is nothing new."""
        new = [finding for finding in findings if finding not in self.findings]
        if outcome is None or not self._yields_to(outcome):
            outcome = self.outcome
        if not new and outcome is self.outcome and of_line is None and person_id is None:
            return self
        return replace(
            self,
            outcome=outcome,
            findings=[*self.findings, *new],
            of_line=self.of_line or of_line,
            person_id=self.person_id or person_id,
        )

    def _yields_to(self, outcome: RowOutcome) -> bool:
        """What was settled stays so, but what would be applied or is known yields to a doubt."""
        if outcome is RowOutcome.NEEDS_HUMAN and self.outcome in (RowOutcome.UPDATE, RowOutcome.UNCHANGED):
            return True
        return self.outcome is RowOutcome.NEW


def particulars(name: Name, told: PersonRow) -> Particulars:
    """Of somebody of that name, as a row tells of them."""
    return Particulars(name, told.born, told.email, told.phone, told.postcode, frozenset(told.kinds))
