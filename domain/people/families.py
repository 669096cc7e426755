"""Who is at a school for the sake of a learner, and leaves with them (rules 2d and 22c)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from ..governance.qualification import RelationshipKind
from ..refusals import Conflict, RefusalCode

FAMILY = frozenset({RelationshipKind.PARENT_CARER, RelationshipKind.EXTENDED_FAMILY})


@dataclass(frozen=True, slots=True)
class FamilyTie:
    """That somebody is a parent, carer or kin of a learner at a school: of which one, or of one in which year group, where
    that is known."""

    id: UUID
    learner_id: UUID | None = None
    year_group: int | None = None


def leave_with(
    ties: Sequence[FamilyTie], left: Collection[UUID], years: Collection[int], there: Collection[UUID]
) -> list[FamilyTie]:
    """Which of the ties of one person to a school end, that are of one kind, where the learners `left` leave, of these year
    groups, and `there` are those of theirs who stay.

    All, where no learner of theirs is known to stay; else those that are about who left, but for one, if no other is left.
    """
    gone = [tie for tie in ties if _is_about(tie, left, years) or _is_of_nobody_there(tie, there)]
    staying = [tie for tie in ties if tie not in gone]
    if not there and not any(tie.year_group is not None for tie in staying):
        return list(ties)
    return gone if staying else []


def _is_about(tie: FamilyTie, left: Collection[UUID], years: Collection[int]) -> bool:
    return tie.learner_id in left if tie.learner_id is not None else tie.year_group in years


def _is_of_nobody_there(tie: FamilyTie, there: Collection[UUID]) -> bool:
    return tie.learner_id is not None and tie.learner_id not in there


def check_family(kind: RelationshipKind, is_learner_there: bool) -> None:
    """Whether somebody who stands so to a school may be linked to a learner. Refusals: NO_FAMILY."""
    if kind not in FAMILY or not is_learner_there:
        raise Conflict(RefusalCode.NO_FAMILY)
