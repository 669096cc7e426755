"""Trusts, schools and how a school belongs to a trust (rules 23a and 23b; docs/rules.md#legal-shapes)."""

from ..conditions import ENDED, TODAY, Reached, Unknown
from ..described import DescribedEnum


class AffiliationKind(DescribedEnum):
    """How a school belongs to a trust."""

    FOUNDATION = "FOUNDATION", "A maintained school whose foundation is the trust."
    ACADEMY = "ACADEMY", "An academy run by the trust."
    PARTNERSHIP_MEMBER = "PARTNERSHIP_MEMBER", "A school that keeps its own foundation or diocese and takes part."
    ASSOCIATE = "ASSOCIATE", "A school that works with the trust without being shown to be a member of it."


# a school belongs to the trust from a day, which not every source tells, until it leaves (rules 22e and 23b)
BELONGS = (Unknown("since") | Reached("since", TODAY)) & ~ENDED


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
