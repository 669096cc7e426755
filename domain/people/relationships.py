"""Dated facts that make a person eligible (rule 2a), and ages (rules 6b and 6c)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ..described import DescribedEnum
from ..governance.qualification import RelationshipKind
from ..refusals import Conflict, Invalid, RefusalCode

OLDEST = 120  # years; whoever seems older was mistyped


class RelationshipSource(DescribedEnum):
    """Where the fact comes from."""

    DECLARED = "DECLARED", "The person said so."
    SCHOOL_SYSTEM = "SCHOOL_SYSTEM", "The school's information system says so."
    VERIFIED = "VERIFIED", "An officer has seen evidence."


class AgeBand(DescribedEnum):
    """The bands of the Children's Code (ICO, Age appropriate design, annex B), and grown up."""

    UNDER_6 = "UNDER_6", "Under 6."
    FROM_6_TO_9 = "FROM_6_TO_9", "6 to 9."
    FROM_10_TO_12 = "FROM_10_TO_12", "10 to 12."
    FROM_13_TO_15 = "FROM_13_TO_15", "13 to 15."
    FROM_16_TO_17 = "FROM_16_TO_17", "16 or 17."
    ADULT = "ADULT", "18 or older."


@dataclass(frozen=True, slots=True)
class Relationship:
    """One dated fact; `until` is the first day it no longer holds.

    Where it is about a school, the days are those on which the school also belongs to the trust (rule 22e).
    """

    kind: RelationshipKind
    since: date
    until: date | None = None


def holds_on(relationship: Relationship, day: date) -> bool:
    return relationship.since <= day and (relationship.until is None or day < relationship.until)


def age_on(born: date, day: date) -> int:
    """Completed years on `day`; somebody born on 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday(born: date, age: int) -> date:
    """The day on which somebody completes `age` years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:  # 29 February
        return date(born.year + age, 3, 1)


def check_birth(born: date | None, today: date) -> None:
    """Refusals: DATES_CONTRADICT for a birth in the future or longer ago than anybody lives."""
    if born is not None and not 0 <= age_on(born, today) <= OLDEST:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "Nobody alive was born on that day.", field="dateOfBirth")


def check_end(relationship: Relationship, until: date) -> None:
    """Whether the relationship may end on that day. Refusals: RELATIONSHIP_ENDED, DATES_CONTRADICT."""
    if relationship.until is not None:
        raise Conflict(RefusalCode.RELATIONSHIP_ENDED)
    if until < relationship.since:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "It can't end before it began.", field="until")


def qualifies(relationships: Collection[Relationship], kinds: Collection[RelationshipKind], day: date) -> bool:
    """Whether one of the relationships holds on `day` and is of a kind the constituency takes."""
    return any(relationship.kind in kinds and holds_on(relationship, day) for relationship in relationships)
