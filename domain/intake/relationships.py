"""Which relationships the rows of a file add (rule 22a)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ToldRelationship:
    """What a row tells. `is_known`: as much is on record, or it has ended since the file was made."""

    person_id: UUID
    school_id: UUID | None
    kind: str
    year_group: int | None
    is_known: bool


def to_add(told: Sequence[ToldRelationship]) -> list[ToldRelationship]:
    """What is not known; a row without a year group adds nothing to one with it."""
    with_year = {(each.person_id, each.school_id, each.kind) for each in told if each.year_group is not None}
    return [
        each
        for each in told
        if not each.is_known
        and (each.year_group is not None or (each.person_id, each.school_id, each.kind) not in with_year)
    ]
