"""Trusts, schools and how a school belongs to a trust (rules 23a and 23b; docs/rules.md#legal-shapes)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ..conditions import ENDED, TODAY, Facts, Reached, Unknown
from ..described import DescribedEnum
from ..refusals import Conflict, Invalid, NotFound, RefusalCode


class AffiliationKind(DescribedEnum):
    """How a school belongs to a trust."""

    FOUNDATION = "FOUNDATION", "A maintained school whose foundation is the trust."
    ACADEMY = "ACADEMY", "An academy run by the trust."
    PARTNERSHIP_MEMBER = "PARTNERSHIP_MEMBER", "A school that keeps its own foundation or diocese and takes part."
    ASSOCIATE = "ASSOCIATE", "A school that works with the trust without being shown to be a member of it."


# a school belongs to the trust from a day, which not every source tells, until it leaves (rules 22e and 23b)
HAS_BEGUN = Unknown("since") | Reached("since", TODAY)
BELONGS = HAS_BEGUN & ~ENDED


@dataclass(frozen=True, slots=True)
class Affiliation:
    """One time in which a school belongs, or belonged, in one way; `since` is None where no source tells it."""

    id: UUID
    kind: AffiliationKind
    since: date | None
    until: date | None


def check_affiliation(known: Sequence[Affiliation], kind: AffiliationKind, since: date) -> None:
    """Whether the school may belong in that way from the day on. Refusals: AFFILIATION_EXISTS where it does then, or is to
    do so later."""
    if any(each.kind is kind and _ever_held(each) and _goes_on(each, since) for each in known):
        raise Conflict(RefusalCode.AFFILIATION_EXISTS, field="kind")


def ending(known: Sequence[Affiliation], until: date, today: date) -> list[Affiliation]:
    """Those that are to end on the day: in each way in which the school belongs the last that has begun by then. An end
    that is still to come is moved; one that is over by both days stays as it is.

    Refusals: NOT_FOUND where there is nothing to end, DATES_CONTRADICT where it begins after that day.
    """
    were = sorted((each for each in known if _ever_held(each)), key=lambda each: each.since or date.min)
    begun = [each for each in were if HAS_BEGUN.evaluate(Facts(each, today=until))]
    last = {each.kind: each for each in begun}.values()
    found = [each for each in last if each.until != until and (_goes_on(each, until) or _goes_on(each, today))]
    if not found and len(begun) < len(were):
        raise Invalid(RefusalCode.DATES_CONTRADICT, "It can't end before it began.", field="until")
    if not found:
        raise NotFound("school_id")
    return found


def _goes_on(affiliation: Affiliation, day: date) -> bool:
    """Whether it is over neither on the day nor before, also where it has not begun."""
    return not ENDED.evaluate(Facts(affiliation, today=day))


def _ever_held(affiliation: Affiliation) -> bool:
    """What ends on its first day never did: so a slip is withdrawn."""
    return not Reached("until", by="since").evaluate(Facts(affiliation))


class LegalForm(DescribedEnum):
    """The legal form of a trust."""

    CO_OPERATIVE_FOUNDATION_TRUST = "CO_OPERATIVE_FOUNDATION_TRUST", "A co-operative trust of maintained schools."
    MULTI_ACADEMY_TRUST = "MULTI_ACADEMY_TRUST", "A company that runs academies."


class SchoolPhase(DescribedEnum):
    """The phase of education, as in Get Information About Schools."""

    PRIMARY = "PRIMARY", "Primary (first schools included)."
    MIDDLE_DEEMED_PRIMARY = "MIDDLE_DEEMED_PRIMARY", "Middle school deemed primary."
    MIDDLE_DEEMED_SECONDARY = "MIDDLE_DEEMED_SECONDARY", "Middle school deemed secondary."
    SECONDARY = "SECONDARY", "Secondary."
    ALL_THROUGH = "ALL_THROUGH", "All-through."


class LinkKind(DescribedEnum):
    """What the linked establishment is to the school."""

    PREDECESSOR = "PREDECESSOR", "The establishment this school took over from."
    SUCCESSOR = "SUCCESSOR", "The establishment that took over from this one."
