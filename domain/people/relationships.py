"""Dated facts that make a person eligible (rule 2a), and how old people are (rule 6b)."""

from dataclasses import dataclass
from datetime import date

from ..ages import MAJORITY, age_on
from ..conditions import ENDED, AgeAtLeast, Exists, Facts, FirstThatHolds, OneOf, Unknown, YoungerThan
from ..described import DescribedEnum
from ..governance.qualification import RelationshipKind
from ..refusals import Conflict, Invalid, RefusalCode

OLDEST = 120  # years; whoever seems older was mistyped
LONGEST_AHEAD = 400  # days to the first day of what is to come: of the school year after this one, at most
LONGEST_TERM = 20  # years to an end that is announced: a child who begins school today is grown up by then


class RelationshipSource(DescribedEnum):
    """Where the fact comes from."""

    DECLARED = "DECLARED", "The person said so."
    SCHOOL_SYSTEM = "SCHOOL_SYSTEM", "The school's information system says so."
    VERIFIED = "VERIFIED", "An officer recorded it, who has seen evidence."


# somebody's own word, which nobody else has confirmed
IS_DECLARED = OneOf("source", frozenset({RelationshipSource.DECLARED}))


class AgeBand(DescribedEnum):
    """The bands of the Children's Code (ICO, Age appropriate design, annex B), and grown up."""

    UNDER_6 = "UNDER_6", "Under 6."
    FROM_6_TO_9 = "FROM_6_TO_9", "6 to 9."
    FROM_10_TO_12 = "FROM_10_TO_12", "10 to 12."
    FROM_13_TO_15 = "FROM_13_TO_15", "13 to 15."
    FROM_16_TO_17 = "FROM_16_TO_17", "16 or 17."
    ADULT = "ADULT", "18 or older."


IS_CHILD = YoungerThan("born", MAJORITY)
AGE_BANDS = FirstThatHolds(
    (
        (AgeBand.ADULT, AgeAtLeast("born", MAJORITY)),
        (AgeBand.FROM_16_TO_17, AgeAtLeast("born", 16)),
        (AgeBand.FROM_13_TO_15, AgeAtLeast("born", 13)),
        (AgeBand.FROM_10_TO_12, AgeAtLeast("born", 10)),
        (AgeBand.FROM_6_TO_9, AgeAtLeast("born", 6)),
        (AgeBand.UNDER_6, AgeAtLeast("born", 0)),
    )
)
# a learner now, or of a school year to come
IS_LEARNER = Exists("relationships", OneOf("kind", frozenset({RelationshipKind.LEARNER})) & ~ENDED)
# of whom nobody knows the birth date: whom a school, or an officer, says to be on the staff or a learner's parent is grown
# up, unless they learn there too; all others count as children until it is known (rule 6k)
_OF_GROWN_UPS = frozenset({RelationshipKind.STAFF, RelationshipKind.PARENT_CARER})
IS_KNOWN_AS_ADULT = Exists("relationships", OneOf("kind", _OF_GROWN_UPS) & ~IS_DECLARED) & ~IS_LEARNER
MAY_BE_CHILD = IS_CHILD | Unknown("born") & ~IS_KNOWN_AS_ADULT

# nobody becomes one of these by having their mailbox alone, or their name: a household shares both (rule 3e)
IS_TAKEN_FOR_CHILD = IS_CHILD | Unknown("born") & IS_LEARNER

# what ends with the last year group of a school: the learner's, and that of whose family they are (rule 22c)
LEAVE_WITH_A_LEARNER = frozenset(
    {RelationshipKind.LEARNER, RelationshipKind.PARENT_CARER, RelationshipKind.EXTENDED_FAMILY}
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """One dated fact; `until` is the first day it no longer holds.

    Where it is about a school, the days are those on which the school also belongs to the trust (rule 22e).
    """

    kind: RelationshipKind
    since: date
    until: date | None = None
    source: RelationshipSource = RelationshipSource.DECLARED


def check_birth(born: date | None, today: date) -> None:
    """Refusals: DATES_CONTRADICT for a birth in the future or longer ago than anybody lives."""
    if born is not None and not 0 <= age_on(born, today) <= OLDEST:
        raise Invalid(
            RefusalCode.DATES_CONTRADICT, "Nobody alive was born on that day.", "date_of_birth", oldest=OLDEST
        )


def check_beginning(since: date, born: date | None, today: date) -> None:
    """Whether a fact about somebody can hold from that day. Refusals: DATES_CONTRADICT for one that nobody alive has seen,
    before their birth, or beyond the school year to come."""
    if age_on(since, today) > OLDEST:
        message = f"That is more than {OLDEST} years ago."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "since", oldest=OLDEST)
    if (since - today).days > LONGEST_AHEAD:
        message = f"It can begin no later than in {LONGEST_AHEAD} days."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, "since", days=LONGEST_AHEAD)
    if born is not None and since < born:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "It can't begin before the person was born.", "since")


def check_term(until: date | None, today: date, field: str = "until") -> None:
    """Whether an end may be announced for that day. Refusals: DATES_CONTRADICT for one that is decades away."""
    if until is not None and age_on(today, until) >= LONGEST_TERM:
        message = f"An end is announced no longer than {LONGEST_TERM} years before; leave it out until it is known."
        raise Invalid(RefusalCode.DATES_CONTRADICT, message, field, years=LONGEST_TERM)


def check_end(relationship: Relationship, until: date, today: date) -> None:
    """Whether the relationship may end on that day: an end that has not come yet is only brought forward.

    Refusals: RELATIONSHIP_ENDED, DATES_CONTRADICT.
    """
    check_term(until, today)
    if ENDED.evaluate(Facts(relationship, today=today)):
        raise Conflict(RefusalCode.RELATIONSHIP_ENDED)
    if relationship.until is not None and until >= relationship.until:
        raise Conflict(RefusalCode.RELATIONSHIP_ENDED, "It ends no later than that already.", field="until")
    if until < relationship.since:
        raise Invalid(RefusalCode.DATES_CONTRADICT, "It can't end before it began.", field="until")
