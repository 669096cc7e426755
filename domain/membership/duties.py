"""What the passing of a day does to the register, one duty after the other."""

from ..described import DescribedEnum


class Duty(DescribedEnum):
    """A duty of the day: what becomes of those it is about."""

    REMOVED = "REMOVED", "Members whose time to appeal has passed are removed."
    KEPT = "KEPT", "Members who were told that they lapse, and whose ground is there again, are kept."
    LAPSING = "LAPSING", "Members whose ground has gone are told, and their days of grace begin."
    LAPSED = "LAPSED", "Members whose days of grace are over cease."
    DRAFTS = "DRAFTS", "Applications that were never sent are dropped."
    HANDED_OVER = "HANDED_OVER", "Young people are told that they answer for themselves."


ABOUT_PEOPLE = frozenset({Duty.HANDED_OVER})  # whose cases are people; those of the others are memberships
