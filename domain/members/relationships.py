"""Dated facts that make a person eligible (domain rule 2), and ages (domain rule 6)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ..described import DescribedEnum
from ..governance.qualification import RelationshipKind


class RelationshipSource(DescribedEnum):
    """Where the fact comes from."""

    DECLARED = "DECLARED", "The person said so."
    SCHOOL_SYSTEM = "SCHOOL_SYSTEM", "The school's information system says so."
    VERIFIED = "VERIFIED", "An officer has seen evidence."


@dataclass(frozen=True, slots=True)
class Relationship:
    """One dated fact; `until` is the first day it no longer holds."""

    kind: RelationshipKind
    since: date
    until: date | None = None


def holds_on(relationship: Relationship, day: date) -> bool:
    return relationship.since <= day and (relationship.until is None or day < relationship.until)


def age_on(born: date, day: date) -> int:
    """Completed years on `day`; somebody born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def qualifies(relationships: Collection[Relationship], kinds: Collection[RelationshipKind], day: date) -> bool:
    """Whether one of the relationships holds on `day` and is of a kind the constituency takes."""
    return any(relationship.kind in kinds and holds_on(relationship, day) for relationship in relationships)
